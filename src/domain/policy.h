/* Escalation policies: ordered steps, each with a delay and targets, repeated a number of times.
 *
 * A running escalation works on a snapshot of the policy. The rule is pure: given the snapshot, the
 * state and `now`, it says what to do next; the engine does it in one transaction. */
#pragma once

#include "base/field.h"

struct json;

#define POLICY_MAX_STEPS 20
#define POLICY_MAX_TARGETS 20
#define POLICY_MAX_REPEAT 9

struct policy {
    struct str id;
    struct str name;
    struct str description;
    int64_t repeat; /* how many times the steps run again after the first time */
    struct str steps; /* JSON, see policy_steps */
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field policy_fields[];

enum target_kind { TARGET_USER, TARGET_WEBHOOK };
struct target {
    enum target_kind kind;
    struct str id;
};
struct policy_step {
    int64_t delay_us; /* wait before this step; of the first, after the incident began */
    struct target *targets;
    size_t ntargets;
};
struct policy_steps {
    struct policy_step *v;
    size_t n;
};

/* Reads and checks `[{"delay":"5m","targets":[{"kind":"user","id":"usr_…"}]},…]`. In stored text
 * delays are microseconds ("delay_us"); both forms are read. Errors name `steps[1].targets[0].id`. */
bool policy_steps_read(struct arena *a, struct str json, struct policy_steps *out, struct error *err);
/* The stored form. */
struct str policy_steps_text(struct arena *a, const struct policy_steps *s);

/* The running escalation of one incident. `step` counts steps already taken in this loop. */
struct escalation {
    struct str incident_id;
    struct str policy_id;
    struct str policy_name;
    int64_t repeat;
    struct str steps;
    struct str state; /* running, acknowledged, exhausted, stopped */
    int64_t loop;     /* 0 for the first time through */
    int64_t step;
    instant next_at;  /* when the next step is due; unset unless running */
    int64_t version;
};
extern const struct field escalation_fields[];

enum escalation_act { ESCALATION_NOTHING, ESCALATION_WAIT, ESCALATION_NOTIFY, ESCALATION_EXHAUSTED };
struct escalation_move {
    enum escalation_act act;
    size_t step;      /* NOTIFY: index of the step to carry out now */
    int64_t loop;     /* NOTIFY: in which loop */
    instant wake;     /* WAIT, NOTIFY: when to look again (unset: never) */
};

/* What to do at `now`. After downtime overdue steps collapse: only the latest overdue step is carried
 * out, once, and the next is due its delay from now. After the last step of the last loop: exhausted,
 * which the caller announces loudly. */
struct escalation_move escalate(const struct policy_steps *steps, const struct escalation *e, instant now);
/* The state after the move was carried out. */
void escalation_apply(const struct policy_steps *steps, struct escalation *e, struct escalation_move m,
    instant now);
/* The step just carried out reached nobody: the next one is due at once. A new loop still keeps its
 * pause, and giving up its patience: people of earlier steps may yet answer. */
void escalation_skip(const struct policy_steps *steps, struct escalation *e, instant now);

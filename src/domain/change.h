/* Change events: what was changed, where and when. Most incidents begin with one, so the first
 * question of an investigation, and the rollback decision, are asked of these rows.
 *
 * A change is told of once or several times: when it starts and when it has ended. Its sender's own
 * id (`external_id`, unique for a source) makes the reports one row. */
#pragma once

#include "base/field.h"

struct json;

extern const char *const change_kinds[], *const change_statuses[], *const change_reversibles[];

struct change {
    struct str id;          /* chg_… */
    struct str source;      /* api, github, gitlab: who has given external_id its meaning */
    struct str external_id; /* none: every report is a change of its own */
    struct str kind;        /* deployment, feature_flag, configuration, migration, infrastructure, release, merge */
    struct str service_id;  /* none: nobody said what it touches */
    struct str environment; /* "production"; empty if there is only one */
    struct str version;     /* what runs afterwards: a tag, a branch, a flag's value */
    struct str commit_from, commit_to; /* of the range that came with it: (from, to] */
    struct str author, title, link;
    struct str status;      /* started, succeeded, failed, rolled_back */
    struct str reversible;  /* yes, no, unknown */
    instant started_at, finished_at;
    instant at;             /* when it took effect: its end, or its start while it lasts */
    instant created_at, updated_at;
};
extern const struct field change_fields[];
/* What a sender gives: `service_id` may be a service's name here. */
extern const struct field change_input_fields[];

/* Fills what was left out, and `at`. Fails naming a field when the times make no sense. */
bool change_complete(struct change *c, instant now, struct error *err);
/* A second report about `known`, which is completed afterwards: what `in` says wins, what it leaves
 * out stays, and a report that comes late does not turn an end back into a start. */
void change_merge(struct change *known, const struct change *in);

/* False for the environments that users never meet: staging, test, dev, preview… */
bool change_live(struct str environment);

#define CHANGE_WINDOW_US (2 * HOUR_US)       /* how long before the impact one looks */
#define CHANGE_NEAR_US (30 * MINUTE_US)      /* how near makes a prime suspect */
enum change_suspicion { CHANGE_CLEAR, CHANGE_POSSIBLE, CHANGE_PRIME };
/* How suspect each of `c[n]` is of an impact that began at `began`; `affected[k]`: c[k] is of an
 * affected service. Possible: live, affected and begun within the window before. Prime: of those the
 * near ones, or without any the nearest. */
void change_suspicions(const struct change *c, const bool *affected, size_t n, instant began,
    enum change_suspicion *out);

/* "Deployment of 2.4.1 to production by mara": one line, at most 200 characters. */
struct str change_line(struct arena *a, const struct change *c);

/* Webhooks. *about is false when the event is none of our business (a ping, another branch), which
 * is no error. MALFORMED when something that must be there is missing. Times are those of the
 * payload, or unset. */
bool change_read_github(struct arena *a, struct str event, const struct json *body, struct change *out,
    bool *about, struct error *err);
bool change_read_gitlab(struct arena *a, const struct json *body, struct change *out, bool *about,
    struct error *err);

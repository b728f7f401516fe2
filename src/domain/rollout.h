/* Staged rollouts: a fix goes to a few, then to more, then to all. A stage holds for its time, then
 * somebody says that its health is good and signs it off; only then comes the next. Bad health stops
 * it, and rolling back is recommended. */
#pragma once

#include "base/field.h"

struct pack;
struct pack_stage;

#define ROLLOUT_MAX_STAGES 20

extern const char *const rollout_states[]; /* running, failing, complete, rolled_back */

struct rollout {
    struct str id;
    struct str incident_id;
    struct str title; /* what is rolled out */
    struct str state;
    int64_t stage;    /* current, from 0 */
    instant held_at;  /* when the hold of the current stage is over */
    struct str started_by, started_name;
    instant created_at, ended_at;
    int64_t version;
};
extern const struct field rollout_fields[], rollout_input_fields[];

/* As the pack had it when the rollout began, and what became of it. */
struct rollout_stage {
    struct str rollout_id;
    int64_t position; /* from 0 */
    struct str name;
    int64_t percent_least, percent;
    int64_t hold_us, hold_most_us;
    instant entered_at;
    struct str health; /* passing, failing; none yet */
    struct str note;   /* what the check showed */
    struct str reason; /* why it was left before its time */
    struct str signed_by, signed_name;
    instant signed_at;
};
extern const struct field rollout_stage_fields[];

struct rollout_check {
    struct str health, note, reason;
    int64_t stage; /* the one that was looked at, from 0; INT_NONE: whichever is current */
};
extern const struct field rollout_check_fields[];
struct rollout_end {
    struct str reason;
};
extern const struct field rollout_end_fields[];

/* The stages of the pack, or the usual ones if it has none. */
const struct pack_stage *rollout_stages(const struct pack *p, size_t *n);

/* Whether a check may be recorded now: CONFLICT when it is over or at another stage than the one that
 * was looked at; INVALID naming `reason` when good health would leave a stage before its time. */
bool rollout_check_valid(const struct rollout *r, const struct rollout_check *in, instant now, struct error *err);
bool rollout_is_over(const struct rollout *r);

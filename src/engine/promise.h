/* The clocks of communication: starting, settling and ending promises, and reminding people of them.
 *
 * Those that get an incident set its next_update_at, the earliest that colleagues are owed, and leave
 * it to the caller to save it; they end with one timer for the next thing that comes due. */
#pragma once

#include "domain/promise.h"
#include "engine/op.h"

struct incident;

/* The severity is another, or it is open again: all clocks start anew now. */
bool promise_restart(struct op *op, struct incident *i, struct error *err);
/* Those who read the page that the pack says their audience reads have heard something: `incident`, by
 * a change of status or an update there, or `status_page`. */
bool promise_keep_readers(struct op *op, struct incident *i, struct str where, struct error *err);
/* This audience has got an update that names `next` as its next (unset: the pack's beat, if any). */
bool promise_keep(struct op *op, struct incident *i, struct str audience, struct str update_id, instant next,
    struct error *err);
/* That update is taken back: the clock it had stopped goes on. */
bool promise_unkeep(struct op *op, struct incident *i, struct str update_id, struct error *err);

/* Does what is due; the timer's handler. */
bool promise_run(struct op *op, struct str incident_id, struct error *err);
/* Clocks start when somebody is there, and end with the incident. See follow.h. */
bool promise_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

/* Whom the clocks remind first: the communications lead, else the commander, else whoever
 * acknowledged. STR_NONE if there is nobody. */
bool promise_lead(struct op *op, const struct incident *i, struct str *user_id, struct error *err);
/* Tells one person in the name of a promise or an update (`subject`), by every contact they have on. */
bool promise_nag(struct op *op, const struct incident *i, struct str user_id, int64_t step, struct str subject,
    struct str text, struct error *err);

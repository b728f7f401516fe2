/* Escalations: start on a snapshot of the policy, take due steps, stop. */
#pragma once

#include "engine/op.h"
#include "domain/incident.h"

struct policy;

/* Starts (or starts anew) with the first step `wait_us` + its own delay from now; a step due at once is
 * taken in this very operation. `cause`: one line for the causal chain ("alert X via route …"). */
bool escalation_start(struct op *op, const struct incident *i, const struct policy *p, int64_t wait_us,
    struct error *err);
/* Takes what is due; the timer's handler. */
bool escalation_run(struct op *op, struct str incident_id, struct error *err);
/* state: "acknowledged" or "stopped". Queued pages are superseded. */
bool escalation_stop(struct op *op, struct str incident_id, struct str state, struct error *err);
/* Everybody who was paged is told that it is over. */
bool escalation_tell_resolved(struct op *op, const struct incident *i, struct error *err);
/* One person, now, beside whatever is running. */
bool escalation_page(struct op *op, const struct incident *i, struct str user_id, struct str text, struct error *err);
/* Whoever is in charge — the commander, or else who acknowledged — now, and why, in words. `step`:
 * DELIVERY_BY_HAND or DELIVERY_REGARDLESS. */
bool escalation_call(struct op *op, const struct incident *i, int64_t step, struct str why, struct error *err);
/* The people of a policy's first step that reaches anybody, beside whatever is running. */
bool escalation_call_team(struct op *op, const struct incident *i, const struct policy *p, struct str why, int *reached,
    struct error *err);
/* The next step, now. */
bool escalation_pass(struct op *op, const struct incident *i, struct error *err);

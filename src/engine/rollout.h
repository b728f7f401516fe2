/* Staged rollouts: starting one, signing stages off, rolling back. `ref`: the incident's id or number,
 * to which the rollout must belong. */
#pragma once

#include "engine/op.h"
#include "domain/rollout.h"

/* CONFLICT if one is under way. */
bool engine_rollout_start(struct op *op, struct str ref, struct str title, struct rollout *out, struct error *err);
/* Good health signs the stage off and goes on, bad health stops the rollout; while it is stopped, good
 * health lets it hold anew. */
bool engine_rollout_check(struct op *op, struct str ref, struct str id, const struct rollout_check *in,
    struct rollout *out, struct error *err);
/* It was rolled back: an action of the log. */
bool engine_rollout_back(struct op *op, struct str ref, struct str id, struct str reason, struct rollout *out,
    struct error *err);
/* A stage has held for its time; the timer's handler. */
bool rollout_held(struct op *op, struct str id, struct error *err);

/* Is it real, how bad is it, and who still has to say so. `ref` is an incident's id or number. */
#pragma once

#include "domain/triage.h"
#include "engine/op.h"

struct incident;

/* Records what was answered and what follows from it; with a severity, takes it: the proposed one as it
 * is, any other with a reason. `given`: bit i for assessment_input_fields[i]. Without factors the last
 * assessment is decided upon. */
bool engine_assess(struct op *op, struct str ref, const struct assessment_input *in, uint64_t given,
    struct incident *out, struct error *err);
/* A false alarm is declined. */
bool engine_confirm(struct op *op, struct str ref, const struct confirmation *in, struct incident *out, struct error *err);

/* See follow.h: an incident that somebody works on and that has no severity is chased. */
bool triage_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);
/* The timer's handler: says so, pages the commander or who acknowledged, and comes again. */
bool triage_chase(struct op *op, struct str incident_id, struct error *err);

/* What is done to stop the harm of an incident: the action log. `ref`: the incident's id or number, to
 * which what is named must belong. */
#pragma once

#include "engine/op.h"
#include "domain/mitigation.h"

bool engine_mitigate(struct op *op, struct str ref, const struct mitigation *in, struct mitigation *out,
    struct error *err);
/* Whether it helped, once that is known. */
bool engine_mitigation_judge(struct op *op, struct str ref, struct str id, const struct mitigation_change *in,
    struct mitigation *out, struct error *err);

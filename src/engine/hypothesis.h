/* The investigation: hypotheses, their evidence and their time-boxes. `ref`: the incident's id or
 * number. Every move is an entry on its timeline. */
#pragma once

#include "domain/hypothesis.h"
#include "engine/op.h"

/* A new one; *fresh is false when the change is suspected already and *out is that hypothesis. */
bool engine_hypothesis_add(struct op *op, struct str ref, const struct hypothesis_input *in, struct hypothesis *out,
    bool *fresh, struct error *err);
/* `given`: bit k set when hypothesis_edit_fields[k] is to be changed. */
bool engine_hypothesis_edit(struct op *op, struct str ref, struct str id, const struct hypothesis_input *in,
    uint64_t given, struct hypothesis *out, struct error *err);
bool engine_finding_add(struct op *op, struct str ref, struct str id, struct finding *e, struct error *err);
/* Timer "hypothesis": the time-box is over. */
bool hypothesis_over(struct op *op, struct str id, struct error *err);

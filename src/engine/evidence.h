/* Preserving evidence, and the hold under which nothing may be deleted. */
#pragma once

#include "domain/access.h"
#include "domain/evidence.h"
#include "engine/op.h"

struct incident;

bool engine_evidence_add(struct op *op, struct str ref, const struct evidence_input *in, struct evidence *out, struct error *err);
/* CONFLICT while the incident is on hold. */
bool engine_evidence_remove(struct op *op, struct str ref, struct str id, struct str reason, struct incident *out,
    struct error *err);
bool engine_hold(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err);
bool engine_hold_release(struct op *op, struct str ref, const struct access_change *in, struct incident *out,
    struct error *err);

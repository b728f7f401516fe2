/* Restricting an incident, and letting people in. `ref` is an incident's id or number. */
#pragma once

#include "domain/access.h"
#include "engine/op.h"

struct incident;

/* Part of a larger operation: marks *i, which the caller saves, and lets whoever acts stay in. */
bool incident_restrict(struct op *op, struct incident *i, const char *why, struct error *err);

bool engine_restrict(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err);
bool engine_unrestrict(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err);
bool engine_invite(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err);
bool engine_uninvite(struct op *op, struct str ref, struct str user_id, struct incident *out, struct error *err);
/* Whoever asks lets themselves in; the caller has seen to it that they may. */
bool engine_break_glass(struct op *op, struct str ref, const struct access_change *in, struct incident *out,
    struct error *err);

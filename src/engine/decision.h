/* Roll back or fix forward: asking, and deciding. `ref`: the incident's id or number. */
#pragma once

#include "engine/op.h"
#include "domain/decision.h"

struct incident;

/* Another version with these facts, judged by the pack's rules. The same facts at the same severity
 * are not asked twice. */
bool engine_decision_ask(struct op *op, struct str ref, const struct decision_facts *in, struct decision *out,
    struct error *err);
/* CONFLICT unless it is the newest and nobody has decided. */
bool engine_decision_choose(struct op *op, struct str ref, struct str id, const struct decision_choice *in,
    struct decision *out, struct error *err);
/* A changed severity is a changed fact: what was asked is asked again. See follow.h. */
bool decision_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

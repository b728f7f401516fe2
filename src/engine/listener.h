/* Audiences: who listens, what is set for them, and sending them an update. */
#pragma once

#include "domain/listener.h"
#include "engine/op.h"

struct incident;
struct update;

/* `in` names exactly one of a person, a webhook or a mail address. */
bool engine_listener_add(struct op *op, struct str audience, const struct listener_input *in, struct listener *out,
    struct error *err);
bool engine_listener_remove(struct op *op, struct str audience, struct str id, struct error *err);
/* `given`: bit i set when audience_edit_fields[i] is to be changed. */
bool engine_audience_edit(struct op *op, struct str audience, const struct audience_edit *in, uint64_t given,
    struct error *err);

bool audience_language(struct op *op, struct str audience, struct str *code, struct error *err);
bool audience_two_people(struct op *op, struct str audience, bool *out, struct error *err);

/* One delivery for each who listens and may hear of it, to leave when the update becomes visible. A
 * person is told by mail, once, however many of their subscriptions fit. */
bool listener_deliver(struct op *op, const struct incident *i, const struct update *u, struct error *err);

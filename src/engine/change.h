/* Change events: taking reports of what was changed, from people, pipelines and webhooks. */
#pragma once

#include "domain/change.h"
#include "engine/op.h"

/* Makes a change or, when its source has told of the same external id before, brings it up to date;
 * *fresh tells which. `service_id` may be a name. What affects the service of an open incident is
 * said on that incident's timeline. */
bool engine_change(struct op *op, struct change *c, bool *fresh, struct error *err);

/* The secret with which a sender signs what it posts for an integration key: 40 hexadecimal digits,
 * derived from the key's id, so nothing of it is stored. */
struct str change_secret(struct arena *a, const struct env *env, struct str key_id);
/* "sha256=" and the hexadecimal HMAC-SHA256 of the body, as GitHub's X-Hub-Signature-256 has it. */
bool change_signed(struct arena *a, struct str secret, struct str body, struct str signature);

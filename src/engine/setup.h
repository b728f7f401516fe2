/* Configuration: services, integration keys, routes, policies, webhooks. Every change is an event and
 * makes a new routing snapshot after the commit. */
#pragma once

#include "engine/op.h"
#include "domain/policy.h"
#include "domain/service.h"

/* New when s->id is empty; otherwise the version one above the stored one. */
bool engine_service_put(struct op *op, struct service *s, struct error *err);
/* `key`: the key itself: used when given, made when empty. */
bool engine_key_add(struct op *op, struct str service_id, struct integration_key *k, struct str *key,
    struct error *err);
bool engine_key_remove(struct op *op, struct str service_id, struct str id, struct error *err);
bool engine_route_add(struct op *op, struct route *r, struct error *err);
bool engine_route_remove(struct op *op, struct str id, struct error *err);
/* Checks that the steps' targets exist; stores steps in their canonical form. */
bool engine_policy_put(struct op *op, struct policy *p, struct error *err);
/* *secret: the signing secret, shown once. `allow_http`: the URL may be http. */
bool engine_endpoint_add(struct op *op, struct endpoint *e, struct str *secret, struct error *err);
bool engine_endpoint_remove(struct op *op, struct str id, struct error *err);

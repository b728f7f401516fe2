/* The views of services. */
#pragma once

#include "domain/service.h"
#include "web/web.h"

/* All of them with counts, for a list: `limit` after the name `after`; *last is the last one's
 * name, none at the end. */
bool services_view(struct request *req, struct str after, int64_t limit, struct json **out,
    struct str *last, struct error *err);
/* Everything on the service's page. `key` is a new integration key to show once, or NULL. */
struct new_key {
    struct integration_key key;
    struct str text;
};
bool service_view(struct request *req, const struct service *s, const struct new_key *key,
    struct json **out, struct error *err);
struct json *new_key_view(struct request *req, const struct new_key *key);
struct json *route_view(struct request *req, const struct route *r);
/* Policies to choose from: [{id,name,current}]. */
bool policy_choices_view(
    struct request *req, struct str current, struct json **out, struct error *err);

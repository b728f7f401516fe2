/* Services, keys, routes and webhooks in the store. */
#pragma once

#include "store/store.h"
#include "domain/service.h"

bool service_get(struct db *db, struct arena *a, struct str id, struct service *out, struct error *err);
bool service_by_name(struct db *db, struct arena *a, struct str name, struct service *out, struct error *err);
bool service_put(struct db *db, const struct service *v, struct error *err);
bool service_list(struct db *db, struct arena *a, struct str after_name, int64_t limit, struct list *out,
    struct error *err);
bool service_of_policy(struct db *db, struct arena *a, struct str policy_id, struct list *out,
    struct error *err);
bool key_insert(struct db *db, const struct integration_key *v, struct error *err);
bool key_get(struct db *db, struct arena *a, struct str id, struct integration_key *out, struct error *err);
bool key_by_hash(struct db *db, struct arena *a, struct str hash, struct integration_key *out, struct error *err);
bool key_list(struct db *db, struct arena *a, struct str service_id, struct list *out,
    struct error *err);
bool key_all(struct db *db, struct arena *a, struct list *out,
    struct error *err);
bool key_delete(struct db *db, struct str id, struct error *err);
bool route_insert(struct db *db, const struct route *v, struct error *err);
bool route_get(struct db *db, struct arena *a, struct str id, struct route *out, struct error *err);
bool route_all(struct db *db, struct arena *a, struct list *out,
    struct error *err);
bool route_of_service(struct db *db, struct arena *a, struct str service_id, struct list *out,
    struct error *err);
bool route_delete(struct db *db, struct str id, struct error *err);
bool endpoint_insert(struct db *db, const struct endpoint *v, struct error *err);
bool endpoint_get(struct db *db, struct arena *a, struct str id, struct endpoint *out, struct error *err);
bool endpoint_list(struct db *db, struct arena *a, struct list *out,
    struct error *err);
bool endpoint_delete(struct db *db, struct str id, struct error *err);

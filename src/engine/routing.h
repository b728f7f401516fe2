/* Routing: an immutable snapshot of keys, services and routes, shared by the threads that take alerts
 * in. The writer makes a new one after every change of configuration; readers hold a reference. */
#pragma once

#include "base/arena.h"
#include "domain/service.h"
#include "domain/alert.h"

struct db;
struct error;
struct matcher;

struct routing_route {
    struct route route;
    struct matcher *matchers;
    size_t nmatchers;
    const struct service *service;
};

struct routing {
    struct arena arena;
    int references; /* guarded by the owner's lock */
    struct integration_key *keys; /* sorted by hash */
    size_t nkeys;
    struct service *services;
    size_t nservices;
    struct routing_route *routes; /* by position */
    size_t nroutes;
};

/* Reads everything. A route whose matchers no longer parse is left out and logged. */
bool routing_load(struct db *db, struct routing **out, struct error *err);
void routing_free(struct routing *r);

/* The service that belongs to a key's SHA-256, NULL if there is no such key. */
const struct service *routing_key(const struct routing *r, struct str key_hash);
/* Where an alert that came with `own`'s key goes. A route whose regular expression hits its limit does
 * not match. *route is NULL when none matched and `own` answers. */
const struct service *routing_service(const struct routing *r, const struct service *own,
    const struct labels *labels, const struct routing_route **route);

/* Which incident the alert belongs to: the service and the values of its group_by labels. */
struct str routing_group_key(struct arena *a, const struct service *s, const struct labels *labels,
    struct str dedup);

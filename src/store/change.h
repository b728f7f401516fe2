/* Change events in the store. */
#pragma once

#include "domain/change.h"
#include "store/store.h"

bool change_put(struct db *db, const struct change *c, struct error *err);
bool change_get(struct db *db, struct arena *a, struct str id, struct change *out, struct error *err);
bool change_by_external(struct db *db, struct arena *a, struct str source, struct str external_id,
    struct change *out, struct error *err);
/* The last that succeeded before c->at, of the same service, kind and environment; NOT_FOUND. What it
 * left running is what a rollback of `c` leads to. */
bool change_before(struct db *db, struct arena *a, const struct change *c, struct change *out, struct error *err);
/* Those that took effect from `from` to `to`, both included, latest first: of every service, or of
 * those that the incident affects. */
bool change_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err);
bool change_of_incident(struct db *db, struct arena *a, struct str incident_id, instant from, instant to,
    int64_t limit, struct list *out, struct error *err);

struct change_filter {
    struct str service_id, kind; /* none: every one */
    instant from;
    instant before; /* and before_id: where the page before ended */
    struct str before_id;
    int64_t limit;
};
/* Latest first. */
bool change_list(struct db *db, struct arena *a, const struct change_filter *f, struct list *out, struct error *err);
/* Open incidents that affect a service: struct named, of id and number. */
bool change_open_incidents(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err);

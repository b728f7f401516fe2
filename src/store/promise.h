/* Promises in the store. */
#pragma once

#include "domain/promise.h"
#include "store/store.h"

bool promise_put(struct db *db, const struct promise *p, struct error *err);
/* Those of an incident whose clock runs, the earliest due first. */
bool promise_running(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool promise_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
/* The one that this update settled; NOT_FOUND if none. */
bool promise_of_update(struct db *db, struct arena *a, struct str incident_id, struct str update_id, struct promise *out,
    struct error *err);
/* Made in [from, to): for figures. */
bool promise_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err);

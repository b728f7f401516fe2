/* Subscribers in the store. */
#pragma once

#include "domain/listener.h"
#include "store/store.h"

/* CONFLICT if there is the same already. */
bool listener_insert(struct db *db, const struct listener *s, struct error *err);
bool listener_get(struct db *db, struct arena *a, struct str id, struct listener *out, struct error *err);
bool listener_delete(struct db *db, struct str id, struct error *err);
bool listener_all(struct db *db, struct arena *a, struct list *out, struct error *err);
struct listener_count {
    struct str audience;
    int64_t n;
};
/* How many of each audience want to hear about this incident. */
bool listener_counts(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
/* Those of the audience who want to hear about this incident. */
bool listener_of_incident(struct db *db, struct arena *a, struct str audience, struct str incident_id, struct list *out,
    struct error *err);
/* Before a webhook is removed. */
bool listener_drop_endpoint(struct db *db, struct str endpoint_id, struct error *err);

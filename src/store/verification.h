/* Verifications in the store. */
#pragma once

#include "domain/verification.h"
#include "store/store.h"

bool verification_put(struct db *db, const struct verification *v, struct error *err);
/* Empty but for its incident_id when there is none. */
bool verification_get(struct db *db, struct arena *a, struct str incident_id, struct verification *out,
    struct error *err);
/* Incidents in monitoring that affect a service: struct named, of id and number. */
bool verification_soaking(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err);

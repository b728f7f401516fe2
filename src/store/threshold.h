/* Thresholds in the store. */
#pragma once

#include "domain/threshold.h"
#include "store/store.h"

bool threshold_put(struct db *db, const struct threshold *t, struct error *err);
bool threshold_get(struct db *db, struct arena *a, struct str id, struct threshold *out, struct error *err);
/* Of an incident: what is due first, then what somebody has to watch. */
bool threshold_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

#pragma once

#include "domain/classify.h"
#include "store/store.h"

bool clock_put(struct db *db, const struct legal_clock *v, struct error *err);
bool clock_get(struct db *db, struct arena *a, struct str incident_id, struct str clock, struct legal_clock *out,
    struct error *err);
/* The next that is due first. */
bool clock_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

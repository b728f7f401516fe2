/* Hypotheses and their evidence in the store. */
#pragma once

#include "domain/hypothesis.h"
#include "store/store.h"

bool hypothesis_put(struct db *db, const struct hypothesis *h, struct error *err);
bool hypothesis_get(struct db *db, struct arena *a, struct str id, struct hypothesis *out, struct error *err);
bool hypothesis_of_change(struct db *db, struct arena *a, struct str incident_id, struct str change_id,
    struct hypothesis *out, struct error *err);
/* Of an incident, oldest first. */
bool hypothesis_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool finding_add(struct db *db, const struct finding *e, struct error *err);
/* Of all hypotheses of an incident, oldest first. */
bool finding_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

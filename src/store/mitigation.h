/* The action log in the store. */
#pragma once

#include "domain/mitigation.h"
#include "store/store.h"

bool mitigation_add(struct db *db, const struct mitigation *m, struct error *err);
/* Effect, result and when. */
bool mitigation_judge(struct db *db, const struct mitigation *m, struct error *err);
bool mitigation_get(struct db *db, struct arena *a, struct str id, struct mitigation *out, struct error *err);
/* In the order in which they were done. */
bool mitigation_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

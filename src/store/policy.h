/* Escalation policies and running escalations in the store. */
#pragma once

#include "store/store.h"
#include "domain/policy.h"

bool policy_get(struct db *db, struct arena *a, struct str id, struct policy *out, struct error *err);
bool policy_put(struct db *db, const struct policy *v, struct error *err);
bool policy_list(struct db *db, struct arena *a, struct str after_name, int64_t limit, struct list *out,
    struct error *err);
bool escalation_get(struct db *db, struct arena *a, struct str incident_id, struct escalation *out, struct error *err);
bool escalation_put(struct db *db, const struct escalation *v, struct error *err);

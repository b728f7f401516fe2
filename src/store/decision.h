/* Decisions between rolling back and fixing forward in the store. */
#pragma once

#include "domain/decision.h"
#include "store/store.h"

bool decision_add(struct db *db, const struct decision *d, struct error *err);
/* CONFLICT if somebody was faster. */
bool decision_choose(struct db *db, const struct decision *d, struct error *err);
bool decision_get(struct db *db, struct arena *a, struct str id, struct decision *out, struct error *err);
/* The newest version first. */
bool decision_list(struct db *db, struct arena *a, struct str incident_id, int64_t limit, struct list *out,
    struct error *err);

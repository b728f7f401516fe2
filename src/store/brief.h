/* Versions of briefs in the store. */
#pragma once

#include "domain/brief.h"
#include "store/store.h"

bool brief_add(struct db *db, const struct brief *v, struct error *err);
bool brief_get(struct db *db, struct arena *a, struct str incident_id, int64_t version, struct brief *out, struct error *err);
/* The newest; *found is false, and nothing failed, if there is none. */
bool brief_latest(struct db *db, struct arena *a, struct str incident_id, struct brief *out, bool *found, struct error *err);
/* The newest first, without their bodies. */
bool brief_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
/* Events of one kind, the newest first. */
bool brief_events(struct db *db, struct arena *a, struct str incident_id, struct str kind, struct list *out, struct error *err);

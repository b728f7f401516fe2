#pragma once

#include "domain/evidence.h"
#include "store/store.h"

bool evidence_add(struct db *db, const struct evidence *v, struct error *err);
bool evidence_get(struct db *db, struct arena *a, struct str id, struct evidence *out, struct error *err);
/* Without content. */
bool evidence_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool evidence_count(struct db *db, struct str incident_id, int64_t *out, struct error *err);
/* NOT_FOUND too while the incident is on hold: the statement itself insists. */
bool evidence_delete(struct db *db, struct str id, struct error *err);

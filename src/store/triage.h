#pragma once

#include "domain/triage.h"
#include "store/store.h"

bool assessment_put(struct db *db, const struct assessment *v, struct error *err);
bool assessment_get(struct db *db, struct arena *a, struct str incident_id, struct assessment *out, struct error *err);

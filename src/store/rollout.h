/* Staged rollouts in the store. */
#pragma once

#include "domain/rollout.h"
#include "store/store.h"

/* CONFLICT if somebody was faster. */
bool rollout_put(struct db *db, const struct rollout *r, struct error *err);
bool rollout_get(struct db *db, struct arena *a, struct str id, struct rollout *out, struct error *err);
/* The newest first. */
bool rollout_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool rollout_stage_put(struct db *db, const struct rollout_stage *s, struct error *err);
bool rollout_stage_list(struct db *db, struct arena *a, struct str rollout_id, struct list *out, struct error *err);

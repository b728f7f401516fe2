/* Postmortems and action items in the store. */
#pragma once

#include "store/store.h"
#include "domain/postmortem.h"

bool postmortem_get(struct db *db, struct arena *a, struct str id, struct postmortem *out, struct error *err);
bool postmortem_of_incident(struct db *db, struct arena *a, struct str incident_id, struct postmortem *out, struct error *err);
bool postmortem_put(struct db *db, const struct postmortem *v, struct error *err);
bool postmortem_list(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err);
bool action_put(struct db *db, const struct action_item *v, struct error *err);
bool action_get(struct db *db, struct arena *a, struct str id, struct action_item *out, struct error *err);
bool action_list(struct db *db, struct arena *a, struct str postmortem_id, struct list *out,
    struct error *err);
bool action_open(struct db *db, struct arena *a, int64_t limit, struct list *out,
    struct error *err);

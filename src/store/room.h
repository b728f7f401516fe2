/* War rooms, who is in them, and who works on what. */
#pragma once

#include "domain/room.h"
#include "store/store.h"

bool room_put(struct db *db, const struct war_room *r, struct error *err);
/* *found is false when the incident has never had one. */
bool room_get(struct db *db, struct arena *a, struct str incident_id, struct war_room *out, bool *found,
    struct error *err);
bool room_person_put(struct db *db, const struct room_person *p, struct error *err);
bool room_person_get(struct db *db, struct arena *a, struct str incident_id, struct str user_id,
    struct room_person *out, bool *found, struct error *err);
bool room_person_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool room_settings_get(struct db *db, struct arena *a, struct room_settings *out, struct error *err);
bool room_settings_put(struct db *db, const struct room_settings *s, struct error *err);

bool resource_add(struct db *db, const struct resource *r, struct error *err);
bool resource_end(struct db *db, struct str incident_id, struct str user_id, instant now, struct error *err);
/* What lasts first. */
bool resource_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

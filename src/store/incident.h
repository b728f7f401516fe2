/* Incidents in the store, with their roles and services. */
#pragma once

#include "store/store.h"
#include "domain/incident.h"

struct role_holder {
    struct str role;
    struct str user_id;
    struct str name;
    instant assigned_at;
};
extern const struct field role_holder_fields[];

struct named {
    struct str id;
    struct str name;
};
extern const struct field named_fields[];

bool incident_get(struct db *db, struct arena *a, struct str id, struct incident *out, struct error *err);
bool incident_by_number(struct db *db, struct arena *a, struct str number, struct incident *out, struct error *err);
bool incident_open_group(struct db *db, struct arena *a, struct str group_key, struct incident *out, struct error *err);
bool incident_put(struct db *db, const struct incident *v, struct error *err);
bool incident_open(struct db *db, struct arena *a, int64_t limit, struct list *out,
    struct error *err);
bool incident_past(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err);
bool incident_page(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err);
bool incident_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err);
bool role_list(struct db *db, struct arena *a, struct str incident_id, struct list *out,
    struct error *err);
bool incident_services(struct db *db, struct arena *a, struct str incident_id, struct list *out,
    struct error *err);
bool role_put(struct db *db, struct str incident_id, struct str role, struct str user_id, instant now,
    struct error *err);
bool role_delete(struct db *db, struct str incident_id, struct str role, struct error *err);
bool incident_service_put(struct db *db, struct str incident_id, struct str service_id, struct error *err);
bool incident_service_delete(struct db *db, struct str incident_id, struct str service_id, struct error *err);
/* Every operation on an incident begins by locking its row, so that two nodes never wait for each
 * other's rows in opposite order (PostgreSQL; SQLite has one writer). `ref` may lead nowhere. */
bool incident_lock(struct db *db, struct str ref, struct error *err);
/* By id or by number, whichever `ref` is. */
bool incident_find(struct db *db, struct arena *a, struct str ref, struct incident *out, struct error *err);

#include "store/incident.h"

#include "base/arena.h"
#include "base/error.h"

const struct field role_holder_fields[] = {
    FIELD(struct role_holder, role, .doc = "Role of the policy pack"),
    FIELD(struct role_holder, user_id, .doc = "Who holds it"),
    FIELD(struct role_holder, name, .doc = "Their name"),
    FIELD(struct role_holder, assigned_at, .doc = "Since when"),
    {0},
};

const struct field named_fields[] = {
    FIELD(struct named, id, .doc = "Id"),
    FIELD(struct named, name, .doc = "Name"),
    {0},
};

bool incident_get(struct db *db, struct arena *a, struct str id, struct incident *out, struct error *err)
{
    return db_get(db, Q_INCIDENT_GET, incident_fields, out, a, "incident", ARGS(v_text(id)), err);
}

bool incident_by_number(struct db *db, struct arena *a, struct str number, struct incident *out, struct error *err)
{
    return db_get(db, Q_INCIDENT_BY_NUMBER, incident_fields, out, a, "incident", ARGS(v_text(number)), err);
}

bool incident_open_group(struct db *db, struct arena *a, struct str group_key, struct incident *out, struct error *err)
{
    return db_get(db, Q_INCIDENT_OPEN_GROUP, incident_fields, out, a, "incident", ARGS(v_text(group_key)), err);
}

bool incident_put(struct db *db, const struct incident *v, struct error *err)
{
    return store_put(db, Q_INCIDENT_PUT, incident_fields, v, "the incident", err);
}

bool incident_open(struct db *db, struct arena *a, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_INCIDENT_OPEN, ARGS(v_int(limit)), incident_fields, sizeof(struct incident), out, err);
}

bool incident_past(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_INCIDENT_PAST, ARGS(v_int(before.us), v_text(before_id), v_int(limit)), incident_fields, sizeof(struct incident), out, err);
}

bool incident_page(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_INCIDENT_PAGE, ARGS(v_int(before.us), v_text(before_id), v_int(limit)), incident_fields, sizeof(struct incident), out, err);
}

bool incident_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_INCIDENT_BETWEEN, ARGS(v_int(from.us), v_int(to.us), v_int(limit)), incident_fields, sizeof(struct incident), out, err);
}

bool role_list(struct db *db, struct arena *a, struct str incident_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ROLE_LIST, ARGS(v_text(incident_id)), role_holder_fields, sizeof(struct role_holder), out, err);
}

bool incident_services(struct db *db, struct arena *a, struct str incident_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_INCIDENT_SERVICE_LIST, ARGS(v_text(incident_id)), named_fields, sizeof(struct named), out, err);
}

bool role_put(struct db *db, struct str incident_id, struct str role, struct str user_id, instant now,
    struct error *err)
{
    return db_exec(db, Q_ROLE_PUT, NULL,
        ARGS(v_text(incident_id), v_text(role), v_text(user_id), v_int(now.us)), err);
}

bool role_delete(struct db *db, struct str incident_id, struct str role, struct error *err)
{
    return db_exec(db, Q_ROLE_DELETE, NULL, ARGS(v_text(incident_id), v_text(role)), err);
}

bool incident_service_put(struct db *db, struct str incident_id, struct str service_id, struct error *err)
{
    return db_exec(db, Q_INCIDENT_SERVICE_PUT, NULL, ARGS(v_text(incident_id), v_text(service_id)), err);
}

bool incident_service_delete(struct db *db, struct str incident_id, struct str service_id, struct error *err)
{
    return store_delete(db, Q_INCIDENT_SERVICE_DELETE, ARGS(v_text(incident_id), v_text(service_id)),
        "affected service", err);
}

bool incident_lock(struct db *db, struct str ref, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    return db_query(db, Q_INCIDENT_LOCK, &rows, ARGS(v_text(ref)), err);
}

bool incident_find(struct db *db, struct arena *a, struct str ref, struct incident *out, struct error *err)
{
    return incident_number_valid(ref) ? incident_by_number(db, a, ref, out, err)
                                      : incident_get(db, a, ref, out, err);
}

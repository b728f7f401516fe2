#include "store/listener.h"

bool listener_insert(struct db *db, const struct listener *s, struct error *err)
{
    return store_insert(db, Q_LISTENER_INSERT, listener_fields, s, err);
}

bool listener_get(struct db *db, struct arena *a, struct str id, struct listener *out, struct error *err)
{
    return db_get(db, Q_LISTENER_GET, listener_fields, out, a, "subscriber", ARGS(v_text(id)), err);
}

bool listener_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_LISTENER_DELETE, ARGS(v_text(id)), "subscriber", err);
}

bool listener_all(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return store_list(db, a, Q_LISTENER_ALL, NO_ARGS, listener_fields, sizeof(struct listener), out, err);
}

bool listener_of_incident(struct db *db, struct arena *a, struct str audience, struct str incident_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_LISTENER_OF_INCIDENT, ARGS(v_text(audience), v_text(incident_id)), listener_fields,
        sizeof(struct listener), out, err);
}

static const struct field count_fields[] = {
    FIELD(struct listener_count, audience),
    FIELD(struct listener_count, n),
    {0},
};

bool listener_counts(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_LISTENER_COUNTS, ARGS(v_text(incident_id)), count_fields, sizeof(struct listener_count),
        out, err);
}

bool listener_drop_endpoint(struct db *db, struct str endpoint_id, struct error *err)
{
    return db_exec(db, Q_LISTENER_OF_ENDPOINT_DELETE, NULL, ARGS(v_text(endpoint_id)), err);
}

#include "store/probe.h"

bool probe_add(struct db *db, const struct probe *p, struct error *err)
{
    return store_insert(db, Q_PROBE_ADD, probe_fields, p, err);
}

bool probe_record(struct db *db, const struct probe *p, struct error *err)
{
    return db_exec(db, Q_PROBE_SEEN, NULL,
        ARGS(v_text(p->id), v_text(p->state), v_text(p->detail), v_time(p->checked_at)), err);
}

bool probe_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_PROBE_DELETE, ARGS(v_text(id)), "probe", err);
}

bool probe_get(struct db *db, struct arena *a, struct str id, struct probe *out, struct error *err)
{
    return db_get(db, Q_PROBE_GET, probe_fields, out, a, "probe", ARGS(v_text(id)), err);
}

bool probe_of_service(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_PROBE_OF_SERVICE, ARGS(v_text(service_id)), probe_fields, sizeof(struct probe), out, err);
}

bool probe_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_PROBE_OF_INCIDENT, ARGS(v_text(incident_id)), probe_fields, sizeof(struct probe), out, err);
}

#include "store/change.h"

#include "store/incident.h"

bool change_put(struct db *db, const struct change *c, struct error *err)
{
    return store_insert(db, Q_CHANGE_PUT, change_fields, c, err);
}

bool change_get(struct db *db, struct arena *a, struct str id, struct change *out, struct error *err)
{
    return db_get(db, Q_CHANGE_GET, change_fields, out, a, "change", ARGS(v_text(id)), err);
}

bool change_by_external(struct db *db, struct arena *a, struct str source, struct str external_id,
    struct change *out, struct error *err)
{
    return db_get(db, Q_CHANGE_BY_EXTERNAL, change_fields, out, a, "change",
        ARGS(v_text(source), v_text(external_id)), err);
}

bool change_before(struct db *db, struct arena *a, const struct change *c, struct change *out, struct error *err)
{
    return db_get(db, Q_CHANGE_BEFORE, change_fields, out, a, "earlier change",
        ARGS(v_text(c->service_id), v_text(c->kind), v_text(c->environment), v_int(c->at.us)), err);
}

bool change_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_CHANGE_BETWEEN, ARGS(v_int(from.us), v_int(to.us), v_int(limit)), change_fields,
        sizeof(struct change), out, err);
}

bool change_of_incident(struct db *db, struct arena *a, struct str incident_id, instant from, instant to,
    int64_t limit, struct list *out, struct error *err)
{
    return store_list(db, a, Q_CHANGE_OF_INCIDENT,
        ARGS(v_text(incident_id), v_int(from.us), v_int(to.us), v_int(limit)), change_fields, sizeof(struct change),
        out, err);
}

bool change_list(struct db *db, struct arena *a, const struct change_filter *f, struct list *out, struct error *err)
{
    return store_list(db, a, Q_CHANGE_LIST,
        ARGS(v_int(f->before.us), v_text(f->before_id), v_int(f->from.us),
            v_text(f->service_id.ptr ? f->service_id : S("")), v_text(f->kind.ptr ? f->kind : S("")),
            v_int(f->limit)),
        change_fields, sizeof(struct change), out, err);
}

bool change_open_incidents(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_CHANGE_OPEN_INCIDENTS, ARGS(v_text(service_id)), named_fields, sizeof(struct named),
        out, err);
}

#include "store/update.h"

#include "base/error.h"

bool update_put(struct db *db, const struct update *u, struct error *err)
{
    return store_put(db, Q_UPDATE_PUT, update_fields, u, "the update", err);
}

bool update_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_UPDATE_DELETE, ARGS(v_text(id)), "draft", err);
}

bool update_get(struct db *db, struct arena *a, struct str id, struct update *out, struct error *err)
{
    return db_get(db, Q_UPDATE_GET, update_fields, out, a, "update", ARGS(v_text(id)), err);
}

bool update_find(struct db *db, struct arena *a, struct str incident_id, struct str ref, struct update *out,
    struct error *err)
{
    size_t dash = ref.len;
    int64_t n;

    while (dash > 0 && ref.ptr[dash - 1] != '-')
        dash--;
    if (dash > 1 && str_int(str_slice(ref, dash, ref.len), &n))
        return db_get(db, Q_UPDATE_BY_NUMBER, update_fields, out, a, "update",
            ARGS(v_text(incident_id), v_text(str_slice(ref, 0, dash - 1)), v_int(n)), err);
    if (!update_get(db, a, ref, out, err))
        return false;
    return str_eq(out->incident_id, incident_id) || fail(err, NOT_FOUND, "no such update");
}

static bool list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err)
{
    return store_list(db, a, q, args, update_fields, sizeof(struct update), out, err);
}

bool update_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return list(db, a, Q_UPDATE_OF_INCIDENT, ARGS(v_text(incident_id)), out, err);
}

bool update_of_audience(struct db *db, struct arena *a, struct str incident_id, struct str audience, struct list *out,
    struct error *err)
{
    return list(db, a, Q_UPDATE_OF_AUDIENCE, ARGS(v_text(incident_id), v_text(audience)), out, err);
}

bool update_visible(struct db *db, struct arena *a, struct str incident_id, struct str audience, instant now,
    struct list *out, struct error *err)
{
    return list(db, a, Q_UPDATE_VISIBLE, ARGS(v_text(incident_id), v_text(audience), v_int(now.us)), out, err);
}

bool update_visible_since(struct db *db, struct arena *a, struct str audience, instant since, instant now,
    struct list *out, struct error *err)
{
    return list(db, a, Q_UPDATE_VISIBLE_SINCE, ARGS(v_text(audience), v_int(since.us), v_int(now.us)), out, err);
}

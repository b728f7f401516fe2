#include "store/alert.h"

#include "base/error.h"

size_t alert_width(void)
{
    size_t n = 0;

    for (const struct field *f = alert_fields; f->name; f++)
        n += !(f->flags & FIELD_VIEW);
    return n;
}

bool alert_open(struct db *db, struct arena *a, struct str dedup, struct alert *out, struct error *err)
{
    return db_get(db, Q_ALERT_OPEN, alert_fields, out, a, "alert", ARGS(v_text(dedup)), err);
}

bool alert_get(struct db *db, struct arena *a, int64_t id, struct alert *out, struct error *err)
{
    return db_get(db, Q_ALERT_GET, alert_fields, out, a, "alert", ARGS(v_int(id)), err);
}

bool alert_update(struct db *db, const struct alert *v, int64_t more, struct error *err)
{
    return db_exec(db, Q_ALERT_UPDATE, NULL,
        ARGS(v_int(v->id), v_bool(v->firing), v_bool(v->timeout), v_text(v->annotations),
            v_text(v->generator_url), v_int(v->starts_at.us), v_int(v->ends_at.us), v_int(v->updated_at.us),
            v_time(v->resolved_at), v_int(more), v_text(v->incident_id)),
        err);
}

bool alert_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err)
{
    return store_list(db, a, q, args, alert_fields, sizeof(struct alert), out, err);
}

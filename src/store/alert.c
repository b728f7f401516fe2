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
    int64_t changed = 0;

    if (!db_exec(db, Q_ALERT_UPDATE, &changed,
        ARGS(v_int(v->id), v_bool(v->firing), v_bool(v->timeout), v_text(v->annotations),
            v_text(v->generator_url), v_int(v->starts_at.us), v_int(v->ends_at.us), v_int(v->updated_at.us),
            v_time(v->resolved_at), v_int(more), v_text(v->incident_id)),
        err))
        return false;
    if (changed == 1)
        return true;
    fail(err, UNAVAILABLE, "another node has resolved the same alert");
    err->retry = true;
    return false;
}

bool alert_expire(struct db *db, int64_t id, instant until, instant now, bool *ended, struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, Q_ALERT_EXPIRE, &changed, ARGS(v_int(id), v_int(until.us), v_int(now.us)), err))
        return false;
    *ended = changed == 1;
    return true;
}

bool alert_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err)
{
    return store_list(db, a, q, args, alert_fields, sizeof(struct alert), out, err);
}

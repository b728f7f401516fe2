#include "store/promise.h"

bool promise_put(struct db *db, const struct promise *p, struct error *err)
{
    return store_insert(db, Q_PROMISE_PUT, promise_fields, p, err);
}

static bool list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err)
{
    return store_list(db, a, q, args, promise_fields, sizeof(struct promise), out, err);
}

bool promise_running(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return list(db, a, Q_PROMISE_RUNNING, ARGS(v_text(incident_id)), out, err);
}

bool promise_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return list(db, a, Q_PROMISE_OF_INCIDENT, ARGS(v_text(incident_id)), out, err);
}

bool promise_of_update(struct db *db, struct arena *a, struct str incident_id, struct str update_id, struct promise *out,
    struct error *err)
{
    return db_get(db, Q_PROMISE_OF_UPDATE, promise_fields, out, a, "promise", ARGS(v_text(incident_id), v_text(update_id)), err);
}

bool promise_between(struct db *db, struct arena *a, instant from, instant to, int64_t limit, struct list *out,
    struct error *err)
{
    return list(db, a, Q_PROMISE_BETWEEN, ARGS(v_int(from.us), v_int(to.us), v_int(limit)), out, err);
}

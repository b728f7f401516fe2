#include "store/decision.h"

#include "base/error.h"

bool decision_add(struct db *db, const struct decision *d, struct error *err)
{
    return store_insert(db, Q_DECISION_ADD, decision_fields, d, err);
}

bool decision_choose(struct db *db, const struct decision *d, struct error *err)
{
    int64_t changed = 0;

    return db_exec(db, Q_DECISION_CHOOSE, &changed,
               ARGS(v_text(d->id), v_text(d->choice), v_text(d->why), v_text(d->decided_by), v_text(d->decided_name),
                   v_time(d->decided_at)), err) &&
        (changed == 1 || fail(err, CONFLICT, "this was decided meanwhile; look at it again"));
}

bool decision_get(struct db *db, struct arena *a, struct str id, struct decision *out, struct error *err)
{
    return db_get(db, Q_DECISION_GET, decision_fields, out, a, "decision", ARGS(v_text(id)), err);
}

bool decision_list(struct db *db, struct arena *a, struct str incident_id, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_DECISION_OF_INCIDENT, ARGS(v_text(incident_id), v_int(limit)), decision_fields,
        sizeof(struct decision), out, err);
}

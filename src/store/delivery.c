#include "store/delivery.h"

#include "base/error.h"

bool delivery_insert(struct db *db, const struct delivery *d, bool *fresh, struct error *err)
{
    struct value values[ROW_MAX_VALUES + 1];
    int64_t changed = 0;

    row_values(delivery_fields, d, values);
    if (!db_exec(db, Q_DELIVERY_INSERT, &changed, values, err))
        return false;
    *fresh = changed == 1;
    return true;
}

bool delivery_get(struct db *db, struct arena *a, struct str id, struct delivery *out, struct error *err)
{
    return db_get(db, Q_DELIVERY_GET, delivery_fields, out, a, "delivery", ARGS(v_text(id)), err);
}

bool delivery_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err)
{
    return store_list(db, a, q, args, delivery_fields, sizeof(struct delivery), out, err);
}

bool delivery_due(struct db *db, struct arena *a, instant now, int64_t limit, struct list *out, struct error *err)
{
    return delivery_list(db, a, Q_DELIVERY_DUE, ARGS(v_int(now.us), v_int(limit)), out, err);
}

bool delivery_claim(struct db *db, struct delivery *d, instant lease_until, struct str owner, bool *mine,
    struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, Q_DELIVERY_CLAIM, &changed,
            ARGS(v_text(d->id), v_int(d->fence), v_int(lease_until.us), v_text(owner)), err))
        return false;
    *mine = changed == 1;
    if (*mine) {
        d->fence++;
        d->attempts++;
        d->state = S("sending");
    }
    return true;
}

bool delivery_finish(struct db *db, const struct delivery *d, bool *current, struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, Q_DELIVERY_FINISH, &changed,
            ARGS(v_text(d->id), v_int(d->fence), v_text(d->state), v_time(d->next_at), v_time(d->sent_at),
                v_text(d->receipt), v_text(d->error)), err))
        return false;
    *current = changed == 1;
    return true;
}

bool delivery_supersede(struct db *db, struct str incident_id, struct error *err)
{
    return db_exec(db, Q_DELIVERY_SUPERSEDE, NULL, ARGS(v_text(incident_id)), err);
}

bool delivery_withdraw(struct db *db, struct str subject, struct error *err)
{
    return db_exec(db, Q_DELIVERY_WITHDRAW, NULL, ARGS(v_text(subject)), err);
}

bool delivery_next(struct db *db, instant *out, struct error *err)
{
    *out = (instant){0};
    return db_get_int(db, Q_DELIVERY_NEXT, &out->us, NULL, NO_ARGS, err);
}

bool delivery_recover(struct db *db, instant now, struct error *err)
{
    return db_exec(db, Q_DELIVERY_RECOVER, NULL, ARGS(v_int(now.us)), err);
}

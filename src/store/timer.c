#include "store/timer.h"

const struct field timer_fields[] = {
    FIELD(struct timer, id),
    FIELD(struct timer, kind),
    FIELD(struct timer, subject),
    FIELD(struct timer, due_at),
    FIELD(struct timer, data),
    {0},
};

bool timer_put(struct db *db, const struct timer *t, struct error *err)
{
    return store_insert(db, Q_TIMER_PUT, timer_fields, t, err);
}

bool timer_cancel(struct db *db, struct str kind, struct str subject, struct error *err)
{
    return db_exec(db, Q_TIMER_DELETE, NULL, ARGS(v_text(kind), v_text(subject)), err);
}

bool timer_due(struct db *db, struct arena *a, instant now, int64_t limit, struct list *out, struct error *err)
{
    return store_list(db, a, Q_TIMER_DUE, ARGS(v_int(now.us), v_int(limit)), timer_fields,
        sizeof(struct timer), out, err);
}

bool timer_claim(struct db *db, const struct timer *t, bool *mine, struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, Q_TIMER_CLAIM, &changed, ARGS(v_int(t->id), v_int(t->due_at.us)), err))
        return false;
    *mine = changed == 1;
    return true;
}

bool timer_next(struct db *db, instant *out, struct error *err)
{
    *out = (instant){0};
    return db_get_int(db, Q_TIMER_NEXT, &out->us, NULL, NO_ARGS, err);
}

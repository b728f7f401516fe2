#include "engine/threshold.h"

#include "domain/incident.h"
#include "store/incident.h"
#include "store/threshold.h"
#include "store/timer.h"

bool engine_threshold_add(struct op *op, struct str ref, struct threshold *t, struct error *err)
{
    struct incident i = {0};
    int64_t n;

    if (!incident_find(op->db, op->arena, ref, &i, err) ||
        !store_count(op->db, Q_THRESHOLD_COUNT, ARGS(v_text(i.id)), &n, err))
        return false;
    if (!i.is_open)
        return fail(err, CONFLICT, "%.*s is over", STR(i.number));
    if (n >= THRESHOLD_MAX)
        return fail(err, CONFLICT, "%.*s has %d thresholds already", STR(i.number), THRESHOLD_MAX);
    t->id = op_id(op, "thr");
    t->incident_id = i.id;
    t->action = t->action.ptr ? t->action : S("");
    t->within = t->within > 0 ? t->within : 0;
    t->due_at = t->within > 0 ? instant_add(op->now, t->within) : (instant){0};
    t->state = S("armed");
    t->author_name = op->actor.name;
    t->created_at = op->now;
    return threshold_put(op->db, t, err) &&
        (!instant_is_set(t->due_at) || op_timer(op, "threshold", t->id, t->due_at, err)) &&
        op_say(op, i.id, "threshold", err, "Threshold: %.*s%s%.*s%s%.*s", STR(t->text), t->action.len ? " → " : "",
            STR(t->action), t->within > 0 ? ", at the latest in " : "",
            STR(t->within > 0 ? duration_text(op->arena, t->within) : STR_NONE));
}

static bool end(struct op *op, struct threshold *t, struct str state, struct error *err)
{
    t->state = state;
    t->ended_at = op->now;
    return threshold_put(op->db, t, err) && timer_cancel(op->db, S("threshold"), t->id, err);
}

bool engine_threshold_end(struct op *op, struct str ref, struct str id, struct str state, struct threshold *out,
    struct error *err)
{
    struct incident i = {0};

    if (!incident_find(op->db, op->arena, ref, &i, err) || !threshold_get(op->db, op->arena, id, out, err))
        return false;
    if (!str_eq(out->incident_id, i.id))
        return fail(err, NOT_FOUND, "%.*s has no such threshold", STR(i.number));
    if (str_eq(out->state, state))
        return true;
    if (str_eq(out->state, S("dropped")))
        return fail(err, CONFLICT, "it was dropped already");
    return end(op, out, state, err) &&
        op_say(op, i.id, "threshold", err, "Threshold %.*s: %.*s%s%.*s", STR(state), STR(out->text),
            out->action.len ? " → " : "", STR(out->action));
}

/* Once the harm has ended there is nothing left to stop. */
bool threshold_due(struct op *op, struct str id, struct error *err)
{
    struct threshold t = {0};
    struct incident i = {0};

    if (!threshold_get(op->db, op->arena, id, &t, err) || !incident_get(op->db, op->arena, t.incident_id, &i, err))
        return false;
    if (!str_eq(t.state, S("armed")))
        return true;
    if (!i.is_open || str_eq(i.status, S("monitoring")))
        return end(op, &t, S("dropped"), err);
    return end(op, &t, S("reached"), err) &&
        op_tell(op, i.id, "threshold", err, "Time is up: %.*s%s%.*s", STR(t.text), t.action.len ? " → " : "",
            STR(t.action));
}

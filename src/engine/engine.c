#include "engine/engine.h"

#include "base/log.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "engine/classify.h"
#include "engine/escalate.h"
#include "engine/hypothesis.h"
#include "engine/ingest.h"
#include "engine/postmortem.h"
#include "engine/rollout.h"
#include "engine/triage.h"
#include "engine/threshold.h"
#include "engine/update.h"
#include "engine/verification.h"
#include "engine/statuspage.h"
#include "engine/promise.h"
#include "engine/role.h"
#include "engine/room.h"
#include "engine/subscriber.h"
#include "notify/backoff.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/timer.h"
#include "store/user.h"

#define BATCH 200                       /* of each kind in one run; the rest runs at once after */
#define IDLE_US (30 * SECOND_US)        /* how often to look even if nothing is planned */
#define HOUSEKEEPING_US (1 * HOUR_US)
#define GIVE_UP_US (24 * HOUR_US)       /* for deliveries that are not pages */

static bool housekeeping(struct op *op, struct str subject, struct error *err)
{
    (void)subject;
    return session_expire(op->db, op->now, err) && subscriber_forget(op, err) &&
        op_timer(op, "housekeeping", S("system"), instant_add(op->now, HOUSEKEEPING_US), err);
}

static const struct {
    const char *kind;
    bool (*fire)(struct op *op, struct str subject, struct error *err);
} handlers[] = {
    {"chase", triage_chase},
    {"clock", clock_warn},
    {"escalate", escalation_run},
    {"housekeeping", housekeeping},
    {"hypothesis", hypothesis_over},
    {"maintenance_end", maintenance_end},
    {"maintenance_remind", maintenance_remind},
    {"maintenance_start", maintenance_start},
    {"postmortem_due", engine_postmortem_overdue},
    {"probe", verification_probe},
    {"rollout", rollout_held},
    {"status_notify", subscriber_notify},
    {"threshold", threshold_due},
    {"soak", verification_soaked},
    {"promise", promise_run},
    {"request_silent", engine_request_silent},
    {"roles_chase", engine_roles_chase},
    {"room_check_in", engine_room_check_in_missed},
    {"room_open", engine_room_due},
    {"update_out", update_out},
};

static bool fire(struct op *op, const struct timer *t, struct error *err)
{
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        if (str_eq(t->kind, str_from(handlers[i].kind)))
            return handlers[i].fire(op, t->subject, err);
    return fail(err, INTERNAL, "no handler for timers of kind %.*s", STR(t->kind));
}

/* In a savepoint of its own: what a timer that fails has written so far is undone, *failed says why. */
static bool fire_alone(struct op *op, const struct timer *t, struct error *failed, struct error *err)
{
    struct effects mark = *op->fx;

    if (!db_savepoint(op->db, err))
        return false;
    if (fire(op, t, failed))
        return db_release(op->db, err);
    effects_rollback(op->fx, &mark);
    if (!failed->retry && failed->kind != ERROR_UNAVAILABLE)
        return db_rollback_to(op->db, err);
    *err = *failed;
    return false;
}

/* One timer that fails must not stop the others: it is logged, and tried again in a minute. */
static bool run_timers(struct op *op, bool *more, struct error *err)
{
    struct list due;

    if (!timer_due(op->db, op->arena, op->now, BATCH, &due, err))
        return false;
    const struct timer *t = due.v;
    *more = due.n == BATCH;
    for (size_t i = 0; i < due.n; i++) {
        struct error failed = {0};
        bool mine;
        /* The subject of most timers is an incident; of others nothing is locked. */
        if (!incident_lock(op->db, t[i].subject, err) || !timer_claim(op->db, &t[i], &mine, err))
            return false;
        if (!mine)
            continue;
        if (!fire_alone(op, &t[i], &failed, err))
            return false;
        if (failed.kind == ERROR_NONE)
            continue;
        log_write(ERROR, "a timer failed", LOG_STR("kind", t[i].kind), LOG_STR("subject", t[i].subject),
            LOG_STR("reason", str_from(failed.message)), LOG_STR("origin", str_from(failed.origin)));
        struct timer again = t[i];
        again.due_at = instant_add(op->now, MINUTE_US);
        if (failed.kind != ERROR_NOT_FOUND && !timer_put(op->db, &again, err))
            return false;
    }
    return true;
}

/* Leases a due delivery again, or drops it if its incident has moved on. */
static bool run_delivery(struct op *op, struct delivery *d, struct error *err)
{
    struct incident i = {0};
    bool mine, current;

    if (!delivery_claim(op->db, d, instant_add(op->now, DELIVERY_LEASE_US), op->env->node, &mine, err))
        return false;
    if (!mine)
        return true;
    if (d->incident_id.len) {
        if (!incident_get(op->db, op->arena, d->incident_id, &i, err))
            return false;
        if (delivery_superseded(d, i.is_open, instant_is_set(i.acknowledged_at))) {
            d->state = S("superseded");
            d->next_at = (instant){0};
            return delivery_finish(op->db, d, &current, err);
        }
    }
    struct effect_delivery *fx = arena_new(op->fx->arena, struct effect_delivery);
    fx->id = str_copy(op->fx->arena, d->id);
    fx->fence = d->fence;
    *op->fx->deliveries_tail = fx;
    op->fx->deliveries_tail = &fx->next;
    return true;
}

static bool run_deliveries(struct op *op, bool *more, struct error *err)
{
    struct list due;

    if (!delivery_due(op->db, op->arena, op->now, BATCH, &due, err))
        return false;
    struct delivery *d = due.v;
    *more |= due.n == BATCH;
    for (size_t i = 0; i < due.n; i++)
        if (!run_delivery(op, &d[i], err))
            return false;
    return true;
}

static void earlier(instant *wake, instant candidate)
{
    if (instant_is_set(candidate) && candidate.us < wake->us)
        *wake = candidate;
}

static bool run(struct op *op, struct ingest *in, instant *wake, struct error *err)
{
    instant timer, delivery, alert = {0};
    bool more = false;

    if (in && !ingest_run(in, op, &alert, &more, err))
        return false;
    if (!run_timers(op, &more, err) || !run_deliveries(op, &more, err) ||
        !timer_next(op->db, &timer, err) || !delivery_next(op->db, &delivery, err))
        return false;
    *wake = instant_add(op->now, IDLE_US);
    earlier(wake, timer);
    earlier(wake, delivery);
    earlier(wake, alert);
    if (more)
        *wake = op->now;
    return true;
}

bool engine_run(struct op *op, struct ingest *in, instant *wake, struct error *err)
{
    if (run(op, in, wake, err))
        return true;
    if (in)
        ingest_forget(in);
    return false;
}

bool engine_delivery_done(struct op *op, const struct delivery_outcome *o, struct error *err)
{
    struct delivery d = {0};
    bool current;

    if (!delivery_get(op->db, op->arena, o->id, &d, err))
        return false;
    if (d.fence != o->fence || !str_eq(d.state, S("sending")))
        return true; /* somebody else has it meanwhile */
    bool page = str_eq(d.kind, S("page"));
    bool failed_before = d.error.ptr;
    bool over = !page && (o->permanent || op->now.us - d.created_at.us > GIVE_UP_US);
    d.receipt = o->receipt;
    d.error = o->ok ? STR_NONE : o->error;
    d.state = o->ok ? S("sent") : over ? S("failed") : S("queued");
    d.sent_at = o->ok ? op->now : (instant){0};
    d.next_at = (instant){0};
    if (str_eq(d.state, S("queued"))) {
        struct incident i = {0};
        d.next_at = instant_add(op->now, backoff_us(d.attempts, o->jitter, o->retry_after_us));
        if (d.incident_id.len && !incident_get(op->db, op->arena, d.incident_id, &i, err))
            return false;
        if (d.incident_id.len && delivery_superseded(&d, i.is_open, instant_is_set(i.acknowledged_at))) {
            d.state = S("superseded");
            d.next_at = (instant){0};
        } else {
            effects_wake(op->fx, d.next_at);
        }
    }
    if (!delivery_finish(op->db, &d, &current, err))
        return false;
    /* The timeline tells of the first failure, of the last, and of success after one, not of every attempt. */
    bool again = str_eq(d.state, S("queued"));
    if (current && d.incident_id.len && !o->ok && (over || (again && !failed_before)))
        return op_say(op, d.incident_id, "delivery_failed", err, "%.*s to %.*s failed: %.*s; %s", STR(d.channel),
            STR(d.recipient), STR(o->error), again ? "trying again" : "giving up");
    if (current && d.incident_id.len && o->ok && d.attempts > 1)
        return op_say(op, d.incident_id, "delivery_sent", err, "%.*s to %.*s sent on attempt %lld", STR(d.channel),
            STR(d.recipient), (long long)d.attempts);
    return true;
}

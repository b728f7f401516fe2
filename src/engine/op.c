#include "engine/op.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/id.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/delivery.h"
#include "store/delivery.h"
#include "store/event.h"
#include "store/timer.h"

const struct actor actor_system = {
    .kind = {"system", 6}, .id = {"system", 6}, .name = {"Tocsin", 6}};

void effects_init(struct effects *fx, struct arena *a)
{
    *fx = (struct effects){.arena = a};
    fx->events_tail = &fx->events;
    fx->deliveries_tail = &fx->deliveries;
    fx->probes_tail = &fx->probes;
}

void effects_rollback(struct effects *fx, const struct effects *mark)
{
    *fx = *mark;
    *fx->events_tail = NULL;
    *fx->deliveries_tail = NULL;
    *fx->probes_tail = NULL;
}

void effects_wake(struct effects *fx, instant at)
{
    if (!instant_is_set(fx->wake) || at.us < fx->wake.us)
        fx->wake = at;
}

struct str op_id(struct op *op, const char *prefix)
{
    return id_make(op->arena, prefix, op->now, op->rng);
}

int64_t op_number(struct op *op)
{
    int64_t n = id_number(*op->last_number, op->now);

    /* Nodes that write in the same millisecond begin at different places of it. */
    if (n % (INT64_C(1) << 22) == 0)
        n += (int64_t)rand_below(op->rng, UINT64_C(1) << 21);
    return *op->last_number = n;
}

bool op_event(struct op *op, struct str subject, const char *kind, instant at, int64_t corrects,
    const struct json *data, struct event *out, struct error *err)
{
    struct event e = {
        .subject = subject,
        .kind = str_from(kind),
        .at = instant_is_set(at) ? at : op->now,
        .recorded_at = op->now,
        .actor_kind = op->actor.kind,
        .actor_id = op->actor.id,
        .actor_name = op->actor.name,
        .corrects = corrects ? corrects : INT_NONE,
        .data = json_text(op->arena, data),
    };

    if (!event_append(op->db, op->arena, &e, err))
        return false;
    struct effect_event *fx = arena_new(op->fx->arena, struct effect_event);
    fx->seq = e.seq;
    fx->subject = str_copy(op->fx->arena, subject);
    fx->kind = e.kind;
    *op->fx->events_tail = fx;
    op->fx->events_tail = &fx->next;
    if (out)
        *out = e;
    return true;
}

__attribute__((format(printf, 5, 0))) __attribute__((format(printf, 5, 0)))
static bool say(struct op *op, struct str subject, const char *kind,
    struct error *err, const char *fmt, va_list ap)
{
    char text[2048];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    struct str said = {text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1};
    struct json *data = json_object(op->arena);

    for (int cut = 0; cut < 3 && !utf8_valid(said); cut++)
        said.len--; /* the cut went through a character */
    json_set_str(op->arena, data, S("text"), said);
    return op_event(op, subject, kind, (instant){0}, 0, data, NULL, err);
}

bool op_say(struct op *op, struct str subject, const char *kind, struct error *err, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    bool ok = say(op, subject, kind, err, fmt, ap);
    va_end(ap);
    return ok;
}

bool op_tell(struct op *op, struct str subject, const char *kind, struct error *err, const char *fmt, ...)
{
    struct actor who = op->actor;
    va_list ap;

    op->actor = actor_system;
    va_start(ap, fmt);
    bool ok = say(op, subject, kind, err, fmt, ap);
    va_end(ap);
    op->actor = who;
    return ok;
}

bool op_timer(struct op *op, const char *kind, struct str subject, instant due, struct error *err)
{
    struct timer t = {.id = op_number(op), .kind = str_from(kind), .subject = subject, .due_at = due,
        .data = S("{}")};

    effects_wake(op->fx, due);
    return timer_put(op->db, &t, err);
}

bool op_deliver_at(struct op *op, struct delivery *d, instant at, struct error *err)
{
    bool fresh;

    if (at.us <= op->now.us)
        return op_deliver(op, d, err);
    d->id = delivery_id(op->arena, d);
    d->state = S("queued");
    d->created_at = op->now;
    d->next_at = at;
    effects_wake(op->fx, at);
    return delivery_insert(op->db, d, &fresh, err);
}

bool op_deliver(struct op *op, struct delivery *d, struct error *err)
{
    bool fresh;

    d->id = delivery_id(op->arena, d);
    d->state = S("sending");
    d->attempts = 1;
    d->fence = 1;
    d->lease_owner = op->env->node;
    d->created_at = op->now;
    d->next_at = instant_add(op->now, DELIVERY_LEASE_US);
    if (!delivery_insert(op->db, d, &fresh, err))
        return false;
    if (!fresh)
        return true;
    struct effect_delivery *fx = arena_new(op->fx->arena, struct effect_delivery);
    fx->id = str_copy(op->fx->arena, d->id);
    fx->fence = 1;
    *op->fx->deliveries_tail = fx;
    op->fx->deliveries_tail = &fx->next;
    effects_wake(op->fx, d->next_at);
    return true;
}

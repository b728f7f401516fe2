#include "engine/promise.h"

#include "base/json.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/update.h"
#include "engine/incident.h"
#include "engine/promise_nag.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/listener.h"
#include "store/promise.h"
#include "store/timer.h"

/* All of an incident, and what is to be done with them. */
struct clocks {
    struct op *op;
    const struct pack *pack;
    const struct pack_severity *severity; /* NULL: no clock runs */
    struct incident *i;
    struct list all;
    bool any_running;
};

static bool clocks_read(struct clocks *c, struct op *op, struct incident *i, struct error *err)
{
    *c = (struct clocks){.op = op, .pack = op->env->pack, .i = i};
    c->severity = i->severity.len ? pack_severity_find(c->pack, i->severity) : NULL;
    if (!promise_of_incident(op->db, op->arena, i->id, &c->all, err))
        return false;
    const struct promise *p = c->all.v;
    for (size_t k = 0; k < c->all.n; k++)
        c->any_running |= !instant_is_set(p[k].settled_at);
    return true;
}

/* What settles a first promise, or comes without one, is followed by one of kind `next`. */
static bool was_told(const struct clocks *c, struct str audience)
{
    const struct promise *p = c->all.v;

    for (size_t k = 0; k < c->all.n; k++)
        if (str_eq(p[k].audience, audience) && (str_eq(p[k].kind, S("next")) || p[k].update_id.len))
            return true;
    return false;
}

/* Nobody waits where nothing is shown and nobody has subscribed. */
static bool has_readers(struct clocks *c, const struct pack_audience *a, bool *out, struct error *err)
{
    struct list listeners;

    *out = a->shown_on.len > 0;
    if (*out)
        return true;
    if (!listener_of_incident(c->op->db, c->op->arena, a->id, c->i->id, &listeners, err))
        return false;
    *out = listeners.n > 0;
    return true;
}

static bool open_at(struct clocks *c, const struct pack_audience *a, bool first, instant since, instant due,
    struct error *err)
{
    struct op *op = c->op;
    struct promise p = {.id = op_id(op, "prm"), .incident_id = c->i->id, .audience = a->id, .external = a->external,
        .severity = c->i->severity.len ? c->i->severity : S(""), .kind = first ? S("first") : S("next"), .since = since,
        .due_at = due, .nag_at = due.us > op->now.us ? due : instant_add(op->now, PROMISE_GRACE_US),
        .state = S("open"), .created_at = op->now};

    p.stage = promise_stage_at(&p, op->now); /* a short wait needs no word in advance */
    return promise_put(op->db, &p, err);
}

/* The pack's clock for an audience from `since` on, if it has one at this severity. */
static bool open_clock(struct clocks *c, const struct pack_audience *a, instant since, struct error *err)
{
    bool first = !was_told(c, a->id), readers;
    int64_t wait = c->severity ? promise_wait(c->pack, c->severity, a, first) : 0;

    /* Nobody outside waits for what they may not know of, until somebody has approved to tell them. */
    if (!wait || (c->i->restricted && a->external && first) || !has_readers(c, a, &readers, err))
        return err->kind == ERROR_NONE;
    return !readers || open_at(c, a, first, since, promise_due(c->severity, since, wait), err);
}

static bool open_all(struct clocks *c, instant since, struct error *err)
{
    for (size_t k = 0; k < c->pack->naudiences; k++)
        if (!open_clock(c, &c->pack->audiences[k], since, err))
            return false;
    return true;
}

static bool settle(struct clocks *c, struct promise *p, struct str state, struct str update_id, struct error *err)
{
    p->state = state;
    p->update_id = update_id;
    p->settled_at = c->op->now;
    return promise_put(c->op->db, p, err) && delivery_withdraw(c->op->db, p->id, err);
}

static bool void_all(struct clocks *c, struct error *err)
{
    struct promise *p = c->all.v;

    for (size_t k = 0; k < c->all.n; k++)
        if (!instant_is_set(p[k].settled_at) &&
            !settle(c, &p[k], str_eq(p[k].state, S("missed")) ? p[k].state : S("void"), STR_NONE, err))
            return false;
    return true;
}

/* One timer for the incident, and what it shows as its next update. */
static bool finish(struct clocks *c, struct error *err)
{
    struct op *op = c->op;
    instant due = {0}, wake = {0};
    struct list running;

    if (!promise_running(op->db, op->arena, c->i->id, &running, err))
        return false;
    const struct promise *p = running.v;
    for (size_t k = 0; k < running.n; k++) {
        instant next = promise_next_stage(&p[k]);
        if (!p[k].external && !instant_is_set(due))
            due = p[k].due_at;
        if (instant_is_set(next) && (!instant_is_set(wake) || next.us < wake.us))
            wake = next;
    }
    c->i->next_update_at = c->i->is_open ? due : (instant){0};
    return instant_is_set(wake) ? op_timer(op, "promise", c->i->id, wake, err)
                                : timer_cancel(op->db, S("promise"), c->i->id, err);
}

/* What was due before anybody was there has been due since the incident began. */
static bool begin(struct clocks *c, instant since, struct error *err)
{
    if (c->any_running || !c->i->is_open || !c->severity)
        return true;
    return open_all(c, since, err) && promise_of_incident(c->op->db, c->op->arena, c->i->id, &c->all, err);
}

bool promise_restart(struct op *op, struct incident *i, struct error *err)
{
    struct clocks c;

    return clocks_read(&c, op, i, err) && void_all(&c, err) && (!i->is_open || open_all(&c, op->now, err)) &&
        finish(&c, err);
}

/* Settles what runs for this audience and starts the next clock. */
static bool keep(struct clocks *c, const struct pack_audience *a, struct str update_id, instant next, struct error *err)
{
    struct promise *p = c->all.v;

    for (size_t k = 0; k < c->all.n; k++)
        if (!instant_is_set(p[k].settled_at) && str_eq(p[k].audience, a->id) &&
            !settle(c, &p[k], promise_verdict(&p[k], c->op->now), update_id, err))
            return false;
    if (!c->i->is_open)
        return true;
    if (instant_is_set(next)) /* what is said is promised */
        return open_at(c, a, false, c->op->now, next, err);
    int64_t wait = c->severity ? promise_wait(c->pack, c->severity, a, false) : 0;
    bool readers = false;
    if (!wait || !has_readers(c, a, &readers, err))
        return err->kind == ERROR_NONE;
    return !readers || open_at(c, a, false, c->op->now, promise_due(c->severity, c->op->now, wait), err);
}

bool promise_keep_readers(struct op *op, struct incident *i, struct str where, struct error *err)
{
    struct clocks c;

    if (!clocks_read(&c, op, i, err) || !begin(&c, i->declared_at, err))
        return false;
    for (size_t k = 0; k < c.pack->naudiences; k++) {
        const struct pack_audience *a = &c.pack->audiences[k];
        if (str_eq(a->shown_on, where) && !keep(&c, a, STR_NONE, (instant){0}, err))
            return false;
    }
    return finish(&c, err);
}

bool promise_keep(struct op *op, struct incident *i, struct str audience, struct str update_id, instant next,
    struct error *err)
{
    struct clocks c;

    if (!clocks_read(&c, op, i, err) || !begin(&c, i->declared_at, err))
        return false;
    const struct pack_audience *a = pack_audience_find(c.pack, audience);
    return (!a || keep(&c, a, update_id, next, err)) && finish(&c, err);
}

bool promise_unkeep(struct op *op, struct incident *i, struct str update_id, struct error *err)
{
    struct promise was = {0};
    struct clocks c;

    if (!promise_of_update(op->db, op->arena, i->id, update_id, &was, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
        return true;
    }
    if (!clocks_read(&c, op, i, err))
        return false;
    struct promise *p = c.all.v;
    for (size_t k = 0; k < c.all.n; k++)
        if (!instant_is_set(p[k].settled_at) && str_eq(p[k].audience, was.audience) &&
            !settle(&c, &p[k], S("void"), STR_NONE, err))
            return false;
    if (i->is_open) {
        was.state = S("open");
        was.settled_at = (instant){0};
        was.update_id = STR_NONE;
        if (!promise_put(op->db, &was, err))
            return false;
    }
    return finish(&c, err);
}

bool promise_run(struct op *op, struct str incident_id, struct error *err)
{
    struct incident i = {0};
    struct clocks c;

    if (!incident_get(op->db, op->arena, incident_id, &i, err))
        return false;
    if (!i.is_open)
        return true;
    return promise_remind(op, &i, err) && clocks_read(&c, op, &i, err) && finish(&c, err);
}

/* It became restricted: who outside has heard nothing is promised nothing any more. */
static bool hush(struct clocks *c, struct error *err)
{
    struct promise *p = c->all.v;

    for (size_t k = 0; k < c->all.n; k++)
        if (!instant_is_set(p[k].settled_at) && p[k].external && str_eq(p[k].kind, S("first")) &&
            !settle(c, &p[k], str_eq(p[k].state, S("missed")) ? p[k].state : S("void"), STR_NONE, err))
            return false;
    return finish(c, err);
}

/* It is no longer restricted: the clocks that it held back start now. */
static bool speak(struct clocks *c, struct error *err)
{
    const struct promise *p = c->all.v;

    for (size_t k = 0; k < c->pack->naudiences; k++) {
        const struct pack_audience *a = &c->pack->audiences[k];
        bool running = !a->external;
        for (size_t n = 0; n < c->all.n; n++)
            running |= !instant_is_set(p[n].settled_at) && str_eq(p[n].audience, a->id);
        if (!running && !open_clock(c, a, c->op->now, err))
            return false;
    }
    return finish(c, err);
}

bool promise_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    struct incident i = *after;
    struct clocks c;

    if (before->is_open && !after->is_open)
        return clocks_read(&c, op, &i, err) && void_all(&c, err) && finish(&c, err);
    if (before->id.len && after->is_open && after->restricted != before->restricted)
        return clocks_read(&c, op, &i, err) && (after->restricted ? hush(&c, err) : speak(&c, err));
    if (!after->is_open || !after->severity.len || !instant_is_set(after->acknowledged_at) ||
        instant_is_set(before->acknowledged_at))
        return true;
    if (!clocks_read(&c, op, &i, err) || !begin(&c, before->id.len ? after->declared_at : op->now, err) || !finish(&c, err))
        return false;
    if (i.next_update_at.us == after->next_update_at.us)
        return true;
    return incident_get(op->db, op->arena, i.id, &i, err) && finish(&c, err) && incident_save(op, &i, err);
}

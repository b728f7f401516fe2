/* The last update of an incident: everybody who was told of it hears that it is over. */
#include "base/json.h"
#include "domain/event.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/promise.h"
#include "engine/update.h"
#include "store/listener.h"
#include "store/update.h"

/* How it is known to be over: what whoever resolved it said. */
static bool last_words(struct op *op, const struct incident *i, struct str *out, struct error *err)
{
    struct error ignored = {0};
    struct json *data = NULL;
    struct list latest;

    if (!store_list(op->db, op->arena, Q_EVENT_LATEST, ARGS(v_text(i->id), v_int(20)), event_fields,
            sizeof(struct event), &latest, err))
        return false;
    *out = STR_NONE;
    const struct event *e = latest.v;
    for (size_t k = 0; k < latest.n && !out->len; k++)
        if (str_eq(e[k].kind, S("resolved")) && json_parse(op->arena, e[k].data, &data, &ignored))
            *out = json_get_str(data, S("text"));
    return true;
}

static bool was_told(struct op *op, const struct incident *i, struct str audience, bool *out, struct error *err)
{
    struct list v;

    *out = false;
    if (!update_of_audience(op->db, op->arena, i->id, audience, &v, err))
        return false;
    for (size_t k = 0; k < v.n; k++)
        *out |= str_eq(((const struct update *)v.v)[k].state, S("published"));
    return true;
}

static struct str over_word(const struct pack *p)
{
    for (size_t k = 0; k < p->npublic_statuses; k++)
        if (str_eq(p->public_statuses[k].id, S("resolved")))
            return p->public_statuses[k].name;
    return S("Resolved");
}

static bool say_over(struct op *op, const struct incident *i, const struct pack_audience *a, struct error *err)
{
    struct update_input in = {.audience = a->id, .status = S("resolved"), .publish = !a->external};
    struct actor who = op->actor;
    struct str lead = STR_NONE;
    struct update u = {0};
    bool told;

    if (!was_told(op, i, a->id, &told, err))
        return false;
    if (!told)
        return true;
    if (a->external)
        in.summary = over_word(op->env->pack); /* nothing of what was said inside */
    else if (!last_words(op, i, &in.summary, err))
        return false;
    op->actor = actor_system;
    bool ok = engine_update_write(op, i->id, &in, &u, err);
    op->actor = who;
    if (!ok || !a->external)
        return ok;
    struct str what = str_printf(op->arena, "%.*s #%lld — %.*s", STR(a->name), (long long)u.number, STR(u.summary));
    return promise_lead(op, i, &lead, err) && (!lead.len || promise_nag(op, i, lead, 0, u.id, what, err));
}

bool update_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    const struct pack *p = op->env->pack;

    if (!before->is_open || !str_eq(after->status, S("resolved")))
        return true;
    for (size_t k = 0; k < p->naudiences; k++)
        if (!say_over(op, after, &p->audiences[k], err))
            return false;
    return true;
}

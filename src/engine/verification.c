#include "engine/verification.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/probe.h"
#include "domain/task.h"
#include "domain/user.h"
#include "engine/escalate.h"
#include "engine/incident.h"
#include "engine/probe.h"
#include "engine/task.h"
#include "store/event.h"
#include "store/incident.h"
#include "store/probe.h"
#include "store/task.h"
#include "store/timer.h"
#include "store/user.h"
#include "store/verification.h"

#define LIST S(VERIFICATION_LIST)
#define PROBE_EVERY_US MINUTE_US

/* A record made afterwards begins with an entry about earlier. */
static bool afterwards(struct db *db, struct arena *a, struct str incident_id, bool *is, struct error *err)
{
    struct list first;

    if (!event_list(db, a, incident_id, 0, 1, &first, err))
        return false;
    const struct event *e = first.v;
    *is = first.n && e->at.us < e->recorded_at.us;
    return true;
}

static bool passed(const struct task *t)
{
    return str_eq(t->state, S("done")) || (str_eq(t->state, S("skipped")) && t->note.len);
}

/* Passing, and run since the soak began. */
static bool probe_passes(const struct probe *p, const struct verification *v)
{
    return str_eq(p->state, S("passing")) && p->checked_at.us >= v->started_at.us;
}

static void judge(struct arena *a, const struct pack *p, const struct incident *i, instant now,
    struct verification_state *s)
{
    const struct task *t = s->checks.v;
    const struct probe *pr = s->probes.v;
    struct str *open = arena_array(a, struct str, s->checks.n + 1), *bad = arena_array(a, struct str, s->probes.n + 1);
    struct verification_facts f = {.now = &s->v, .at = now, .soak_us = verification_soak(p, i->severity), .open = open,
        .bad = bad, .firing = s->firing};

    for (size_t k = 0; k < s->checks.n; k++) {
        /* The soak speaks for itself. */
        if (!passed(&t[k]) && !str_eq(verification_by(p, t[k].text), S("soak")))
            open[f.nopen++] = t[k].text;
    }
    for (size_t k = 0; instant_is_set(s->v.started_at) && k < s->probes.n; k++)
        if (!probe_passes(&pr[k], &s->v))
            bad[f.nbad++] = pr[k].name;
    verification_judge(a, &f, &s->missing);
}

bool verification_look(struct db *db, struct arena *a, const struct pack *p, const struct incident *i, instant now,
    struct verification_state *out, struct error *err)
{
    bool late;

    *out = (struct verification_state){0};
    if (!verification_get(db, a, i->id, &out->v, err) || !task_of_list(db, a, i->id, LIST, &out->checks, err))
        return false;
    if (!i->is_open || verification_soak(p, i->severity) == 0)
        return true;
    if (!afterwards(db, a, i->id, &late, err) || !probe_of_incident(db, a, i->id, &out->probes, err) ||
        !store_count(db, Q_ALERT_INCIDENT_FIRING, ARGS(v_text(i->id)), &out->firing, err))
        return false;
    out->gate = !late;
    if (out->gate)
        judge(a, p, i, now, out);
    return true;
}

/* Whose it is: STR_NONE if nobody's. */
static bool leader(struct db *db, struct arena *a, const struct pack *p, const struct incident *i, struct str *id,
    struct error *err)
{
    struct list roles;

    *id = i->acknowledged_by;
    if (!role_list(db, a, i->id, &roles, err))
        return false;
    const struct role_holder *r = roles.v;
    for (size_t k = 0; k < roles.n; k++)
        if (str_eq(r[k].role, p->commander))
            *id = r[k].user_id;
    return true;
}

bool verification_may_waive(struct db *db, struct arena *a, const struct pack *p, const struct incident *i,
    struct str user_id, bool *may, struct str *who, struct error *err)
{
    struct user u = {0};
    struct error missing = {0};
    struct str id;

    *who = STR_NONE;
    if (!leader(db, a, p, i, &id, err))
        return false;
    *may = !id.len || str_eq(id, user_id);
    if (!*may && user_get(db, a, id, &u, &missing))
        *who = u.name;
    *may |= !*may && !u.id.len; /* acknowledged by a webhook: nobody's */
    return true;
}

static bool waive(struct op *op, const struct incident *i, struct verification_state *s, struct str reason,
    struct error *err)
{
    struct str who;
    bool may;

    if (!verification_may_waive(op->db, op->arena, op->env->pack, i, op->actor.id, &may, &who, err))
        return false;
    if (!may)
        return fail(err, FORBIDDEN, "only %.*s, who leads it, may waive the verification", STR(who));
    s->v.waived_by = op->actor.id;
    s->v.waived_name = op->actor.name;
    s->v.waived_reason = reason;
    s->v.waived_at = op->now;
    return verification_put(op->db, &s->v, err) &&
        op_say(op, i->id, "verification", err, "Verification waived: %.*s. Missing: %.*s", STR(reason),
            STR(verification_line(op->arena, &s->missing)));
}

bool verification_pass(struct op *op, const struct incident *i, struct str reason, bool *verified, struct error *err)
{
    struct verification_state s;

    *verified = false;
    if (!verification_look(op->db, op->arena, op->env->pack, i, op->now, &s, err))
        return false;
    if (!s.gate)
        return true;
    if (s.missing.n)
        return reason.len ? waive(op, i, &s, reason, err)
            : fail(err, CONFLICT, "not verified yet: %.*s", STR(verification_line(op->arena, &s.missing)));
    *verified = true;
    s.v.passed_at = op->now;
    return verification_put(op->db, &s.v, err);
}

/* --- what Tocsin sees itself --- */

static bool seen(const struct verification_state *s, struct str by, instant now, bool *known)
{
    const struct probe *p = s->probes.v;
    bool good = true;

    *known = !str_eq(by, S("probes")) || s->probes.n > 0; /* without probes a person has to look */
    if (str_eq(by, S("alerts")))
        return s->firing == 0;
    if (str_eq(by, S("soak")))
        return now.us >= s->v.soak_until.us;
    for (size_t k = 0; k < s->probes.n; k++)
        good &= probe_passes(&p[k], &s->v);
    return good;
}

static bool tick(struct op *op, struct task *t, bool good, struct error *err)
{
    t->state = good ? S("done") : S("open");
    t->note = STR_NONE;
    t->done_by = good ? actor_system.id : STR_NONE;
    t->done_name = good ? actor_system.name : STR_NONE;
    t->done_at = good ? op->now : (instant){0};
    return task_set(op->db, t, err) &&
        op_tell(op, t->incident_id, "task", err, "%.*s: %.*s — %s", STR(t->list_name), STR(t->text), good ? "done" : "open again");
}

static bool refresh(struct op *op, const struct verification_state *s, struct error *err)
{
    struct task *t = s->checks.v;

    for (size_t k = 0; k < s->checks.n; k++) {
        struct str by = verification_by(op->env->pack, t[k].text);
        bool known, good = by.len && seen(s, by, op->now, &known);
        if (!by.len || !known)
            continue;
        bool ours = str_eq(t[k].done_by, actor_system.id);
        if ((good && str_eq(t[k].state, S("open"))) || (!good && str_eq(t[k].state, S("done")) && ours))
            if (!tick(op, &t[k], good, err))
                return false;
    }
    return true;
}

bool verification_refresh(struct op *op, struct str incident_id, struct error *err)
{
    struct verification_state s;
    struct incident i = {0};

    if (!incident_lock(op->db, incident_id, err) || !incident_get(op->db, op->arena, incident_id, &i, err) ||
        !verification_look(op->db, op->arena, op->env->pack, &i, op->now, &s, err))
        return false;
    return !s.gate || !instant_is_set(s.v.started_at) || refresh(op, &s, err);
}

/* --- the soak --- */

static bool add_checks(struct op *op, const struct incident *i, struct error *err)
{
    const struct pack *p = op->env->pack;
    struct task *items = arena_array(op->arena, struct task, p->nverification + 1);
    struct list old;

    if (!task_of_list(op->db, op->arena, i->id, LIST, &old, err))
        return false;
    struct task *t = old.v;
    for (size_t k = 0; k < old.n; k++) {
        t[k].state = S("open");
        t[k].note = t[k].done_by = t[k].done_name = STR_NONE;
        t[k].done_at = (instant){0};
        if (!task_set(op->db, &t[k], err))
            return false;
    }
    for (size_t k = 0; k < p->nverification; k++)
        items[k] = (struct task){.text = p->verification[k].text};
    return old.n || engine_tasks_add(op, i->id, LIST, S("Verification"), items, p->nverification, err);
}

static bool begin(struct op *op, const struct incident *i, struct error *err)
{
    int64_t soak = verification_soak(op->env->pack, i->severity);
    struct verification v;
    bool late;

    if (!afterwards(op->db, op->arena, i->id, &late, err))
        return false;
    if (late)
        return true;
    if (!verification_get(op->db, op->arena, i->id, &v, err))
        return false;
    v = (struct verification){.incident_id = i->id, .round = v.round + 1, .started_at = op->now,
        .soak_until = instant_add(op->now, soak)};
    return verification_put(op->db, &v, err) && add_checks(op, i, err) &&
        op_timer(op, "soak", i->id, v.soak_until, err) && verification_probe(op, i->id, err) &&
        op_tell(op, i->id, "verification", err, "The soak begins: it has to stay well for %.*s",
            STR(duration_text(op->arena, soak))) &&
        verification_refresh(op, i->id, err);
}

static bool leave(struct op *op, const struct incident *i, struct error *err)
{
    struct verification v;

    if (!timer_cancel(op->db, S("soak"), i->id, err) || !timer_cancel(op->db, S("probe"), i->id, err))
        return false;
    if (!i->is_open)
        return true;
    if (!verification_get(op->db, op->arena, i->id, &v, err))
        return false;
    v.started_at = v.soak_until = (instant){0};
    return v.round == 0 || verification_put(op->db, &v, err);
}

/* A severity with another soak: the time that has passed counts. */
static bool change_soak(struct op *op, const struct incident *i, int64_t soak, struct error *err)
{
    struct verification v;

    if (!verification_get(op->db, op->arena, i->id, &v, err))
        return false;
    if (!instant_is_set(v.started_at))
        return begin(op, i, err);
    v.soak_until = instant_add(v.started_at, soak);
    v.soaked = false;
    return verification_put(op->db, &v, err) && op_timer(op, "soak", i->id, v.soak_until, err) &&
        verification_refresh(op, i->id, err);
}

bool verification_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool was = str_eq(before->status, S("monitoring")), is = str_eq(after->status, S("monitoring"));
    int64_t soak = verification_soak(op->env->pack, after->severity);

    if (was && !is)
        return leave(op, after, err);
    if (is && !was)
        return !soak || begin(op, after, err);
    if (!is || str_eq(before->severity, after->severity) || soak == verification_soak(op->env->pack, before->severity))
        return true;
    return soak ? change_soak(op, after, soak, err) : leave(op, after, err);
}

bool verification_soaked(struct op *op, struct str incident_id, struct error *err)
{
    struct verification_state s;
    struct incident i = {0};

    if (!verification_refresh(op, incident_id, err) || !incident_get(op->db, op->arena, incident_id, &i, err) ||
        !verification_look(op->db, op->arena, op->env->pack, &i, op->now, &s, err))
        return false;
    if (!s.gate || !instant_is_set(s.v.started_at) || s.v.soaked || op->now.us < s.v.soak_until.us)
        return true;
    s.v.soaked = true;
    return verification_put(op->db, &s.v, err) &&
        op_tell(op, i.id, "verification", err, s.missing.n ? "The soak is over. Missing: %.*s" : "The soak is over: it can be resolved%.*s",
            STR(verification_line(op->arena, &s.missing)));
}

bool verification_probe(struct op *op, struct str incident_id, struct error *err)
{
    struct incident i = {0};
    struct list probes;

    if (!incident_get(op->db, op->arena, incident_id, &i, err))
        return false;
    if (!str_eq(i.status, S("monitoring")))
        return true;
    if (!probe_of_incident(op->db, op->arena, incident_id, &probes, err))
        return false;
    const struct probe *p = probes.v;
    for (size_t k = 0; k < probes.n; k++)
        probe_ask(op, &p[k]);
    return probes.n == 0 || op_timer(op, "probe", incident_id, instant_add(op->now, PROBE_EVERY_US), err);
}

bool verification_fired(struct op *op, struct str incident_id, struct error *err)
{
    struct incident_change back = {.status = S("mitigating"), .text = S("An alert fired again during the soak")};
    struct incident i = {0};
    struct verification v;
    struct user u = {0};
    struct error missing = {0};
    struct actor who = op->actor;
    struct str id;

    if (!incident_get(op->db, op->arena, incident_id, &i, err) || !str_eq(i.status, S("monitoring")))
        return err->kind == ERROR_NONE;
    if (!verification_get(op->db, op->arena, incident_id, &v, err))
        return false;
    if (!instant_is_set(v.started_at))
        return true;
    op->actor = actor_system;
    bool ok = engine_status(op, incident_id, &back, &i, err) &&
        leader(op->db, op->arena, op->env->pack, &i, &id, err);
    if (ok && id.len && user_get(op->db, op->arena, id, &u, &missing) && !u.disabled)
        ok = escalation_page(op, &i, u.id, S("An alert fired again during the soak"), err);
    op->actor = who;
    return ok;
}

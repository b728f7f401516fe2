#include "engine/classify.h"

#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/policy.h"
#include "domain/task.h"
#include "engine/access.h"
#include "engine/escalate.h"
#include "engine/follow.h"
#include "engine/incident.h"
#include "engine/task.h"
#include "store/classify.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/timer.h"

/* --- whom a class calls --- */

struct str team_setting(struct arena *a, struct str role)
{
    return str_printf(a, "team:%.*s", STR(role));
}

static struct str role_name(const struct pack *p, struct str id)
{
    for (size_t k = 0; k < p->nroles; k++)
        if (str_eq(p->roles[k].id, id))
            return p->roles[k].name;
    return STR_NONE;
}

bool engine_team(struct op *op, struct str role, struct str policy_id, struct error *err)
{
    struct policy p = {0};
    struct str name = role_name(op->env->pack, role);

    if (!name.len)
        fail_field(err, "role", "is not a role of the policy pack %.*s", STR(op->env->pack->id));
    struct error missing = {0};
    if (policy_id.len && !policy_get(op->db, op->arena, policy_id, &p, &missing)) {
        if (missing.kind != ERROR_NOT_FOUND)
            *err = missing;
        else
            fail_field(err, "policy_id", "is not a policy");
    }
    if (err->kind != ERROR_NONE)
        return false;
    struct str key = team_setting(op->arena, role);
    return (policy_id.len ? setting_put(op->db, key, policy_id, err) : setting_delete(op->db, key, err)) &&
        op_say(op, S("teams"), "configured", err, "%.*s: %.*s", STR(name), STR(p.name.len ? p.name : S("nobody")));
}

bool team_policy(struct op *op, struct str role, struct str *policy_id, struct error *err)
{
    return setting_get(op->db, op->arena, team_setting(op->arena, role), policy_id, err);
}

/* Pages the team of each role that the class calls; nobody there is said loudly. */
static bool call_teams(struct op *op, const struct incident *i, const struct pack_class *c, struct error *err)
{
    for (size_t k = 0; k < c->nroles; k++) {
        struct str policy_id, name = role_name(op->env->pack, c->roles[k]);
        struct policy p = {0};
        struct error missing = {0};
        int reached = 0;
        if (!team_policy(op, c->roles[k], &policy_id, err))
            return false;
        bool found = policy_id.len && policy_get(op->db, op->arena, policy_id, &p, &missing);
        if (missing.kind != ERROR_NONE && missing.kind != ERROR_NOT_FOUND) {
            *err = missing;
            return false;
        }
        struct str why = str_printf(op->arena, "%.*s is needed", STR(name));
        if (found && !escalation_call_team(op, i, &p, why, &reached, err))
            return false;
        if (!reached && !op_tell(op, i->id, "unreachable", err, "Nobody was paged as %.*s: %s. Page somebody by hand now",
                STR(name), found ? "its escalation policy reaches nobody" : "no escalation policy is set for this role"))
            return false;
    }
    return true;
}

/* --- legal clocks --- */

/* Laws count in hours: 72 h, not three days. */
static struct str hours(struct op *op, int64_t us)
{
    return us < HOUR_US ? duration_text(op->arena, us / MINUTE_US * MINUTE_US)
                        : str_printf(op->arena, "%lld h", (long long)(us / HOUR_US));
}

static bool plan_warning(struct op *op, const struct legal_clock *c, instant after, struct error *err)
{
    struct str subject = str_printf(op->arena, "%.*s/%.*s", STR(c->incident_id), STR(c->clock));
    bool running = str_eq(c->state, S("running"));

    return running ? op_timer(op, "clock", subject, clock_warning(c, after), err)
                   : timer_cancel(op->db, S("clock"), subject, err);
}

/* Of a clock that was ended only the count is moved: what was done stays done. */
static bool start_clock(struct op *op, const struct incident *i, const struct pack_clock *from, struct error *err)
{
    struct legal_clock c = {.state = S("running"), .reason = S("")};

    if (!clock_get(op->db, op->arena, i->id, from->id, &c, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
    }
    if (c.aware_at.us == i->aware_at.us)
        return true;
    c.incident_id = i->id;
    c.clock = from->id;
    c.name = from->name;
    c.aware_at = i->aware_at;
    c.after_us = from->after_us;
    c.due_at = instant_add(i->aware_at, from->after_us);
    struct str due = time_text(op->arena, c.due_at);
    /* Warnings that should have come already come as one, now. */
    return clock_put(op->db, &c, err) && plan_warning(op, &c, c.aware_at, err) &&
        op_tell(op, i->id, "clock", err, "%.*s: due %.*s %.*s UTC, %.*s from awareness", STR(c.name),
            STR(str_slice(due, 0, 10)), STR(str_slice(due, 11, 16)), STR(hours(op, c.after_us)));
}

bool clock_warn(struct op *op, struct str subject, struct error *err)
{
    struct str id, clock = str_cut(subject, '/', &id);
    struct legal_clock c = {0};
    struct incident i = {0};

    if (!incident_get(op->db, op->arena, id, &i, err) || !clock_get(op->db, op->arena, id, clock, &c, err))
        return false;
    if (!str_eq(c.state, S("running")))
        return true;
    int64_t left = c.due_at.us - op->now.us;
    struct str text = left > 0
        ? str_printf(op->arena, "%.*s: %.*s left of %.*s", STR(c.name), STR(hours(op, left)), STR(hours(op, c.after_us)))
        : str_printf(op->arena, "%.*s: OVERDUE since %.*s", STR(c.name), STR(time_text(op->arena, c.due_at)));
    return op_tell(op, i.id, "clock", err, "%.*s", STR(text)) && escalation_call(op, &i, DELIVERY_REGARDLESS, text, err) &&
        plan_warning(op, &c, op->now, err);
}

bool engine_clock(struct op *op, struct str ref, struct str clock, const struct clock_change *in, struct incident *out,
    struct error *err)
{
    struct legal_clock c = {0};
    bool running = str_eq(in->state, S("running"));

    if (!incident_find(op->db, op->arena, ref, out, err) || !clock_get(op->db, op->arena, out->id, clock, &c, err))
        return false;
    c.state = in->state;
    c.reason = in->reason;
    c.ended_by = running ? STR_NONE : op->actor.id;
    c.ended_name = running ? STR_NONE : op->actor.name;
    c.ended_at = running ? (instant){0} : op->now;
    const char *what = running ? "runs again" : str_eq(in->state, S("done")) ? "done" : "does not apply";
    return clock_put(op->db, &c, err) && plan_warning(op, &c, op->now, err) &&
        op_say(op, out->id, "clock", err, "%.*s: %s%s. %.*s", STR(c.name), what,
            !running && op->now.us > c.due_at.us ? ", too late" : "", STR(in->reason));
}

/* --- the class --- */

static bool special(const struct pack_class *c)
{
    return c->restricted || c->evidence_hold || c->nroles || c->nclocks;
}

static bool add_steps(struct op *op, const struct incident *i, const struct pack_class *c, struct error *err)
{
    struct task *items = arena_array(op->arena, struct task, c->nsteps + 1);

    if (!special(c))
        return true;
    for (size_t k = 0; k < c->nsteps; k++)
        items[k] = (struct task){.text = c->steps[k]};
    return engine_tasks_add(op, i->id, str_printf(op->arena, "class:%.*s", STR(c->id)), c->name, items, c->nsteps, err);
}

static bool check(struct op *op, const struct classification *in, const struct incident *i, const struct pack_class *c,
    struct error *err)
{
    if (!c)
        fail_field(err, "class", "is not a class of the policy pack %.*s", STR(op->env->pack->id));
    if (in->aware_at.us > op->now.us + MINUTE_US)
        fail_field(err, "aware_at", "must not be in the future");
    bool moves = i->class.len && (!str_eq(i->class, in->class) || (instant_is_set(in->aware_at) && in->aware_at.us != i->aware_at.us));
    if (moves && !in->reason.len)
        fail_field(err, "reason", "say why it changes");
    return err->kind == ERROR_NONE;
}

/* What a class forces is never undone by another class: lifting a restriction, releasing a hold and
 * ending a clock are acts of their own. */
static bool enforce(struct op *op, struct incident *i, const struct pack_class *c, struct error *err)
{
    bool holds = c->evidence_hold && !i->evidence_hold;

    if (c->restricted && !incident_restrict(op, i, "Its class demands it", err))
        return false;
    i->evidence_hold |= c->evidence_hold;
    return incident_save(op, i, err) && (!holds ||
        op_tell(op, i->id, "evidence", err, "Evidence hold: nothing of this incident may be deleted"));
}

bool engine_classify(struct op *op, struct str ref, const struct classification *in, struct incident *out, struct error *err)
{
    const struct pack_class *c = pack_class_find(op->env->pack, in->class);

    if (!incident_find(op->db, op->arena, ref, out, err) || !check(op, in, out, c, err))
        return false;
    struct incident before = *out;
    bool fresh = !str_eq(out->class, c->id);
    out->class = c->id;
    if (instant_is_set(in->aware_at))
        out->aware_at = in->aware_at;
    else if (!instant_is_set(out->aware_at) && c->nclocks)
        out->aware_at = op->now;
    if ((fresh && !op_say(op, out->id, "class", err, "Class: %.*s%s%.*s", STR(c->name), in->reason.len ? ". " : "", STR(in->reason))) ||
        !enforce(op, out, c, err))
        return false;
    for (size_t k = 0; k < c->nclocks; k++)
        if (!start_clock(op, out, &c->clocks[k], err))
            return false;
    return !fresh || (add_steps(op, out, c, err) && call_teams(op, out, c, err) && incident_follow(op, &before, out, err));
}

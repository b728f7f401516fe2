#include "engine/escalate.h"

#include "base/json.h"
#include "domain/delivery.h"
#include "domain/pack.h"
#include "domain/policy.h"
#include "domain/service.h"
#include "domain/user.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/service.h"
#include "store/timer.h"
#include "store/user.h"

/* The causal chain as JSON: why this delivery exists. Beside the escalation, `why` says it in words. */
static struct str reason_json(struct op *op, const struct escalation *e, const struct incident *i, int64_t step,
    struct str why, const char *kind, struct str target)
{
    struct json *r = json_object(op->arena);

    json_set_str(op->arena, r, S("incident"), i->number);
    json_set_str(op->arena, r, S("origin"), i->created_by);
    json_set_str(op->arena, r, S("service_id"), i->service_id);
    json_set_str(op->arena, r, S("policy"), e->policy_name);
    json_set_int(op->arena, r, S("step"), step + 1);
    json_set_int(op->arena, r, S("loop"), e->loop);
    json_set_str(op->arena, r, S("target"), str_from(kind));
    json_set_str(op->arena, r, S("name"), target);
    if (why.len)
        json_set_str(op->arena, r, S("why"), why);
    return json_text(op->arena, r);
}

/* Pages every enabled contact of a person; who has none has their e-mail address. */
static bool page_user(struct op *op, const struct incident *i, const struct escalation *e, int64_t step,
    struct str why, struct str user_id, int *reached, struct error *err)
{
    struct user u = {0};
    struct list contacts;

    if (!user_get(op->db, op->arena, user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND
            ? (*err = (struct error){0}, op_tell(op, i->id, "unreachable", err, "A user named in the policy no longer exists"))
            : false;
    if (u.disabled)
        return op_tell(op, i->id, "unreachable", err, "%.*s is disabled and was not paged", STR(u.name));
    if (!contact_list(op->db, op->arena, user_id, &contacts, err))
        return false;
    const struct contact *c = contacts.v;
    struct contact fallback = {.kind = S("email"), .address = u.email, .enabled = true};
    if (contacts.n == 0) {
        c = &fallback;
        contacts.n = 1;
    }
    int tried = 0;
    for (size_t k = 0; k < contacts.n; k++) {
        if (!c[k].enabled)
            continue;
        struct delivery d = {.incident_id = i->id, .kind = S("page"), .channel = c[k].kind, .user_id = u.id,
            .contact_id = c[k].id, .recipient = u.name, .address = c[k].address, .loop = e->loop,
            .step = step, .reason = reason_json(op, e, i, step, why, "user", u.name)};
        if (!op_deliver(op, &d, err))
            return false;
        tried++;
    }
    *reached += tried;
    if (!tried)
        return op_tell(op, i->id, "unreachable", err, "%.*s has switched off every contact", STR(u.name));
    if (why.len)
        return op_tell(op, i->id, "page", err, "Paging %.*s: %.*s", STR(u.name), STR(why));
    return step == DELIVERY_BY_HAND ? op_tell(op, i->id, "page", err, "Paging %.*s by hand", STR(u.name))
                                    : op_tell(op, i->id, "page", err, "Paging %.*s (step %lld of %.*s)",
                                          STR(u.name), (long long)step + 1, STR(e->policy_name));
}

static bool page_endpoint(struct op *op, const struct incident *i, const struct escalation *e, int64_t step,
    struct str endpoint_id, int *reached, struct error *err)
{
    struct endpoint w = {0};

    if (!endpoint_get(op->db, op->arena, endpoint_id, &w, err))
        return err->kind == ERROR_NOT_FOUND
            ? (*err = (struct error){0}, op_tell(op, i->id, "unreachable", err, "A webhook named in the policy no longer exists"))
            : false;
    struct delivery d = {.incident_id = i->id, .kind = S("page"), .channel = S("webhook"), .endpoint_id = w.id,
        .recipient = w.name, .address = w.url, .loop = e->loop, .step = step,
        .reason = reason_json(op, e, i, step, STR_NONE, "webhook", w.name)};
    ++*reached;
    return op_deliver(op, &d, err) &&
        op_tell(op, i->id, "page", err, "Calling webhook %.*s (step %lld of %.*s)", STR(w.name),
            (long long)step + 1, STR(e->policy_name));
}

static bool take_step(struct op *op, const struct incident *i, const struct escalation *e,
    const struct policy_step *s, size_t step, int *reached, struct error *err)
{
    *reached = 0;
    for (size_t k = 0; k < s->ntargets; k++) {
        const struct target *t = &s->targets[k];
        bool ok = t->kind == TARGET_USER ? page_user(op, i, e, (int64_t)step, STR_NONE, t->id, reached, err)
                                         : page_endpoint(op, i, e, (int64_t)step, t->id, reached, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool save(struct op *op, struct escalation *e, struct error *err)
{
    e->version++;
    if (!escalation_put(op->db, e, err)) {
        /* Another node acknowledged or took the step meanwhile: look at what it left, and decide anew. */
        err->retry = err->retry || err->kind == ERROR_CONFLICT;
        return false;
    }
    return instant_is_set(e->next_at) ? op_timer(op, "escalate", e->incident_id, e->next_at, err)
                                      : timer_cancel(op->db, S("escalate"), e->incident_id, err);
}

/* Takes due steps until one has reached somebody: a step that reaches nobody escalates at once. */
static bool advance(struct op *op, const struct incident *i, struct escalation *e, struct error *err)
{
    struct policy_steps steps;

    if (!policy_steps_read(op->arena, e->steps, &steps, err))
        return false;
    for (;;) {
        struct escalation_move m = escalate(&steps, e, op->now);
        int reached = 1;
        if (m.act == ESCALATION_NOTHING || m.act == ESCALATION_WAIT)
            break;
        escalation_apply(&steps, e, m, op->now);
        if (m.act == ESCALATION_EXHAUSTED) {
            if (!op_tell(op, i->id, "exhausted", err,
                    "Nobody acknowledged: every step of %.*s has been taken", STR(e->policy_name)))
                return false;
            break;
        }
        if (!take_step(op, i, e, &steps.v[m.step], m.step, &reached, err))
            return false;
        if (reached)
            break;
        escalation_skip(&steps, e, op->now);
        if (!op_tell(op, i->id, "escalated", err, "Step %zu of %.*s reached nobody%s", m.step + 1,
                STR(e->policy_name), e->next_at.us <= op->now.us ? "; going on at once" : ""))
            return false;
    }
    return save(op, e, err);
}

bool escalation_start(struct op *op, const struct incident *i, const struct policy *p, int64_t wait_us,
    struct error *err)
{
    struct policy_steps steps;
    struct escalation e = {0};

    if (!policy_steps_read(op->arena, p->steps, &steps, err))
        return false;
    if (!escalation_get(op->db, op->arena, i->id, &e, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
    }
    e = (struct escalation){.incident_id = i->id, .policy_id = p->id, .policy_name = p->name,
        .repeat = p->repeat, .steps = p->steps, .state = S("running"), .version = e.version,
        .next_at = instant_add(op->now, wait_us + steps.v[0].delay_us)};
    return e.next_at.us <= op->now.us ? advance(op, i, &e, err) : save(op, &e, err);
}

bool escalation_run(struct op *op, struct str incident_id, struct error *err)
{
    struct escalation e = {0};
    struct incident i = {0};

    if (!escalation_get(op->db, op->arena, incident_id, &e, err) ||
        !incident_get(op->db, op->arena, incident_id, &i, err))
        return false;
    if (!i.is_open || !str_eq(e.state, S("running")))
        return true;
    return advance(op, &i, &e, err);
}

bool escalation_stop(struct op *op, struct str incident_id, struct str state, struct error *err)
{
    struct escalation e = {0};

    if (!escalation_get(op->db, op->arena, incident_id, &e, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
        return true;
    }
    if (str_eq(e.state, S("stopped")))
        return true;
    e.state = state;
    e.next_at = (instant){0};
    return save(op, &e, err) && delivery_supersede(op->db, incident_id, err);
}

bool escalation_tell_resolved(struct op *op, const struct incident *i, struct error *err)
{
    struct list told;

    if (!delivery_list(op->db, op->arena, Q_DELIVERY_TOLD, ARGS(v_text(i->id)), &told, err))
        return false;
    const struct delivery *was = told.v;
    for (size_t k = 0; k < told.n; k++) {
        /* The id leaves out nothing but loop and step, so each address is told once per resolution. */
        struct delivery d = {.incident_id = i->id, .kind = S("resolved"), .channel = was[k].channel,
            .user_id = was[k].user_id, .contact_id = was[k].contact_id, .endpoint_id = was[k].endpoint_id,
            .recipient = was[k].recipient, .address = was[k].address, .loop = i->version, .reason = was[k].reason};
        if (!op_deliver(op, &d, err))
            return false;
    }
    return true;
}

bool escalation_page(struct op *op, const struct incident *i, struct str user_id, struct str text, struct error *err)
{
    /* A page by hand counts in a loop of its own, so that asking again pages again. */
    struct escalation by_hand = {.policy_name = S(""), .loop = op->now.us};
    struct user u = {0};
    int reached = 0;

    if (!user_get(op->db, op->arena, user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    if (u.disabled)
        return fail_field(err, "user_id", "%.*s is disabled", STR(u.name));
    if (text.len && !op_say(op, i->id, "note", err, "To %.*s: %.*s", STR(u.name), STR(text)))
        return false;
    return page_user(op, i, &by_hand, DELIVERY_BY_HAND, STR_NONE, user_id, &reached, err);
}

/* The holder of the pack's commanding role, or whoever acknowledged. */
static bool in_charge(struct op *op, const struct incident *i, struct str *out, struct error *err)
{
    struct list roles;

    if (!role_list(op->db, op->arena, i->id, &roles, err))
        return false;
    const struct role_holder *r = roles.v;
    *out = i->acknowledged_by;
    for (size_t k = 0; k < roles.n; k++)
        if (str_eq(r[k].role, op->env->pack->commander))
            *out = r[k].user_id;
    return true;
}

bool escalation_call(struct op *op, const struct incident *i, int64_t step, struct str why, struct error *err)
{
    struct escalation beside = {.policy_name = S(""), .loop = op->now.us};
    struct str user_id;
    int reached = 0;

    if (!in_charge(op, i, &user_id, err))
        return false;
    return user_id.len ? page_user(op, i, &beside, step, why, user_id, &reached, err)
                       : op_tell(op, i->id, "unreachable", err, "Nobody is in charge who could be paged");
}

bool escalation_call_team(struct op *op, const struct incident *i, const struct policy *p, struct str why, int *reached,
    struct error *err)
{
    struct escalation beside = {.policy_name = p->name, .loop = op->now.us};
    struct policy_steps steps;

    *reached = 0;
    if (!policy_steps_read(op->arena, p->steps, &steps, err))
        return false;
    for (size_t k = 0; k < steps.n && !*reached; k++)
        for (size_t n = 0; n < steps.v[k].ntargets; n++)
            if (steps.v[k].targets[n].kind == TARGET_USER &&
                !page_user(op, i, &beside, DELIVERY_BY_HAND, why, steps.v[k].targets[n].id, reached, err))
                return false;
    return true;
}

bool escalation_pass(struct op *op, const struct incident *i, struct error *err)
{
    struct escalation e = {0};

    if (!escalation_get(op->db, op->arena, i->id, &e, err) || !str_eq(e.state, S("running"))) {
        if (err->kind != ERROR_NONE && err->kind != ERROR_NOT_FOUND)
            return false;
        return fail(err, CONFLICT, "no escalation is running for %.*s", STR(i->number));
    }
    e.next_at = op->now;
    return op_say(op, i->id, "escalated", err, "Passed on by %.*s", STR(op->actor.name)) && advance(op, i, &e, err);
}

#include "engine/promise_nag.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/policy.h"
#include "domain/service.h"
#include "domain/update.h"
#include "domain/user.h"
#include "engine/promise.h"
#include "store/access.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/promise.h"
#include "store/service.h"
#include "store/user.h"

/* What all deliveries about one thing share; the text says what is due, in no language. */
static struct delivery nag_of(struct op *op, const struct incident *i, int64_t step, struct str subject, struct str text)
{
    struct json *why = json_object(op->arena);

    json_set_str(op->arena, why, S("incident"), i->number);
    json_set_str(op->arena, why, S("text"), text);
    return (struct delivery){.incident_id = i->id, .kind = S("nag"), .step = step, .subject = subject,
        .reason = json_text(op->arena, why)};
}

bool promise_nag(struct op *op, const struct incident *i, struct str user_id, int64_t step, struct str subject,
    struct str text, struct error *err)
{
    struct contact fallback = {.kind = S("email"), .enabled = true};
    struct list contacts;
    struct user u = {0};
    bool sees = true;

    if (!user_get(op->db, op->arena, user_id, &u, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0}; /* acknowledged by the link of a webhook */
        return true;
    }
    if (i->restricted && !access_sees(op->db, i->id, u.id, &sees, err))
        return false;
    if (u.disabled || !sees)
        return true;
    if (!contact_list(op->db, op->arena, u.id, &contacts, err))
        return false;
    fallback.address = u.email;
    if (contacts.n == 0)
        contacts = (struct list){&fallback, 1};
    const struct contact *c = contacts.v;
    for (size_t k = 0; k < contacts.n; k++) {
        struct delivery d = nag_of(op, i, step, subject, text);
        d.channel = c[k].kind;
        d.user_id = u.id;
        d.contact_id = c[k].id;
        d.recipient = u.name;
        d.address = c[k].address;
        if (c[k].enabled && !op_deliver(op, &d, err))
            return false;
    }
    return true;
}

static struct str holder(const struct list *roles, struct str role)
{
    const struct role_holder *r = roles->v;

    for (size_t k = 0; k < roles->n; k++)
        if (str_eq(r[k].role, role))
            return r[k].user_id;
    return STR_NONE;
}

bool promise_lead(struct op *op, const struct incident *i, struct str *user_id, struct error *err)
{
    const struct pack *p = op->env->pack;
    struct list roles;

    if (!role_list(op->db, op->arena, i->id, &roles, err))
        return false;
    *user_id = holder(&roles, S("communications"));
    if (!user_id->len)
        *user_id = holder(&roles, p->commander);
    if (!user_id->len)
        *user_id = i->acknowledged_by;
    return true;
}

/* Whom the incident's escalation would tell next, or told last if it has no further step. */
static bool escalate_nag(struct op *op, const struct incident *i, struct str subject, struct str text, struct error *err)
{
    struct policy_steps steps;
    struct escalation e = {0};

    if (!escalation_get(op->db, op->arena, i->id, &e, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
        return op_tell(op, i->id, "unreachable", err, "The overdue update cannot be escalated: no escalation policy is involved");
    }
    if (!policy_steps_read(op->arena, e.steps, &steps, err))
        return false;
    const struct policy_step *s = &steps.v[(size_t)e.step < steps.n ? (size_t)e.step : steps.n - 1];
    for (size_t k = 0; k < s->ntargets; k++) {
        struct endpoint w = {0};
        if (s->targets[k].kind == TARGET_USER) {
            if (!promise_nag(op, i, s->targets[k].id, PROMISE_ESCALATED, subject, text, err))
                return false;
            continue;
        }
        if (i->restricted)
            continue;
        if (!endpoint_get(op->db, op->arena, s->targets[k].id, &w, err))
            return false;
        struct delivery d = nag_of(op, i, PROMISE_ESCALATED, subject, text);
        d.channel = S("webhook");
        d.endpoint_id = w.id;
        d.recipient = w.name;
        d.address = w.url;
        if (!op_deliver(op, &d, err))
            return false;
    }
    return true;
}

/* What has come due together: its names and the first promise among them, which gives deliveries their id. */
struct due {
    struct buf names;
    struct str subject;
};

static struct str audience_name(const struct pack *p, struct str id)
{
    const struct pack_audience *a = pack_audience_find(p, id);

    return a ? a->name : id;
}

static bool tell(struct op *op, const struct incident *i, enum promise_stage stage, struct due *d, struct error *err)
{
    const struct pack *p = op->env->pack;
    struct str who = STR_NONE, names = buf_str(&d->names);
    struct list roles;

    switch (stage) {
    case PROMISE_QUIET:
        return true;
    case PROMISE_SOON:
        return op_tell(op, i->id, "update_due", err, "Update due soon: %.*s", STR(names));
    case PROMISE_DUE:
        return promise_lead(op, i, &who, err) && op_tell(op, i->id, "update_due", err, "Update due: %.*s", STR(names)) &&
            (!who.len || promise_nag(op, i, who, stage, d->subject, names, err));
    case PROMISE_LATE:
        if (!role_list(op->db, op->arena, i->id, &roles, err))
            return false;
        who = holder(&roles, p->commander);
        if (!who.len && !promise_lead(op, i, &who, err))
            return false;
        return op_tell(op, i->id, "update_due", err, "Update missed: %.*s", STR(names)) &&
            (!who.len || promise_nag(op, i, who, stage, d->subject, names, err));
    case PROMISE_ESCALATED:
        return op_tell(op, i->id, "update_due", err, "Update missed, escalating: %.*s", STR(names)) &&
            escalate_nag(op, i, d->subject, names, err);
    }
    return true;
}

bool promise_remind(struct op *op, const struct incident *i, struct error *err)
{
    struct due due[PROMISE_ESCALATED + 1] = {0};
    struct list running;

    if (!promise_running(op->db, op->arena, i->id, &running, err))
        return false;
    struct promise *p = running.v;
    for (size_t k = 0; k < running.n; k++) {
        enum promise_stage stage = promise_stage_at(&p[k], op->now);
        struct due *d = &due[stage];
        if (stage <= p[k].stage)
            continue;
        p[k].stage = stage; /* after downtime only the last of several is done */
        if (stage >= PROMISE_LATE)
            p[k].state = S("missed");
        if (!promise_put(op->db, &p[k], err))
            return false;
        if (!d->subject.len) {
            d->subject = p[k].id;
            buf_init(&d->names, op->arena, 1000);
        }
        struct str at = time_text(op->arena, p[k].due_at);
        buf_printf(&d->names, "%s%.*s (%.*s UTC)", d->names.len ? ", " : "", STR(audience_name(op->env->pack, p[k].audience)),
            STR(str_slice(at, 11, 16)));
    }
    for (int stage = PROMISE_SOON; stage <= PROMISE_ESCALATED; stage++)
        if (due[stage].subject.len && !tell(op, i, (enum promise_stage)stage, &due[stage], err))
            return false;
    return true;
}

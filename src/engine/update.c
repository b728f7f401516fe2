#include "engine/update.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/promise.h"
#include "engine/incident.h"
#include "engine/listener.h"
#include "engine/promise.h"
#include "engine/update_text.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/timer.h"
#include "store/update.h"

static struct str audience_name(const struct op *op, struct str id)
{
    const struct pack_audience *a = pack_audience_find(op->env->pack, id);

    return a ? a->name : id;
}

/* Who may write to whom, and what was written to them before. */
struct desk {
    struct incident i;
    const struct pack_audience *a;
    const struct pack_severity *severity;
    struct list earlier; /* the highest number first */
    const struct update *last; /* published, or NULL */
    const struct update *draft; /* not yet, or NULL */
    const struct update *typed; /* the draft, or what was just taken back: whoever writes goes on from it */
};

static bool desk_open(struct op *op, const struct incident *i, struct str audience, struct desk *d, struct error *err)
{
    const struct pack *p = op->env->pack;

    *d = (struct desk){.i = *i, .a = pack_audience_find(p, audience)};
    d->severity = i->severity.len ? pack_severity_find(p, i->severity) : NULL;
    if (!d->a)
        return fail_field(err, "audience", "is not an audience of the policy pack %.*s", STR(p->id));
    if (!update_of_audience(op->db, op->arena, i->id, audience, &d->earlier, err))
        return false;
    const struct update *v = d->earlier.v;
    for (size_t k = 0; k < d->earlier.n; k++) {
        if (!d->draft && (str_eq(v[k].state, S("draft")) || str_eq(v[k].state, S("approved"))))
            d->draft = &v[k];
        if (!d->last && str_eq(v[k].state, S("published")))
            d->last = &v[k];
    }
    d->typed = d->draft || !d->earlier.n || !str_eq(v->state, S("retracted")) ? d->draft : v;
    return true;
}

/* --- the form --- */

static struct str public_status(const struct op *op, struct str status)
{
    const struct pack_status *s = pack_status_find(op->env->pack, status);

    return s && s->public_status.len ? s->public_status : S("investigating");
}

static struct str or_empty(struct str s)
{
    return s.ptr ? s : S("");
}

static void fill(struct str *to, struct str from)
{
    if (!to->ptr)
        *to = or_empty(from);
}

/* What is not given. Nothing of the incident but its status goes outside. */
static void fill_in(const struct op *op, const struct desk *d, struct update_input *in)
{
    const struct update *old = d->typed ? d->typed : d->last;

    if (d->a->external) {
        fill(&in->status, public_status(op, d->i.status));
        fill(&in->service, old ? old->service : S(""));
        fill(&in->impact, old ? old->impact : S(""));
        fill(&in->cause_state, old ? old->cause_state : S("investigating"));
    } else {
        fill(&in->status, d->i.status);
        fill(&in->summary, d->i.summary);
        fill(&in->impact, d->i.impact_text);
        fill(&in->cause, d->i.cause);
        fill(&in->next_steps, d->i.actions_now);
        fill(&in->cause_state, d->i.cause.len ? S("suspected") : S("investigating"));
    }
    struct str *rest[] = {&in->service, &in->summary, &in->since, &in->next_steps, &in->cause, &in->impact, &in->eta};
    for (size_t k = 0; k < sizeof rest / sizeof *rest; k++)
        fill(rest[k], S(""));
}

bool update_blanks(struct op *op, const struct incident *i, struct str audience, struct update_input *out,
    struct error *err)
{
    struct desk d;

    if (!desk_open(op, i, audience, &d, err))
        return false;
    *out = (struct update_input){.audience = d.a->id};
    const struct update *u = d.typed;
    if (u)
        *out = (struct update_input){.audience = d.a->id, .status = u->status, .service = u->service, .summary = u->summary,
            .since = u->since, .next_steps = u->next_steps, .cause_state = u->cause_state, .cause = u->cause,
            .impact = u->impact, .eta = u->eta};
    fill_in(op, &d, out);
    return true;
}

static bool known_status(const struct desk *d, struct str status)
{
    const char *const *list = d->a->external ? pack_public_statuses : incident_statuses;

    while (*list && !str_eq(status, str_from(*list)))
        list++;
    return *list;
}

/* The pack's next beat, or an earlier time that the author names. */
static bool set_next(struct op *op, const struct desk *d, const struct update_input *in, struct update *u, struct error *err)
{
    int64_t wait = d->severity ? promise_wait(op->env->pack, d->severity, d->a, false) : 0;
    instant latest = wait ? promise_due(d->severity, op->now, wait) : (instant){0};

    u->next_update_at = (instant){0};
    if (str_eq(u->moment, S("resolution")))
        return true;
    if (!instant_is_set(in->next_update_at)) {
        u->next_update_at = latest;
        return true;
    }
    if (in->next_update_at.us <= op->now.us)
        return fail_field(err, "next_update_at", "must be in the future");
    if (wait && in->next_update_at.us > latest.us)
        return fail_field(err, "next_update_at", "must not be later than %.*s: the policy pack promises it",
            STR(update_clock(op, latest)));
    u->next_update_at = in->next_update_at;
    return true;
}

static bool check(const struct desk *d, const struct update_input *in, struct error *err)
{
    if (!known_status(d, in->status))
        fail_field(err, "status", "is not a status of this audience");
    if (!str_trim(in->summary).len)
        fail_field(err, "summary", "must not be empty");
    if (d->a->external && !str_trim(in->service).len)
        fail_field(err, "service", "must not be empty: say what they call it");
    return err->kind == ERROR_NONE;
}

static bool compose(struct op *op, struct desk *d, struct update_input in, struct update *u, struct error *err)
{
    fill_in(op, d, &in);
    if (!check(d, &in, err))
        return false;
    *u = d->draft ? *d->draft
                  : (struct update){.id = op_id(op, "upd"), .incident_id = d->i.id, .audience = d->a->id,
                        .external = d->a->external, .created_at = op->now,
                        .number = d->earlier.n ? ((const struct update *)d->earlier.v)->number + 1 : 1};
    u->state = S("draft");
    u->status = in.status;
    u->service = in.service;
    u->summary = str_trim(in.summary);
    u->since = in.since;
    u->cause_state = in.cause_state;
    u->cause = in.cause;
    u->impact = in.impact;
    u->eta = in.eta;
    u->next_steps = in.next_steps;
    bool over = str_eq(in.status, S("resolved")) || !d->i.is_open;
    u->moment = over ? S("resolution") : d->last ? S("update") : S("initial");
    u->author_id = op->actor.id;
    u->author_name = op->actor.name;
    u->approved_by = u->approved_name = STR_NONE;
    u->approved_at = (instant){0};
    u->updated_at = op->now;
    return set_next(op, d, &in, u, err) && audience_language(op, d->a->id, &u->language, err) &&
        update_text(op, &d->i, u, &d->earlier, &u->text, err);
}

static bool save(struct op *op, struct update *u, struct error *err)
{
    u->version++;
    u->updated_at = op->now;
    return update_put(op->db, u, err);
}

/* --- approval --- */

bool update_may_approve(struct op *op, const struct incident *i, const struct update *u, struct error *refusal,
    struct error *err)
{
    const struct pack *p = op->env->pack;
    bool leads = false, two;
    struct list roles;

    *refusal = (struct error){0};
    if (!role_list(op->db, op->arena, i->id, &roles, err) || !audience_two_people(op, u->audience, &two, err))
        return false;
    const struct role_holder *r = roles.v;
    for (size_t k = 0; k < roles.n; k++)
        leads |= str_eq(r[k].user_id, op->actor.id) && update_approver(p, r[k].role);
    if (!leads)
        fail(refusal, FORBIDDEN, "the commander or the communications lead approves it: take the role first");
    else if (two && str_eq(u->author_id, op->actor.id))
        fail(refusal, FORBIDDEN, "another person than its author approves it");
    return true;
}

static bool approve(struct op *op, const struct incident *i, struct update *u, struct error *err)
{
    struct error refusal;

    if (!update_may_approve(op, i, u, &refusal, err))
        return false;
    if (refusal.kind != ERROR_NONE) {
        *err = refusal;
        return false;
    }
    u->state = S("approved");
    u->approved_by = op->actor.id;
    u->approved_name = op->actor.name;
    u->approved_at = op->now;
    return true;
}

/* --- publishing --- */

/* The incident shows when the next update is due; it is written only if that has changed. */
static bool save_next(struct op *op, struct incident *i, instant before, struct error *err)
{
    return i->next_update_at.us == before.us || incident_save(op, i, err);
}

/* The status page has it when the mails leave. */
static bool plan_out(struct op *op, const struct update *u, struct error *err)
{
    const struct pack_audience *a = pack_audience_find(op->env->pack, u->audience);

    return !a || !str_eq(a->shown_on, S("status_page")) || op_timer(op, "update_out", u->id, u->visible_at, err);
}

static bool publish(struct op *op, struct incident *i, struct update *u, struct error *err)
{
    instant next = i->next_update_at;

    if (u->external && !str_eq(u->state, S("approved")) && !approve(op, i, u, err))
        return false;
    if (instant_is_set(u->next_update_at) && u->next_update_at.us <= op->now.us)
        return fail(err, CONFLICT, "the time it names for the next update has passed; write it anew");
    u->state = S("published");
    u->published_at = op->now;
    u->visible_at = u->external ? instant_add(op->now, UPDATE_UNDO_US) : op->now;
    return save(op, u, err) && listener_deliver(op, i, u, err) && plan_out(op, u, err) &&
        op_say(op, i->id, "update", err, "#%lld to %.*s: %.*s", (long long)u->number, STR(audience_name(op, u->audience)),
            STR(u->summary)) &&
        promise_keep(op, i, u->audience, u->id, u->next_update_at, err) && save_next(op, i, next, err);
}

bool engine_update_write(struct op *op, struct str ref, const struct update_input *in, struct update *out,
    struct error *err)
{
    struct incident i = {0};
    struct desk d;

    if (!incident_find(op->db, op->arena, ref, &i, err) || !desk_open(op, &i, in->audience, &d, err) ||
        !compose(op, &d, *in, out, err))
        return false;
    if (in->publish)
        return publish(op, &i, out, err);
    return save(op, out, err) &&
        op_say(op, i.id, "update_draft", err, "#%lld to %.*s drafted%s", (long long)out->number, STR(d.a->name),
            d.a->external ? ": it waits for approval" : "");
}

static bool find(struct op *op, struct str ref, struct str which, int64_t version, struct incident *i, struct update *u,
    struct error *err)
{
    if (!incident_find(op->db, op->arena, ref, i, err) || !update_find(op->db, op->arena, i->id, which, u, err))
        return false;
    if (version && version != u->version)
        return fail(err, CONFLICT, "it has been written anew since you looked at it; look again and repeat");
    return true;
}

bool engine_update_approve(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err)
{
    struct incident i = {0};

    if (!find(op, ref, which, version, &i, out, err))
        return false;
    if (str_eq(out->state, S("approved")))
        return true;
    if (!str_eq(out->state, S("draft")))
        return fail(err, CONFLICT, "it is %.*s already", STR(out->state));
    return approve(op, &i, out, err) && save(op, out, err) &&
        op_say(op, i.id, "update_draft", err, "#%lld to %.*s approved", (long long)out->number,
            STR(audience_name(op, out->audience)));
}

bool engine_update_publish(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err)
{
    struct incident i = {0};

    if (!find(op, ref, which, version, &i, out, err))
        return false;
    if (str_eq(out->state, S("published")))
        return true;
    if (str_eq(out->state, S("retracted")))
        return fail(err, CONFLICT, "it was taken back; write it anew");
    return publish(op, &i, out, err);
}

bool engine_update_retract(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err)
{
    struct incident i = {0};

    if (!find(op, ref, which, version, &i, out, err))
        return false;
    struct str to = audience_name(op, out->audience);
    if (str_eq(out->state, S("retracted")))
        return true;
    if (!instant_is_set(out->published_at))
        return update_delete(op->db, out->id, err) &&
            op_say(op, i.id, "update_draft", err, "Draft #%lld to %.*s thrown away", (long long)out->number, STR(to));
    instant next = i.next_update_at;
    bool unseen = out->external && out->visible_at.us > op->now.us;
    out->state = S("retracted");
    out->retracted_at = op->now;
    return save(op, out, err) && delivery_withdraw(op->db, out->id, err) &&
        timer_cancel(op->db, S("update_out"), out->id, err) &&
        promise_unkeep(op, &i, out->id, err) && save_next(op, &i, next, err) &&
        op_say(op, i.id, "update", err, "#%lld to %.*s taken back%s", (long long)out->number, STR(to),
            unseen ? " before it left" : "");
}

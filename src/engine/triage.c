#include "engine/triage.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/escalate.h"
#include "engine/follow.h"
#include "engine/incident.h"
#include "store/incident.h"
#include "store/timer.h"
#include "store/triage.h"

static struct str answer(struct op *op, const struct assessment *a, struct str input)
{
    if (str_eq(input, S("users")))
        return str_printf(op->arena, "%lld %%", (long long)a->users_percent);
    return str_eq(input, S("revenue")) ? a->revenue : str_eq(input, S("data")) ? a->data
        : str_eq(input, S("workaround")) ? a->workaround : a->security;
}

/* "Users affected 30 %, Many → SEV2; Data at risk is not known. Proposed: SEV2", for the timeline. */
static struct str reasons(struct op *op, const struct assessment *a, const struct triage_verdict *v)
{
    const struct pack *p = op->env->pack;
    struct buf b;

    buf_init(&b, op->arena, 8192);
    for (size_t k = 0; k < v->n; k++) {
        const struct triage_factor *f = &v->v[k];
        buf_printf(&b, "%s%.*s", k ? "; " : "", STR(f->name));
        if (!f->rank) {
            buf_add(&b, S(" is not known"));
            continue;
        }
        buf_printf(&b, ": %.*s", STR(answer(op, a, f->input)));
        if (f->level.len)
            buf_printf(&b, " (%.*s)", STR(f->level));
        buf_printf(&b, " → %.*s", STR(p->severities[f->rank - 1].id));
    }
    if (v->severity)
        buf_printf(&b, ". The worst counts: %.*s%s", STR(v->severity->id),
            v->unknown ? "; what is not known could make it worse" : "");
    return buf_str(&b);
}

static bool assess(struct op *op, struct incident *i, const struct assessment_input *in, struct assessment *a,
    struct error *err)
{
    struct incident before = *i;
    struct triage_verdict v;
    struct json *data = json_object(op->arena);

    *a = (struct assessment){.incident_id = i->id, .users_percent = in->users_percent, .revenue = in->revenue,
        .data = in->data, .workaround = in->workaround, .security = in->security, .reason = S(""),
        .by_id = op->actor.id, .by_name = op->actor.name, .at = op->now};
    triage_assess(op->env->pack, a, &v);
    a->proposed = v.severity ? v.severity->id : STR_NONE;
    if (in->users_percent != INT_NONE)
        i->impact_percent = in->users_percent;
    json_set_str(op->arena, data, S("text"), str_printf(op->arena, "Impact assessed. %.*s", STR(reasons(op, a, &v))));
    json_set_str(op->arena, data, S("proposed"), a->proposed);
    return incident_save(op, i, err) && op_event(op, i->id, "assessment", (instant){0}, 0, data, NULL, err) &&
        incident_follow(op, &before, i, err);
}

static bool decide(struct op *op, const struct assessment_input *in, struct assessment *a, struct incident *out,
    struct error *err)
{
    bool proposed = str_eq(in->severity, a->proposed);

    if (!pack_severity_find(op->env->pack, in->severity))
        return fail_field(err, "severity", "is not a severity of the policy pack %.*s", STR(op->env->pack->id));
    if (!proposed && !in->reason.len)
        return a->proposed.len ? fail_field(err, "reason", "say why not %.*s, which the assessment proposes", STR(a->proposed))
                               : fail_field(err, "reason", "say why: the assessment proposes none");
    a->chosen = in->severity;
    a->reason = in->reason.len ? in->reason : S("");
    struct incident_change change = {.severity = in->severity, .reason = proposed
        ? str_printf(op->arena, "As the assessment proposes%s%.*s", a->reason.len ? ". " : "", STR(a->reason))
        : str_printf(op->arena, "The assessment proposes %.*s. %.*s", STR(a->proposed.len ? a->proposed : S("none")), STR(a->reason))};
    if (str_eq(out->severity, in->severity))
        return op_say(op, out->id, "assessment", err, "Severity stays %.*s. %.*s", STR(in->severity), STR(change.reason));
    return engine_severity(op, out->id, &change, out, err);
}

bool engine_assess(struct op *op, struct str ref, const struct assessment_input *in, uint64_t given,
    struct incident *out, struct error *err)
{
    struct assessment a = {0};
    bool factors = assessment_factors_given(given);

    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    if (!factors && !in->severity.len)
        return fail_field(err, "users_percent", "answer at least one question");
    if (!factors && !assessment_get(op->db, op->arena, out->id, &a, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "severity", "assess the impact first") : false;
    if (factors && !assess(op, out, in, &a, err))
        return false;
    return (!in->severity.len || decide(op, in, &a, out, err)) && assessment_put(op->db, &a, err);
}

bool engine_confirm(struct op *op, struct str ref, const struct confirmation *in, struct incident *out, struct error *err)
{
    bool confirmed = str_eq(in->verdict, S("confirmed")), over = str_eq(in->verdict, S("false_alarm"));
    struct buf b;

    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    if (confirmed && !in->alerts && !in->dashboards && !in->reproduced && !in->text.len)
        return fail_field(err, "text", "say how you know: alerts, dashboards, reproduced, or in words");
    if (!confirmed && !in->text.len)
        return fail_field(err, "text", "say what you have seen");
    buf_init(&b, op->arena, 4096);
    buf_add(&b, confirmed ? S("Verified: it is real") : over ? S("False alarm") : S("Not confirmed so far"));
    if (in->alerts)
        buf_add(&b, S("; looked at the alerts"));
    if (in->dashboards)
        buf_add(&b, S("; looked at the dashboards"));
    if (in->reproduced)
        buf_add(&b, S("; reproduced it"));
    buf_printf(&b, "%s%.*s", in->text.len ? ". " : "", STR(in->text));
    out->confirmed_at = confirmed ? op->now : (instant){0};
    out->confirmed_by = confirmed ? op->actor.id : STR_NONE;
    if (!incident_save(op, out, err) || !op_say(op, out->id, "confirmation", err, "%.*s", STR(buf_str(&b))))
        return false;
    struct incident_change decline = {.status = S("declined"), .text = S("It was a false alarm")};
    return !over || engine_status(op, out->id, &decline, out, err);
}

/* --- an incident without a severity is chased --- */

static bool lacks_severity(const struct incident *i)
{
    return i->is_open && instant_is_set(i->acknowledged_at) && !i->severity.len;
}

bool triage_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool lacks = lacks_severity(after);

    if (lacks == lacks_severity(before))
        return true;
    return lacks ? op_timer(op, "chase", after->id, instant_add(op->now, triage_time(op->env->pack)), err)
                 : timer_cancel(op->db, S("chase"), after->id, err);
}

bool triage_chase(struct op *op, struct str incident_id, struct error *err)
{
    struct incident i = {0};

    if (!incident_get(op->db, op->arena, incident_id, &i, err))
        return false;
    if (!lacks_severity(&i))
        return true;
    struct str since = duration_text(op->arena, (op->now.us - i.acknowledged_at.us) / MINUTE_US * MINUTE_US);
    return op_tell(op, i.id, "chase", err, "Still no severity, %.*s after it was acknowledged: assess the impact",
               STR(since)) &&
        escalation_call(op, &i, DELIVERY_BY_HAND, S("it has no severity yet: assess the impact"), err) &&
        op_timer(op, "chase", i.id, instant_add(op->now, triage_time(op->env->pack)), err);
}

#include "engine/decision.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/change.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "store/change.h"
#include "store/decision.h"
#include "store/incident.h"

#define MAX_CHANGES 50
#define MAX_UNDONE 20000 /* bytes: what people may write, and … */
#define ENOUGH 3000      /* … no further line beyond that */

static const char *words(struct str verdict)
{
    return str_eq(verdict, S("rollback")) ? "roll back" : "fix forward";
}

static struct str known(struct str answer)
{
    return answer.len ? answer : S("unknown");
}

static struct str or_none(struct str s)
{
    return s.len ? s : STR_NONE;
}

/* In the order in which they are looked at: vetoes first. */
static struct json *verdicts(struct op *op, const struct pack_decision *rules, const struct decision_judgement *j)
{
    static const char *const holds[] = {"no", "yes", "unknown"};
    struct json *list = json_array(op->arena);

    for (int veto = 1; veto >= 0; veto--)
        for (size_t k = 0; k < rules->nrules && k < DECISION_MAX_RULES; k++) {
            const struct pack_rule *r = &rules->rules[k];
            if (r->veto != (veto == 1))
                continue;
            struct json *o = json_push(list, json_object(op->arena));
            json_set_str(op->arena, o, S("rule"), r->id);
            json_set_str(op->arena, o, S("text"), r->text);
            json_set_str(op->arena, o, S("verdict"), r->verdict);
            json_set_bool(op->arena, o, S("veto"), r->veto);
            json_set_str(op->arena, o, S("holds"), str_from(holds[j->holds[k]]));
            json_set_bool(op->arena, o, S("decides"), (int)k == j->by);
            json_set_bool(op->arena, o, S("open"), j->open[k]);
        }
    return list;
}

static bool same(const struct decision *d, const struct decision *e)
{
    return str_eq(d->severity, e->severity) && str_eq(d->recent_deploy, e->recent_deploy) &&
        str_eq(d->data_at_risk, e->data_at_risk) && str_eq(d->rollback_loses_data, e->rollback_loses_data) &&
        str_eq(d->cause_understood, e->cause_understood) && str_eq(d->fix_simple, e->fix_simple) &&
        d->fix_takes == e->fix_takes && d->rollback_takes == e->rollback_takes && str_eq(d->undone, e->undone);
}

static bool latest(struct op *op, struct str incident_id, struct decision *out, bool *found, struct error *err)
{
    struct list list;

    if (!decision_list(op->db, op->arena, incident_id, 1, &list, err))
        return false;
    *found = list.n > 0;
    *out = *found ? *(const struct decision *)list.v : (struct decision){0};
    return true;
}

/* `suspect`, the latest change before the impact began, is what a rollback takes back; what came later
 * on its service goes with it. Without a suspect: everything since. */
static bool comes_along(const struct change *c, const struct change *suspect)
{
    return !suspect || (c != suspect && c->at.us >= suspect->at.us && str_eq(c->service_id, suspect->service_id));
}

/* What people have named, and what else a rollback would take along: the later changes of the service. */
static bool undone_by_rollback(struct op *op, const struct incident *i, struct str named, struct str *out,
    struct error *err)
{
    instant began = instant_is_set(i->started_at) ? i->started_at : i->detected_at;
    const struct change *suspect = NULL;
    struct list list;
    struct buf b;

    if (!change_of_incident(op->db, op->arena, i->id, instant_add(began, -CHANGE_WINDOW_US), op->now, MAX_CHANGES, &list, err))
        return false;
    const struct change *c = list.v;
    for (size_t k = 0; k < list.n && !suspect; k++)
        if (c[k].at.us <= began.us && change_live(c[k].environment))
            suspect = &c[k];
    buf_init(&b, op->arena, MAX_UNDONE);
    buf_add(&b, named);
    for (size_t k = 0; k < list.n; k++) {
        struct str line = change_line(op->arena, &c[k]);
        if (comes_along(&c[k], suspect) && change_live(c[k].environment) && !str_contains(named, line) && b.len < ENOUGH)
            buf_printf(&b, "%s%.*s", b.len ? "\n" : "", STR(line));
    }
    *out = b.len ? buf_str(&b) : STR_NONE;
    return true;
}

static bool ask(struct op *op, const struct incident *i, const struct decision_facts *in, struct decision *out,
    struct error *err)
{
    const struct pack_decision *rules = decision_rules(&op->env->pack->decision);
    const struct pack_severity *s = pack_severity_find(op->env->pack, i->severity);
    struct decision before;
    struct decision_judgement j;
    bool found;

    struct str undone;
    if (!latest(op, i->id, &before, &found, err) || !undone_by_rollback(op, i, in->undone, &undone, err))
        return false;
    decision_judge(rules, in, s ? s->rank : 0, &j);
    *out = (struct decision){.incident_id = i->id, .version = before.version + 1, .severity = or_none(i->severity),
        .recent_deploy = known(in->recent_deploy), .data_at_risk = known(in->data_at_risk),
        .rollback_loses_data = known(in->rollback_loses_data), .cause_understood = known(in->cause_understood),
        .fix_simple = known(in->fix_simple), .fix_takes = in->fix_takes, .rollback_takes = in->rollback_takes,
        .undone = undone, .recommendation = j.verdict, .reason = decision_reason(op->arena, rules, &j),
        .provisional = j.provisional, .asked_by = op->actor.id, .asked_name = op->actor.name, .created_at = op->now};
    if (found && same(&before, out)) {
        *out = before;
        return true;
    }
    out->id = op_id(op, "dec");
    out->verdicts = json_text(op->arena, verdicts(op, rules, &j));
    return decision_add(op->db, out, err) &&
        op_tell(op, i->id, "decision", err, "%s: %s. %.*s", found ? "Recommended anew, for the facts have changed" : "Recommended",
            words(out->recommendation), STR(out->reason));
}

bool engine_decision_ask(struct op *op, struct str ref, const struct decision_facts *in, struct decision *out,
    struct error *err)
{
    struct incident i = {0};

    return incident_find(op->db, op->arena, ref, &i, err) && ask(op, &i, in, out, err);
}

bool engine_decision_choose(struct op *op, struct str ref, struct str id, const struct decision_choice *in,
    struct decision *out, struct error *err)
{
    struct incident i = {0};
    struct decision newest;
    bool found;

    if (!incident_find(op->db, op->arena, ref, &i, err) || !decision_get(op->db, op->arena, id, out, err) ||
        !latest(op, i.id, &newest, &found, err))
        return false;
    if (!str_eq(out->incident_id, i.id))
        return fail(err, NOT_FOUND, "%.*s has no such decision", STR(i.number));
    if (newest.version != out->version)
        return fail(err, CONFLICT, "the facts have changed since; look at the new recommendation");
    if (!decision_choice_valid(out, in, err))
        return false;
    bool other = !str_eq(in->choice, out->recommendation);
    out->choice = in->choice;
    out->why = or_none(in->why);
    out->decided_by = op->actor.id;
    out->decided_name = op->actor.name;
    out->decided_at = op->now;
    return decision_choose(op->db, out, err) &&
        op_say(op, i.id, "decision", err, "Decided: %s%s%s%.*s", words(out->choice),
            other ? ", against the recommendation" : ", as recommended", out->why.len ? ". " : "", STR(out->why));
}

bool decision_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    struct decision d, again;
    bool found;

    if (!after->is_open || !before->id.len || str_eq(before->severity, after->severity))
        return true;
    if (!latest(op, after->id, &d, &found, err))
        return false;
    struct decision_facts facts = {d.recent_deploy, d.data_at_risk, d.rollback_loses_data, d.cause_understood,
        d.fix_simple, d.fix_takes, d.rollback_takes, d.undone};
    return !found || ask(op, after, &facts, &again, err);
}

#include "domain/decision.h"

#include "base/buf.h"
#include "base/error.h"
#include "domain/pack.h"

const char *const decision_answers[] = {"unknown", "yes", "no", NULL};
const char *const decision_verdicts[] = {"rollback", "fix_forward", NULL};

#define LONGEST (7 * DAY_US)
#define MOST_TIMES 1000 /* of the longest is far from overflow */
#define ANSWER(T, m, words) FIELD(T, m, .choices = decision_answers, .doc = words ": yes, no or unknown")
#define FACTS(T)                                                                                   \
    ANSWER(T, recent_deploy, "A recent deployment caused it"),                                     \
    ANSWER(T, data_at_risk, "The integrity of data is at risk"),                                   \
    ANSWER(T, rollback_loses_data, "Rolling back would lose data"),                                \
    ANSWER(T, cause_understood, "The cause is well understood"),                                   \
    ANSWER(T, fix_simple, "The fix is simple"),                                                    \
    FIELD(T, fix_takes, .flags = FIELD_DURATION | FIELD_NULLABLE, .min = 0, .max = LONGEST, .doc = "How long the fix takes, estimated", .example = "40m"), \
    FIELD(T, rollback_takes, .flags = FIELD_DURATION | FIELD_NULLABLE, .min = 0, .max = LONGEST, .doc = "How long the rollback takes, estimated", .example = "10m"), \
    FIELD(T, undone, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 4000, .doc = "Later changes that a rollback would undo as well, a line each")

const struct field decision_facts_fields[] = {FACTS(struct decision_facts), {0}};

const struct field decision_fields[] = {
    FIELD(struct decision, id, .flags = FIELD_READONLY, .doc = "Id of the decision, `dec_…`"),
    FIELD(struct decision, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    FIELD(struct decision, version, .flags = FIELD_READONLY, .doc = "Rises whenever the facts change; the older ones stay"),
    FIELD(struct decision, severity, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Severity when it was asked"),
    FACTS(struct decision),
    FIELD(struct decision, recommendation, .choices = decision_verdicts, .flags = FIELD_READONLY, .doc = "rollback or fix_forward"),
    FIELD(struct decision, reason, .flags = FIELD_READONLY, .doc = "Why this is recommended"),
    FIELD(struct decision, provisional, .flags = FIELD_READONLY, .doc = "What is unknown could still turn it"),
    FIELD(struct decision, verdicts, .flags = FIELD_READONLY | FIELD_JSON, .doc = "Every rule with its own verdict, in the order in which they were looked at"),
    FIELD(struct decision, asked_by, .flags = FIELD_READONLY, .doc = "Who asked"),
    FIELD(struct decision, asked_name, .flags = FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct decision, created_at, .flags = FIELD_READONLY, .doc = "When it was asked"),
    FIELD(struct decision, choice, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "What a person decided; null until somebody has"),
    FIELD(struct decision, why, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Why, when it is not what was recommended"),
    FIELD(struct decision, decided_by, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Who decided"),
    FIELD(struct decision, decided_name, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct decision, decided_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was decided"),
    {0},
};

const struct field decision_choice_fields[] = {
    FIELD(struct decision_choice, choice, .flags = FIELD_REQUIRED, .choices = decision_verdicts, .doc = "rollback or fix_forward"),
    FIELD(struct decision_choice, why, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why; required when it is not what is recommended"),
    {0},
};

/* For packs that say nothing of it. */
#define TEXT(words) {"" words, sizeof words - 1}
static struct pack_rule usual_rules[] = {
    {.id = TEXT("rollback_loses_data"), .text = TEXT("Rolling back would lose data"), .verdict = TEXT("fix_forward"), .veto = true},
    {.id = TEXT("recent_deploy"), .text = TEXT("A recent deployment caused an incident of the highest severity"), .verdict = TEXT("rollback"), .ranks = 1 << 1},
    {.id = TEXT("slow_fix"), .text = TEXT("The fix takes more than twice as long as the rollback"), .verdict = TEXT("rollback"), .times = 2},
    {.id = TEXT("data_at_risk"), .text = TEXT("The integrity of data is at risk"), .verdict = TEXT("rollback")},
    {.id = TEXT("simple_fix"), .text = TEXT("The cause is well understood and the fix is simple"), .verdict = TEXT("fix_forward")},
};
static const struct pack_decision usual = {
    .rules = usual_rules, .nrules = sizeof usual_rules / sizeof *usual_rules, .otherwise = TEXT("rollback")};

const struct pack_decision *decision_rules(const struct pack_decision *of_pack)
{
    return of_pack->nrules ? of_pack : &usual;
}

static enum decision_holds answer(struct str s)
{
    return str_eq(s, S("yes")) ? DECISION_YES : str_eq(s, S("no")) ? DECISION_NO : DECISION_UNKNOWN;
}

/* One no is enough; both must be yes. */
static enum decision_holds both(enum decision_holds a, enum decision_holds b)
{
    if (a == DECISION_NO || b == DECISION_NO)
        return DECISION_NO;
    return a == DECISION_YES && b == DECISION_YES ? DECISION_YES : DECISION_UNKNOWN;
}

static enum decision_holds slow(const struct decision_facts *f, int64_t times)
{
    if (f->fix_takes == INT_NONE || f->rollback_takes == INT_NONE)
        return DECISION_UNKNOWN;
    times = times < 1 ? 1 : times > MOST_TIMES ? MOST_TIMES : times;
    return f->fix_takes > f->rollback_takes * times ? DECISION_YES : DECISION_NO;
}

static enum decision_holds judge(const struct pack_rule *r, const struct decision_facts *f, int64_t rank)
{
    if (str_eq(r->id, S("recent_deploy")))
        return both(answer(f->recent_deploy), rank < 1 ? DECISION_UNKNOWN
            : pack_applies(r->ranks, rank) ? DECISION_YES : DECISION_NO);
    if (str_eq(r->id, S("slow_fix")))
        return slow(f, r->times);
    if (str_eq(r->id, S("data_at_risk")))
        return answer(f->data_at_risk);
    if (str_eq(r->id, S("rollback_loses_data")))
        return answer(f->rollback_loses_data);
    if (str_eq(r->id, S("simple_fix")))
        return both(answer(f->cause_understood), answer(f->fix_simple));
    return DECISION_NO;
}

/* Vetoes first, then the others; the first that holds. */
static int first_that_holds(const struct pack_decision *d, const enum decision_holds *holds, size_t n)
{
    for (int veto = 1; veto >= 0; veto--)
        for (size_t k = 0; k < n; k++)
            if (d->rules[k].veto == (veto == 1) && holds[k] == DECISION_YES)
                return (int)k;
    return -1;
}

/* True if `k` is looked at before the rule that decides. */
static bool comes_before(const struct pack_decision *d, size_t k, int by)
{
    if (by < 0 || d->rules[k].veto != d->rules[by].veto)
        return by < 0 || d->rules[k].veto;
    return (int)k < by;
}

void decision_judge(const struct pack_decision *d, const struct decision_facts *f, int64_t rank,
    struct decision_judgement *out)
{
    size_t n = d->nrules < DECISION_MAX_RULES ? d->nrules : DECISION_MAX_RULES;

    *out = (struct decision_judgement){0};
    for (size_t k = 0; k < n; k++)
        out->holds[k] = judge(&d->rules[k], f, rank);
    out->by = first_that_holds(d, out->holds, n);
    out->verdict = out->by < 0 ? d->otherwise : d->rules[out->by].verdict;
    for (size_t k = 0; k < n; k++) {
        out->open[k] = out->holds[k] == DECISION_UNKNOWN && !str_eq(d->rules[k].verdict, out->verdict) &&
            comes_before(d, k, out->by);
        out->provisional |= out->open[k];
    }
}

struct str decision_reason(struct arena *a, const struct pack_decision *d, const struct decision_judgement *j)
{
    size_t n = d->nrules < DECISION_MAX_RULES ? d->nrules : DECISION_MAX_RULES;
    struct buf b;
    bool first = true;

    buf_init(&b, a, 2000);
    if (j->by < 0)
        buf_add(&b, str_eq(d->otherwise, S("rollback")) ? S("No rule speaks against it: in doubt, roll back")
                                                         : S("No rule speaks against it: in doubt, fix forward"));
    else
        buf_printf(&b, "%s%.*s", d->rules[j->by].veto ? "Veto: " : "", STR(d->rules[j->by].text));
    for (size_t k = 0; k < n; k++) {
        if (!j->open[k])
            continue;
        buf_printf(&b, "%s%.*s", first ? ". Still unknown, and would turn it: " : "; ", STR(d->rules[k].text));
        first = false;
    }
    return buf_str(&b);
}

bool decision_choice_valid(const struct decision *d, const struct decision_choice *in, struct error *err)
{
    if (instant_is_set(d->decided_at))
        return fail(err, CONFLICT, "this was decided by %.*s; ask again if the facts have changed", STR(d->decided_name));
    return str_eq(in->choice, d->recommendation) || in->why.len ||
        fail_field(err, "why", "is needed: it is not what the rules recommend");
}

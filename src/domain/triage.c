#include "domain/triage.h"

#include "domain/incident.h"
#include "domain/pack.h"

const char *const triage_revenue[] = {"significant", "moderate", "low", "none", NULL};
const char *const triage_data[] = {"yes", "possible", "no", NULL};
const char *const triage_workaround[] = {"none", "difficult", "available", "easy", NULL};
const char *const triage_security[] = {"yes", "possible", "no", NULL};

#define FACTORS(T)                                                                                 \
    FIELD(T, users_percent, .flags = FIELD_NULLABLE, .min = 0, .max = 100, .doc = "Share of users affected, per cent, rounded up; null: not known"), \
    FIELD(T, revenue, .flags = FIELD_NULLABLE, .choices = triage_revenue, .doc = "Impact on revenue; null: not known"), \
    FIELD(T, data, .flags = FIELD_NULLABLE, .choices = triage_data, .doc = "Is data at risk? null: not known"), \
    FIELD(T, workaround, .flags = FIELD_NULLABLE, .choices = triage_workaround, .doc = "Is there a workaround? null: not known"), \
    FIELD(T, security, .flags = FIELD_NULLABLE, .choices = triage_security, .doc = "Is security breached? null: not known")

const struct field assessment_fields[] = {
    FIELD(struct assessment, incident_id, .flags = FIELD_HIDDEN),
    FACTORS(struct assessment),
    FIELD(struct assessment, proposed, .flags = FIELD_NULLABLE, .doc = "Severity that follows from it"),
    FIELD(struct assessment, chosen, .flags = FIELD_NULLABLE, .doc = "Severity that was chosen"),
    FIELD(struct assessment, reason, .doc = "Why another one was chosen"),
    FIELD(struct assessment, by_id, .doc = "Who assessed it"),
    FIELD(struct assessment, by_name, .doc = "Their name then"),
    FIELD(struct assessment, at, .doc = "When"),
    {0},
};

const struct field assessment_input_fields[] = {
    FACTORS(struct assessment_input),
    FIELD(struct assessment_input, severity, .flags = FIELD_NULLABLE, .max = 16, .doc = "Severity to set: the proposed one, or another with its reason"),
    FIELD(struct assessment_input, reason, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why another than the proposed one"),
    {0},
};

static const char *const verdicts[] = {"confirmed", "unconfirmed", "false_alarm", NULL};

const struct field confirmation_fields[] = {
    FIELD(struct confirmation, verdict, .flags = FIELD_REQUIRED, .choices = verdicts, .doc = "`confirmed`, `unconfirmed` so far, or `false_alarm`: it is declined"),
    FIELD(struct confirmation, alerts, .doc = "The alerts were looked at"),
    FIELD(struct confirmation, dashboards, .doc = "The dashboards were looked at"),
    FIELD(struct confirmation, reproduced, .doc = "It was reproduced"),
    FIELD(struct confirmation, text, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "What was seen"),
    {0},
};

#define N_FACTORS 5 /* the first of assessment_input_fields */

bool assessment_factors_given(uint64_t given)
{
    return given & ((UINT64_C(1) << N_FACTORS) - 1);
}

/* Where a pack has no matrix of its own. */
static const int64_t users_at_least[] = {100, 26, 5, 0};
static const struct pack_factor common[] = {
    {.name = {"Users affected", 14}, .input = {"users", 5}},
    {.name = {"Impact on revenue", 17}, .input = {"revenue", 7}},
    {.name = {"Data at risk", 12}, .input = {"data", 4}},
    {.name = {"Workaround", 10}, .input = {"workaround", 10}},
    {.name = {"Security breached", 17}, .input = {"security", 8}},
};

static int64_t users_rank(const struct pack_factor *f, int64_t severities, int64_t percent)
{
    const int64_t *least = f->nat_least ? f->at_least : users_at_least;
    int64_t n = f->nat_least ? (int64_t)f->nat_least : 4;

    if (percent == INT_NONE)
        return 0;
    for (int64_t r = 0; r < n; r++)
        if (percent >= least[r])
            return r + 1 < severities ? r + 1 : severities;
    return severities;
}

/* The answers go from the worst to the harmless one, as the levels do. A level that says no more than
 * the last is for the harmless answer only, so an answer that lands there goes to the level above; and
 * of levels with the same words the lightest is meant: which of them it is, other factors tell. */
static int64_t choice_rank(const struct pack_factor *f, int64_t severities, const char *const *choices, struct str answer)
{
    int64_t at = 0, last = 0;

    while (choices[last + 1])
        last++;
    while (at <= last && !str_eq(answer, str_from(choices[at])))
        at++;
    if (at > last)
        return 0;
    int64_t r = at < severities ? at : severities - 1;
    if (at == last || !f->nlevels)
        return at == last ? severities : r + 1;
    while (r > 0 && str_eq(f->levels[r], f->levels[severities - 1]))
        r--;
    while (r + 1 < severities && str_eq(f->levels[r + 1], f->levels[r]))
        r++;
    return r + 1;
}

static int64_t rank_of(const struct pack_factor *f, int64_t severities, const struct assessment *in)
{
    if (str_eq(f->input, S("users")))
        return users_rank(f, severities, in->users_percent);
    if (str_eq(f->input, S("revenue")))
        return choice_rank(f, severities, triage_revenue, in->revenue);
    if (str_eq(f->input, S("data")))
        return choice_rank(f, severities, triage_data, in->data);
    if (str_eq(f->input, S("workaround")))
        return choice_rank(f, severities, triage_workaround, in->workaround);
    return choice_rank(f, severities, triage_security, in->security);
}

void triage_assess(const struct pack *p, const struct assessment *in, struct triage_verdict *out)
{
    const struct pack_factor *f = p->nimpact ? p->impact : common;
    size_t n = p->nimpact ? p->nimpact : sizeof common / sizeof *common;
    int64_t worst = 0;

    *out = (struct triage_verdict){0};
    for (size_t k = 0; k < n && out->n < TRIAGE_MAX_FACTORS; k++) {
        if (!f[k].input.len)
            continue; /* people judge */
        struct triage_factor *v = &out->v[out->n++];
        *v = (struct triage_factor){.name = f[k].name, .input = f[k].input,
            .rank = rank_of(&f[k], (int64_t)p->nseverities, in)};
        if (v->rank && f[k].nlevels)
            v->level = f[k].levels[v->rank - 1];
        out->unknown += !v->rank;
        if (v->rank && (!worst || v->rank < worst))
            worst = v->rank;
    }
    if (worst)
        out->severity = &p->severities[worst - 1];
}

int64_t triage_time(const struct pack *p)
{
    for (size_t k = 0; k < p->nphases; k++)
        for (size_t s = 0; s < p->phases[k].nstatuses; s++)
            if (str_eq(p->phases[k].statuses[s], S("triage")) && p->phases[k].within_us > 0)
                return p->phases[k].within_us;
    return TRIAGE_US;
}

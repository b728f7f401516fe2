/* Commands of triage: assessing, verifying, classifying, letting in, preserving. */
#include "domain/incident.h"
#include "engine/access.h"
#include "engine/classify.h"
#include "engine/evidence.h"
#include "engine/triage.h"
#include "scenario.h"
#include "store/evidence.h"

/* assess alice [users 30] [revenue low] [data no] [workaround easy] [security no] [severity SEV2 ["why"]] */
static bool op_assess(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str users = word_after(s, 2, "users");
    struct assessment_input in = {.users_percent = INT_NONE,
        .revenue = word_after(s, 2, "revenue"),
        .data = word_after(s, 2, "data"),
        .workaround = word_after(s, 2, "workaround"),
        .security = word_after(s, 2, "security"),
        .severity = word_after(s, 2, "severity"),
        .reason = quoted(s)};
    struct incident out;

    if (users.len)
        str_int(users, &in.users_percent);
    bool factors = users.len || in.revenue.len || in.data.len || in.workaround.len || in.security.len;
    return engine_assess(op, incident_ref(s), &in, factors, &out, err); /* bit 0 is a factor */
}

static bool op_confirm(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct confirmation in = {.verdict = s->words[2],
        .alerts = has_word(s, 3, "alerts"),
        .dashboards = has_word(s, 3, "dashboards"),
        .reproduced = has_word(s, 3, "reproduced"),
        .text = quoted(s)};
    struct incident out;

    return engine_confirm(op, incident_ref(s), &in, &out, err);
}

static bool op_classify(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct classification in = {.class = s->words[2], .reason = quoted(s), .aware_at = time_after(s, "aware")};
    struct incident out;

    return engine_classify(op, incident_ref(s), &in, &out, err);
}

/* deadline alice gdpr done "sent to the authority" */
static bool op_deadline(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct clock_change in = {.state = s->words[3], .reason = quoted(s)};
    struct incident out;

    return engine_clock(op, incident_ref(s), s->words[2], &in, &out, err);
}

static bool op_team(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;

    return engine_team(op, s->words[1], value_of(s, "SELECT id FROM policy WHERE name = '%.*s'", STR(s->words[2])), err);
}

static bool op_invite(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct access_change in = {.user_id = user_id(s, s->words[2]), .reason = quoted(s)};
    struct incident out;

    return engine_invite(op, incident_ref(s), &in, &out, err);
}

/* restrict, unrestrict, hold, release, break: alice "why" */
static bool op_access(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct access_change in = {.reason = quoted(s)};
    struct str what = s->words[0];
    struct incident out;

    if (str_eq(what, S("restrict")))
        return engine_restrict(op, incident_ref(s), &in, &out, err);
    if (str_eq(what, S("unrestrict")))
        return engine_unrestrict(op, incident_ref(s), &in, &out, err);
    if (str_eq(what, S("hold")))
        return engine_hold(op, incident_ref(s), &in, &out, err);
    if (str_eq(what, S("release")))
        return engine_hold_release(op, incident_ref(s), &in, &out, err);
    return engine_break_glass(op, incident_ref(s), &in, &out, err);
}

static bool op_preserve(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct evidence_input in = {.name = s->words[2], .text = quoted(s)};
    struct evidence out;

    return engine_evidence_add(op, incident_ref(s), &in, &out, err);
}

static bool op_destroy(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str id = value_of(s, "SELECT id FROM evidence WHERE name = '%.*s'", STR(s->words[2]));
    struct incident out;

    return engine_evidence_remove(op, incident_ref(s), id, quoted(s), &out, err);
}

/* What the statement itself does, past every rule above it. */
static bool op_erase(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;

    return evidence_delete(op->db, value_of(s, "SELECT id FROM evidence WHERE name = '%.*s'", STR(s->words[1])), err);
}

const struct scenario_operation triage_operations[] = {
    {"assess", op_assess, true},
    {"break", op_access, true},
    {"classify", op_classify, true},
    {"confirm", op_confirm, true},
    {"deadline", op_deadline, true},
    {"destroy", op_destroy, true},
    {"erase", op_erase, false},
    {"hold", op_access, true},
    {"invite", op_invite, true},
    {"preserve", op_preserve, true},
    {"release", op_access, true},
    {"restrict", op_access, true},
    {"team", op_team, false},
    {"unrestrict", op_access, true},
    {0},
};

/* Stopping the harm: the action log, the decision, the rollout. */
#include "engine/decision.h"
#include "engine/mitigation.h"
#include "engine/probe.h"
#include "engine/rollout.h"
#include "engine/task.h"
#include "scenario.h"
#include "store/task.h"

static struct str latest(struct scenario *s, const char *table)
{
    return value_of(s,
        "SELECT x.id FROM %s x JOIN incident i ON i.id = x.incident_id WHERE i.number = '%.*s'"
        " ORDER BY x.created_at DESC, x.id DESC LIMIT 1",
        table, STR(incident_ref(s)));
}

/* mitigate WHO KIND "text" [at -5m] [effect better] */
bool op_mitigate(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct mitigation out, in = {.kind = s->words[2],
                               .text = quoted(s),
                               .effect = word_after(s, 3, "effect"),
                               .at = time_after(s, "at")};

    return engine_mitigate(op, incident_ref(s), &in, &out, err);
}

/* judge WHO EFFECT ["result"] */
bool op_judge(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct mitigation_change in = {.effect = s->words[2], .result = quoted(s)};
    struct mitigation out = {0};

    return engine_mitigation_judge(op, incident_ref(s), latest(s, "mitigation"), &in, &out, err);
}

/* ask WHO [deploy yes] [risk yes] [loses yes] [understood yes] [simple yes] [fix 40m] [back 10m] */
bool op_ask(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct decision_facts in = {.recent_deploy = word_after(s, 2, "deploy"),
        .data_at_risk = word_after(s, 2, "risk"),
        .rollback_loses_data = word_after(s, 2, "loses"),
        .cause_understood = word_after(s, 2, "understood"),
        .fix_simple = word_after(s, 2, "simple"),
        .fix_takes = INT64_MIN,
        .rollback_takes = INT64_MIN};
    struct decision out;

    duration_parse(word_after(s, 2, "fix"), &in.fix_takes);
    duration_parse(word_after(s, 2, "back"), &in.rollback_takes);
    return engine_decision_ask(op, incident_ref(s), &in, &out, err);
}

/* choose WHO rollback|fix_forward ["why"] */
bool op_choose(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct decision_choice in = {.choice = s->words[2], .why = quoted(s)};
    struct decision out = {0};

    return engine_decision_choose(op, incident_ref(s), latest(s, "decision"), &in, &out, err);
}

/* rollout WHO "title" */
bool op_rollout(struct op *op, void *arg, struct error *err)
{
    struct rollout out;

    return engine_rollout_start(op, incident_ref(arg), quoted(arg), &out, err);
}

/* healthy WHO ["why before its time"], failing WHO ["what is seen"] */
bool op_health(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    bool good = str_eq(s->words[0], S("healthy"));
    struct rollout_check in = {.health = good ? S("passing") : S("failing"),
        .reason = good ? quoted(s) : STR_NONE,
        .note = good ? STR_NONE : quoted(s),
        .stage = INT64_MIN};
    struct rollout out = {0};

    return engine_rollout_check(op, incident_ref(s), latest(s, "rollout"), &in, &out, err);
}

/* rolled_back WHO ["why"] */
bool op_rolled_back(struct op *op, void *arg, struct error *err)
{
    struct rollout out = {0};

    return engine_rollout_back(
        op, incident_ref(arg), latest(arg, "rollout"), quoted(arg), &out, err);
}

/* check WHO "part of a check" | check WHO all: what people have to verify; skip WHO "…": it does not apply */
bool op_check(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str part = quoted(s);
    bool skip = str_eq(s->words[0], S("skip"));
    struct task_change in = {
        .state = skip ? S("skipped") : S("done"), .note = skip ? S("does not apply") : STR_NONE};
    struct str id = value_of(s, "SELECT id FROM incident WHERE number = '%.*s'", STR(incident_ref(s)));
    struct list checks;
    struct task out = {0};
    bool found = false;

    if (!task_of_list(op->db, op->arena, id, S("verify"), &checks, err))
        return false;
    const struct task *t = checks.v;
    for (size_t k = 0; k < checks.n; k++) {
        if (!str_eq(t[k].state, S("open")) || (part.len && !str_contains(t[k].text, part)))
            continue;
        found = true;
        if (!engine_task_set(op, incident_ref(s), t[k].id, &in, &out, err))
            return false;
    }
    return found || fail(err, NOT_FOUND, "there is no such check");
}

/* probe SERVICE NAME: whether it passes is what `provider NAME up` or `down` says */
bool op_probe(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct probe p = {.name = s->words[2], .kind = S("tcp"), .target = S("shop.example.org:443")};

    return engine_probe_add(op,
        value_of(s, "SELECT id FROM service WHERE name = '%.*s'", STR(s->words[1])), &p, err);
}

/* undone N: so many lines would a rollback take along, says the newest decision */
bool expect_undone(struct scenario *s)
{
    struct str rest = value_of(s, "SELECT undone FROM decision ORDER BY version DESC LIMIT 1"), line;
    int64_t want, n = 0;

    for (; rest.ptr; n++)
        rest = str_cut(rest, '\n', &line);
    return (str_int(s->words[2], &want) && want == n) ||
           scenario_fail(s, "there are %lld", (long long)n);
}

/* Stopping the harm: the action log, the decision, the rollout. */
#include "engine/decision.h"
#include "engine/mitigation.h"
#include "engine/rollout.h"
#include "scenario.h"

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

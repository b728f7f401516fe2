/* The tables. Order matters once: severities come first, for ranks are written as their ids. */
#include "domain/pack_shape.h"

#include "domain/pack.h"

/* The key comes first of the rest, so that the rest is never empty. */
#define MAY(k, T, m, ...)                                                                          \
    {                                                                                              \
        .kind = PACK_##k, .offset = offsetof(T, m), .key = __VA_ARGS__                             \
    }
#define NEED(k, T, m, ...) MAY(k, T, m, __VA_ARGS__, .required = true)
#define MANY(T, m) .count_offset = offsetof(T, n##m)
#define LEAST(T, m) .count_offset = offsetof(T, m)
#define OF(name) .shape = &name##_shape
#define CHOICES(...) .choices = (const char *const[]){__VA_ARGS__, NULL}
#define SHAPE(name, ...)                                                                           \
    static const struct pack_shape name##_shape = {.members = name##_members, .size = __VA_ARGS__}

const char *const pack_public_statuses[] = {
    "investigating", "identified", "monitoring", "resolved", NULL};
const char *const pack_inputs[] = {"users", "revenue", "data", "workaround", "security", NULL};
const char *const pack_rules[] = {
    "recent_deploy", "slow_fix", "data_at_risk", "rollback_loses_data", "simple_fix", NULL};

const char *const pack_proofs[] = {"alerts", "probes", "soak", NULL};

#define T struct pack_severity
static const struct pack_member severity_members[] = {
    NEED(ID, T, id, "id"),
    NEED(INT, T, rank, "rank"),
    NEED(TEXT, T, name, "name"),
    NEED(TEXT, T, criteria, "criteria"),
    NEED(TEXTS, T, examples, "examples", MANY(T, examples)),
    NEED(BOOL, T, pages, "pages"),
    MAY(BOOL, T, business_hours, "business_hours"),
    MAY(DURATION, T, acknowledge_us, "acknowledge"),
    MAY(RESPONSE, T, respond_us, "respond"),
    MAY(RANGE, T, update_us, "update", LEAST(T, update_least_us)),
    MAY(RANGE, T, soak_most_us, "soak", LEAST(T, soak_us)),
    MAY(DURATION, T, postmortem_us, "postmortem"),
    MAY(TEXTS, T, actions, "actions", MANY(T, actions)),
    {0},
};
SHAPE(severity, sizeof(T), .has_id = true);
#undef T

#define T struct pack_factor
static const struct pack_member factor_members[] = {
    NEED(TEXT, T, name, "name"),
    MAY(TEXT, T, input, "input", .choices = pack_inputs),
    NEED(TEXTS, T, levels, "levels", MANY(T, levels)),
    MAY(INTS, T, at_least, "at_least", MANY(T, at_least)),
    {0},
};
SHAPE(factor, sizeof(T));
#undef T

#define T struct pack_status
static const struct pack_member status_members[] = {
    NEED(ID, T, status, "status"),
    NEED(TEXT, T, name, "name"),
    MAY(TEXT, T, public_status, "public", .choices = pack_public_statuses),
    {0},
};
SHAPE(status, sizeof(T), .has_id = true);
#undef T

#define T struct pack_word
static const struct pack_member word_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    {0},
};
SHAPE(word, sizeof(T), .has_id = true);
#undef T

#define T struct pack_item
static const struct pack_member item_members[] = {
    NEED(TEXT, T, text, "text"),
    MAY(TEXT, T, group, "group"),
    MAY(ID, T, role, "role"),
    MAY(RANKS, T, ranks, "severities"),
    {0},
};
SHAPE(item, sizeof(T), .shorthand = true);
#undef T

#define T struct pack_phase
static const struct pack_member phase_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(TEXT, T, objective, "objective"),
    MAY(DURATION, T, from_us, "from"),
    MAY(DURATION, T, within_us, "within"),
    MAY(RANGE, T, most_us, "lasts", LEAST(T, least_us)),
    NEED(TEXTS, T, statuses, "statuses", MANY(T, statuses)),
    MAY(LIST, T, checklist, "checklist", MANY(T, checklist), OF(item)),
    {0},
};
SHAPE(phase, sizeof(T), .has_id = true);
#undef T

#define T struct pack_role
static const struct pack_member role_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(TEXTS, T, duties, "duties", MANY(T, duties)),
    NEED(RANKS, T, ranks, "required"),
    MAY(BOOL, T, repairs, "repairs"),
    {0},
};
SHAPE(role, sizeof(T), .has_id = true);
#undef T

#define T struct pack_war_room
static const struct pack_member war_room_members[] = {
    NEED(RANKS, T, ranks, "severities"),
    MAY(DURATION, T, after_us, "after"),
    NEED(DURATION, T, check_in_us, "check_in"),
    NEED(TEXTS, T, questions, "questions", MANY(T, questions)),
    MAY(TEXTS, T, rules, "rules", MANY(T, rules)),
    MAY(LIST, T, checklist, "checklist", MANY(T, checklist), OF(item)),
    {0},
};
SHAPE(war_room, sizeof(T));
#undef T

#define T struct pack_cadence
static const struct pack_member cadence_members[] = {
    NEED(RANKS, T, ranks, "severities"),
    MAY(DURATION, T, first_us, "first"),
    MAY(RANGE, T, every_us, "every", LEAST(T, every_least_us)),
    MAY(TEXT, T, note, "note"),
    {0},
};
SHAPE(cadence, sizeof(T));
#undef T

#define T struct pack_audience
static const struct pack_member audience_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    MAY(BOOL, T, external, "external"),
    MAY(TEXT, T, shown_on, "shown_on", CHOICES("incident", "status_page")),
    MAY(TEXTS, T, channels, "channels", MANY(T, channels)),
    MAY(LIST, T, cadence, "cadence", MANY(T, cadence), OF(cadence)),
    {0},
};
SHAPE(audience, sizeof(T), .has_id = true);
#undef T

#define T struct pack_template
static const struct pack_member template_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(ID, T, audience, "audience"),
    MAY(TEXT, T, moment, "moment", CHOICES("initial", "update", "resolution")),
    MAY(RANKS, T, ranks, "severities"),
    NEED(BODY, T, body, "body"),
    {0},
};
SHAPE(template, sizeof(T), .has_id = true);
#undef T

#define T struct pack_clock
static const struct pack_member clock_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(DURATION, T, after_us, "after"),
    {0},
};
SHAPE(clock, sizeof(T), .has_id = true);
#undef T

#define T struct pack_class
static const struct pack_member class_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(TEXTS, T, examples, "examples", MANY(T, examples)),
    MAY(TEXTS, T, steps, "steps", MANY(T, steps)),
    MAY(TEXTS, T, roles, "roles", MANY(T, roles)),
    MAY(BOOL, T, restricted, "restricted"),
    MAY(BOOL, T, evidence_hold, "evidence_hold"),
    MAY(LIST, T, clocks, "clocks", MANY(T, clocks), OF(clock)),
    {0},
};
SHAPE(class, sizeof(T), .has_id = true);
#undef T

#define T struct pack_proof
static const struct pack_member proof_members[] = {
    NEED(TEXT, T, text, "text"),
    MAY(TEXT, T, by, "by", .choices = pack_proofs),
    {0},
};
SHAPE(proof, sizeof(T), .shorthand = true);
#undef T

#define T struct pack_stage
static const struct pack_member stage_members[] = {
    NEED(TEXT, T, name, "name"),
    NEED(INT, T, percent, "percent"),
    MAY(INT, T, percent_least, "percent_least"),
    MAY(RANGE, T, watch_us, "watch", LEAST(T, watch_least_us)),
    {0},
};
SHAPE(stage, sizeof(T));
#undef T

#define VERDICTS CHOICES("rollback", "fix_forward")
#define T struct pack_rule
static const struct pack_member rule_members[] = {
    NEED(ID, T, id, "id", .choices = pack_rules),
    NEED(TEXT, T, text, "text"),
    NEED(TEXT, T, verdict, "verdict", VERDICTS),
    MAY(BOOL, T, veto, "veto"),
    MAY(RANKS, T, ranks, "severities"),
    MAY(INT, T, times, "times"),
    {0},
};
SHAPE(rule, sizeof(T), .has_id = true);
#undef T

#define T struct pack_decision
static const struct pack_member decision_members[] = {
    NEED(LIST, T, rules, "rules", MANY(T, rules), OF(rule)),
    NEED(TEXT, T, otherwise, "otherwise", VERDICTS),
    {0},
};
SHAPE(decision, sizeof(T));
#undef T

#define T struct pack_section
static const struct pack_member section_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, title, "title"),
    NEED(BODY, T, body, "body"),
    {0},
};
SHAPE(section, sizeof(T), .has_id = true);
#undef T

#define T struct pack_topic
static const struct pack_member topic_members[] = {
    NEED(TEXT, T, name, "name"),
    NEED(DURATION, T, length_us, "length"),
    MAY(TEXTS, T, points, "points", MANY(T, points)),
    {0},
};
SHAPE(topic, sizeof(T));
#undef T

#define T struct pack_meeting
static const struct pack_member meeting_members[] = {
    NEED(DURATION, T, length_us, "length"),
    NEED(TEXTS, T, attendees, "attendees", MANY(T, attendees)),
    NEED(LIST, T, agenda, "agenda", MANY(T, agenda), OF(topic)),
    {0},
};
SHAPE(meeting, sizeof(T));
#undef T

#define T struct pack_postmortem
static const struct pack_member postmortem_members[] = {
    NEED(TEXT, T, title, "title"),
    MAY(TEXTS, T, principles, "principles", MANY(T, principles)),
    MAY(TEXTS, T, questions, "questions", MANY(T, questions)),
    MAY(LIST, T, statuses, "statuses", MANY(T, statuses), OF(word)),
    NEED(LIST, T, sections, "sections", MANY(T, sections), OF(section)),
    MAY(OBJECT, T, meeting, "meeting", OF(meeting)),
    {0},
};
SHAPE(postmortem, sizeof(T));
#undef T

#define T struct pack_kpi
static const struct pack_member kpi_members[] = {
    NEED(TEXT, T, metric, "metric",
        CHOICES("mttd", "mtta", "mttr", "mtbf", "response_on_time", "update_on_time",
            "postmortem_on_time", "actions_done", "repeat_incidents", "frequency")),
    NEED(TEXT, T, comparison, "comparison",
        CHOICES("below", "at_most", "above", "at_least", "higher", "lower")),
    MAY(RANKS, T, ranks, "severities"),
    MAY(DURATION, T, target_us, "target"),
    MAY(INT, T, percent, "percent"),
    MAY(TEXT, T, note, "note"),
    {0},
};
SHAPE(kpi, sizeof(T));
#undef T

#define T struct pack_step
static const struct pack_member step_members[] = {
    NEED(TEXT, T, text, "text"),
    MAY(TEXT, T, group, "group"),
    MAY(TEXT, T, when, "when"),
    MAY(BODY, T, command, "command"),
    MAY(TEXT, T, expected, "expected"),
    MAY(DURATION, T, within_us, "within"),
    {0},
};
SHAPE(step, sizeof(T), .shorthand = true);
#undef T

#define T struct pack_runbook
static const struct pack_member runbook_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, title, "title"),
    NEED(TEXT, T, scenario, "scenario"),
    MAY(TEXT, T, category, "category"),
    MAY(TEXTS, T, symptoms, "symptoms", MANY(T, symptoms)),
    MAY(LIST, T, steps, "steps", MANY(T, steps), OF(step)),
    MAY(DURATION, T, escalate_us, "escalate_after"),
    MAY(TEXT, T, escalate_to, "escalate_to"),
    {0},
};
SHAPE(runbook, sizeof(T), .has_id = true);
#undef T

#define T struct pack_check
static const struct pack_member check_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    MAY(TEXT, T, source, "source"),
    {0},
};
SHAPE(check, sizeof(T), .has_id = true);
#undef T

#define T struct pack_feedback
static const struct pack_member feedback_members[] = {
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, gap, "gap"),
    NEED(TEXT, T, to, "to"),
    NEED(TEXT, T, example, "example"),
    {0},
};
SHAPE(feedback, sizeof(T), .has_id = true);
#undef T

#define T struct pack_on_call
static const struct pack_member on_call_members[] = {
    NEED(TEXTS, T, tiers, "tiers", MANY(T, tiers)),
    MAY(TEXTS, T, expectations, "expectations", MANY(T, expectations)),
    MAY(TEXTS, T, authority, "authority", MANY(T, authority)),
    MAY(BOOL, T, handoff_required, "handoff_required"),
    MAY(BODY, T, handoff, "handoff"),
    {0},
};
SHAPE(on_call, sizeof(T));
#undef T

#define T struct pack_anti_pattern
static const struct pack_member anti_pattern_members[] = {
    NEED(TEXT, T, name, "name"),
    NEED(TEXT, T, why, "why"),
    {0},
};
SHAPE(anti_pattern, sizeof(T));
#undef T

#define T struct pack_experiment
static const struct pack_member experiment_members[] = {
    NEED(TEXT, T, name, "name"),
    NEED(TEXT, T, tests, "tests"),
    NEED(TEXT, T, needs, "needs"),
    {0},
};
SHAPE(experiment, sizeof(T));
#undef T

#define T struct pack_game_day
static const struct pack_member game_day_members[] = {
    NEED(DURATION, T, every_us, "every"),
    MAY(TEXTS, T, questions, "questions", MANY(T, questions)),
    MAY(TEXTS, T, rules, "rules", MANY(T, rules)),
    MAY(LIST, T, experiments, "experiments", MANY(T, experiments), OF(experiment)),
    {0},
};
SHAPE(game_day, sizeof(T));
#undef T

#define T struct pack
static const struct pack_member pack_members[] = {
    NEED(LIST, T, severities, "severities", MANY(T, severities), OF(severity)),
    NEED(ID, T, id, "id"),
    NEED(TEXT, T, name, "name"),
    NEED(TEXT, T, summary, "summary"),
    NEED(TEXT, T, source, "source"),
    NEED(ID, T, language, "language"),
    MAY(LIST, T, impact, "impact", MANY(T, impact), OF(factor)),
    NEED(LIST, T, statuses, "statuses", MANY(T, statuses), OF(status)),
    NEED(LIST, T, public_statuses, "public_statuses", MANY(T, public_statuses), OF(word)),
    NEED(LIST, T, phases, "phases", MANY(T, phases), OF(phase)),
    MAY(LIST, T, iterations, "iterations", MANY(T, iterations), OF(phase)),
    NEED(LIST, T, roles, "roles", MANY(T, roles), OF(role)),
    NEED(ID, T, commander, "commander"),
    MAY(TEXT, T, channel, "channel"),
    MAY(OBJECT, T, war_room, "war_room", OF(war_room)),
    NEED(LIST, T, audiences, "audiences", MANY(T, audiences), OF(audience)),
    NEED(LIST, T, templates, "templates", MANY(T, templates), OF(template)),
    MAY(LIST, T, classes, "classes", MANY(T, classes), OF(class)),
    NEED(LIST, T, verification, "verification", MANY(T, verification), OF(proof)),
    MAY(LIST, T, rollout, "rollout", MANY(T, rollout), OF(stage)),
    MAY(OBJECT, T, decision, "decision", OF(decision)),
    NEED(OBJECT, T, postmortem, "postmortem", OF(postmortem)),
    NEED(LIST, T, kpis, "kpis", MANY(T, kpis), OF(kpi)),
    MAY(TEXT, T, kpi_review, "kpi_review"),
    MAY(LIST, T, dashboard, "dashboard", MANY(T, dashboard), OF(word)),
    MAY(LIST, T, runbooks, "runbooks", MANY(T, runbooks), OF(runbook)),
    MAY(BODY, T, runbook_template, "runbook_template"),
    MAY(LIST, T, readiness, "readiness", MANY(T, readiness), OF(check)),
    MAY(LIST, T, readiness_decisions, "readiness_decisions", MANY(T, readiness_decisions), OF(word)),
    MAY(LIST, T, feedback, "feedback", MANY(T, feedback), OF(feedback)),
    MAY(LIST, T, documents, "documents", MANY(T, documents), OF(word)),
    MAY(LIST, T, brief, "brief", MANY(T, brief), OF(word)),
    MAY(OBJECT, T, on_call, "on_call", OF(on_call)),
    MAY(LIST, T, practices, "practices", MANY(T, practices), OF(anti_pattern)),
    MAY(LIST, T, anti_patterns, "anti_patterns", MANY(T, anti_patterns), OF(anti_pattern)),
    MAY(OBJECT, T, game_day, "game_day", OF(game_day)),
    {0},
};
const struct pack_shape pack_shape = {.size = sizeof(T), .members = pack_members};
#undef T

/* Roll back or fix forward: the rules of the method, judged one by one.
 *
 * A veto is looked at before everything else: the method's own sample rolls back a P1 before it asks
 * whether that would lose data, ours cannot. Then the rules in the method's order; the first that
 * holds decides, and if none does the method's default. What nobody knows is a value of its own: a
 * rule that hangs on it is `unknown`, does not decide, and is named when its answer could still turn
 * the recommendation. The decision itself is a person's. */
#pragma once

#include "base/field.h"

struct pack_decision;

#define DECISION_MAX_RULES 20

extern const char *const decision_answers[]; /* unknown, yes, no */
extern const char *const decision_verdicts[]; /* rollback, fix_forward */

/* What is known. */
struct decision_facts {
    struct str recent_deploy, data_at_risk, rollback_loses_data, cause_understood, fix_simple;
    int64_t fix_takes, rollback_takes; /* estimates; INT_NONE: unknown */
    struct str undone;           /* later changes that a rollback would take along, a line each */
};
extern const struct field decision_facts_fields[];

enum decision_holds { DECISION_NO, DECISION_YES, DECISION_UNKNOWN };

struct decision_judgement {
    enum decision_holds holds[DECISION_MAX_RULES];
    int by;              /* the rule that decides; -1: none does */
    struct str verdict;
    bool open[DECISION_MAX_RULES]; /* unknown, and would turn the verdict if it held */
    bool provisional;    /* one of them is */
};
/* The rules of the pack, or the usual ones if it has none. */
const struct pack_decision *decision_rules(const struct pack_decision *of_pack);
/* `rank` of the severity, 0: unknown. Rules past DECISION_MAX_RULES are not looked at. */
void decision_judge(const struct pack_decision *rules, const struct decision_facts *facts, int64_t rank,
    struct decision_judgement *out);
/* Why: the words of the rule that decided, or that none spoke, and what could still turn it. */
struct str decision_reason(struct arena *a, const struct pack_decision *rules, const struct decision_judgement *j);

/* What was asked, recommended and decided. Other facts make another version; the old ones stay. */
struct decision {
    struct str id;
    struct str incident_id;
    int64_t version; /* from 1 */
    struct str severity;
    struct str recent_deploy, data_at_risk, rollback_loses_data, cause_understood, fix_simple;
    int64_t fix_takes, rollback_takes;
    struct str undone;
    struct str recommendation, reason;
    bool provisional;
    struct str verdicts; /* JSON: every rule with its own */
    struct str asked_by, asked_name;
    instant created_at;
    struct str choice, why; /* of a person; `why` when it is not the recommendation */
    struct str decided_by, decided_name;
    instant decided_at;
};
extern const struct field decision_fields[];

struct decision_choice {
    struct str choice, why;
};
extern const struct field decision_choice_fields[];
/* FAILS naming `why` when the choice goes against the recommendation without a reason. */
bool decision_choice_valid(const struct decision *d, const struct decision_choice *in, struct error *err);

/* Every combination of what can be known, against what the method says. */
#include "domain/decision.h"

#include "domain/pack.h"
#include "test.h"

static const struct pack_decision none;
static const int64_t times[] = {INT_NONE, 0, 10, 20, 21, 50};
#define NTIMES (sizeof times / sizeof *times)

/* The five answers from a number in base 3. */
static struct decision_facts facts_of(int n)
{
    struct str v[5];

    for (int k = 0; k < 5; k++, n /= 3)
        v[k] = str_from(decision_answers[n % 3]);
    return (struct decision_facts){v[0], v[1], v[2], v[3], v[4], INT_NONE, INT_NONE, STR_NONE};
}

static bool yes(struct str s)
{
    return str_eq(s, S("yes"));
}

/* The method written down a second time, as plainly as it can be. */
static const char *by_the_book(const struct decision_facts *f, int64_t rank)
{
    if (yes(f->rollback_loses_data))
        return "fix_forward";
    if (yes(f->recent_deploy) && rank == 1)
        return "rollback";
    if (f->fix_takes != INT_NONE && f->rollback_takes != INT_NONE && f->fix_takes > 2 * f->rollback_takes)
        return "rollback";
    if (yes(f->data_at_risk))
        return "rollback";
    if (yes(f->cause_understood) && yes(f->fix_simple))
        return "fix_forward";
    return "rollback";
}

TEST(every_combination_is_decided_by_the_book_and_with_a_reason)
{
    const struct pack_decision *rules = decision_rules(&none);
    struct decision_judgement j;

    for (int n = 0; n < 243; n++)
        for (int64_t rank = 0; rank <= 5; rank++)
            for (size_t x = 0; x < NTIMES; x++)
                for (size_t y = 0; y < NTIMES; y++) {
                    struct decision_facts f = facts_of(n);
                    f.fix_takes = times[x];
                    f.rollback_takes = times[y];
                    decision_judge(rules, &f, rank, &j);
                    CHECK_STR(j.verdict, str_from(by_the_book(&f, rank)));
                    if (yes(f.rollback_loses_data)) {
                        CHECK_STR(j.verdict, S("fix_forward"));
                        CHECK(!j.provisional); /* nothing can turn a veto */
                    }
                    struct str why = decision_reason(a, rules, &j);
                    CHECK(why.len > 0);
                    CHECK_INT(str_contains(why, S("Still unknown")), j.provisional);
                }
}

/* What is unknown and not said to be able to turn the verdict, cannot; what is said to, can. */
TEST(what_could_turn_it_is_named)
{
    const struct pack_decision *rules = decision_rules(&none);
    struct decision_judgement j, k;

    for (int n = 0; n < 243; n++)
        for (int64_t rank = 0; rank <= 2; rank++) {
            struct decision_facts f = facts_of(n);
            decision_judge(rules, &f, rank, &j);
            bool turned = false;
            for (int m = 0; m < 243; m++)
                for (int64_t r = rank ? rank : 1; r <= (rank ? rank : 2); r++)
                    for (int slow = 0; slow < 2; slow++) {
                        struct decision_facts g = facts_of(m);
                        const struct str *before = &f.recent_deploy, *after = &g.recent_deploy;
                        bool further = true; /* what was known stays */
                        for (int q = 0; q < 5; q++)
                            further &= str_eq(before[q], S("unknown")) || str_eq(before[q], after[q]);
                        if (!further)
                            continue;
                        g.fix_takes = slow ? 3 : 1;
                        g.rollback_takes = 1;
                        decision_judge(rules, &g, r, &k);
                        turned |= !str_eq(j.verdict, k.verdict);
                    }
            CHECK_INT(turned, j.provisional);
        }
}

TEST(times_move_it_one_way_only)
{
    const struct pack_decision *rules = decision_rules(&none);
    struct decision_judgement j;

    for (int n = 0; n < 243; n++)
        for (int64_t rank = 0; rank <= 2; rank++)
            for (int64_t other = 0; other <= 30; other += 10) {
                bool back = false, forward = false;
                for (int64_t takes = 0; takes <= 70; takes++) {
                    struct decision_facts f = facts_of(n);
                    f.fix_takes = takes;
                    f.rollback_takes = other;
                    decision_judge(rules, &f, rank, &j);
                    bool rollback = str_eq(j.verdict, S("rollback"));
                    CHECK(!back || rollback); /* a longer fix never speaks for the fix */
                    back |= rollback;
                    f.fix_takes = other;
                    f.rollback_takes = takes;
                    decision_judge(rules, &f, rank, &j);
                    rollback = str_eq(j.verdict, S("rollback"));
                    CHECK(!forward || !rollback || !yes(f.cause_understood) || !yes(f.fix_simple));
                    forward |= !rollback;
                }
            }
}

TEST(slow_is_more_than_so_many_times)
{
    struct pack_rule rule = {.id = S("slow_fix"), .text = S("slow"), .verdict = S("rollback"), .times = 3};
    struct pack_decision own = {.rules = &rule, .nrules = 1, .otherwise = S("fix_forward")};
    struct decision_facts f = {.fix_takes = 30, .rollback_takes = 10};
    struct decision_judgement j;

    CHECK(decision_rules(&own) == &own);
    decision_judge(&own, &f, 1, &j);
    CHECK_STR(j.verdict, S("fix_forward"));
    CHECK_INT(j.by, -1);
    CHECK_STR(decision_reason(a, &own, &j), S("No rule speaks against it: in doubt, fix forward"));
    f.fix_takes = 31;
    decision_judge(&own, &f, 1, &j);
    CHECK_STR(j.verdict, S("rollback"));
    CHECK_INT(j.by, 0);
    rule.times = INT64_MAX; /* a pack may say anything */
    f.fix_takes = f.rollback_takes = 7 * DAY_US;
    decision_judge(&own, &f, 1, &j);
    CHECK_STR(j.verdict, S("fix_forward"));
}

/* Wherever the pack's author has put it. */
TEST(a_veto_is_looked_at_first_wherever_it_stands)
{
    struct pack_rule rules[] = {
        {.id = S("data_at_risk"), .text = S("risk"), .verdict = S("rollback")},
        {.id = S("rollback_loses_data"), .text = S("loss"), .verdict = S("fix_forward"), .veto = true},
    };
    struct pack_decision own = {.rules = rules, .nrules = 2, .otherwise = S("rollback")};
    struct decision_facts f = {.data_at_risk = S("yes"), .rollback_loses_data = S("yes"), .fix_takes = INT_NONE, .rollback_takes = INT_NONE};
    struct decision_judgement j;

    decision_judge(&own, &f, 1, &j);
    CHECK_STR(j.verdict, S("fix_forward"));
    CHECK_STR(decision_reason(a, &own, &j), S("Veto: loss"));
    f.rollback_loses_data = S("unknown");
    decision_judge(&own, &f, 1, &j);
    CHECK_STR(j.verdict, S("rollback"));
    CHECK(j.provisional && j.open[1]);
    CHECK_STR(decision_reason(a, &own, &j), S("risk. Still unknown, and would turn it: loss"));
}

TEST(more_rules_than_fit_are_left_alone)
{
    struct pack_rule rules[DECISION_MAX_RULES + 1];
    struct pack_decision own = {.rules = rules, .nrules = DECISION_MAX_RULES + 1, .otherwise = S("rollback")};
    struct decision_facts f = {.data_at_risk = S("yes"), .fix_takes = INT_NONE, .rollback_takes = INT_NONE};
    struct decision_judgement j;

    for (size_t k = 0; k <= DECISION_MAX_RULES; k++)
        rules[k] = (struct pack_rule){.id = S("rollback_loses_data"), .text = S("x"), .verdict = S("rollback")};
    rules[DECISION_MAX_RULES] = (struct pack_rule){.id = S("data_at_risk"), .text = S("x"), .verdict = S("fix_forward")};
    decision_judge(&own, &f, 1, &j);
    CHECK_INT(j.by, -1);
    rules[DECISION_MAX_RULES - 1] = rules[DECISION_MAX_RULES];
    decision_judge(&own, &f, 1, &j);
    CHECK_INT(j.by, DECISION_MAX_RULES - 1);
}

TEST(a_decision_against_the_rules_needs_a_reason)
{
    struct decision d = {.recommendation = S("fix_forward"), .decided_name = S("Ann")};
    struct decision_choice in = {.choice = S("fix_forward")};
    struct error err = {0};

    CHECK(decision_choice_valid(&d, &in, &err));
    in.choice = S("rollback");
    CHECK(!decision_choice_valid(&d, &in, &err));
    CHECK_STR(str_from(err.fields[0].name), S("why"));
    in.why = S("it can be replayed");
    err = (struct error){0};
    CHECK(decision_choice_valid(&d, &in, &err));
    d.decided_at = (instant){1};
    CHECK(!decision_choice_valid(&d, &in, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
}

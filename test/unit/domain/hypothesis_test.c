#include "domain/hypothesis.h"

#include "test.h"

#define NOW ((instant){INT64_C(1795262400000000)})

TEST(moves_that_there_are)
{
    static const struct {
        const char *from, *to, *reason;
        enum error_kind fails;
    } cases[] = {
        {"proposed", "testing", "", ERROR_NONE},
        {"proposed", "refuted", "", ERROR_INVALID},
        {"proposed", "refuted", "seen", ERROR_NONE},
        {"testing", "supported", "", ERROR_NONE},
        {"testing", "confirmed", "", ERROR_INVALID},
        {"testing", "confirmed", "seen", ERROR_NONE},
        {"testing", "proposed", "", ERROR_NONE},
        {"supported", "testing", "", ERROR_NONE},
        {"refuted", "testing", "", ERROR_NONE},
        {"refuted", "confirmed", "seen", ERROR_CONFLICT},
        {"refuted", "proposed", "", ERROR_CONFLICT},
        {"confirmed", "refuted", "seen", ERROR_CONFLICT},
        {"confirmed", "testing", "", ERROR_NONE},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct hypothesis h = {.state = str_from(cases[k].from)};
        struct error err = {0};
        bool moved = hypothesis_move(&h, str_from(cases[k].to), str_from(cases[k].reason), NOW, &err);
        if (moved != (cases[k].fails == ERROR_NONE) || err.kind != cases[k].fails)
            test_fail(t, __FILE__, __LINE__, "%s → %s: %s", cases[k].from, cases[k].to, err.message);
        CHECK_STR(h.state, str_from(moved ? cases[k].to : cases[k].from));
    }
}

TEST(testing_runs_against_the_clock_and_nothing_else_does)
{
    struct hypothesis h = {.state = S("proposed"), .timebox = 10 * MINUTE_US, .is_over = true};
    struct error err = {0};

    REQUIRE_OK(hypothesis_move(&h, S("testing"), S(""), NOW, &err));
    CHECK_INT(h.due_at.us, NOW.us + 10 * MINUTE_US);
    CHECK(!h.is_over);
    h.is_over = true;
    REQUIRE_OK(hypothesis_move(&h, S("testing"), S(""), instant_add(NOW, MINUTE_US), &err)); /* once more */
    CHECK_INT(h.due_at.us, NOW.us + 11 * MINUTE_US);
    CHECK(!h.is_over);
    REQUIRE_OK(hypothesis_move(&h, S("supported"), S(""), NOW, &err));
    CHECK(!instant_is_set(h.due_at));
    h.timebox = 0;
    REQUIRE_OK(hypothesis_move(&h, S("testing"), S(""), NOW, &err));
    CHECK(!instant_is_set(h.due_at));
}

TEST(the_order_in_which_to_look)
{
    struct hypothesis h[] = {
        {.id = S("1"), .likelihood = 5, .impact = 5, .state = S("refuted")},
        {.id = S("2"), .likelihood = 2, .impact = 3, .state = S("proposed")},
        {.id = S("3"), .likelihood = 3, .impact = 2, .state = S("testing")},
        {.id = S("4"), .likelihood = 5, .impact = 4, .state = S("proposed")},
        {.id = S("5"), .likelihood = 1, .impact = 1, .state = S("confirmed")},
        {.id = S("6"), .likelihood = 2, .impact = 3, .state = S("proposed")},
    };
    static const char *const want[] = {"5", "4", "3", "2", "6", "1"};

    hypotheses_sort(h, 6);
    for (size_t k = 0; k < 6; k++)
        CHECK_STR(h[k].id, str_from(want[k]));
    hypotheses_sort(h, 0);
}

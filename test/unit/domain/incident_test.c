#include "domain/incident.h"

#include "test.h"

static const char *const names[] = {"triage", "investigating", "identified", "mitigating",
    "monitoring", "resolved", "learning", "closed", "declined", "merged", "cancelled"};
#define N 11

/* Row: from, column: to; written out so that a change of the machine is seen twice. */
static const char edges[N][N + 1] = {
    ".xxxxx..x.x", /* triage */
    "..xxxx..x.x", /* investigating */
    ".x.xxx....x", /* identified */
    ".xx.xx....x", /* mitigating */
    ".xxx.x....x", /* monitoring */
    ".x....xx...", /* resolved */
    ".x.....x...", /* learning */
    "...........", /* closed */
    "...........", /* declined */
    "...........", /* merged */
    "...........", /* cancelled */
};

TEST(the_machine_has_these_edges_and_no_other)
{
    for (int f = 0; f < N; f++)
        for (int to = 0; to < N; to++) {
            struct incident i = {.status = str_from(names[f]), .is_open = f < 5};
            struct error err = {0};
            bool moved = incident_move(&i, str_from(names[to]), (instant){5}, &err);
            if (moved != (edges[f][to] == 'x') ||
                incident_status_allowed(str_from(names[f]), str_from(names[to])) != moved)
                test_fail(t, __FILE__, __LINE__, "%s → %s", names[f], names[to]);
            CHECK_STR(i.status, str_from(names[moved ? to : f]));
            CHECK(i.is_open == ((moved ? to : f) < 5));
            if (!moved)
                CHECK_INT(err.kind, ERROR_CONFLICT);
        }
    CHECK(!incident_status_allowed(S("triage"), S("nonsense")));
    CHECK(!incident_status_allowed(S("nonsense"), S("triage")));
    CHECK(incident_status_known(S("merged")) && !incident_status_known(S("Merged")));
    CHECK(incident_status_open(S("monitoring")) && !incident_status_open(S("resolved")));
    CHECK(!incident_status_open(S("nonsense")));
}

TEST(moves_stamp_the_times_that_belong_to_them)
{
    struct incident i = {.status = S("investigating"), .is_open = true, .next_update_at = {99}};
    struct error err = {0};

    REQUIRE_OK(incident_move(&i, S("monitoring"), (instant){10}, &err));
    CHECK_INT(i.mitigated_at.us, 10);
    CHECK_INT(i.next_update_at.us, 99);
    REQUIRE_OK(incident_move(&i, S("resolved"), (instant){20}, &err));
    CHECK_INT(i.mitigated_at.us, 10); /* the first time counts */
    CHECK_INT(i.resolved_at.us, 20);
    CHECK(!instant_is_set(i.next_update_at));
    REQUIRE_OK(incident_move(&i, S("investigating"), (instant){30}, &err));
    CHECK(i.is_open && !instant_is_set(i.resolved_at) && !instant_is_set(i.mitigated_at));
    REQUIRE_OK(incident_move(&i, S("resolved"), (instant){40}, &err));
    CHECK(i.resolved_at.us == 40 && i.mitigated_at.us == 40);
    REQUIRE_OK(incident_move(&i, S("learning"), (instant){50}, &err));
    CHECK(!instant_is_set(i.closed_at) && i.resolved_at.us == 40);
    REQUIRE_OK(incident_move(&i, S("closed"), (instant){60}, &err));
    CHECK_INT(i.closed_at.us, 60);
}

TEST(the_first_response_counts)
{
    struct incident i = {.status = S("triage"), .is_open = true};

    CHECK(incident_acknowledge(&i, S("usr_a"), (instant){7}));
    CHECK_STR(i.status, S("investigating"));
    CHECK(!incident_acknowledge(&i, S("usr_b"), (instant){8}));
    CHECK_STR(i.acknowledged_by, S("usr_a"));
    CHECK_INT(i.acknowledged_at.us, 7);
    i = (struct incident){.status = S("mitigating"), .is_open = true};
    CHECK(incident_acknowledge(&i, S("usr_a"), (instant){7}));
    CHECK_STR(i.status, S("mitigating"));
}

TEST(numbers)
{
    instant day = {INT64_C(1795305599999999)}; /* the last microsecond of 2026-11-21 */

    CHECK_STR(incident_number(a, day, 3), S("INC-20261121-003"));
    CHECK_STR(incident_number(a, instant_add(day, 1), 1), S("INC-20261122-001"));
    CHECK_STR(incident_number(a, day, 1000), S("INC-20261121-1000"));
    CHECK_STR(incident_counter(a, day), S("incident:20261121"));
    CHECK(incident_number_valid(S("INC-20261121-003")) &&
          incident_number_valid(S("INC-20261121-1000")));
    CHECK(!incident_number_valid(S("INC-20261121-03")) &&
          !incident_number_valid(S("inc-20261121-003")));
    CHECK(!incident_number_valid(S("INC-2026112-0003")) &&
          !incident_number_valid(S("INC-20261121-00x")));
    CHECK(!incident_number_valid(S("INC-20261121-0000000000000")) && !incident_number_valid(S("")));
}

TEST(severity_words)
{
    CHECK_INT(severity_rank_of_label(S("critical")), 1);
    CHECK_INT(severity_rank_of_label(S("P1")), 1);
    CHECK_INT(severity_rank_of_label(S("Error")), 2);
    CHECK_INT(severity_rank_of_label(S("warning")), 3);
    CHECK_INT(severity_rank_of_label(S("info")), 4);
    CHECK_INT(severity_rank_of_label(S("")), 0);
    CHECK_INT(severity_rank_of_label(S("purple")), 0);
    CHECK_INT(severity_rank_of_label(S("criticall")), 0);
}

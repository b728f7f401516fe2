/* The rules of the status page: the overall status, uptime and its arithmetic, what a name may be. */
#include "domain/statuspage.h"

#include "base/rand.h"
#include "test.h"

#define DAY(n) ((instant){(n) * DAY_US})
#define TODAY 20778 /* 2026-11-21 */

TEST(overall_is_the_worst_and_never_better_than_a_component)
{
    struct rand rng = {.state = 7};

    for (int round = 0; round < 2000; round++) {
        int ranks[8], worst = RANK_OPERATIONAL;
        size_t n = rand_below(&rng, 9);
        int loose = (int)rand_below(&rng, RANKS);
        for (size_t i = 0; i < n; i++) {
            ranks[i] = (int)rand_below(&rng, RANKS);
            worst = ranks[i] > worst ? ranks[i] : worst;
        }
        int got = overall_rank(ranks, n, loose);
        CHECK(got == (loose > worst ? loose : worst)); /* nothing but a cause makes it worse */
        if (got == RANK_OPERATIONAL)
            for (size_t i = 0; i < n; i++)
                CHECK_INT(ranks[i], RANK_OPERATIONAL);
    }
    CHECK_INT(overall_rank(NULL, 0, RANK_OPERATIONAL), RANK_OPERATIONAL);
}

TEST(impact_follows_the_worst_state)
{
    CHECK_STR(impact_of_rank(RANK_OPERATIONAL), S("none"));
    CHECK_STR(impact_of_rank(RANK_MAINTENANCE), S("none"));
    CHECK_STR(impact_of_rank(RANK_DEGRADED), S("minor"));
    CHECK_STR(impact_of_rank(RANK_PARTIAL), S("major"));
    CHECK_STR(impact_of_rank(RANK_MAJOR), S("critical"));
    for (int rank = RANK_DEGRADED; rank < RANKS; rank++)
        CHECK_INT(rank_of_impact(impact_of_rank(rank)), rank);
    CHECK_INT(rank_of_impact(S("none")), RANK_OPERATIONAL);
    CHECK_INT(rank_of_impact(S("maintenance")), RANK_OPERATIONAL);
    CHECK_INT(component_rank(S("nonsense")), -1);
}

TEST(maintenance_goes_forward_only)
{
    struct error err = {0};

    CHECK(public_status_check(S("maintenance"), S("scheduled"), S("in_progress"), &err));
    CHECK(public_status_check(S("maintenance"), S("scheduled"), S("completed"), &err));
    CHECK(public_status_check(S("maintenance"), S("in_progress"), S("in_progress"), &err));
    CHECK(!public_status_check(S("maintenance"), S("verifying"), S("in_progress"), &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!public_status_check(S("maintenance"), S("completed"), S("completed"), &(struct error){0}));
    CHECK(!public_status_check(S("maintenance"), S("scheduled"), S("resolved"), &(struct error){0}));
    CHECK(!public_status_check(S("incident"), S("investigating"), S("scheduled"), &(struct error){0}));
    CHECK(public_status_check(S("incident"), S("resolved"), S("investigating"), &err)); /* it was not over */
}

static struct uptime count(const struct component_span *v, size_t n, instant since, instant now)
{
    struct uptime u;

    uptime_count(v, n, since, now, STATUS_DAYS, &u);
    return u;
}

TEST(uptime_of_nothing_is_whole)
{
    struct uptime u = count(NULL, 0, DAY(TODAY - 400), instant_add(DAY(TODAY), 12 * HOUR_US));

    CHECK_INT(uptime_basis_points(&u), 10000);
    CHECK_INT(u.measured_us, 89 * DAY_US + 12 * HOUR_US);
    CHECK_INT(u.problem_days, 0);
    for (int d = 0; d < STATUS_DAYS; d++)
        CHECK_INT(u.worst[d], RANK_OPERATIONAL);
}

TEST(outages_count_in_full_and_the_rest_does_not)
{
    instant now = instant_add(DAY(TODAY + 1), -1);
    const struct component_span spans[] = {
        {.started_at = DAY(TODAY - 9), .ended_at = instant_add(DAY(TODAY - 9), HOUR_US), .state = S("major_outage")},
        {.started_at = DAY(TODAY - 8), .ended_at = instant_add(DAY(TODAY - 8), HOUR_US), .state = S("partial_outage")},
        {.started_at = DAY(TODAY - 7), .ended_at = instant_add(DAY(TODAY - 7), HOUR_US), .state = S("degraded_performance")},
        {.started_at = DAY(TODAY - 6), .ended_at = instant_add(DAY(TODAY - 6), HOUR_US), .state = S("under_maintenance")},
        {.started_at = DAY(TODAY - 5), .ended_at = instant_add(DAY(TODAY - 5), HOUR_US), .state = S("operational")},
    };
    struct uptime u = count(spans, 5, DAY(TODAY - 400), now);

    CHECK_INT(u.down_us, 2 * HOUR_US);
    CHECK_INT(u.measured_us, 90 * DAY_US - 1);
    CHECK_INT(uptime_basis_points(&u), 9990); /* 99.907…, rounded down */
    CHECK_INT(u.problem_days, 3);
    CHECK_INT(u.worst[STATUS_DAYS - 1 - 9], RANK_MAJOR);
    CHECK_INT(u.worst[STATUS_DAYS - 1 - 6], RANK_MAINTENANCE);
    CHECK_INT(u.worst[STATUS_DAYS - 1 - 5], RANK_OPERATIONAL);
}

TEST(a_microsecond_of_outage_is_never_a_hundred_percent)
{
    const struct component_span one = {.started_at = DAY(TODAY - 1), .ended_at = instant_add(DAY(TODAY - 1), 1), .state = S("major_outage")};
    struct uptime u = count(&one, 1, DAY(0), DAY(TODAY));

    CHECK_INT(uptime_basis_points(&u), 9999);
}

TEST(a_day_ends_where_the_next_begins)
{
    struct component_span one = {.started_at = instant_add(DAY(TODAY - 3), -1), .ended_at = DAY(TODAY - 3), .state = S("major_outage")};
    struct uptime u = count(&one, 1, DAY(0), DAY(TODAY));
    int third = STATUS_DAYS - 1 - 3;

    CHECK_INT(u.worst[third], RANK_OPERATIONAL); /* it ended at midnight */
    CHECK_INT(u.worst[third - 1], RANK_MAJOR);
    one.ended_at = instant_add(one.ended_at, 1);
    u = count(&one, 1, DAY(0), DAY(TODAY));
    CHECK_INT(u.worst[third], RANK_MAJOR);
    CHECK_INT(u.problem_days, 2);
}

TEST(before_a_component_was_made_there_are_no_data)
{
    instant since = instant_add(DAY(TODAY - 10), 6 * HOUR_US);
    const struct component_span old = {.started_at = DAY(TODAY - 20), .ended_at = instant_add(since, HOUR_US), .state = S("major_outage")};
    struct uptime u = count(&old, 1, since, DAY(TODAY));

    CHECK_INT(u.worst[STATUS_DAYS - 1 - 11], -1);
    CHECK_INT(u.worst[STATUS_DAYS - 1 - 10], RANK_MAJOR);
    CHECK_INT(u.down_us, HOUR_US); /* only what was watched */
    CHECK_INT(u.measured_us, 10 * DAY_US - 6 * HOUR_US);
}

TEST(what_lasts_counts_until_now_and_not_beyond)
{
    const struct component_span open = {.started_at = DAY(TODAY - 100), .state = S("partial_outage")};
    struct uptime u = count(&open, 1, DAY(0), instant_add(DAY(TODAY), HOUR_US));

    CHECK_INT(u.down_us, 89 * DAY_US + HOUR_US);
    CHECK_INT(uptime_basis_points(&u), 0);
    CHECK_INT(u.problem_days, 90);
    u = count(NULL, 0, DAY(TODAY), DAY(TODAY)); /* made this moment */
    CHECK_INT(uptime_basis_points(&u), 10000);
}

TEST(names_of_pages)
{
    char forty[42];

    for (int i = 0; i < 42; i++)
        forty[i] = 'a';
    CHECK(status_slug_valid(S("main")) && status_slug_valid(S("eu-1")));
    CHECK(status_slug_valid((struct str){forty, 40}) && !status_slug_valid((struct str){forty, 41}));
    CHECK(!status_slug_valid(S("")) && !status_slug_valid(S("-a")) && !status_slug_valid(S("A")) && !status_slug_valid(S("a/b")));
    CHECK(!status_slug_valid(S("..")) && !status_slug_valid(S("incidents")) && !status_slug_valid(S("api")));
    CHECK(status_host_valid(S("status.example.org")));
    CHECK(!status_host_valid(S("localhost")) && !status_host_valid(S("a..b")) && !status_host_valid(S(".a.b")) && !status_host_valid(S("a.b.")));
    CHECK(!status_host_valid(S("a.b:80")) && !status_host_valid(S("a.b\"c")));
    CHECK(status_url_valid(S("https://cdn.example.org/logo.svg")));
    CHECK(!status_url_valid(S("http://a.example/")) && !status_url_valid(S("javascript:alert(1)")) && !status_url_valid(S("https://a.b/\"x")));
}

TEST(lists_of_ids)
{
    CHECK(id_list_has(S("[\"cmp_1\",\"cmp_2\"]"), S("cmp_2")));
    CHECK(!id_list_has(S("[\"cmp_10\"]"), S("cmp_1")) && !id_list_has(S("[]"), S("cmp_1")) && !id_list_has(S("[\"\"]"), S("")));
}

#include "domain/insight.h"

#include "domain/incident.h"
#include "test.h"

static struct incident took(int64_t minutes)
{
    return (struct incident){.status = S("resolved"),
        .severity = S("SEV1"),
        .severity_rank = 1,
        .declared_at = {DAY_US},
        .detected_at = {DAY_US},
        .acknowledged_at = {DAY_US + MINUTE_US},
        .resolved_at = {DAY_US + minutes * MINUTE_US}};
}

static struct measure_summary mttr(struct arena *a, const struct incident *v, size_t n)
{
    return measure_summarize(a, v, n, MEASURE_MTTR, 0, (instant){0}, (instant){2 * DAY_US});
}

TEST(mean_median_and_ninth_decile)
{
    struct incident v[10];

    for (int i = 0; i < 10; i++)
        v[i] = took((i * 7) % 10 + 1); /* 1 … 10, shuffled */
    struct measure_summary s = mttr(a, v, 10);
    CHECK_INT(s.count, 10);
    CHECK_INT(s.mean_us, 5 * MINUTE_US + 30 * SECOND_US);
    CHECK_INT(s.median_us, 5 * MINUTE_US + 30 * SECOND_US);
    CHECK_INT(s.p90_us, 9 * MINUTE_US);
    s = mttr(a, v, 1);
    CHECK(s.count == 1 && s.mean_us == s.median_us && s.median_us == s.p90_us);
    s = mttr(a, v, 0);
    CHECK(s.count == 0 && s.mean_us == 0);
}

TEST(what_does_not_count)
{
    struct incident v[] = {took(5), took(6), took(7), took(8), took(9), took(10), took(11)};

    v[1].status = S("declined");
    v[2].status = S("cancelled");
    v[3].resolved_at = (instant){0};
    v[4].resolved_at = (instant){DAY_US - MINUTE_US};
    v[5].severity = S("P0"); /* of another pack: what counts is the rank */
    v[5].severity_rank = 2;
    v[6].declared_at = (instant){2 * DAY_US};
    struct measure_summary s = mttr(a, v, 7);
    CHECK_INT(s.count, 2);
    CHECK_INT(s.negative, 1);
    s = measure_summarize(a, v, 7, MEASURE_MTTR, 1, (instant){0}, (instant){2 * DAY_US});
    CHECK(s.count == 1 && s.mean_us == 5 * MINUTE_US);
    s = measure_summarize(
        a, v, 7, MEASURE_MTTA, 1, (instant){DAY_US}, (instant){DAY_US + 1});
    CHECK(s.count == 3 && s.mean_us == MINUTE_US);
    s = measure_summarize(a, v, 7, MEASURE_MTTD, 0, (instant){0}, (instant){3 * DAY_US});
    CHECK_INT(s.count, 0);
}

TEST(months)
{
    instant now = {INT64_C(1795262400000000)}; /* 2026-11-21 */

    CHECK_STR(month_name(a, month_start(now, 0)), S("2026-11"));
    CHECK_STR(month_name(a, month_start(now, 10)), S("2026-01"));
    CHECK_STR(month_name(a, month_start(now, 11)), S("2025-12"));
    CHECK_STR(time_text(a, month_start(now, 11)), S("2025-12-01T00:00:00Z"));
    CHECK_INT(month_start(month_start(now, 3), 0).us, month_start(now, 3).us);
}

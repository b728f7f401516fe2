#include "base/time.h"

#include "base/rand.h"
#include "test.h"

#define MAX_US INT64_C(253402300799999999)

static instant parse(struct test *t, struct str s)
{
    instant at = {-1};

    if (!time_parse(s, &at))
        test_fail(t, __FILE__, __LINE__, "%.*s is refused", STR(s));
    return at;
}

TEST(known_instants)
{
    CHECK_INT(parse(t, S("1970-01-01T00:00:00Z")).us, 0);
    CHECK_INT(parse(t, S("2026-11-21T12:00:00Z")).us, INT64_C(1795262400000000));
    CHECK_INT(parse(t, S("2026-11-21t12:00:00z")).us, INT64_C(1795262400000000));
    CHECK_INT(parse(t, S("2026-11-21T13:30:00+01:30")).us, INT64_C(1795262400000000));
    CHECK_INT(parse(t, S("2026-11-20T23:00:00-13:00")).us, INT64_C(1795262400000000));
    CHECK_INT(parse(t, S("2026-11-21T12:00:00.5Z")).us, INT64_C(1795262400500000));
    CHECK_INT(parse(t, S("2026-11-21T12:00:00.123456789Z")).us, INT64_C(1795262400123456));
    CHECK_INT(parse(t, S("0001-01-01T00:00:00Z")).us, GO_ZERO_TIME_US);
    CHECK_INT(parse(t, S("9999-12-31T23:59:59.999999Z")).us, MAX_US);
    CHECK_INT(parse(t, S("2000-02-29T00:00:00Z")).us, INT64_C(951782400000000));
}

TEST(leap_second_is_the_next_second)
{
    CHECK_INT(parse(t, S("2016-12-31T23:59:60Z")).us, parse(t, S("2017-01-01T00:00:00Z")).us);
    CHECK_INT(parse(t, S("2017-01-01T00:59:60.5+01:00")).us,
        parse(t, S("2017-01-01T00:00:00.5Z")).us);
}

TEST(refused)
{
    static const char *const bad[] = {"", "2026", "2026-11-21", "2026-11-21T12:00Z",
        "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:61Z", "2026-01-01T12:00:60Z", "2026-11-21T23:59:60Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00,5Z",
        "2026-01-01T00:00:00.5", "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+01",
        "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00 01:00",
        "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z ",
        "+026-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01", "10000-01-01T00:00:00Z", "2026-1-01T00:00:00Z",
        "2026-01-01T0a:00:00Z"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        instant at = {42};
        if (time_parse(str_from(bad[i]), &at) || at.us != 42)
            test_fail(t, __FILE__, __LINE__, "\"%s\" is accepted, or *out touched", bad[i]);
    }
}

TEST(text)
{
    instant noon = {INT64_C(1795262400000000)};
    char p[25] = {0};

    CHECK_STR(time_text(a, noon), S("2026-11-21T12:00:00Z"));
    CHECK_STR(time_text(a, instant_add(noon, 7)), S("2026-11-21T12:00:00.000007Z"));
    CHECK_STR(time_text_ms(a, noon), S("2026-11-21T12:00:00.000Z"));
    CHECK_STR(time_text_ms(a, instant_add(noon, 987654)), S("2026-11-21T12:00:00.987Z"));
    CHECK_STR(time_text_ms(a, instant_add(noon, -1)), S("2026-11-21T11:59:59.999Z"));
    CHECK(!time_text(a, (instant){0}).ptr);
    CHECK(!time_text_ms(a, (instant){0}).ptr);
    CHECK_STR(time_text(a, (instant){-1}), S("1969-12-31T23:59:59.999999Z"));
    time_write_ms(p, (instant){0});
    CHECK_STR(str_from(p), S("1970-01-01T00:00:00.000Z"));
    CHECK_STR(time_text(a, (instant){GO_ZERO_TIME_US}), S("0001-01-01T00:00:00Z"));
    /* What four digits cannot say is held at the edge. */
    CHECK_STR(time_text(a, (instant){INT64_MIN}), S("0001-01-01T00:00:00Z"));
    CHECK_STR(time_text(a, (instant){INT64_MAX}), S("9999-12-31T23:59:59.999999Z"));
}

TEST(text_and_back_is_the_same)
{
    struct rand rng = {1};
    uint64_t span = (uint64_t)(MAX_US - GO_ZERO_TIME_US + 1);

    for (int i = 0; i < 200000; i++) {
        instant at = {GO_ZERO_TIME_US + (int64_t)rand_below(&rng, span)}, back = {0};
        size_t mark = a->used;
        at.us -= i % 3 ? 0 : at.us % SECOND_US;
        if (!at.us)
            continue;
        if (!time_parse(time_text(a, at), &back) || back.us != at.us)
            test_fail(t, __FILE__, __LINE__, "%lld comes back as %lld", (long long)at.us,
                (long long)back.us);
        a->used = mark;
    }
}

TEST(any_offset_is_the_same_instant)
{
    struct rand rng = {2};

    for (int i = 0; i < 20000; i++) {
        int64_t at = (int64_t)rand_below(&rng, (uint64_t)MAX_US - 2 * DAY_US) + DAY_US;
        int minutes = (int)rand_below(&rng, 2 * 1440 - 1) - 1439;
        char p[25] = {0};
        size_t mark = a->used;
        at -= at % 1000;
        time_write_ms(p, (instant){at + minutes * MINUTE_US});
        struct str s = str_printf(a, "%.23s%c%02d:%02d", p, minutes < 0 ? '-' : '+',
            (minutes < 0 ? -minutes : minutes) / 60, (minutes < 0 ? -minutes : minutes) % 60);
        CHECK_INT(parse(t, s).us, at);
        a->used = mark;
    }
}

TEST(every_day_of_the_calendar)
{
    struct date d = {1, 1, 1};
    int64_t day = days_of_date(d);
    int weekday = 1; /* 0001-01-01 was a Monday in the proleptic calendar */

    CHECK_INT(day, GO_ZERO_TIME_US / DAY_US);
    for (; d.year < 10000; day++) {
        struct date got = date_of_days(day);
        static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        bool leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
        if (got.year != d.year || got.month != d.month || got.day != d.day ||
            days_of_date(d) != day || weekday_of_days(day) != weekday)
            test_fail(t, __FILE__, __LINE__, "%d-%d-%d is wrong", d.year, d.month, d.day);
        weekday = (weekday + 1) % 7;
        if (++d.day > length[d.month - 1] + (leap && d.month == 2)) {
            d.day = 1;
            d.month = d.month % 12 + 1;
            d.year += d.month == 1;
        }
    }
    CHECK_INT(day, (MAX_US + 1) / DAY_US);
}

TEST(durations)
{
    static const struct {
        const char *text;
        int64_t us;
        const char *again; /* NULL: the same text */
    } cases[] = {{"0", 0, "0s"}, {"0s", 0, NULL}, {"250ms", 250000, NULL},
        {"90s", 90 * SECOND_US, "1m30s"}, {"5m", 5 * MINUTE_US, NULL},
        {"1h30m", 90 * MINUTE_US, NULL}, {"1d", DAY_US, NULL}, {"1w", 7 * DAY_US, NULL},
        {"8d", 8 * DAY_US, NULL}, {"1w1d", 8 * DAY_US, "8d"}, {"1y", 365 * DAY_US, NULL},
        {"366d", 366 * DAY_US, NULL}, {"1h0m1s", HOUR_US + SECOND_US, "1h1s"},
        {"1m250ms", MINUTE_US + 250000, NULL}, {"24h", DAY_US, "1d"},
        {"100y", 36500 * DAY_US, NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us = -1;
        CHECK(duration_parse(str_from(cases[i].text), &us));
        CHECK_INT(us, cases[i].us);
        CHECK_STR(duration_text(a, us),
            str_from(cases[i].again ? cases[i].again : cases[i].text));
    }
    CHECK_STR(duration_text(a, -90 * SECOND_US), S("-1m30s"));
    CHECK_STR(duration_text(a, 999), S("0s"));
    CHECK_STR(duration_text(a, INT64_MIN), duration_text(a, INT64_MIN));
}

TEST(durations_refused)
{
    static const char *const bad[] = {"", "5", "m", "5 m", "-5m", "1.5h", "5m1h", "1m1m", "5M",
        "5min", "1us", "100y1ms", "101y", "36501d", "99999999999999999999s", "5m ", "+5m", "5mm"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t us = 42;
        if (duration_parse(str_from(bad[i]), &us) || us != 42)
            test_fail(t, __FILE__, __LINE__, "\"%s\" is accepted, or *us touched", bad[i]);
    }
}

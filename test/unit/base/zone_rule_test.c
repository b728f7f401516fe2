#include "base/zone_rule.h"

#include "base/time.h"
#include "test.h"

static int64_t at(const char *text)
{
    instant t = {0};

    time_parse(str_from(text), &t);
    return t.us / SECOND_US;
}

/* At `text` the clock is `offset_s` from UTC, since `from` and up to `until`. */
static void holds(struct test *t, const char *rule_text, const char *text, int offset_s,
    const char *abbrev, const char *from, const char *until)
{
    struct zone_rule rule;

    if (!zone_rule_parse(str_from(rule_text), &rule)) {
        test_fail(t, __FILE__, __LINE__, "%s is refused", rule_text);
        return;
    }
    struct zone_span s = zone_rule_span(&rule, at(text), INT64_MIN);
    if (s.set->offset_s != offset_s || !str_eq(s.set->abbrev, str_from(abbrev)) ||
        s.from != (from ? at(from) : INT64_MIN) || s.until != (until ? at(until) : INT64_MAX))
        test_fail(t, __FILE__, __LINE__, "%s at %s: %d %.*s", rule_text, text, s.set->offset_s,
            STR(s.set->abbrev));
}

TEST(rules)
{
    holds(t, "UTC0", "2026-01-01T00:00:00Z", 0, "UTC", NULL, NULL);
    holds(t, "<+0545>-5:45", "2026-01-01T00:00:00Z", 20700, "+0545", NULL, NULL);
    holds(t, "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T00:00:00Z", 7200, "CEST",
        "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z");
    holds(t, "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T00:59:59Z", 3600, "CET",
        "2025-10-26T01:00:00Z", "2026-03-29T01:00:00Z");
    holds(t, "CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29T01:00:00Z", 7200, "CEST",
        "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z");
    /* The southern summer spans the new year; half an hour of it. */
    holds(t, "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-12-31T23:59:59Z", 39600, "+11",
        "2026-10-03T15:30:00Z", "2027-04-03T15:00:00Z");
    /* Ireland's winter is the exception, so its "summer" goes back. */
    holds(t, "IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-15T00:00:00Z", 0, "GMT",
        "2025-10-26T01:00:00Z", "2026-03-29T01:00:00Z");
    /* Hours beyond the day, before it and after it. */
    holds(t, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-07-01T00:00:00Z", -3600, "-01",
        "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z");
    holds(t, "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-07-01T00:00:00Z", 10800, "EEST",
        "2026-03-28T00:00:00Z", "2026-10-23T23:00:00Z");
    /* Days by number: J60 is always 1 March, 59 is 29 February in a leap year. */
    holds(t, "AAA0BBB,J60/0,J300/0", "2028-03-01T12:00:00Z", 3600, "BBB", "2028-03-01T00:00:00Z",
        "2028-10-26T23:00:00Z");
    holds(t, "AAA0BBB,59/0,300/0", "2028-03-01T12:00:00Z", 3600, "BBB", "2028-02-29T00:00:00Z",
        "2028-10-26T23:00:00Z");
    /* Changes of two years ago: these fall into the January after. */
    holds(t, "AAA0BBB,J364/167,J365/167", "2026-01-02T00:00:00Z", 0, "AAA", "2025-01-06T22:00:00Z",
        "2026-01-05T23:00:00Z");
    /* Summer all year, as RFC 8536 writes it. */
    holds(t, "XXX3EDT4,0/0,J365/23", "2026-12-31T23:59:59Z", -14400, "EDT", "2026-01-01T03:00:00Z",
        "2027-01-01T03:00:00Z");
}

TEST(a_span_begins_no_earlier_than_asked)
{
    struct zone_rule rule;
    struct zone_span s;

    REQUIRE(zone_rule_parse(S("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
    s = zone_rule_span(&rule, at("2026-07-01T00:00:00Z"), at("2026-06-01T00:00:00Z"));
    CHECK_INT(s.from, at("2026-06-01T00:00:00Z"));
}

TEST(refused)
{
    static const char *const bad[] = {"", "CE-1", "CET", "CET-", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-25", "CET-1:60", "CET-1:00:60", "<CET-1", "<+1>-1", "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5,M10.5.0", "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300", "CET-1CEST,366,300", "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0/-168,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST M3.5.0,M10.5.0",
        "CET-1 "};
    struct zone_rule rule;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (zone_rule_parse(str_from(bad[i]), &rule))
            test_fail(t, __FILE__, __LINE__, "\"%s\" is accepted", bad[i]);
    CHECK(zone_rule_parse(S("CET-24CEST-24:59:59,M3.5.6/167,M12.1.0/-167"), &rule));
    CHECK(zone_rule_parse(S("CET-1CEST,J365,365"), &rule));
}

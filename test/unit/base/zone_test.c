#include "base/zone.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rand.h"
#include "test.h"

static const struct zone *load(struct test *t, struct arena *a, const char *name)
{
    const struct zone *z = NULL;
    struct error err = {0};

    if (!zone_load(a, str_from(name), &z, &err))
        test_fail(t, __FILE__, __LINE__, "%s: %s", name, err.message);
    return z;
}

static const char *database(void)
{
    const char *dir = getenv("TZDIR");

    return dir && *dir ? dir : "/usr/share/zoneinfo";
}

static bool missing(struct test *t)
{
    if (access(database(), R_OK) == 0)
        return false;
    t->skipped = "no time zone database here";
    return true;
}

static struct str show(struct arena *a, const struct zone *z, instant at)
{
    int offset;
    struct str abbrev;
    struct civil c = zone_civil(z, at, &offset, &abbrev);

    return str_printf(a, "%04d-%02d-%02d %02d:%02d:%02d %+d %.*s", c.year, c.month, c.day, c.hour,
        c.minute, c.second, offset / 60, STR(abbrev));
}

static instant utc(const char *text)
{
    instant at = {0};

    time_parse(str_from(text), &at);
    return at;
}

/* "2026-03-29T02:30:00" */
static struct civil civil(struct test *t, struct arena *a, const char *text)
{
    return zone_civil(load(t, a, "UTC"), utc(str_printf(a, "%sZ", text).ptr), NULL, NULL);
}

/* In `zone`, the wall clock's `local` is the instant `want`, skipped or shown twice or neither. */
static void is(struct test *t, struct arena *a, const char *zone, const char *local,
    const char *want, const char *how)
{
    const struct zone *z = load(t, a, zone);
    bool gap = false, fold = false;

    if (!z)
        return;
    instant got = zone_instant(z, civil(t, a, local), &gap, &fold);
    if (got.us != utc(want).us || gap != (strcmp(how, "gap") == 0) ||
        fold != (strcmp(how, "fold") == 0))
        test_fail(t, __FILE__, __LINE__, "%s %s is %.*s%s%s, not %s %s", zone, local,
            STR(time_text(a, got)), gap ? " gap" : "", fold ? " fold" : "", want, how);
}

TEST(local_to_instant)
{
    if (missing(t))
        return;
    is(t, a, "UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z", "");
    is(t, a, "Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59Z", "");
    is(t, a, "Europe/Berlin", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z", "gap");
    is(t, a, "Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:00:00Z", "gap");
    is(t, a, "Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z", "");
    is(t, a, "Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "fold");
    is(t, a, "Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z", "");
    is(t, a, "America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00Z", "fold");
    is(t, a, "America/New_York", "2026-11-01T02:00:00", "2026-11-01T07:00:00Z", "");
    is(t, a, "Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:30:00Z", "gap");
    is(t, a, "Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00Z", "fold");
    is(t, a, "Asia/Kathmandu", "2026-11-21T12:00:00", "2026-11-21T06:15:00Z", "");
    /* A whole day that never was. */
    is(t, a, "Pacific/Apia", "2011-12-29T23:59:59", "2011-12-30T09:59:59Z", "");
    is(t, a, "Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00Z", "gap");
    is(t, a, "Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00Z", "");
    /* Long before 1970, and local mean time before all zones. */
    is(t, a, "Europe/Berlin", "1916-05-01T12:00:00", "1916-05-01T10:00:00Z", "");
    is(t, a, "Europe/Berlin", "1800-01-01T00:00:00", "1799-12-31T23:06:32Z", "");
    /* The rule at the end of the file, far away. */
    is(t, a, "Europe/Berlin", "2400-03-26T02:30:00", "2400-03-26T01:00:00Z", "gap");
    is(t, a, "Europe/Dublin", "2099-07-01T12:00:00", "2099-07-01T11:00:00Z", "");
    is(t, a, "Australia/Sydney", "2100-01-01T00:00:00", "2099-12-31T13:00:00Z", "");
}

TEST(instant_to_local)
{
    if (missing(t))
        return;
    CHECK_STR(show(a, load(t, a, "Europe/Berlin"), utc("2026-03-29T00:59:59Z")),
        S("2026-03-29 01:59:59 +60 CET"));
    CHECK_STR(show(a, load(t, a, "Europe/Berlin"), utc("2026-03-29T01:00:00Z")),
        S("2026-03-29 03:00:00 +120 CEST"));
    CHECK_STR(show(a, load(t, a, "Asia/Kathmandu"), utc("2026-11-21T12:00:00Z")),
        S("2026-11-21 17:45:00 +345 +0545"));
    CHECK_STR(show(a, load(t, a, "America/New_York"), utc("2050-07-01T00:00:00Z")),
        S("2050-06-30 20:00:00 -240 EDT"));
    CHECK_STR(show(a, load(t, a, "Australia/Lord_Howe"), utc("2060-01-01T00:00:00Z")),
        S("2060-01-01 11:00:00 +660 +11"));
    CHECK_STR(show(a, load(t, a, "UTC"), utc("1969-12-31T23:59:59.5Z")),
        S("1969-12-31 23:59:59 +0 UTC"));
    CHECK_INT(zone_civil(load(t, a, "Europe/Moscow"), utc("2026-11-21T21:00:00Z"), NULL, NULL)
        .weekday, 0);
    CHECK_INT(zone_civil(load(t, a, "UTC"), utc("2026-11-21T21:00:00Z"), NULL, NULL).weekday, 6);
}

TEST(next_transition)
{
    instant next = {0};

    if (missing(t))
        return;
    CHECK(zone_next_transition(load(t, a, "Europe/Berlin"), utc("2026-11-21T00:00:00Z"), &next));
    CHECK_INT(next.us, utc("2027-03-28T01:00:00Z").us);
    CHECK(zone_next_transition(load(t, a, "Europe/Berlin"), next, &next));
    CHECK_INT(next.us, utc("2027-10-31T01:00:00Z").us);
    CHECK(zone_next_transition(load(t, a, "Europe/Berlin"), instant_add(next, -1), &next));
    CHECK_INT(next.us, utc("2027-10-31T01:00:00Z").us);
    CHECK(zone_next_transition(load(t, a, "America/New_York"), utc("2199-12-31T00:00:00Z"), &next));
    CHECK_INT(next.us, utc("2200-03-09T07:00:00Z").us);
    next.us = 42;
    CHECK(!zone_next_transition(load(t, a, "UTC"), utc("2026-11-21T00:00:00Z"), &next));
    CHECK(!zone_next_transition(load(t, a, "Asia/Tokyo"), utc("2026-11-21T00:00:00Z"), &next));
    CHECK(!zone_next_transition(load(t, a, "Asia/Kathmandu"), utc("1986-01-01T00:00:00Z"), &next));
    CHECK_INT(next.us, 42);
    /* Samoa went from one side of the date line to the other. */
    CHECK(zone_next_transition(load(t, a, "Pacific/Apia"), utc("2011-12-01T00:00:00Z"), &next));
    CHECK_INT(next.us, utc("2011-12-30T10:00:00Z").us);
}

TEST(fields_carry_over)
{
    const struct zone *z = load(t, a, "UTC");
    static const struct {
        struct civil local;
        const char *want;
    } cases[] = {
        {{2026, 3, 0, 0, 0, 0, 0}, "2026-02-28T00:00:00Z"},
        {{2026, 12, 32, 0, 0, 0, 0}, "2027-01-01T00:00:00Z"},
        {{2026, 14, 1, 24, 60, 60, 0}, "2027-02-02T01:01:00Z"},
        {{2026, 0, 1, 0, 0, 0, 0}, "2025-12-01T00:00:00Z"},
        {{2026, -12, 1, -1, -1, -1, 0}, "2024-11-30T22:58:59Z"},
    };

    REQUIRE(z);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_INT(zone_instant(z, cases[i].local, NULL, NULL).us, utc(cases[i].want).us);
    /* The ends of what an instant can say do not overflow. */
    struct civil far = {.year = INT32_MAX, .month = INT32_MAX, .day = INT32_MAX,
        .hour = INT32_MAX, .minute = INT32_MAX, .second = INT32_MAX};
    CHECK(zone_instant(z, far, NULL, NULL).us > 0);
    far.year = INT32_MIN;
    CHECK(zone_instant(z, far, NULL, NULL).us < 0);
    zone_civil(z, (instant){INT64_MAX}, NULL, NULL);
    CHECK(zone_civil(z, (instant){INT64_MIN}, NULL, NULL).year < -290000);
}

TEST(names_that_are_refused)
{
    static const char *const bad[] = {"", "/etc/passwd", "../etc/passwd", "Europe/../Europe/Berlin",
        "Europe//Berlin", "Europe/", "Europe", "Mars/Phobos", "Europe/Berlin/x", "zone.tab",
        "Europe/Ber lin", "Europe/\xc3\xa4", "tzdata.zi",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct zone *z;
        struct error err = {0};
        if (zone_load(a, str_from(bad[i]), &z, &err) || err.kind != ERROR_INVALID ||
            !strstr(err.message, "there is no time zone"))
            test_fail(t, __FILE__, __LINE__, "\"%s\": %s", bad[i], err.message);
    }
}

static bool same_civil(struct civil x, struct civil y)
{
    return memcmp(&x, &y, sizeof x) == 0;
}

/* The wall clock at `at` leads back to `at`, or to an earlier showing of the same. */
static bool comes_back(const struct zone *z, instant at)
{
    bool gap, fold;
    struct civil c = zone_civil(z, at, NULL, NULL);
    instant back = zone_instant(z, c, &gap, &fold);

    return !gap && (back.us == at.us ||
        (fold && back.us < at.us && same_civil(zone_civil(z, back, NULL, NULL), c)));
}

static int64_t offset(const struct zone *z, instant at)
{
    int s;

    zone_civil(z, at, &s, NULL);
    return s * SECOND_US;
}

/* The wall clock `us` after `at`, as if the offset at `at` had held. */
static struct civil clock_at(const struct zone *utc_zone, instant at, int64_t us)
{
    return zone_civil(utc_zone, instant_add(at, us), NULL, NULL);
}

static void expect(struct test *t, const char *name, const struct zone *z, struct civil local,
    int64_t us, bool gap, bool fold)
{
    bool got_gap, got_fold;
    instant got = zone_instant(z, local, &got_gap, &got_fold);

    if (got.us != us || got_gap != gap || got_fold != fold)
        test_fail(t, __FILE__, __LINE__, "%s: %d-%d-%d %d:%d:%d is %lld, not %lld", name,
            local.year, local.month, local.day, local.hour, local.minute, local.second,
            (long long)got.us, (long long)us);
}

/* Gap and fold at one transition: what it skips gives its instant, what it repeats the first. */
static void check_transition(struct test *t, struct arena *a, const char *name,
    const struct zone *z, instant at)
{
    const struct zone *plain = load(t, a, "UTC");
    int64_t last = at.us - SECOND_US; /* before it */
    int64_t before = offset(z, (instant){last}), after = offset(z, at), step = after - before;

    CHECK(before != after);
    if (after > before) {
        expect(t, name, z, clock_at(plain, at, before), at.us, true, false);
        expect(t, name, z, clock_at(plain, at, after - SECOND_US), at.us, true, false);
        expect(t, name, z, clock_at(plain, at, after), at.us, false, false);
        expect(t, name, z, clock_at(plain, at, before - SECOND_US), last, false, false);
    } else {
        expect(t, name, z, clock_at(plain, at, after), at.us + step, false, true);
        expect(t, name, z, clock_at(plain, at, before - SECOND_US), last, false, true);
        expect(t, name, z, clock_at(plain, at, before), at.us - step, false, false);
        expect(t, name, z, clock_at(plain, at, after - SECOND_US), last + step, false, false);
    }
}

static void check_zone(struct test *t, struct arena *a, const char *name, int *transitions)
{
    const struct zone *z = load(t, a, name);
    struct rand rng = {3};
    instant at = utc("1850-01-01T00:00:00Z");

    if (!z)
        return;
    while (zone_next_transition(z, at, &at) && at.us < utc("2060-01-01T00:00:00Z").us) {
        for (int64_t us = -2 * HOUR_US; us <= 2 * HOUR_US; us += 30 * MINUTE_US)
            if (!comes_back(z, instant_add(at, us)) ||
                !comes_back(z, instant_add(at, us - SECOND_US)))
                test_fail(t, __FILE__, __LINE__, "%s: near %lld", name, (long long)at.us);
        if (at.us >= utc("2024-01-01T00:00:00Z").us && at.us < utc("2038-01-01T00:00:00Z").us) {
            check_transition(t, a, name, z, at);
            ++*transitions;
        }
    }
    for (int i = 0; i < 200; i++) {
        at.us = ((int64_t)rand_below(&rng, UINT64_C(10000000000)) - 4000000000) * SECOND_US;
        if (!comes_back(z, at))
            test_fail(t, __FILE__, __LINE__, "%s: %lld", name, (long long)at.us);
    }
}

static void check_folder(struct test *t, struct arena *a, struct str under, int *zones,
    int *transitions)
{
    DIR *dir = opendir(str_printf(a, "%s/%.*s", database(), STR(under)).ptr);

    if (!dir)
        return;
    for (struct dirent *e; (e = readdir(dir));) {
        /* Zones and their folders begin with a capital; right/ and posix/ are copies. */
        if (e->d_name[0] < 'A' || e->d_name[0] > 'Z')
            continue;
        size_t mark = a->used;
        struct str name = str_printf(a, "%.*s%s", STR(under), e->d_name);
        if (e->d_type == DT_DIR) {
            check_folder(t, a, str_printf(a, "%.*s/", STR(name)), zones, transitions);
        } else {
            check_zone(t, a, name.ptr, transitions);
            ++*zones;
        }
        a->used = mark;
    }
    closedir(dir);
}

TEST(every_zone_and_transition)
{
    int zones = 0, transitions = 0;

    if (missing(t))
        return;
    check_folder(t, a, S(""), &zones, &transitions);
    CHECK(zones > 300 && transitions > 2000);
    printf("%d zones, %d transitions from 2024 to 2037\n", zones, transitions);
}

/* A valid file with `pad` bytes in the first block, which is skipped. */
static struct str padded(struct arena *a, size_t pad)
{
    static const char footer[] = "\nCET-1\n", type[] = "\0\0\x0e\x10\0\0", name[] = "CET";
    size_t n = 44 + pad + 44 + 6 + sizeof name + sizeof footer - 1;
    char *p = arena_alloc(a, n, 1), *second = p + 44 + pad;

    memcpy(p, "TZif2", 5);
    for (int i = 0; i < 4; i++)
        p[40 + i] = (char)(pad >> (24 - 8 * i));
    memcpy(second, "TZif2", 5);
    second[39] = 1;
    second[43] = sizeof name;
    memcpy(second + 44, type, 6);
    memcpy(second + 50, name, sizeof name);
    memcpy(second + 50 + sizeof name, footer, sizeof footer - 1);
    return (struct str){p, n};
}

TEST(size_limit_and_leap_seconds)
{
    size_t least = padded(a, 0).len;
    const struct zone *z;
    struct error err;

    REQUIRE_OK(zone_parse(a, padded(a, ZONE_MAX_FILE - least), &z, &err));
    CHECK_STR(show(a, z, utc("2026-11-21T12:00:00Z")), S("2026-11-21 13:00:00 +60 CET"));
    CHECK(!zone_parse(a, padded(a, ZONE_MAX_FILE + 1 - least), &z, &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "more than 65536 bytes"));
    struct str leap = padded(a, 0);
    ((char *)leap.ptr)[44 + 31] = 1;
    CHECK(!zone_parse(a, leap, &z, &err));
}

TEST(broken_files_do_no_harm)
{
    struct rand rng = {4};
    const struct zone *z;
    struct error err;

    if (missing(t))
        return;
    struct str whole = test_read_file(a, str_printf(a, "%s/Europe/Dublin", database()).ptr);
    REQUIRE_OK(zone_parse(a, whole, &z, &err));
    for (size_t n = 0; n < whole.len; n++)
        if (zone_parse(a, str_slice(whole, 0, n), &z, &err) || err.kind != ERROR_INTERNAL)
            test_fail(t, __FILE__, __LINE__, "cut at %zu: %s", n, err.message);
    CHECK(!zone_parse(a, str_printf(a, "%.*s ", STR(whole)), &z, &err));
    for (int i = 0; i < 20000; i++) {
        size_t mark = a->used;
        char *copy = arena_alloc(a, whole.len, 1);
        memcpy(copy, whole.ptr, whole.len);
        for (int k = 0; k < 3; k++)
            copy[rand_below(&rng, whole.len)] = (char)rand_u64(&rng);
        if (zone_parse(a, (struct str){copy, whole.len}, &z, &err)) {
            instant at = {(int64_t)rand_u64(&rng)};
            zone_instant(z, zone_civil(z, at, NULL, NULL), NULL, NULL);
            zone_next_transition(z, at, &at);
        }
        a->used = mark;
    }
}

#include "domain/am_read.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "domain/alert.h"
#include "domain/am.h"
#include "gen.h"
#include "golden.h"
#include "test.h"

#define NOW ((instant){INT64_C(1795260156) * SECOND_US}) /* when the answers were recorded */
#define TIMEOUT (5 * MINUTE_US)

struct result {
    struct alert_in *v;
    size_t n;
    bool ok;
    struct am_error err;
};

static struct result read_as(struct arena *a, struct str body, enum am_names names)
{
    struct result r = {0};

    r.ok = alerts_read_am(a, body, names, NOW, TIMEOUT, &r.v, &r.n, &r.err);
    return r;
}

static struct result read(struct arena *a, const char *body)
{
    return read_as(a, str_from(body), AM_NAMES_CLASSIC);
}

/* Every recorded POST that reaches the body. What Go's JSON decoder says of broken syntax is not
 * repeated: our parser says what it expected and where. */
TEST(recorded_answers)
{
    size_t n, seen = 0;
    const struct golden *g = golden_load(t, a, &n);

    for (size_t i = 0; i < n; i++, g++) {
        struct result r;
        if (!str_eq(g->method, S("POST")) || !str_eq(g->path, S("/api/v2/alerts")) ||
            !am_is_json(g->content_type))
            continue;
        seen++;
        r = read_as(a, g->request, AM_NAMES_CLASSIC);
        if (r.ok != (g->status == 200) || (!r.ok && r.err.status != g->status)) {
            test_fail(t, __FILE__, __LINE__, "%.*s: %d", STR(g->name), r.err.status);
            continue;
        }
        if (r.ok)
            continue;
        CHECK_STR(r.err.content_type, g->answer_type);
        if (str_eq(g->name, S("not json")))
            CHECK(str_starts(r.err.body, S("{\"code\":400,\"message\":\"parsing alerts body from "
                                           "\\\"\\\" failed, because ")));
        else
            CHECK_STR(r.err.body, g->answer);
    }
    if (n)
        CHECK_INT(seen, 22);
}

/* More answers of the same server, to requests that the record lacks. */
TEST(more_answers_of_the_real_server)
{
    static const struct {
        const char *body;
        int status;
        const char *answer; /* in messages of the framework: after "because " */
    } cases[] = {
        {"\"x\"", 400, "json: cannot unmarshal string into Go value of type models.PostableAlerts"},
        {"true", 400, "json: cannot unmarshal bool into Go value of type models.PostableAlerts"},
        {"[{\"labels\":[]}]", 400,
            "json: cannot unmarshal array into Go struct field Alert.labels of type "
            "models.LabelSet"},
        {"[{\"labels\":{\"a\":\"b\"},\"annotations\":5}]", 400,
            "json: cannot unmarshal number into Go struct field .annotations of type "
            "models.LabelSet"},
        {"[{\"labels\":{\"a\":\"b\"},\"annotations\":{\"a\":{}}}]", 400,
            "json: cannot unmarshal object into Go struct field .annotations of type string"},
        {"[{\"labels\":{\"a\":\"b\"},\"startsAt\":5}]", 400,
            "json: cannot unmarshal number into Go struct field .startsAt of type string"},
        {"[{\"labels\":{\"a\":\"b\"},\"generatorURL\":5}]", 400,
            "json: cannot unmarshal number into Go struct field Alert.generatorURL of type string"},
        {"[{\"labels\":null}]", 422, "{\"code\":602,\"message\":\"0.labels in body is required\"}"},
        {"[{\"labels\":{\"a-b\":\"c\"}},{}]", 422,
            "{\"code\":602,\"message\":\"1.labels in body is required\"}"},
        {"[{\"generatorURL\":\"x\"}]", 422,
            "{\"code\":601,\"message\":\"0.generatorURL in body must be of type uri: \\\"x\\\"\"}"},
        {"[{},{\"labels\":{\"a\":\"b\"}}]", 422,
            "{\"code\":602,\"message\":\"0.labels in body is required\"}"},
        {" \n", 422, "{\"code\":602,\"message\":\"alerts in body is required\"}"},
        {"[{\"labels\":{\"a\":null}}]", 400, "\"at least one label pair required\"\n"},
        {"[{\"labels\":{\"\":\"b\"}}]", 400, "\"invalid label set: invalid name \\\"\\\"\"\n"},
        {"[{\"labels\":{\"a\\\"b\\u0001\\n\":\"b\"}}]", 400,
            "\"invalid label set: invalid name \\\"a\\\\\\\"b\\\\x01\\\\n\\\"\"\n"},
        {"[{\"labels\":{\"a\":\"b\"},\"annotations\":{\"a-b\":\"c\"}}]", 400,
            "\"invalid annotations: invalid name \\\"a-b\\\"\"\n"},
        {"[{\"labels\":{}},{\"labels\":{\"c-d\":\"c\"}}]", 400,
            "\"at least one label pair required; invalid label set: invalid name \\\"c-d\\\"\"\n"},
        {"[{\"labels\":{\"a-b\":\"c\"},\"startsAt\":\"2026-11-21T11:22:36Z\",\"endsAt\":\"2026-11-"
         "21T11:22:16Z\"}]",
            400, "\"start time must be before end time\"\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct result r = read(a, cases[i].body);
        struct str want = str_from(cases[i].answer);
        if (str_starts(want, S("json:")))
            want = str_printf(a,
                "{\"code\":400,\"message\":\"parsing alerts body from \\\"\\\" failed, because "
                "%s\"}",
                cases[i].answer);
        CHECK(!r.ok && r.n == 0);
        CHECK_INT(r.err.status, cases[i].status);
        CHECK_STR(r.err.body, want);
    }
}

/* Where we differ: see the header. */
TEST(our_own_refusals)
{
    CHECK_STR(read(a, "[null]").err.body,
        S("{\"code\":602,\"message\":\"0.labels in body is required\"}"));
    CHECK_INT(read(a, "[] x").err.status, 400);
    CHECK_INT(read(a, "[{\"labels\":{\"a\":\"b\",\"a\":\"c\"}}]").err.status, 400);
    CHECK(strstr(
        read(a, "[{\"labels\":{\"a\":\"b\"},\"startsAt\":\"2026-13-01T00:00:00Z\"}]").err.body.ptr,
        "parsing time \\\"2026-13-01T00:00:00Z\\\": not in RFC 3339"));
}

TEST(what_prometheus_sends)
{
    static const char *const names[] = {"1", "2", "3", "4"};

    for (size_t i = 0; i < 4; i++) {
        struct str rel =
            str_printf(a, "interop/captured/prometheus-2.42.0/prometheus-%s.json", names[i]);
        const char *path = test_data(t, a, rel.ptr);
        struct error err = {0};
        struct json *record;
        if (!path)
            return;
        REQUIRE_OK(json_parse(a, test_read_file(a, path), &record, &err));
        struct result r = read_as(a, json_text(a, json_get(record, S("body"))), AM_NAMES_CLASSIC);
        REQUIRE(r.ok && r.n == 1);
        CHECK(!r.v->timeout && r.v->labels.n >= 4 && r.v->generator_url.len > 0);
        CHECK(str_starts(r.v->annotations_text, S("{\"")));
    }
}

TEST(one_alert_in_full)
{
    struct result r = read(a,
        "[{\"labels\":{\"z\":\"1\",\"alertname\":\"A\",\"no\":\"\"},\"annotations\":{\"summary\":"
        "\"<b>\"},"
        "\"startsAt\":\"2026-01-01T10:00:00+02:00\",\"endsAt\":\"2027-01-01T00:00:00.1234567Z\","
        "\"generatorURL\":\"http://g/?a&b\",\"foo\":{\"x\":[]}}]");

    REQUIRE(r.ok && r.n == 1);
    CHECK_STR(r.v->labels_text, S("{\"alertname\":\"A\",\"z\":\"1\"}"));
    CHECK_STR(r.v->annotations_text, S("{\"summary\":\"\\u003cb\\u003e\"}"));
    CHECK_STR(r.v->generator_url, S("http://g/?a&b"));
    CHECK_STR(time_text(a, r.v->starts_at), S("2026-01-01T08:00:00Z"));
    CHECK_STR(time_text(a, r.v->ends_at), S("2027-01-01T00:00:00.123456Z"));
    CHECK(!r.v->timeout);
}

static struct alert_in times(struct test *t, struct arena *a, const char *starts, const char *ends)
{
    struct str body =
        str_printf(a, "[{\"labels\":{\"a\":\"b\"},\"startsAt\":%s,\"endsAt\":%s}]", starts, ends);
    struct result r = read_as(a, body, AM_NAMES_CLASSIC);

    if (r.ok && r.n == 1)
        return r.v[0];
    test_fail(t, __FILE__, __LINE__, "%s, %s: %.*s", starts, ends, STR(r.err.body));
    return (struct alert_in){0};
}

TEST(unset_times)
{
    static const char *const unset[] = {"null", "\"\"", "\"0001-01-01T00:00:00Z\"",
        "\"0001-01-01T00:00:00.000Z\""};

    for (size_t i = 0; i < 4; i++) {
        struct alert_in in = times(t, a, unset[i], unset[3 - i]);
        CHECK_INT(in.starts_at.us, NOW.us);
        CHECK_INT(in.ends_at.us, NOW.us + TIMEOUT);
        CHECK(in.timeout);
        in = times(t, a, unset[i], "\"2026-11-21T11:21:26.000Z\"");
        CHECK_INT(in.starts_at.us, in.ends_at.us);
        CHECK(!in.timeout && in.ends_at.us < NOW.us);
    }
    CHECK_INT(times(t, a, "\"1970-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00Z\"").ends_at.us, 1);
}

TEST(times_without_a_zone_are_utc)
{
    static const char *const same[] = {"\"2026-01-01T10:00:00\"", "\"2026-01-01 10:00:00\"",
        "\"2026-01-01T10:00\"", "\"2026-01-01T10:00:00.000\""};

    for (size_t i = 0; i < 4; i++)
        CHECK_STR(time_text(a, times(t, a, same[i], "null").starts_at), S("2026-01-01T10:00:00Z"));
}

TEST(valid_ones_are_kept_beside_refused_ones)
{
    struct result r =
        read(a, "[{\"labels\":{\"a-b\":\"c\"}},{\"labels\":{\"n\":\"1\"}},{\"labels\":{}},"
                "{\"labels\":{\"n\":\"2\"}}]");

    CHECK(!r.ok);
    REQUIRE(r.n == 2);
    CHECK_STR(r.v[0].labels_text, S("{\"n\":\"1\"}"));
    CHECK_STR(r.v[1].labels_text, S("{\"n\":\"2\"}"));
    CHECK(r.v[1].fingerprint && instant_is_set(r.v[1].ends_at));
}

TEST(names_of_newer_versions)
{
    struct str body = S("[{\"labels\":{\"größe\":\"1\",\"a-b\":\"2\"}}]");

    CHECK(!read_as(a, body, AM_NAMES_CLASSIC).ok);
    CHECK(read_as(a, body, AM_NAMES_UTF8).ok);
    CHECK(!read_as(a, S("[{\"labels\":{\"\":\"1\"}}]"), AM_NAMES_UTF8).ok);
}

static struct str filled(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n + 1, 1);

    memset(p, 'x', n);
    return (struct str){p, n};
}

/* One alert: `head`, then an object of n members. */
static struct str many(struct arena *a, const char *head, int n)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    buf_printf(&b, "[{%s:{", head);
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s\"n%d\":\"v\"", i ? "," : "", i);
    buf_add(&b, S("}}]"));
    return buf_str(&b);
}

static void check_limit(
    struct test *t, struct arena *a, const char *fmt, size_t limit, const char *what)
{
    for (size_t over = 0; over < 2; over++) {
        struct str x = filled(a, limit + over);
        struct buf b;
        buf_init(&b, a, 1 << 20);
        for (const char *p = fmt; *p; p++)
            buf_add(&b, *p == '%' ? x : (struct str){p, 1});
        struct result r = read_as(a, buf_str(&b), AM_NAMES_CLASSIC);
        CHECK(r.ok == !over);
        CHECK_INT(r.n, over ? 0 : 1);
        if (over && (r.err.status != 400 || !str_contains(r.err.body, str_from(what))))
            test_fail(t, __FILE__, __LINE__, "%s: %.*s", fmt, STR(r.err.body));
    }
}

TEST(limits)
{
    check_limit(t, a, "[{\"labels\":{\"%\":\"v\"}}]", LABEL_NAME_MAX, "is longer than 256 bytes");
    check_limit(t, a, "[{\"labels\":{\"foo\":\"%\"}}]", LABEL_VALUE_MAX,
        "the value of label \\\"foo\\\" is longer than 4096 bytes");
    check_limit(t, a, "[{\"labels\":{\"a\":\"b\"},\"annotations\":{\"foo\":\"%\"}}]",
        ANNOTATION_VALUE_MAX, "the value of annotation \\\"foo\\\" is longer than 16384 bytes");
    check_limit(t, a, "[{\"labels\":{\"a\":\"b\"},\"generatorURL\":\"/%\"}]", GENERATOR_URL_MAX - 1,
        "generatorURL is longer than 2048 bytes");
    for (int over = 0; over < 2; over++) {
        struct result labels =
            read_as(a, many(a, "\"labels\"", LABELS_MAX + over), AM_NAMES_CLASSIC);
        struct result notes =
            read_as(a, many(a, "\"labels\":{\"a\":\"b\"},\"annotations\"", LABELS_MAX + over),
                AM_NAMES_CLASSIC);
        CHECK(labels.ok == !over && notes.ok == !over);
        if (!over)
            continue;
        CHECK_STR(labels.err.body, S("\"invalid label set: more than 64 labels\"\n"));
        CHECK_STR(notes.err.body, S("\"invalid annotations: more than 64\"\n"));
    }
}

/* A body full of bad alerts gets an answer of bounded size. */
TEST(many_complaints_are_cut)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    buf_add(&b, S("[{\"labels\":{}}"));
    for (int i = 1; i < 10000; i++)
        buf_add(&b, S(",{\"labels\":{}}"));
    buf_add(&b, S("]"));
    struct result r = read_as(a, buf_str(&b), AM_NAMES_CLASSIC);
    CHECK(!r.ok && r.err.body.len < 8192);
    CHECK(str_contains(r.err.body, S(" more\"\n")));
}

TEST(damaged_bodies_never_break_it)
{
    static const char *const bodies[] = {
        "[{\"labels\":{\"alertname\":\"A\",\"é\":\"1\"},\"annotations\":{\"s\":\"t\"},\"startsAt\":"
        "\"2026-01-01T10:00:00+02:00\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http:"
        "//u@h:1/%20\"}]",
        "[{\"labels\":{\"a\":\"b\"}},null,{\"labels\":{\"a-b\":null}},{}]"};
    struct gen g = {5};
    struct arena scratch;

    arena_init(&scratch, (size_t)1 << 24);
    for (int round = 0; round < 20000; round++) {
        const char *body = bodies[gen_below(&g, 2)];
        size_t n = strlen(body);
        char *p = arena_alloc(&scratch, n, 1);
        memcpy(p, body, n);
        for (uint64_t k = gen_below(&g, 4); k > 0; k--)
            p[gen_below(&g, n)] = "\"\\{}[]:,09nx\x80\x00 "[gen_below(&g, 15)];
        struct result r =
            read_as(&scratch, (struct str){p, n - (gen_below(&g, 4) ? 0 : gen_below(&g, n))},
                gen_below(&g, 2) ? AM_NAMES_UTF8 : AM_NAMES_CLASSIC);
        CHECK(r.ok || (r.err.status >= 400 && r.err.body.len > 0));
        for (size_t i = 0; i < r.n; i++)
            CHECK(r.v[i].labels.n > 0 && r.v[i].starts_at.us <= r.v[i].ends_at.us);
        arena_reset(&scratch, 1 << 20);
    }
    arena_deinit(&scratch);
}

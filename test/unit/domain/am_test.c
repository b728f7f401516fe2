#include "domain/am.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/regex.h"
#include "domain/alert.h"
#include "domain/am_query.h"
#include "domain/labels.h"
#include "domain/matcher.h"
#include "golden.h"
#include "test.h"

/* What the framework answers before anybody looks at the body: the recorded cases in which it does.
 * A server's dispatcher makes the same decisions in the same order. */
static bool framework(struct arena *a, const struct golden *g, struct am_error *err)
{
    bool alerts = str_eq(g->path, S("/api/v2/alerts"));

    if (str_eq(g->path, S("/api/v2/nope")))
        return am_not_found(a, err, g->path);
    if (alerts && !str_eq(g->method, S("GET")) && !str_eq(g->method, S("POST")))
        return am_method(a, err, g->method, S("POST,GET"));
    if (g->request.ptr && !am_is_json(g->content_type))
        return am_unsupported(a, err, g->content_type);
    return am_accepts_json(g->accept) || am_not_acceptable(a, err);
}

TEST(recorded_answers_of_the_framework)
{
    size_t n, seen = 0;
    const struct golden *g = golden_load(t, a, &n);

    for (size_t i = 0; i < n; i++, g++) {
        bool refused = g->status == 404 || g->status == 405 || g->status == 406 || g->status == 415;
        struct am_error err = {0};
        if (!str_starts(g->path, S("/api/v2/")) || str_contains(g->path, S("silence")))
            continue;
        CHECK(framework(a, g, &err) == !refused);
        if (!refused)
            continue;
        seen++;
        CHECK_INT(err.status, g->status);
        CHECK_STR(err.body, g->answer);
        CHECK_STR(err.content_type, g->answer_type);
    }
    if (n)
        CHECK_INT(seen, 7);
}

TEST(media_types)
{
    static const char *const accepted[] = {"*/*", "application/*", "",
        "text/html, application/json;q=0.1", "application/json; charset=utf-8", "APPLICATION/JSON"};
    static const char *const refused[] = {
        "text/html", "application/vnd.x+json", "application/xml", ",", ";"};

    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++)
        CHECK(am_accepts_json(str_from(accepted[i])));
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        CHECK(!am_accepts_json(str_from(refused[i])));
    CHECK(am_accepts_json(STR_NONE) && !am_is_json(STR_NONE));
    CHECK(am_is_json(S("application/JSON")) && am_is_json(S("application/json;")));
    CHECK(!am_is_json(S("json")) && !am_is_json(S("application/vnd.api+json")));
}

TEST(refusals_are_always_json)
{
    struct am_error answer;
    struct error err = {0};
    struct json *v;

    am_not_found(a, &answer, S("/api/v2/\xff\"\x01<x>"));
    REQUIRE_OK(json_parse(a, answer.body, &v, &err));
    CHECK_STR(json_get_str(v, S("message")), S("path /api/v2/?\"\x01<x> was not found"));
    am_v1_gone(a, &answer);
    REQUIRE_OK(json_parse(a, answer.body, &v, &err));
    CHECK_INT(answer.status, 410);
    CHECK_STR(am_quote(a, S("a\"\\\n\x7f")), S("\"a\\\"\\\\\\n\\x7f\""));
}

/* The stored row behind the alert in a recorded answer. */
static struct alert row_of(struct arena *a, const struct json *v)
{
    struct alert row = {.labels = json_text(a, json_get(v, S("labels"))),
        .annotations = json_text(a, json_get(v, S("annotations"))),
        .generator_url = json_get_str(v, S("generatorURL"))};
    struct labels ls;

    labels_read(a, row.labels, &ls);
    row.fingerprint = (int64_t)labels_fingerprint(&ls);
    time_parse(json_get_str(v, S("startsAt")), &row.starts_at);
    time_parse(json_get_str(v, S("endsAt")), &row.ends_at);
    time_parse(json_get_str(v, S("updatedAt")), &row.updated_at);
    return row;
}

static void write_recorded(struct arena *a, struct buf *out, const struct json *v)
{
    const struct json *said = json_get(v, S("status")), *by = json_get(said, S("inhibitedBy"));
    struct str inhibitor = by->first ? json_str(by->first) : STR_NONE;
    struct am_status status = {
        .state = str_eq(json_get_str(said, S("state")), S("active")) ? AM_ACTIVE : AM_SUPPRESSED,
        .inhibited_by = &inhibitor, .ninhibited = by->count};
    struct alert row = row_of(a, v);

    am_write_alert(out, &row, json_get_str(json_get(v, S("receivers"))->first, S("name")), &status);
}

/* Byte for byte, but for mutedBy. */
static struct str without_muted(struct arena *a, struct str s)
{
    struct str key = S("\"mutedBy\":[],");
    const char *at = memmem(s.ptr, s.len, key.ptr, key.len);
    size_t i = at ? (size_t)(at - s.ptr) : s.len;
    struct str tail = str_slice(s, i + key.len, s.len);

    return str_printf(a, "%.*s%.*s", (int)i, s.ptr, STR(tail));
}

static void check_recorded(struct test *t, struct arena *a, const struct golden *g)
{
    struct error err = {0};
    struct json *v;
    struct buf b;
    bool groups = str_ends(g->path, S("/groups"));

    REQUIRE_OK(json_parse(a, g->answer, &v, &err));
    buf_init(&b, a, 1 << 20);
    buf_addc(&b, '[');
    if (groups)
        am_group_begin(&b);
    write_recorded(a, &b, groups ? json_get(v->first, S("alerts"))->first : v->first);
    if (groups)
        am_group_end(&b, json_text(a, json_get(v->first, S("labels"))), S("all"));
    buf_add(&b, S("]\n"));
    CHECK_STR(without_muted(a, buf_str(&b)), g->answer);
}

TEST(recorded_alerts_are_written_alike)
{
    static const char *const names[] = {"bad bool param", "good filter", "groups"};
    size_t n;
    const struct golden *g = golden_load(t, a, &n);

    for (size_t i = 0; i < 3 && g; i++) {
        const struct golden *one = golden_find(g, n, names[i]);
        REQUIRE(one);
        check_recorded(t, a, one);
    }
}

TEST(alert_with_everything)
{
    struct str silences[] = {S("s1"), S("s\"2")};
    struct am_status status = {AM_SUPPRESSED, silences, 2, NULL, 0};
    struct alert row = {.fingerprint = -1,
        .labels = S("{\"a\":\"b\"}"),
        .annotations = S("{}"),
        .generator_url = S("http://g/?a&b"),
        .starts_at = {1},
        .ends_at = {SECOND_US},
        .updated_at = {1500}};
    struct buf b;

    buf_init(&b, a, 4096);
    am_write_alert(&b, &row, S("ops \"x\""), &status);
    CHECK_STR(buf_str(&b), S("{\"annotations\":{},\"endsAt\":\"1970-01-01T00:00:01.000Z\","
                             "\"fingerprint\":\"ffffffffffffffff\","
                             "\"receivers\":[{\"name\":\"ops "
                             "\\\"x\\\"\"}],\"startsAt\":\"1970-01-01T00:00:00.000Z\",\"status\":"
                             "{\"inhibitedBy\":[],\"mutedBy\":[],\"silencedBy\":[\"s1\",\"s\\\"2\"]"
                             ",\"state\":\"suppressed\"},"
                             "\"updatedAt\":\"1970-01-01T00:00:00.001Z\",\"generatorURL\":\"http://"
                             "g/?a\\u0026b\",\"labels\":{\"a\":\"b\"}}"));
}

/* A full buffer says so and nothing is written past it. */
TEST(writers_stop_at_the_limit)
{
    struct am_status status = {.state = AM_ACTIVE};
    struct alert row = {.labels = S("{}"), .annotations = S("{}"), .generator_url = S("")};
    struct str name = S("all");

    for (size_t max = 0; max < 300; max++) {
        struct buf b;
        buf_init(&b, a, max);
        am_write_alert(&b, &row, name, &status);
        CHECK(b.len <= max);
        buf_init(&b, a, max);
        am_write_status(&b, (instant){1}, &name, 1);
        CHECK(b.len <= max);
    }
}

TEST(receivers)
{
    size_t n;
    const struct golden *g = golden_load(t, a, &n);
    struct str names[] = {S("all"), S("b\"")};
    struct buf b;

    if (!g)
        return;
    buf_init(&b, a, 4096);
    am_write_receivers(&b, names, 1);
    CHECK_STR(buf_str(&b), golden_find(g, n, "receivers")->answer);
    buf_init(&b, a, 4096);
    am_write_receivers(&b, names, 2);
    CHECK_STR(buf_str(&b), S("[{\"name\":\"all\"},{\"name\":\"b\\\"\"}]\n"));
}

/* Same members of the same types as in `want`, in any order; values may differ. */
static bool same_shape(const struct json *want, const struct json *got)
{
    if (!got || want->type != got->type)
        return false;
    if (want->type == JSON_OBJECT)
        for (const struct json *m = want->first; m; m = m->next)
            if (!same_shape(m, json_get(got, m->key)))
                return false;
    return want->type != JSON_OBJECT || want->count == got->count;
}

/* The server's configuration and build are its own, so only shape and fixed values are compared. */
TEST(status)
{
    size_t n;
    const struct golden *g = golden_load(t, a, &n);
    struct error err = {0};
    struct json *want, *got;
    struct str names[] = {S("pay: \"x\"\n- y"), S("b")};
    struct buf b;

    if (!g)
        return;
    buf_init(&b, a, 4096);
    am_write_status(&b, (instant){1500}, names, 2);
    REQUIRE_OK(json_parse(a, golden_find(g, n, "status")->answer, &want, &err));
    REQUIRE_OK(json_parse(a, buf_str(&b), &got, &err));
    CHECK(same_shape(want, got));
    CHECK_STR(
        json_text(a, json_get(got, S("cluster"))), json_text(a, json_get(want, S("cluster"))));
    CHECK_STR(json_get_str(json_get(got, S("versionInfo")), S("version")), S("0.25.0"));
    CHECK_STR(json_get_str(got, S("uptime")), S("1970-01-01T00:00:00.001Z"));
    CHECK_STR(json_get_str(json_get(got, S("config")), S("original")),
        S("route:\n  receiver: \"pay: \\\"x\\\"\\n- y\"\nreceivers:\n- name: \"pay: \\\"x\\\"\\n- "
          "y\"\n- name: \"b\"\n"));
}

TEST(recorded_queries)
{
    static const struct {
        const char *name;
        const char *answer; /* NULL: as recorded */
    } cases[] = {{"bad bool param", NULL}, {"bad filter", NULL}, {"good filter", NULL},
        {"groups", NULL},
        {"bad receiver regex", "failed to parse receiver param: "}}; /* the rest is Go's wording */
    size_t n;
    const struct golden *g = golden_load(t, a, &n);

    for (size_t i = 0; i < 5 && g; i++) {
        const struct golden *one = golden_find(g, n, cases[i].name);
        struct am_error err = {0};
        struct am_query q;
        REQUIRE(one);
        CHECK(am_query_read(a, one->query, &q, &err) == (one->status == 200));
        if (one->status == 200)
            continue;
        CHECK_INT(err.status, one->status);
        if (cases[i].answer)
            CHECK(str_contains(err.body, str_from(cases[i].answer)));
        else
            CHECK_STR(err.body, one->answer);
    }
}

TEST(queries)
{
    struct am_query q;
    struct am_error err;

    CHECK(am_query_read(a, STR_NONE, &q, &err));
    CHECK(q.active && q.silenced && q.inhibited && q.unprocessed && q.muted && !q.nfilters &&
          !q.receiver);
    CHECK(am_query_read(
        a, S("active=maybe&silenced=false&inhibited=&unprocessed=TRUE&muted=0&bogus=1"), &q, &err));
    CHECK(!q.active && !q.silenced && q.inhibited && q.unprocessed && !q.muted);
    CHECK(am_query_read(a, S("active=1&active=x"), &q, &err) && !q.active);
    CHECK(am_query_read(a, S("filter=a%3Db+c&filter=%22x%22=%C3%A9&receiver=o.s"), &q, &err));
    CHECK_INT(q.nfilters, 2);
    CHECK_STR(q.filters[0].value, S("b c"));
    CHECK_STR(q.filters[1].value, S("é"));
    CHECK(regex_match(q.receiver, S("ops")) == REGEX_YES &&
          regex_match(q.receiver, S("ops2")) == REGEX_NO);
    CHECK(am_query_read(a, S("filter=%zz&filter=%4&filter=%&filter=a;b&&=&receiver="), &q, &err));
    CHECK(!q.nfilters && !q.receiver);
    CHECK(!am_query_read(a, S("filter="), &q, &err));
    CHECK_STR(err.body, S("\"bad matcher format: \"\n"));
    CHECK(!am_query_read(a, S("filter=a%3D~%22(%22"), &q, &err));
    CHECK_INT(err.status, 400);
}

TEST(filters_have_a_limit)
{
    struct am_query q;
    struct am_error err;
    struct buf b;

    buf_init(&b, a, 4096);
    for (int i = 0; i < AM_FILTERS_MAX; i++)
        buf_add(&b, S("filter=a=b&"));
    CHECK(am_query_read(a, buf_str(&b), &q, &err));
    CHECK_INT(q.nfilters, AM_FILTERS_MAX);
    buf_add(&b, S("filter=a=b"));
    CHECK(!am_query_read(a, buf_str(&b), &q, &err));
}

TEST(masks)
{
    CHECK_STR(golden_mask(a, S("\"2026-11-21T11:22:26.116Z\",87f6e632-829a-4215-9695-788628b3be0f"
                               "{\"mutedBy\":[],\"x\":1}2026-1")),
        S("\"T\",U{\"x\":1}2026-1"));
}

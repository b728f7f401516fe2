#include "domain/change.h"

#include "base/json.h"
#include "test.h"

#define NOON INT64_C(1795262400000000) /* 2026-11-21T12:00:00Z */

static instant at(int64_t minutes)
{
    return (instant){NOON + minutes * MINUTE_US};
}

TEST(what_is_left_out_is_filled_in)
{
    struct change c = {.title = S("x")};
    struct error err = {0};

    REQUIRE_OK(change_complete(&c, at(0), &err));
    CHECK_STR(c.kind, S("deployment"));
    CHECK_STR(c.status, S("succeeded"));
    CHECK_STR(c.reversible, S("unknown"));
    CHECK_INT(c.started_at.us, NOON);
    CHECK_INT(c.finished_at.us, NOON);
    CHECK_INT(c.at.us, NOON);
    c = (struct change){.title = S("x"), .status = S("started"), .started_at = at(-5)};
    REQUIRE_OK(change_complete(&c, at(0), &err));
    CHECK(!instant_is_set(c.finished_at));
    CHECK_INT(c.at.us, at(-5).us);
}

TEST(times_are_in_order_and_not_ahead)
{
    static const struct {
        int64_t started, finished; /* seconds from now; 1 is unset */
        const char *field;
    } cases[] = {
        {60, 60, NULL},
        {61, 61, "started_at"},
        {-60, 61, "finished_at"},
        {-60, -60, NULL},
        {-60, -61, "finished_at"},
    };

    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct change c = {.title = S("x"), .started_at = {NOON + cases[k].started * SECOND_US},
            .finished_at = {NOON + cases[k].finished * SECOND_US}};
        struct error err = {0};
        CHECK(change_complete(&c, at(0), &err) == !cases[k].field);
        if (cases[k].field)
            CHECK_STR(str_from(err.fields[0].name), str_from(cases[k].field));
    }
}

TEST(links_lead_to_the_web_only)
{
    struct change c = {.title = S("x"), .link = S("javascript:alert(1)")};
    struct error err = {0};

    CHECK(!change_complete(&c, at(0), &err));
    CHECK_STR(str_from(err.fields[0].name), S("link"));
}

TEST(reports_merge_and_late_ones_do_not_restart)
{
    struct change known = {.title = S("x"), .status = S("started"), .started_at = at(-10), .version = S("1")};
    struct change in = {.title = S("x"), .status = S("succeeded"), .finished_at = at(-2)};
    struct error err = {0};

    change_merge(&known, &in);
    REQUIRE_OK(change_complete(&known, at(0), &err));
    CHECK_STR(known.status, S("succeeded"));
    CHECK_STR(known.version, S("1"));
    CHECK_INT(known.started_at.us, at(-10).us);
    CHECK_INT(known.at.us, at(-2).us);
    in = (struct change){.title = S("x"), .status = S("started"), .started_at = at(-11)};
    change_merge(&known, &in);
    CHECK_STR(known.status, S("succeeded"));
    CHECK_INT(known.started_at.us, at(-11).us);
    CHECK_INT(known.finished_at.us, at(-2).us);
    in = (struct change){.title = S("x"), .status = S("rolled_back")};
    change_merge(&known, &in);
    REQUIRE_OK(change_complete(&known, at(0), &err));
    CHECK_STR(known.status, S("rolled_back"));
    CHECK_INT(known.at.us, at(0).us);
}

TEST(rehearsals_are_not_live)
{
    CHECK(change_live(S("")));
    CHECK(change_live(S("production")));
    CHECK(change_live(S("eu-west-1")));
    CHECK(!change_live(S("Staging")));
    CHECK(!change_live(S("dev-2")));
}

TEST(the_near_ones_are_suspect_or_else_the_nearest)
{
    struct change c[] = {
        {.started_at = at(3), .at = at(4), .environment = S("")},                /* afterwards */
        {.started_at = at(-1), .at = at(2), .environment = S("")},               /* under way */
        {.started_at = at(-31), .at = at(-30), .environment = S("")},            /* near, at the limit */
        {.started_at = at(-32), .at = {at(-30).us - 1}, .environment = S("")},   /* one past it */
        {.started_at = at(-9), .at = at(-5), .environment = S("staging")},
        {.started_at = at(-9), .at = at(-5), .environment = S("")},              /* of another service */
        {.started_at = at(-120), .at = at(-120), .environment = S("")},          /* the window, at the limit */
        {.started_at = at(-121), .at = {at(-120).us - 1}, .environment = S("")}, /* one past it */
    };
    const bool affected[] = {true, true, true, true, true, false, true, true};
    const enum change_suspicion want[] = {CHANGE_CLEAR, CHANGE_PRIME, CHANGE_PRIME, CHANGE_POSSIBLE, CHANGE_CLEAR,
        CHANGE_CLEAR, CHANGE_POSSIBLE, CHANGE_CLEAR};
    enum change_suspicion got[8];

    change_suspicions(c, affected, 8, at(0), got);
    for (size_t k = 0; k < 8; k++)
        CHECK_INT(got[k], want[k]);
    change_suspicions(c + 3, affected + 3, 5, at(0), got);
    CHECK_INT(got[0], CHANGE_PRIME);
    CHECK_INT(got[3], CHANGE_POSSIBLE);
}

static struct json *payload(struct test *t, struct arena *a, const char *path)
{
    const char *file = test_data(t, a, path);
    struct json *v = NULL;
    struct error err = {0};

    if (file && !json_parse(a, test_read_file(a, file), &v, &err))
        test_fail(t, __FILE__, __LINE__, "%s: %s", path, err.message);
    return v;
}

TEST(github_as_recorded)
{
    struct json *v = payload(t, a, "interop/github/deployment.json");
    struct change c;
    struct error err = {0};
    bool about;

    if (!v)
        return;
    REQUIRE_OK(change_read_github(a, S("deployment"), v, &c, &about, &err));
    CHECK(about);
    CHECK_STR(c.external_id, S("Codertocat/Hello-World/deployments/145988746"));
    CHECK_STR(c.status, S("started"));
    CHECK_STR(c.environment, S("production"));
    CHECK_STR(c.commit_to, S("f95f852bd8fca8fcc58a9a2d6c842781e32a215e"));
    CHECK_STR(c.author, S("Codertocat"));
    CHECK_STR(time_text(a, c.started_at), S("2019-05-15T15:20:53Z"));
    struct str first = c.external_id;
    v = payload(t, a, "interop/github/deployment_status.json");
    REQUIRE_OK(change_read_github(a, S("deployment_status"), v, &c, &about, &err));
    CHECK_STR(c.external_id, first);
    CHECK_STR(c.status, S("succeeded"));
    CHECK_STR(time_text(a, c.finished_at), S("2019-05-15T15:20:55Z"));
    v = payload(t, a, "interop/github/release.published.json");
    REQUIRE_OK(change_read_github(a, S("release"), v, &c, &about, &err));
    CHECK_STR(c.kind, S("release"));
    CHECK_STR(c.title, S("Release 0.0.1"));
    static const char *const others[] = {"ping", "push", "check_run.completed", "workflow_run.completed", "pull_request.closed"};
    for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
        struct str event;
        v = payload(t, a, str_printf(a, "interop/github/%s.json", others[k]).ptr);
        str_cut(str_from(others[k]), '.', &event);
        REQUIRE_OK(change_read_github(a, event, v, &c, &about, &err));
        CHECK(!about);
    }
}

TEST(gitlab_as_documented)
{
    struct json *v = payload(t, a, "interop/gitlab/deployment.json");
    struct change c;
    struct error err = {0};
    bool about;

    if (!v)
        return;
    REQUIRE_OK(change_read_gitlab(a, json_get(v, S("body")), &c, &about, &err));
    CHECK(about);
    CHECK_STR(c.external_id, S("root/test-deployment-webhooks/deployments/15"));
    CHECK_STR(c.status, S("succeeded"));
    CHECK_STR(c.environment, S("staging"));
    CHECK_STR(time_text(a, c.finished_at), S("2021-04-28T19:50:00Z"));
    v = payload(t, a, "interop/gitlab/release.json");
    REQUIRE_OK(change_read_gitlab(a, json_get(v, S("body")), &c, &about, &err));
    CHECK_STR(c.version, S("v1.1"));
    CHECK_STR(time_text(a, c.finished_at), S("2020-11-02T12:55:12Z"));
}

TEST(a_push_to_the_default_branch_is_a_merge)
{
    struct json *v;
    struct change c;
    struct error err = {0};
    bool about;

    REQUIRE_OK(json_parse(a, S("{\"ref\":\"refs/heads/main\",\"before\":\"a1\",\"after\":\"b2\",\"compare\":\"https://x/y\","
        "\"head_commit\":{\"message\":\"Fix rounding\\n\\nLong story\"},\"pusher\":{\"name\":\"mara\"},"
        "\"repository\":{\"full_name\":\"o/r\",\"default_branch\":\"main\"}}"), &v, &err));
    REQUIRE_OK(change_read_github(a, S("push"), v, &c, &about, &err));
    CHECK(about);
    CHECK_STR(c.kind, S("merge"));
    CHECK_STR(c.commit_from, S("a1"));
    CHECK_STR(c.title, S("Fix rounding"));
    CHECK_STR(c.external_id, S("o/r/push/b2"));
    json_get(v, S("ref"))->text = S("refs/heads/topic");
    REQUIRE_OK(change_read_github(a, S("push"), v, &c, &about, &err));
    CHECK(!about);
    REQUIRE_OK(json_parse(a, S("{}"), &v, &err));
    CHECK(!change_read_github(a, S("deployment"), v, &c, &about, &err));
    CHECK_INT(err.kind, ERROR_MALFORMED);
}

/* Generated from the route table itself: a route that is added is tested, whatever it is. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/sign.h"
#include "base/clock.h"
#include "stage.h"
#include "test.h"
#include "web/web.h"

/* What stands for {id} in each part of the API. */
struct fixtures {
    struct str incident, pack, policy, postmortem, request, runbook, service;
    struct str component, notice, status_page;
};

static struct str post_id(struct stage *s, struct arena *a, struct str path, const char *body)
{
    struct wire_answer got;
    struct json *v;
    struct error err = {0};

    if (!stage_as(s, a, ROLE_ADMIN, false, "POST", path, str_from(body), &got) ||
        !json_parse(a, got.body, &v, &err))
        return STR_NONE;
    return str_copy(a, json_get_str(v, S("id")));
}

static bool prepare(struct stage *s, struct arena *a, struct fixtures *f)
{
    struct str one = str_printf(
        a, "{\"name\":\"night\",\"target\":\"%.*s\"}", STR(s->people[ROLE_RESPONDER].id));

    f->service = post_id(s, a, S("/services"), "{\"name\":\"checkout\"}");
    f->policy = post_id(s, a, S("/policies"), one.ptr);
    f->runbook = post_id(s, a, S("/runbooks"), "{\"body\":\"# Disk is slow\\n1. Look\"}");
    f->incident = post_id(s, a, S("/incidents"), "{\"title\":\"It is broken\"}");
    f->pack = post_id(s, a, S("/packs"), "{\"id\":\"team\",\"from\":\"sev\"}");
    f->postmortem =
        post_id(s, a, str_printf(a, "/incidents/%.*s/postmortem", STR(f->incident)), "{}");
    f->component = post_id(s, a, S("/admin/status/components"), "{\"name\":\"Checkout\"}");
    f->status_page =
        post_id(s, a, S("/admin/status/pages"), "{\"slug\":\"main\",\"title\":\"Status\"}");
    f->notice = post_id(s, a, str_printf(a, "/incidents/%.*s/public", STR(f->incident)),
        "{\"title\":\"Out\",\"status\":\"resolved\",\"text\":\"x\"}");
    if (!f->component.len || !f->status_page.len || !f->notice.len)
        return false;
    struct str ask = str_printf(a, "{\"user_id\":\"%.*s\"}", STR(s->people[ROLE_RESPONDER].id));
    f->request = post_id(s, a, str_printf(a, "/incidents/%.*s/requests", STR(f->incident)), ask.ptr);
    return f->request.len && f->service.len && f->pack.len && f->policy.len && f->incident.len && f->postmortem.len && f->runbook.len;
}

/* The pattern with its first {…} replaced by something that exists, and others by what does not. */
static struct str path_of(
    struct stage *s, struct arena *a, const struct fixtures *f, enum role role, const char *pattern)
{
    struct str rest = str_slice(str_from(pattern), 1, strlen(pattern)), part;
    struct str root = STR_NONE;
    struct buf b;
    bool first = true;

    buf_init(&b, a, 4096);
    while (rest.ptr) {
        rest = str_cut(rest, '/', &part);
        root = root.ptr ? root : part;
        buf_addc(&b, '/');
        if (!part.len || part.ptr[0] != '{') {
            buf_add(&b, part);
            continue;
        }
        struct str id = S("none");
        if (first && str_eq(root, S("incidents")))
            id = f->incident;
        else if (first && str_eq(root, S("packs")))
            id = f->pack;
        else if (first && str_eq(root, S("people")))
            id = s->people[role == ROLE_ANYONE ? ROLE_VIEWER : role].id; /* oneself */
        else if (first && str_eq(root, S("policies")))
            id = f->policy;
        else if (first && str_eq(root, S("postmortems")))
            id = f->postmortem;
        else if (first && str_eq(root, S("runbooks")))
            id = f->runbook;
        else if (first && str_eq(root, S("services")))
            id = f->service;
        else if (first && str_eq(root, S("admin")))
            id = str_contains(str_from(pattern), S("/pages/"))     ? f->status_page
                 : str_contains(str_from(pattern), S("/notices/")) ? f->notice
                                                                   : f->component;
        else if (first && str_eq(root, S("r")))
            id = link_make(a, &s->env.links,
                &(struct link){.subject = f->request,
                    .user = s->people[ROLE_RESPONDER].id,
                    .action = S("respond"),
                    .expires = {(clock_now().us / SECOND_US + 60) * SECOND_US}});
        else if (first && str_eq(root, S("status")))
            id = S("main");
        else if (first && str_eq(root, S("a")))
            id = link_make(a, &s->env.links,
                &(struct link){.subject = f->incident,
                    .user = s->people[ROLE_RESPONDER].id,
                    .action = S("ack"),
                    .expires = {(clock_now().us / SECOND_US + 60) * SECOND_US}});
        buf_add(&b, id);
        first = false;
    }
    return buf_str(&b);
}

static bool expected(const struct web_route *r, enum role role, bool html, int status)
{
    if (r->role != ROLE_ANYONE && role == ROLE_ANYONE)
        return status == (html && r->method == HTTP_GET ? 303 : 401);
    if (role < r->role)
        return status == 403;
    return status >= 200 && status < 500 && status != 401 && status != 403 && status != 405;
}

TEST(every_route_for_every_role_and_face)
{
    struct stage s;
    struct fixtures f;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    CHECK(prepare(&s, a, &f));
    for (const struct web_route *r = web_routes; r->pattern; r++)
        for (int role = ROLE_ANYONE; role <= ROLE_ADMIN; role++)
            for (int html = 0; html < 2; html++) {
                struct str method = http_method_name(r->method);
                struct str path = path_of(&s, a, &f, (enum role)role, r->pattern);
                bool answered = stage_as(&s, a, (enum role)role, html, str_z(a, method), path,
                    r->method == HTTP_GET ? STR_NONE : S("{}"), &got);
                if (!answered || !expected(r, (enum role)role, html, got.status))
                    test_fail(t, __FILE__, __LINE__, "%.*s %.*s as %s (%s): %d %.*s", STR(method),
                        STR(path), role ? role_names[role - 1] : "nobody", html ? "html" : "json",
                        got.status, STR(str_slice(got.body, 0, html ? 0 : 300)));
            }
    stage_stop(&s);
}

TEST(a_method_nobody_takes_is_refused_with_those_there_are)
{
    struct stage s;
    struct fixtures f = {.incident = S("none"), .pack = S("none"), .policy = S("none"), .postmortem = S("none"),
        .request = S("none"), .runbook = S("none"), .service = S("none"), .component = S("none"), .notice = S("none"),
        .status_page = S("none")};
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct str path = path_of(&s, a, &f, ROLE_ADMIN, r->pattern);
        bool answered = stage_as(&s, a, ROLE_ADMIN, false, "PATCH", path, STR_NONE, &got);
        struct str allow = answered ? wire_header(got.head, "Allow") : STR_NONE;
        if (got.status != 405 || !str_contains(allow, http_method_name(r->method)))
            test_fail(t, __FILE__, __LINE__, "PATCH %.*s: %d, Allow: %.*s", STR(path), got.status,
                STR(allow));
    }
    stage_stop(&s);
}

static bool names_field(struct arena *a, struct str body, struct str field)
{
    struct json *v;
    struct error err = {0};

    if (!json_parse(a, body, &v, &err) || !json_is(json_get(v, S("errors")), JSON_ARRAY))
        return false;
    for (const struct json *e = json_get(v, S("errors"))->first; e; e = e->next)
        if (str_eq(json_get_str(e, S("field")), field))
            return true;
    return false;
}

TEST(every_route_that_takes_fields_refuses_an_unknown_one_by_name)
{
    struct stage s;
    struct fixtures f;
    struct error err = {0};
    struct wire_answer got;
    int tried = 0;

    REQUIRE_OK(stage_start(&s, &err));
    CHECK(prepare(&s, a, &f));
    struct str action =
        post_id(&s, a, str_printf(a, "/postmortems/%.*s/actions", STR(f.postmortem)),
            "{\"title\":\"Add a test\"}");
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct str path = path_of(&s, a, &f, ROLE_ADMIN, r->pattern);
        if (!r->takes)
            continue;
        if (str_starts(path, S("/action-items/")))
            path = str_printf(a, "/action-items/%.*s", STR(action));
        if (str_starts(path, S("/in/")))
            path = str_printf(a, "/in/%.*s/changes", STR(s.integration_key));
        bool answered = stage_as(&s, a, ROLE_ADMIN, false, str_z(a, http_method_name(r->method)),
            path, S("{\"no_such_field\":1}"), &got);
        if (!answered || got.status != 422 || !names_field(a, got.body, S("no_such_field")))
            test_fail(t, __FILE__, __LINE__, "%.*s: %d %.*s", STR(path), got.status, STR(got.body));
        tried++;
    }
    CHECK(tried >= 20);
    stage_stop(&s);
}

static struct str signed_by(struct arena *a, struct str secret, struct str body)
{
    hash256 h = hmac_sha256(secret, &body, 1);

    return str_printf(a, "X-GitHub-Event: deployment_status\r\nContent-Type: application/json\r\n"
        "X-Hub-Signature-256: sha256=%.*s\r\n", STR(hex_text(a, h.bytes, sizeof h.bytes)));
}

TEST(changes_come_in_by_key_and_by_signed_webhooks_once_each)
{
    const char *folder = test_data(t, a, "interop");
    struct stage s;
    struct error err = {0};
    struct wire_answer got;
    struct json *v;

    if (!folder)
        return;
    REQUIRE_OK(stage_start(&s, &err));
    struct str service = post_id(&s, a, S("/services"), "{\"name\":\"checkout\"}");
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", str_printf(a, "/services/%.*s/keys", STR(service)),
        S("{\"name\":\"ci\"}"), &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    struct str key = str_copy(a, json_get_str(v, S("integration_key")));
    struct str secret = str_copy(a, json_get_str(v, S("signing_secret")));
    CHECK_INT(secret.len, 40);

    struct str plain = str_printf(a, "/in/%.*s/changes", STR(key));
    const char *json = "Content-Type: application/json\r\n";
    struct str body = S("{\"title\":\"Rounding\",\"external_id\":\"p-1\",\"version\":\"2.4.1\"}");
    CHECK(stage_ask(&s, a, "POST", plain, json, body, &got) && got.status == 201);
    CHECK(stage_ask(&s, a, "POST", plain, json, body, &got) && got.status == 200);
    CHECK(stage_ask(&s, a, "POST", S("/in/nobody-has-this-key/changes"), json, body, &got) && got.status == 404);
    CHECK(stage_ask(&s, a, "GET", plain, "", STR_NONE, &got) && got.status == 405);

    struct str hub = str_printf(a, "/in/%.*s/github", STR(key));
    body = test_read_file(a, str_printf(a, "%s/github/deployment_status.json", folder).ptr);
    CHECK(stage_ask(&s, a, "POST", hub, json, body, &got) && got.status == 403);
    CHECK(stage_ask(&s, a, "POST", hub, signed_by(a, S("guess"), body).ptr, body, &got) && got.status == 403);
    CHECK(stage_ask(&s, a, "POST", hub, signed_by(a, secret, body).ptr, body, &got));
    CHECK_INT(got.status, 201);
    CHECK(str_contains(got.body, S("\"status\":\"succeeded\"")));
    CHECK(stage_ask(&s, a, "POST", hub, signed_by(a, secret, body).ptr, body, &got) && got.status == 200);

    struct str lab = str_printf(a, "/in/%.*s/gitlab", STR(key));
    body = test_read_file(a, str_printf(a, "%s/gitlab/deployment.json", folder).ptr);
    REQUIRE_OK(json_parse(a, body, &v, &err));
    body = json_text(a, json_get(v, S("body")));
    CHECK(stage_ask(&s, a, "POST", lab, "Content-Type: application/json\r\nX-Gitlab-Token: guess\r\n", body, &got) &&
          got.status == 403);
    CHECK(stage_ask(&s, a, "POST", lab,
        str_printf(a, "Content-Type: application/json\r\nX-Gitlab-Token: %.*s\r\n", STR(secret)).ptr, body, &got));
    CHECK_INT(got.status, 201);

    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", S("/changes?service=checkout&limit=2"), STR_NONE, &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    CHECK_INT(json_get(v, S("items"))->count, 2);
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", str_copy(a, json_get_str(v, S("next"))), STR_NONE, &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    CHECK_INT(json_get(v, S("items"))->count, 1);
    CHECK(!json_get_str(v, S("next")).len);
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", S("/changes?kind=migration"), STR_NONE, &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    CHECK_INT(json_get(v, S("items"))->count, 0);
    stage_stop(&s);
}

/* The cookie of a Set-Cookie header, and the csrf field of a page. */
static struct str between(struct str text, const char *from, char to)
{
    const char *at = memmem(text.ptr, text.len, from, strlen(from));
    struct str head;

    if (!at)
        return STR_NONE;
    at += strlen(from);
    str_cut((struct str){at, (size_t)(text.ptr + text.len - at)}, to, &head);
    return head;
}

#define FORM "Accept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n"

TEST(a_form_without_its_token_or_from_another_site_is_refused)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    struct str me = str_printf(a, "/people/%.*s", STR(s.people[ROLE_ADMIN].id));
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", str_printf(a, "%.*s/password", STR(me)),
              S("{\"password\":\"correct horse battery\"}"), &got) &&
          got.status == 200);

    struct str sign_in =
        S("email=admin%40example.org&password=correct+horse+battery&next=%2F%2Fevil.example");
    CHECK(stage_ask(
              &s, a, "POST", S("/signin"), FORM "Sec-Fetch-Site: cross-site\r\n", sign_in, &got) &&
          got.status == 403);
    CHECK(stage_ask(&s, a, "POST", S("/signin"), FORM,
        S("email=admin%40example.org&password=wrong+wrong+wrong"), &got));
    CHECK_INT(got.status, 422);
    CHECK(stage_ask(&s, a, "POST", S("/signin"), FORM, sign_in, &got));
    CHECK_INT(got.status, 303);
    CHECK_STR(wire_header(got.head, "Location"), S("/incidents")); /* ours only */

    struct str cookie = between(wire_header(got.head, "Set-Cookie"), "tocsin_session=", ';');
    const char *headers = str_printf(a, FORM "Cookie: tocsin_session=%.*s\r\n", STR(cookie)).ptr;
    CHECK(stage_ask(&s, a, "POST", S("/services"), headers, S("name=search"), &got) &&
          got.status == 403);
    CHECK(stage_ask(&s, a, "GET", S("/services"), headers, STR_NONE, &got) && got.status == 200);
    struct str csrf = between(got.body, "name=\"csrf\" value=\"", '"');
    CHECK(csrf.len > 0);
    struct str form = str_printf(a, "csrf=%.*s&name=", STR(csrf));
    CHECK(stage_ask(&s, a, "POST", S("/services"), headers, form, &got));
    CHECK_INT(got.status, 422); /* the form again, with what is wrong */
    CHECK(str_contains(got.body, S("must not be empty")));
    CHECK(stage_ask(
        &s, a, "POST", S("/services"), headers, str_printf(a, "%.*ssearch", STR(form)), &got));
    CHECK_INT(got.status, 303);
    stage_stop(&s);
}

TEST(people_change_their_own_account_and_no_other)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    struct str mine = str_printf(a, "/people/%.*s", STR(s.people[ROLE_VIEWER].id));
    struct str theirs = str_printf(a, "/people/%.*s", STR(s.people[ROLE_MANAGER].id));
    static const struct {
        const char *end, *body;
        int mine;
    } cases[] = {
        {"", "{\"name\":\"New Name\"}", 200},
        {"", "{\"role\":\"admin\"}", 403},
        {"", "{\"disabled\":true}", 403},
        {"/contacts", "{\"kind\":\"email\",\"address\":\"x@example.org\"}", 201},
        {"/tokens", "{\"name\":\"mine\"}", 201},
        {"/password", "{\"password\":\"correct horse battery\"}", 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str body = str_from(cases[i].body);
        CHECK(stage_as(&s, a, ROLE_VIEWER, false, "POST",
            str_printf(a, "%.*s%s", STR(theirs), cases[i].end), body, &got));
        CHECK_INT(got.status, 403);
        CHECK(stage_as(&s, a, ROLE_VIEWER, false, "POST",
            str_printf(a, "%.*s%s", STR(mine), cases[i].end), body, &got));
        CHECK_INT(got.status, cases[i].mine);
    }
    /* Once there is a password, one's own needs the old one. */
    struct str password = str_printf(a, "%.*s/password", STR(mine));
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "POST", password,
              S("{\"password\":\"another horse battery\"}"), &got) &&
          got.status == 422);
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", password,
              S("{\"password\":\"another horse battery\"}"), &got) &&
          got.status == 200);
    CHECK(stage_as(&s, a, ROLE_MANAGER, false, "GET", str_printf(a, "%.*s/tokens", STR(mine)),
              STR_NONE, &got) &&
          got.status == 403);
    struct str last = str_printf(a, "/people/%.*s", STR(s.people[ROLE_ADMIN].id));
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", last, S("{\"disabled\":true}"), &got) &&
          got.status == 422);
    stage_stop(&s);
}

TEST(health_and_figures)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    CHECK(stage_ask(&s, a, "GET", S("/healthz"), "", STR_NONE, &got) && got.status == 200);
    CHECK(stage_ask(&s, a, "POST", S("/healthz"), "", STR_NONE, &got) && got.status == 405);
    CHECK(stage_ask(&s, a, "GET", S("/readyz"), "", STR_NONE, &got) && got.status == 200);
    CHECK_STR(got.body, S("ready\n"));
    CHECK(stage_ask(&s, a, "GET", S("/metrics"), "", STR_NONE, &got) && got.status == 200);
    CHECK(str_contains(got.body, S("\ntocsin_writer_healthy 1\n")));
    CHECK(stage_ask(
              &s, a, "GET", S("/metrics"), "X-Forwarded-For: 203.0.113.9\r\n", STR_NONE, &got) &&
          got.status == 401);
    stage_stop(&s);
}

TEST(alerts_are_filtered_and_paged)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;
    struct json *v;

    REQUIRE_OK(stage_start(&s, &err));
    struct str in = str_printf(a, "/in/%.*s/api/v2/alerts", STR(s.integration_key));
    CHECK(stage_ask(&s, a, "POST", in, "",
              S("[{\"labels\":{\"alertname\":\"A\",\"n\":\"1\"}},{\"labels\":{\"alertname\":\"B\","
                "\"n\":\"2\"}},"
                "{\"labels\":{\"alertname\":\"C\",\"n\":\"3\"},\"annotations\":{\"summary\":\"Disk "
                "is full\"}}]"),
              &got) &&
          got.status == 200);
    static const struct {
        const char *path;
        unsigned rows;
        bool more;
    } cases[] = {
        {"/alerts", 3, false},
        {"/alerts?limit=2", 2, true},
        {"/alerts?limit=3", 3, false},
        {"/alerts?q=n%3D~%22%5B23%5D%22", 2, false},
        {"/alerts?q=disk+FULL", 1, false},
        {"/alerts?q=nowhere", 0, false},
        {"/alerts?state=resolved", 0, false},
        {"/alerts?limit=2&q=n%21~%223%22", 2, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", str_from(cases[i].path), STR_NONE, &got) &&
              got.status == 200);
        REQUIRE_OK(json_parse(a, got.body, &v, &err));
        CHECK_INT(json_get(v, S("items"))->count, cases[i].rows);
        CHECK_INT(json_get_str(v, S("next")).len > 0, cases[i].more);
    }
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", S("/alerts?q=n%3D~%22(%22"), STR_NONE, &got) &&
          got.status == 422);
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", S("/alerts?limit=501"), STR_NONE, &got) &&
          got.status == 422);
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", S("/alerts?limit=2"), STR_NONE, &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    CHECK(stage_as(&s, a, ROLE_VIEWER, false, "GET", json_get_str(v, S("next")), STR_NONE, &got));
    REQUIRE_OK(json_parse(a, got.body, &v, &err));
    CHECK_INT(json_get(v, S("items"))->count, 1);
    stage_stop(&s);
}

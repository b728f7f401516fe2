/* Roles and the war room over HTTP: the link in a request, what is hidden until somebody is let in, the
 * streams of one incident. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/sign.h"
#include "domain/pack.h"
#include "stage.h"
#include "test.h"

struct scene {
    struct test *t;
    struct stage s;
    struct arena *a;
    struct str incident;
};

/* As the role, in JSON; a body of NULL is a GET. */
static struct json *ask_as(struct scene *c, enum role role, const char *path, const char *body, int want)
{
    struct wire_answer got = {0};
    struct json *v = NULL;
    struct error err = {0};

    if (!stage_as(&c->s, c->a, role, false, body ? "POST" : "GET", str_from(path), str_from(body), &got) ||
        got.status != want)
        test_fail(c->t, __FILE__, __LINE__, "%s: %d %.*s", path, got.status,
            STR(str_slice(got.body, 0, got.body.len < 300 ? got.body.len : 300)));
    return json_parse(c->a, got.body, &v, &err) ? v : json_object(c->a);
}

static const char *path_of(struct scene *c, const char *rest)
{
    return str_printf(c->a, "/incidents/%.*s%s", STR(c->incident), rest).ptr;
}

static bool begin(struct scene *c, struct error *err)
{
    if (!stage_start(&c->s, err))
        return false;
    c->incident = str_copy(c->a, json_get_str(ask_as(c, ROLE_MANAGER, "/incidents",
        "{\"title\":\"Checkout is down\",\"severity\":\"SEV1\"}", 201), S("id")));
    return true;
}

static struct str id_of(struct scene *c, enum role role)
{
    return c->s.people[role].id;
}

static const char *give(struct scene *c, const char *role, enum role to)
{
    return str_printf(c->a, "{\"role\":\"%s\",\"user_id\":\"%.*s\",\"reason\":\"end of shift\"}", role, STR(id_of(c, to))).ptr;
}

TEST(a_request_is_answered_by_its_link_without_signing_in)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(begin(&c, &err));
    struct json *asked = ask_as(&c, ROLE_MANAGER, path_of(&c, "/requests"),
        str_printf(a, "{\"user_id\":\"%.*s\",\"role\":\"scribe\",\"message\":\"Please <b>come</b>\"}", STR(id_of(&c, ROLE_RESPONDER))).ptr, 200);
    struct link link = {.subject = json_get_str(asked, S("id")), .user = id_of(&c, ROLE_RESPONDER), .action = S("respond"),
        .expires = {(clock_now().us / SECOND_US + 60) * SECOND_US}};
    struct str path = str_printf(a, "/r/%.*s", STR(link_make(a, &c.s.env.links, &link)));

    /* Looking changes nothing, and what was written stays text. */
    CHECK(stage_ask(&c.s, a, "GET", path, "Accept: text/html\r\n", STR_NONE, &got) && got.status == 200);
    CHECK(str_contains(got.body, S("Please &lt;b&gt;come")) && !str_contains(got.body, S("<b>come")));
    CHECK(str_contains(got.body, S("value=\"accept\"")) && str_contains(got.body, S("value=\"decline\"")));
    CHECK(json_get(ask_as(&c, ROLE_VIEWER, path_of(&c, "/roles"), NULL, 200), S("items"))->count == 0);
    CHECK(stage_ask(&c.s, a, "POST", path, "", S("{\"answer\":\"perhaps\"}"), &got) && got.status == 422);
    CHECK(stage_ask(&c.s, a, "POST", path, "", S("{\"answer\":\"accept\",\"reason\":\"in five minutes\"}"), &got) && got.status == 200);
    CHECK(json_get(ask_as(&c, ROLE_VIEWER, path_of(&c, "/roles"), NULL, 200), S("items"))->count == 1);
    /* A second answer changes nothing; the page says what was answered. */
    CHECK(stage_ask(&c.s, a, "POST", path, "", S("{\"answer\":\"decline\"}"), &got) && got.status == 200);
    CHECK(str_contains(got.body, S("\"accepted\":true")));
    /* A link that does something else, one that is damaged, and one that is over. */
    link.action = S("ack");
    path = str_printf(a, "/r/%.*s", STR(link_make(a, &c.s.env.links, &link)));
    CHECK(stage_ask(&c.s, a, "POST", path, "", S("{\"answer\":\"accept\"}"), &got) && got.status == 403);
    CHECK(stage_ask(&c.s, a, "POST", S("/r/x.y.respond.9999999999.AAAAAAAAAAAAAAAAAAAAAA"), "", S("{\"answer\":\"accept\"}"), &got) && got.status == 403);
    link.action = S("respond");
    link.expires.us = (clock_now().us / SECOND_US - 60) * SECOND_US;
    path = str_printf(a, "/r/%.*s", STR(link_make(a, &c.s.env.links, &link)));
    CHECK(stage_ask(&c.s, a, "POST", path, "", S("{\"answer\":\"accept\"}"), &got) && got.status == 404);
    stage_stop(&c.s);
}

TEST(nobody_answers_for_somebody_else)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};

    REQUIRE_OK(begin(&c, &err));
    struct json *asked = ask_as(&c, ROLE_MANAGER, path_of(&c, "/requests"),
        str_printf(a, "{\"user_id\":\"%.*s\"}", STR(id_of(&c, ROLE_RESPONDER))).ptr, 200);
    const char *path = path_of(&c, str_printf(a, "/requests/%.*s", STR(json_get_str(asked, S("id")))).ptr);
    ask_as(&c, ROLE_ADMIN, path, "{\"answer\":\"accept\"}", 403);
    CHECK_STR(json_get_str(ask_as(&c, ROLE_RESPONDER, path, "{\"answer\":\"accept\"}", 200), S("state")), S("accepted"));
    stage_stop(&c.s);
}

TEST(who_commanded_at_a_moment)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};

    REQUIRE_OK(begin(&c, &err));
    ask_as(&c, ROLE_MANAGER, path_of(&c, "/roles"), give(&c, "commander", ROLE_RESPONDER), 200);
    struct str between = time_text(a, clock_now());
    ask_as(&c, ROLE_MANAGER, path_of(&c, "/roles"), give(&c, "commander", ROLE_ADMIN), 200);
    struct json *then = ask_as(&c, ROLE_VIEWER, path_of(&c, str_printf(a, "/roles?at=%.*s", STR(between)).ptr), NULL, 200);
    CHECK_INT(json_get(then, S("items"))->count, 1);
    CHECK_STR(json_get_str(json_get(then, S("items"))->first, S("user_id")), id_of(&c, ROLE_RESPONDER));
    CHECK_INT(json_get(ask_as(&c, ROLE_VIEWER, path_of(&c, "/roles"), NULL, 200), S("items"))->count, 2);
    ask_as(&c, ROLE_VIEWER, path_of(&c, "/roles?at=yesterday"), NULL, 422);
    stage_stop(&c.s);
}

TEST(the_bridge_is_for_those_who_are_let_in)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};

    REQUIRE_OK(begin(&c, &err));
    ask_as(&c, ROLE_MANAGER, "/admin/war-room", "{\"bridge\":\"javascript:alert(1)\"}", 422);
    ask_as(&c, ROLE_MANAGER, "/admin/war-room", "{\"bridge\":\"https://meet.example.org/secret\",\"phone\":\"1234#\"}", 200);
    ask_as(&c, ROLE_MANAGER, path_of(&c, "/roles"), give(&c, "commander", ROLE_MANAGER), 200);
    ask_as(&c, ROLE_MANAGER, path_of(&c, "/room"), "{}", 200);
    struct json *mine = json_get(ask_as(&c, ROLE_MANAGER, path_of(&c, ""), NULL, 200), S("room"));
    CHECK_STR(json_get_str(mine, S("bridge")), S("https://meet.example.org/secret"));
    struct json *room = json_get(ask_as(&c, ROLE_RESPONDER, path_of(&c, ""), NULL, 200), S("room"));
    CHECK(!json_get_str(room, S("bridge")).ptr && !json_get_str(room, S("phone")).ptr);
    CHECK(json_bool(json_get(ask_as(&c, ROLE_RESPONDER, path_of(&c, "/room/join"), "{}", 200), S("refused")), false));
    CHECK(json_bool(json_get(ask_as(&c, ROLE_RESPONDER, path_of(&c, "/room/join"), "{\"purpose\":\"storage\"}", 200), S("asked")), false));
    struct str them = str_printf(a, "/room/people/%.*s", STR(id_of(&c, ROLE_RESPONDER)));
    ask_as(&c, ROLE_RESPONDER, path_of(&c, them.ptr), "{\"state\":\"joined\"}", 403);
    ask_as(&c, ROLE_MANAGER, path_of(&c, them.ptr), "{\"state\":\"joined\"}", 200);
    room = json_get(ask_as(&c, ROLE_RESPONDER, path_of(&c, ""), NULL, 200), S("room"));
    CHECK_STR(json_get_str(room, S("bridge")), S("https://meet.example.org/secret"));
    ask_as(&c, ROLE_ADMIN, path_of(&c, "/room/close"), "{}", 403);
    ask_as(&c, ROLE_MANAGER, path_of(&c, "/room/close"), "{}", 200);
    stage_stop(&c.s);
}

TEST(the_scribes_line_is_an_entry_at_once)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};
    static const struct {
        const char *body, *kind, *text;
    } lines[] = {
        {"{\"text\":\"! Roll back\"}", "decision", "Roll back"},
        {"{\"text\":\"> restarted pay-3\"}", "action", "restarted pay-3"},
        {"{\"text\":\"? who owns pay-3\"}", "question", "who owns pay-3"},
        {"{\"text\":\"errors fall\"}", "note", "errors fall"},
    };

    REQUIRE_OK(begin(&c, &err));
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        struct json *latest = json_get(ask_as(&c, ROLE_RESPONDER, path_of(&c, "/scribe"), lines[k].body, 200), S("events"))->first;
        CHECK_STR(json_get_str(latest, S("kind")), str_from(lines[k].kind));
        CHECK_STR(json_get_str(latest, S("text")), str_from(lines[k].text));
    }
    ask_as(&c, ROLE_RESPONDER, path_of(&c, "/scribe"), "{\"text\":\"  \"}", 422);
    stage_stop(&c.s);
}

TEST(what_needs_no_approval_is_on_the_page)
{
    struct scene c = {.t = t, .a = a};
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(begin(&c, &err));
    CHECK(stage_as(&c.s, a, ROLE_RESPONDER, true, "GET", str_from(path_of(&c, "")), STR_NONE, &got) && got.status == 200);
    for (size_t k = 0; k < c.s.env.pack->on_call.nauthority; k++)
        CHECK(str_contains(got.body, c.s.env.pack->on_call.authority[k]));
    CHECK(c.s.env.pack->on_call.nauthority > 0);
    stage_stop(&c.s);
}

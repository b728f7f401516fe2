/* A word in every text of a restricted incident, looked for by everybody who is no member of it: on
 * every address that can be read, in both faces, in the stream, in what is sent. Routes and fields come
 * from the table, so those of a feature that is added are searched too. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "engine/notifier.h"
#include "net/client.h"
#include "net/server.h"
#include "notify/channels.h"
#include "sink.h"
#include "stage.h"
#include "test.h"
#include "web/web.h"

#define WORD "Zibelwurst"
#define MAX_IDS 400

struct hunt {
    struct test *t;
    struct stage *s;
    struct arena *a;
    struct str insider, token; /* the only member */
    struct str incident, number, service, alert, postmortem;
    struct str ids[MAX_IDS]; /* everything that the insider was told an id of */
    size_t nids;
    int posted, read;
};

static struct str insider_asks(struct hunt *h, const char *method, struct str path, struct str body, int *status)
{
    const char *headers = str_printf(h->a, "Accept: application/json\r\nAuthorization: Bearer %.*s\r\n", STR(h->token)).ptr;
    struct wire_answer got;

    *status = stage_ask(h->s, h->a, method, path, headers, body, &got) ? got.status : 0;
    return got.body;
}

static struct json *read_json(struct hunt *h, struct str text)
{
    struct json *v = NULL;
    struct error err = {0};

    return json_parse(h->a, text, &v, &err) ? v : json_object(h->a);
}

static struct json *must(struct hunt *h, struct str path, struct str body)
{
    int status;
    struct str got = insider_asks(h, body.ptr ? "POST" : "GET", path, body, &status);

    if (status < 200 || status > 299)
        test_fail(h->t, __FILE__, __LINE__, "%.*s: %d %.*s", STR(path), status, STR(str_slice(got, 0, got.len < 400 ? got.len : 400)));
    return read_json(h, got);
}

static struct str of_incident(struct hunt *h, const char *rest)
{
    return str_printf(h->a, "/incidents/%.*s%s", STR(h->incident), rest);
}

/* --- writing the word everywhere --- */

static struct str value_for(struct hunt *h, const struct field *f)
{
    struct str name = str_from(f->name);

    if (f->choices)
        return str_from(f->choices[0]);
    if (str_eq(name, S("user_id")) || str_eq(name, S("owner_id")))
        return h->insider;
    if (str_eq(name, S("service_id")))
        return h->service;
    if (str_eq(name, S("role")))
        return S("scribe");
    if (str_eq(name, S("severity")))
        return S("SEV2");
    if (str_eq(name, S("class")))
        return S("security");
    if (str_ends(name, S("_id")))
        return STR_NONE;
    if (str_contains(name, S("url")) || str_contains(name, S("link")) || str_contains(name, S("bridge")))
        return S("https://example.org/" WORD);
    return f->max && f->max < (int64_t)strlen(WORD) ? STR_NONE : S(WORD);
}

static struct str body_for(struct hunt *h, const struct field *fields)
{
    struct json *o = json_object(h->a);

    for (const struct field *f = fields; f->name; f++) {
        struct str v = f->type == FIELD_TEXT && !(f->flags & FIELD_READONLY) ? value_for(h, f) : STR_NONE;
        if (v.len)
            json_set_str(h->a, o, str_from(f->name), v);
    }
    return json_text(h->a, o);
}

static bool ends_it(const struct web_route *r)
{
    static const char *const last[] = {"/resolve", "/status", "/reopen", "/break-glass", "/lift", "/release", "/remove"};

    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (str_ends(str_from(r->pattern), str_from(last[i])))
            return true;
    return false;
}

static struct str fill(struct hunt *h, const char *pattern, struct str first, struct str second)
{
    struct str rest = str_from(pattern), part, out = S("");
    bool filled = false;

    for (rest = str_slice(rest, 1, rest.len); rest.ptr;) {
        rest = str_cut(rest, '/', &part);
        if (part.len && part.ptr[0] == '{') {
            part = filled ? second : first;
            filled = true;
        }
        out = str_printf(h->a, "%.*s/%.*s", STR(out), STR(part));
    }
    return out;
}

static void write_everywhere(struct hunt *h)
{
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        int status;
        bool incident = str_starts(str_from(r->pattern), S("/incidents/{id}/"));
        if (r->method == HTTP_GET || !incident || ends_it(r) || strchr(r->pattern + strlen("/incidents/{id}"), '{'))
            continue;
        struct str body = r->takes ? body_for(h, r->takes) : S("{}");
        insider_asks(h, "POST", fill(h, r->pattern, h->incident, S("")), body, &status);
        h->posted += status >= 200 && status < 300;
    }
}

static void found_ids(struct hunt *h, const struct json *v)
{
    if (v->type == JSON_STRING && v->text.len > 20 && v->text.len < 40 && str_contains(v->text, S("_")) &&
        h->nids < MAX_IDS) {
        bool known = false;
        for (size_t i = 0; i < h->nids; i++)
            known |= str_eq(h->ids[i], v->text);
        if (!known)
            h->ids[h->nids++] = v->text;
    }
    for (const struct json *c = v->first; c; c = c->next)
        found_ids(h, c);
}

static bool prepare(struct hunt *h)
{
    struct wire_answer got;
    struct stage *s = h->s;

    if (!stage_as(s, h->a, ROLE_ADMIN, false, "POST", S("/people"),
            S("{\"email\":\"insider@example.org\",\"name\":\"Ina Insider\",\"role\":\"manager\"}"), &got))
        return false;
    h->insider = json_get_str(read_json(h, got.body), S("id"));
    if (!stage_as(s, h->a, ROLE_ADMIN, false, "POST", str_printf(h->a, "/people/%.*s/tokens", STR(h->insider)),
            S("{\"name\":\"test\"}"), &got))
        return false;
    h->token = json_get_str(read_json(h, got.body), S("token"));
    if (!stage_as(s, h->a, ROLE_ADMIN, false, "POST", S("/services"), S("{\"name\":\"search\"}"), &got))
        return false;
    h->service = json_get_str(read_json(h, got.body), S("id"));
    if (!stage_ask(s, h->a, "POST", str_printf(h->a, "/in/%.*s/api/v2/alerts", STR(s->integration_key)), "",
            S("[{\"labels\":{\"alertname\":\"Login\"}}]"), &got) ||
        !stage_as(s, h->a, ROLE_ADMIN, false, "GET", S("/alerts"), STR_NONE, &got))
        return false;
    h->alert = json_get_str(json_get(read_json(h, got.body), S("items"))->first, S("id"));
    return h->insider.len && h->token.len && h->service.len && h->alert.len;
}

static void commit_crime(struct hunt *h)
{
    struct json *v = must(h, S("/incidents"), str_printf(h->a,
        "{\"title\":\"" WORD "\",\"summary\":\"" WORD "\",\"impact_text\":\"" WORD "\",\"service_id\":\"%.*s\",\"alert_id\":\"%.*s\",\"page\":false}",
        STR(h->service), STR(h->alert)));
    h->incident = json_get_str(v, S("id"));
    h->number = json_get_str(v, S("number"));
    must(h, of_incident(h, "/class"), S("{\"class\":\"security\",\"reason\":\"" WORD "\"}"));
    must(h, of_incident(h, "/evidence"), S("{\"name\":\"" WORD "\",\"text\":\"" WORD "\",\"note\":\"" WORD "\"}"));
    must(h, of_incident(h, "/clocks/gdpr"), S("{\"state\":\"done\",\"reason\":\"" WORD "\"}"));
    write_everywhere(h);
    v = must(h, of_incident(h, ""), STR_NONE);
    const struct json *task = json_get(json_get(v, S("checklists"))->first, S("items"))->first;
    must(h, of_incident(h, str_printf(h->a, "/tasks/%.*s", STR(json_get_str(task, S("id")))).ptr),
        S("{\"state\":\"done\",\"note\":\"" WORD "\"}"));
    v = must(h, of_incident(h, "/postmortem"), S("{}"));
    h->postmortem = json_get_str(v, S("id"));
    struct str pm = str_printf(h->a, "/postmortems/%.*s", STR(h->postmortem));
    must(h, str_printf(h->a, "%.*s/actions", STR(pm)), S("{\"title\":\"" WORD "\"}"));
    must(h, pm, S("{\"title\":\"" WORD "\",\"body\":\"" WORD "\",\"status\":\"in_review\",\"version\":1}"));
    found_ids(h, must(h, of_incident(h, ""), STR_NONE));
    found_ids(h, must(h, pm, STR_NONE));
}

/* --- looking for it --- */

static bool leaks(struct hunt *h, struct str text)
{
    return str_contains(text, S(WORD)) || str_contains(text, h->incident) || str_contains(text, h->number);
}

/* What the same address answers for something that is not there: not found, or not for this role. */
static int status_of_nothing(struct hunt *h, enum role role, bool html, struct str path)
{
    struct wire_answer got;
    struct str rest, collection;

    str_cut(str_slice(path, 1, path.len), '/', &collection);
    rest = str_slice(path, collection.len + 2, path.len);
    rest = str_slice(rest, str_find(rest, '/'), rest.len);
    path = str_printf(h->a, "/%.*s/none%.*s", STR(collection), STR(rest));
    return stage_as(h->s, h->a, role, html, "GET", path, STR_NONE, &got) ? got.status : 0;
}

static void look(struct hunt *h, enum role role, struct str path)
{
    for (int html = 0; html < 2; html++) {
        struct wire_answer got;
        /* An administrator may know that there is one, by its number, to break the glass. */
        bool admin = str_eq(path, S("/admin"));
        if (!stage_as(h->s, h->a, role, html, "GET", path, STR_NONE, &got)) {
            test_fail(h->t, __FILE__, __LINE__, "%.*s: no answer", STR(path));
            continue;
        }
        h->read++;
        bool named = str_contains(path, h->incident) || str_contains(path, h->number); /* and so echoed */
        bool about = str_starts(path, S("/incidents/")) || str_starts(path, S("/postmortems/"));
        bool bad = admin || named ? str_contains(got.body, S(WORD)) : leaks(h, got.body);
        if (bad || str_contains(got.head, S(WORD)) || (about && named && got.status != status_of_nothing(h, role, html, path)))
            test_fail(h->t, __FILE__, __LINE__, "%.*s as %s (%s): %d, found", STR(path), role_names[role - 1],
                html ? "html" : "json", got.status);
    }
}

/* The first parameter of an address, by what it is about. */
static struct str first_of(struct hunt *h, const char *pattern)
{
    static const char *const roots[] = {"/incidents/", "/postmortems/", "/alerts/", "/services/", "/people/"};
    const struct str firsts[] = {h->incident, h->postmortem, h->alert, h->service, h->insider};

    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (str_starts(str_from(pattern), str_from(roots[i])))
            return firsts[i];
    return STR_NONE;
}

static void look_at_route(struct hunt *h, enum role role, const struct web_route *r)
{
    struct str first = first_of(h, r->pattern);
    const char *param = strchr(r->pattern, '{');
    bool second = param && strchr(param + 1, '{');

    if (!param)
        look(h, role, str_from(r->pattern));
    else if (first.len && !second)
        look(h, role, fill(h, r->pattern, first, S("")));
    else
        for (size_t i = 0; i < h->nids; i++)
            look(h, role, fill(h, r->pattern, first.len ? first : h->ids[i], h->ids[i]));
}

static void look_everywhere(struct hunt *h)
{
    for (int role = ROLE_VIEWER; role <= ROLE_ADMIN; role++) {
        for (const struct web_route *r = web_routes; r->pattern; r++)
            if (r->method == HTTP_GET && strcmp(r->pattern, "/stream") != 0 && strcmp(r->pattern, "/a/{token}") != 0)
                look_at_route(h, (enum role)role, r);
        look(h, (enum role)role, S("/incidents?q=ibelwurs"));
        look(h, (enum role)role, str_printf(h->a, "/incidents/%.*s", STR(h->number)));
        look(h, (enum role)role, S("/alerts?state=all&q=login"));
    }
}

/* Everything up to the marker, or what came before it broke. */
static struct str stream_until(struct hunt *h, struct wire *w, struct str marker)
{
    struct str all = S(""), byte;

    for (size_t n = 0; n < 400; n++) {
        struct str chunk = S("");
        while (chunk.len < 256 && !str_ends(chunk, marker) && wire_take(w, h->a, 1, &byte))
            chunk = str_printf(h->a, "%.*s%.*s", STR(chunk), STR(byte));
        all = str_printf(h->a, "%.*s%.*s", STR(all), STR(chunk));
        if (!chunk.len || str_contains(all, marker))
            return all;
    }
    return all;
}

static void watch(struct hunt *h, struct str token, bool member)
{
    struct wire w = wire_open(server_port(h->s->server));
    struct wire_answer got;

    wire_send(&w, str_printf(h->a, "GET /stream?after=0 HTTP/1.1\r\nHost: tocsin.example.org\r\n"
        "Authorization: Bearer %.*s\r\n\r\n", STR(token)));
    must(h, of_incident(h, "/notes"), S("{\"text\":\"" WORD "\"}"));
    stage_as(h->s, h->a, ROLE_ADMIN, false, "POST", S("/incidents"), S("{\"title\":\"Open to all\",\"page\":false}"), &got);
    struct str other = json_get_str(read_json(h, got.body), S("id"));
    struct str all = stream_until(h, &w, other);
    if (!str_contains(all, other) || str_contains(all, h->incident) != member)
        test_fail(h->t, __FILE__, __LINE__, "the stream of %s", member ? "a member" : "everybody else");
    wire_close(&w);
}

/* Numbers tell too: as a viewer has it, nothing is open. */
static int64_t open_count(struct hunt *h)
{
    struct wire_answer got;
    int64_t n = -1, more = 0;

    stage_as(h->s, h->a, ROLE_VIEWER, false, "GET", S("/incidents"), STR_NONE, &got);
    json_int(json_get(read_json(h, got.body), S("open_count")), &n);
    stage_as(h->s, h->a, ROLE_VIEWER, false, "GET", str_printf(h->a, "/services/%.*s", STR(h->service)), STR_NONE, &got);
    json_int(json_get(read_json(h, got.body), S("open_incidents")), &more);
    stage_ask(h->s, h->a, "GET", S("/metrics"), "", STR_NONE, &got);
    return n + more + str_contains(got.body, S("tocsin_incidents_open{"));
}

static struct hunt begin(struct test *t, struct arena *a, struct stage *s)
{
    struct hunt h = {.t = t, .s = s, .a = a};

    if (!prepare(&h))
        test_fail(t, __FILE__, __LINE__, "the stage is not set");
    else
        commit_crime(&h);
    return h;
}

TEST(nobody_finds_a_word_of_a_restricted_incident)
{
    struct stage s;
    struct error err = {0};

    REQUIRE_OK(stage_start(&s, &err));
    struct hunt h = begin(t, a, &s);
    look_everywhere(&h);
    CHECK_INT(open_count(&h), 0);
    watch(&h, s.people[ROLE_MANAGER].token, false);
    watch(&h, h.token, true);
    CHECK(h.posted >= 12);
    CHECK(h.read > 300);
    /* What is searched for is there: its member finds it. */
    CHECK(str_contains(json_text(a, must(&h, of_incident(&h, ""), STR_NONE)), S(WORD)));
    CHECK(str_contains(json_text(a, must(&h, S("/reviews"), STR_NONE)), S(WORD)));
    CHECK(str_contains(json_text(a, must(&h, S("/incidents"), STR_NONE)), S(WORD)));
    stage_stop(&s);
}

/* What a channel of chat is told of a restricted incident that it was paged for: that there is one. */
static struct str sent_to_webhook(struct hunt *h, struct sink *sink)
{
    struct str any = S("*");
    struct client_config client = {.allow = &any, .nallow = 1};
    struct channel_config channel = {0};
    struct notifier_config config = {.db_url = str_printf(h->a, "%s/tocsin.db", h->s->folder), .env = &h->s->env,
        .writer = h->s->writer, .channels = &channel, .client = &client, .seed = 1};
    struct notifier *n = NULL;
    struct error err = {0};
    struct effects fx;

    struct json *v = must(h, S("/webhooks"), str_printf(h->a, "{\"name\":\"chat\",\"url\":\"http://127.0.0.1:%d/x\"}", sink_port(sink)));
    v = must(h, S("/policies"), str_printf(h->a, "{\"name\":\"loud\",\"target\":\"%.*s\"}", STR(json_get_str(v, S("id")))));
    must(h, str_printf(h->a, "/services/%.*s", STR(h->service)), str_printf(h->a, "{\"policy_id\":\"%.*s\"}", STR(json_get_str(v, S("id")))));
    v = must(h, S("/incidents"), str_printf(h->a, "{\"title\":\"" WORD "\",\"summary\":\"" WORD "\",\"service_id\":\"%.*s\"}", STR(h->service)));
    struct str incident = json_get_str(v, S("id")), delivery = json_get_str(json_get(v, S("pages"))->first, S("id"));
    must(h, str_printf(h->a, "/incidents/%.*s/class", STR(incident)), S("{\"class\":\"security\"}"));
    if (!notifier_start(&n, &config, &err))
        return STR_NONE;
    effects_init(&fx, h->a);
    struct effect_delivery *d = fx.deliveries = arena_new(h->a, struct effect_delivery);
    *d = (struct effect_delivery){.id = delivery, .fence = 1};
    notifier_take(n, &fx);
    notifier_drain(n);
    notifier_free(n);
    return sink_last(sink, h->a);
}

TEST(a_webhook_is_told_only_that_there_is_one)
{
    struct stage s;
    struct error err = {0};
    struct sink *sink = sink_start();

    REQUIRE_OK(stage_start(&s, &err));
    struct hunt h = {.t = t, .s = &s, .a = a};
    CHECK(prepare(&h));
    struct str got = sent_to_webhook(&h, sink);
    CHECK(str_contains(got, S("Restricted incident")));
    CHECK(!str_contains(got, S(WORD)));
    stage_stop(&s);
    sink_stop(sink);
}

TEST(nobody_else_acts_on_a_restricted_incident)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    struct hunt h = begin(t, a, &s);
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        bool incident = str_starts(str_from(r->pattern), S("/incidents/{id}"));
        if (r->method == HTTP_GET || (!incident && !str_starts(str_from(r->pattern), S("/postmortems/{id}"))) ||
            (r->flags & WEB_UNSEEN))
            continue;
        struct str path = fill(&h, r->pattern, incident ? h.incident : h.postmortem, h.ids[0]);
        bool answered = stage_as(&s, a, ROLE_ADMIN, false, str_z(a, http_method_name(r->method)), path,
            r->takes ? body_for(&h, r->takes) : S("{}"), &got);
        if (!answered || got.status != 404 || str_contains(got.body, S(WORD)))
            test_fail(t, __FILE__, __LINE__, "%s: %d %.*s", r->pattern, got.status, STR(got.body));
    }
    stage_stop(&s);
}

TEST(an_administrator_breaks_the_glass_with_a_reason_that_stays)
{
    struct stage s;
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s, &err));
    struct hunt h = begin(t, a, &s);
    struct str path = of_incident(&h, "/break-glass");
    CHECK(stage_as(&s, a, ROLE_MANAGER, false, "POST", path, S("{\"reason\":\"curious\"}"), &got) && got.status == 403);
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", path, S("{}"), &got) && got.status == 422);
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "POST", path, S("{\"reason\":\"nobody else is awake\"}"), &got) && got.status == 200);
    CHECK(stage_as(&s, a, ROLE_ADMIN, false, "GET", of_incident(&h, ""), STR_NONE, &got) && got.status == 200);
    CHECK(str_contains(got.body, S("nobody else is awake")));
    CHECK(str_contains(json_text(a, must(&h, of_incident(&h, ""), STR_NONE)), S("Glass broken")));
    CHECK(stage_as(&s, a, ROLE_RESPONDER, false, "GET", of_incident(&h, ""), STR_NONE, &got) && got.status == 404);
    stage_stop(&s);
}

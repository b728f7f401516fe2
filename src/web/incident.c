#include "web/incident.h"

#include "base/sign.h"
#include "domain/alert.h"
#include "domain/event.h"
#include "domain/pack.h"
#include "engine/incident.h"
#include "store/access.h"
#include "store/alert.h"
#include "store/event.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/service.h"
#include "store/user.h"
#include "web/access.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/view.h"

#define LIST 100
#define RECENT_US (7 * DAY_US)
#define TIMELINE_PAGE 500

/* What needs the signed-in person: incidents they were paged for and nobody has acknowledged. */
static bool needs_me(struct request *req, const struct list *open, struct json **out, struct error *err)
{
    const struct incident *v = open->v;

    *out = json_array(req->arena);
    for (size_t i = 0; i < open->n && (*out)->count < 5; i++) {
        struct json *mine, *row;
        if (instant_is_set(v[i].acknowledged_at))
            continue;
        if (!my_page_view(req, &v[i], &mine, err))
            return false;
        if (!json_is(mine, JSON_OBJECT))
            continue;
        if (!incident_row_view(req, &v[i], &row, err))
            return false;
        struct str next = json_get_str(mine, S("next_name"));
        json_set_str(req->arena, row, S("reason"), next.len
            ? web_format(req, "You were paged; it goes on to %.*s", STR(next)) : web_text(req, "You were paged"));
        json_set(row, S("my_page"), mine);
        json_push(*out, row);
    }
    return true;
}

/* Who would be paged: the first step of each policy in use. */
static bool on_call(struct request *req, struct json **out, struct error *err)
{
    struct list policies;

    *out = json_array(req->arena);
    if (!policy_list(req->db, req->arena, S(""), 20, &policies, err))
        return false;
    const struct policy *p = policies.v;
    for (size_t i = 0; i < policies.n; i++) {
        struct policy_steps steps;
        struct user u = {0};
        struct error missing = {0};
        if (!policy_steps_read(req->arena, p[i].steps, &steps, err))
            return false;
        if (steps.v[0].targets[0].kind != TARGET_USER || !user_get(req->db, req->arena, steps.v[0].targets[0].id, &u, &missing))
            continue;
        struct json *o = json_push(*out, json_object(req->arena));
        json_set_str(req->arena, o, S("name"), u.name);
        json_set_str(req->arena, o, S("policy_name"), p[i].name);
    }
    return true;
}

static bool matches(const struct request *req, const struct incident *i, struct str q)
{
    return str_contains(i->number, q) ||
        str_contains(str_lower(req->arena, i->title), str_lower(req->arena, q));
}

/* The newest incidents whose number or title contains the words. */
static bool find_older(struct request *req, struct str q, struct json **out, struct error *err)
{
    struct list page, found = {0};

    *out = json_array(req->arena);
    if (!q.len)
        return true;
    if (!incident_page(req->db, req->arena, (instant){INT64_MAX}, S(""), 2000, &page, err) ||
        !incidents_visible(req, &page, err))
        return false;
    struct incident *v = page.v;
    found.v = v;
    for (size_t i = 0; i < page.n && found.n < 50; i++)
        if (matches(req, &v[i], q))
            v[found.n++] = v[i];
    return incident_rows_view(req, &found, out, err);
}

static bool recent(struct request *req, struct json **out, struct error *err)
{
    struct list past, kept;

    if (!incident_past(req->db, req->arena, (instant){INT64_MAX}, S(""), 30, &past, err) ||
        !incidents_visible(req, &past, err))
        return false;
    struct incident *v = past.v;
    kept = (struct list){.v = v};
    for (size_t i = 0; i < past.n; i++)
        if (v[i].resolved_at.us > req->now.us - RECENT_US)
            v[kept.n++] = v[i];
    return incident_rows_view(req, &kept, out, err);
}

bool get_incidents(struct request *req, struct reply *out, struct error *err)
{
    struct json *mine, *open_rows, *recent_rows, *found, *people;
    struct list open;
    struct str q = web_query(req, "q");
    int64_t count;

    if (!incident_open(req->db, req->arena, LIST, &open, err) || !incidents_visible(req, &open, err) || !needs_me(req, &open, &mine, err) ||
        !incident_rows_view(req, &open, &open_rows, err) || !recent(req, &recent_rows, err) ||
        !find_older(req, q, &found, err) || !on_call(req, &people, err) ||
        !access_open_count(req->db, req->user.id, &count, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    json_set(v, S("needs_me"), mine);
    json_set(v, S("open"), open_rows);
    json_set_int(req->arena, v, S("open_count"), count);
    json_set(v, S("recent"), recent_rows);
    json_set(v, S("on_call"), people);
    json_set_str(req->arena, v, S("q"), q.ptr ? q : S(""));
    json_set_bool(req->arena, v, S("filtered"), q.len > 0);
    json_set(v, S("found"), found);
    out->title = web_text(req, "Incidents");
    return true;
}

/* The alert that the form was opened from: {id,name,summary}, null without one. */
static bool declared_alert(struct request *req, struct json **out, struct str *service_id, struct error *err)
{
    struct str text = web_query(req, "alert");
    struct json *annotations = NULL;
    struct error ignored = {0};
    struct alert a = {0};
    int64_t id;

    if (!text.len)
        text = json_get_str(req->input, S("alert_id"));
    *out = json_string(req->arena, STR_NONE);
    if (!text.len)
        return true;
    if (!str_int(text, &id))
        return fail_field(err, "alert", "is not an alert");
    if (!alert_get(req->db, req->arena, id, &a, err))
        return false;
    struct json *v = *out = json_object(req->arena);
    json_parse(req->arena, a.annotations, &annotations, &ignored);
    json_set_str(req->arena, v, S("id"), str_copy(req->arena, text));
    json_set_str(req->arena, v, S("name"), a.name);
    json_set_str(req->arena, v, S("summary"), json_get_str(annotations, S("summary")));
    *service_id = a.service_id;
    return true;
}

bool get_incident_new(struct request *req, struct reply *out, struct error *err)
{
    struct list services;
    struct str chosen = json_get_str(req->input, S("severity")), at = json_get_str(req->input, S("service_id"));

    struct json *alert;

    if (!declared_alert(req, &alert, &at, err) || !service_list(req->db, req->arena, S(""), 500, &services, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    struct json *list = json_array(req->arena);
    const struct service *s = services.v;
    for (size_t i = 0; i < services.n; i++)
        json_set_bool(req->arena, json_push(list, view_ref(req->arena, s[i].id, s[i].name)), S("current"), str_eq(s[i].id, at));
    json_set(v, S("services"), list);
    json_set(v, S("severities"), severities_view(req, chosen));
    json_set(v, S("alert"), alert);
    out->title = web_text(req, "Declare an incident");
    return true;
}

bool post_incidents(struct request *req, struct reply *out, struct error *err)
{
    struct incident_declare in = {.page = true};
    struct incident i;

    if (!web_input(req, &in, NULL, err) || !engine_declare(req->op, &in, &i, err))
        return false;
    reply_created(req, out, "/incidents/%.*s", STR(i.id));
    return incident_view(req, &i, &out->view, err);
}

bool get_incident(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};

    if (!incident_for(req, req->params[0], &i, err) || !incident_view(req, &i, &out->view, err))
        return false;
    out->about = i.id;
    out->title = str_printf(req->arena, "%.*s %.*s", STR(i.number), STR(i.title));
    return true;
}

bool get_incident_timeline(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct list events;
    int64_t after;

    if (!web_query_int(req, "after", 0, 0, INT64_MAX, &after, err) ||
        !incident_for(req, req->params[0], &i, err) ||
        !event_list(req->db, req->arena, i.id, after, TIMELINE_PAGE, &events, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    json_set_str(req->arena, v, S("id"), i.id);
    json_set_str(req->arena, v, S("number"), i.number);
    json_set_str(req->arena, v, S("title"), i.title);
    const struct event *e = events.v;
    json_set_str(req->arena, v, S("older"), STR_NONE);
    json_set_str(req->arena, v, S("next"), events.n == TIMELINE_PAGE
        ? str_printf(req->arena, "/incidents/%.*s/timeline?after=%lld", STR(i.id), (long long)e[events.n - 1].number)
        : STR_NONE);
    json_set(v, S("events"), events_view(req, &events, instant_is_set(i.started_at) ? i.started_at : i.detected_at));
    out->about = i.id;
    out->title = web_text(req, "Timeline");
    return true;
}

bool post_incident_acknowledge(struct request *req, struct reply *out, struct error *err)
{
    struct incident_change in = {0};
    struct incident i = {0};
    bool first;

    return web_input(req, &in, NULL, err) &&
        engine_acknowledge(req->op, req->params[0], in.reason, &i, &first, err) && incident_changed(req, out, &i, "", err);
}

bool post_incident_pass(struct request *req, struct reply *out, struct error *err)
{
    struct incident_change in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && engine_pass(req->op, req->params[0], &i, err) && incident_changed(req, out, &i, "", err);
}

INCIDENT_CHANGE(post_incident_pages, struct incident_change, engine_page, "")
INCIDENT_CHANGE(post_incident_status, struct incident_change, engine_status, "")
INCIDENT_CHANGE(post_incident_severity, struct incident_change, engine_severity, "")

static bool move_to(struct request *req, struct reply *out, struct str status, struct error *err)
{
    struct incident_change in = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err))
        return false;
    in.status = status;
    return engine_status(req->op, req->params[0], &in, &i, err) && incident_changed(req, out, &i, "", err);
}

bool post_incident_resolve(struct request *req, struct reply *out, struct error *err)
{
    return move_to(req, out, S("resolved"), err);
}

bool post_incident_reopen(struct request *req, struct reply *out, struct error *err)
{
    return move_to(req, out, S("investigating"), err);
}

bool post_incident_impact(struct request *req, struct reply *out, struct error *err)
{
    struct incident_edit in = {0};
    struct incident i = {0};
    uint64_t given;

    return web_input(req, &in, &given, err) && engine_edit(req->op, req->params[0], &in, given, &i, err) &&
        incident_changed(req, out, &i, "", err);
}

bool post_incident_notes(struct request *req, struct reply *out, struct error *err)
{
    struct incident_note in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && engine_note(req->op, req->params[0], &in, &i, err) &&
        incident_changed(req, out, &i, "", err);
}

bool post_incident_services(struct request *req, struct reply *out, struct error *err)
{
    struct incident_change in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) &&
        engine_affect(req->op, req->params[0], in.service_id, true, &i, err) && incident_changed(req, out, &i, "", err);
}

bool delete_incident_service(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};

    return engine_affect(req->op, req->params[0], req->params[1], false, &i, err) && incident_changed(req, out, &i, "", err);
}

/* --- the link in a message --- */

static bool read_link(struct request *req, struct link *link, struct user *u, struct error *err)
{
    struct error missing = {0};

    if (!link_read(&req->env->links, req->params[0], req->now, link, err))
        return false;
    if (!str_eq(link->action, S("ack")))
        return fail(err, FORBIDDEN, "this link does something else");
    /* The link of a webhook names the webhook. */
    if (!user_get(req->db, req->arena, link->user, u, &missing)) {
        if (missing.kind != ERROR_NOT_FOUND) {
            *err = missing;
            return false;
        }
        *u = (struct user){.id = link->user, .name = web_text(req, "a webhook")};
    }
    return true;
}

/* What a webhook that was paged for a restricted incident may know: that there is one. */
static struct incident masked(struct request *req, const struct incident *i)
{
    return (struct incident){.id = S(""), .number = i->number, .title = web_text(req, "Restricted incident"),
        .status = i->status, .severity = i->severity, .is_open = i->is_open, .detected_at = i->detected_at,
        .declared_at = i->declared_at, .acknowledged_at = i->acknowledged_at, .summary = S("")};
}

static bool ack_view(struct request *req, struct reply *out, const struct incident *known, const struct user *u,
    struct error *err)
{
    struct incident copy, *i = &copy;
    bool sees = true;
    struct user by = {0};
    struct json *row, *mine;
    struct error ignored = {0};

    if (known->restricted && !access_sees(req->db, known->id, u->id, &sees, err))
        return false;
    copy = sees ? *known : masked(req, known);
    if (!incident_row_view(req, i, &row, err))
        return false;
    struct request as = *req; /* what the person behind the link would see */
    as.signed_in = true;
    as.user = *u;
    if (!my_page_view(&as, i, &mine, err))
        return false;
    if (i->acknowledged_by.len && !user_get(req->db, req->arena, i->acknowledged_by, &by, &ignored))
        by.name = web_text(req, "Somebody");
    struct json *v = out->view = row;
    json_set_str(req->arena, v, S("summary"), i->summary);
    json_set_str(req->arena, v, S("acked_at"), time_text(req->arena, i->acknowledged_at));
    json_set_str(req->arena, v, S("acked_by"), by.name);
    json_set_bool(req->arena, v, S("over"), !i->is_open);
    json_set_str(req->arena, v, S("action"), str_printf(req->arena, "/a/%.*s", STR(req->params[0])));
    json_set_str(req->arena, v, S("user_name"), u->name);
    json_set_str(req->arena, v, S("next_at"), json_get_str(mine, S("next_at")));
    json_set_str(req->arena, v, S("next_name"), json_get_str(mine, S("next_name")));
    json_set_str(req->arena, v, S("web_url"), str_printf(req->arena, "/incidents/%.*s", STR(known->id)));
    out->title = i->title;
    return true;
}

/* GET changes nothing: mail scanners follow links. */
bool get_ack_link(struct request *req, struct reply *out, struct error *err)
{
    struct link link;
    struct user u = {0};
    struct incident i = {0};

    return read_link(req, &link, &u, err) && incident_get(req->db, req->arena, link.subject, &i, err) &&
        ack_view(req, out, &i, &u, err);
}

bool post_ack_link(struct request *req, struct reply *out, struct error *err)
{
    struct link link;
    struct user u = {0};
    struct incident i = {0};
    bool first;

    if (!read_link(req, &link, &u, err))
        return false;
    req->op->actor = (struct actor){S("link"), u.id, u.name};
    if (!engine_acknowledge(req->op, link.subject, STR_NONE, &i, &first, err))
        return false;
    reply_see(req, out, "/a/%.*s", STR(req->params[0]));
    return req->html || ack_view(req, out, &i, &u, err);
}

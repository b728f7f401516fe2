#include "engine/subscriber.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/zone.h"
#include "domain/delivery.h"
#include "notify/channels.h"
#include "store/statuspage.h"
#include "text/language.h"
#include "text/markdown.h"

#define CONFIRM_US (2 * DAY_US)
#define LEAVE_US (INT64_C(3650) * DAY_US)
#define ASK_AGAIN_US (10 * MINUTE_US)
#define FORGET_US (7 * DAY_US)
#define BATCH 200

static struct str link_to(struct arena *a, const struct env *env, const struct subscriber *s, const char *action,
    instant now, int64_t life_us)
{
    struct link link = {.subject = s->id, .user = s->page_id, .action = str_from(action),
        .expires = {(now.us + life_us) / SECOND_US * SECOND_US}};

    return link_make(a, &env->links, &link);
}

bool subscriber_link(struct db *db, struct arena *a, const struct env *env, struct str token, const char *action,
    instant now, struct subscriber *out, struct error *err)
{
    struct error bad = {0};
    struct link link;

    if (!link_read(&env->links, token, now, &link, &bad) || !str_eq(link.action, str_from(action)))
        return fail(err, NOT_FOUND, "this link is not complete, or too old");
    return subscriber_get(db, a, link.subject, out, err);
}

/* Of the same subject and loop there is one for each subscriber, however often it is asked for. */
static bool deliver(struct op *op, const struct subscriber *s, const char *kind, struct str subject, int64_t loop,
    struct error *err)
{
    struct delivery d = {.kind = str_from(kind), .channel = s->kind, .contact_id = s->id, .recipient = s->address,
        .address = s->address, .subject = subject, .loop = loop, .reason = S("{}")};

    return op_deliver(op, &d, err);
}

static bool check_components(struct op *op, const struct status_page *page, struct str list, struct error *err)
{
    struct json *v = NULL;
    struct error bad = {0};

    if (!json_parse(op->arena, list, &v, &bad) || !json_is(v, JSON_ARRAY))
        return fail_field(err, "components", "must be a list of ids");
    for (const struct json *one = v->first; one; one = one->next) {
        struct component c = {0};
        struct error missing = {0};
        bool there = component_get(op->db, op->arena, json_str(one), &c, &missing) && c.shown && !c.is_group;
        if (!there || (!str_eq(page->components, S("[]")) && !id_list_has(page->components, c.id)))
            return fail_field(err, "components", "there is no %.*s on this page", STR(json_str(one)));
    }
    return true;
}

static bool check(struct op *op, const struct status_page *page, const struct subscriber *in, struct error *err)
{
    const struct channel *channel = channel_find(in->kind);
    struct error wrong = {0};
    int64_t waiting;

    if (!channel || !channel->validate(in->address, &wrong))
        return fail_field(err, "address", "%s", wrong.message);
    if (!check_components(op, page, in->components, err) ||
        !store_count(op->db, Q_SUBSCRIBER_PENDING, ARGS(v_text(page->id)), &waiting, err))
        return false;
    return waiting < SUBSCRIBERS_WAITING || fail(err, RATE_LIMITED, "too many addresses wait to be confirmed; try again later");
}

/* One who has confirmed is left alone: whoever asks again may not be its owner. */
bool subscriber_ask(struct op *op, const struct status_page *page, const struct subscriber *in, struct str *secret,
    struct error *err)
{
    struct subscriber s = *in;
    struct error missing = {0};

    *secret = STR_NONE;
    s.page_id = page->id;
    if (str_eq(s.kind, S("email")))
        s.address = str_lower(op->arena, s.address);
    if (!s.components.len)
        s.components = S("[]");
    if (!check(op, page, &s, err))
        return false;
    struct subscriber there = {0};
    if (subscriber_by_address(op->db, op->arena, &s, &there, &missing)) {
        if (instant_is_set(there.confirmed_at) || op->now.us - there.asked_at.us < ASK_AGAIN_US)
            return true;
        s.id = there.id;
        s.created_at = there.created_at;
        s.secret = there.secret;
    } else if (missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    } else {
        s.id = op_id(op, "sub");
        s.created_at = op->now;
    }
    if (str_eq(s.kind, S("webhook"))) {
        *secret = webhook_secret_make(op->arena);
        s.secret = seal(op->arena, &op->env->seals, s.id, *secret);
    }
    s.asked_at = op->now;
    s.confirmed_at = (instant){0};
    return subscriber_put(op->db, &s, err) && deliver(op, &s, "subscribe", s.id, op->now.us, err);
}

bool subscriber_confirm(struct op *op, struct str token, struct subscriber *out, struct error *err)
{
    if (!subscriber_link(op->db, op->arena, op->env, token, "confirm", op->now, out, err))
        return false;
    if (instant_is_set(out->confirmed_at))
        return true;
    out->confirmed_at = op->now;
    return subscriber_put(op->db, out, err);
}

bool subscriber_leave(struct op *op, struct str token, struct error *err)
{
    struct error bad = {0};
    struct link link;

    if (!link_read(&op->env->links, token, op->now, &link, &bad) || !str_eq(link.action, S("leave")))
        return fail(err, NOT_FOUND, "this link is not complete, or too old");
    /* A second click finds nobody: it is done. */
    return db_exec(op->db, Q_SUBSCRIBER_DELETE, NULL, ARGS(v_text(link.subject)), err);
}

bool subscriber_forget(struct op *op, struct error *err)
{
    return db_exec(op->db, Q_SUBSCRIBER_FORGET, NULL, ARGS(v_int(op->now.us - FORGET_US)), err);
}

/* --- telling them --- */

struct round {
    struct public_update update;
    struct public_incident incident;
    struct list pages, impacts, components;
};

static bool shown_on(const struct round *r, const struct status_page *page, struct str id)
{
    const struct component *c = r->components.v;

    for (size_t i = 0; i < r->components.n; i++)
        if (str_eq(c[i].id, id))
            return c[i].shown && (str_eq(page->components, S("[]")) || id_list_has(page->components, id));
    return false;
}

/* The page shows it, and they have asked for one of its components or for all. */
static bool concerns(const struct round *r, const struct subscriber *s)
{
    const struct status_page *p = r->pages.v, *page = NULL;
    const struct component_impact *v = r->impacts.v;
    bool all = str_eq(s->components, S("[]"));

    for (size_t i = 0; i < r->pages.n; i++)
        if (str_eq(p[i].id, s->page_id))
            page = &p[i];
    for (size_t i = 0; page && i < r->impacts.n; i++)
        if (shown_on(r, page, v[i].component_id) && (all || id_list_has(s->components, v[i].component_id)))
            return true;
    return page && r->impacts.n == 0 && all && str_eq(page->components, S("[]"));
}

static bool read_round(struct op *op, struct str update_id, struct round *r, struct error *err)
{
    return public_update_get(op->db, op->arena, update_id, &r->update, err) &&
        public_incident_get(op->db, op->arena, r->update.public_id, &r->incident, err) &&
        public_component_of(op->db, op->arena, r->incident.id, &r->impacts, err) &&
        status_page_list(op->db, op->arena, &r->pages, err) && component_list(op->db, op->arena, &r->components, err);
}

bool subscriber_notify(struct op *op, struct str subject, struct error *err)
{
    struct str id, after = str_cut(subject, '/', &id);
    struct round r = {0};
    struct list list;
    bool reminder = str_starts(after, S("remind"));

    if (reminder)
        after = str_slice(after, after.len > 7 ? 7 : after.len, after.len);
    if (!read_round(op, id, &r, err) || !subscriber_after(op->db, op->arena, after.ptr ? after : S(""), BATCH, &list, err))
        return false;
    const struct subscriber *s = list.v;
    for (size_t i = 0; i < list.n; i++)
        if (concerns(&r, &s[i]) && !deliver(op, &s[i], "status", r.update.id, reminder, err))
            return false;
    return list.n < BATCH || op_timer(op, "status_notify",
        str_printf(op->arena, "%.*s%s/%.*s", STR(id), reminder ? "/remind" : "", STR(s[list.n - 1].id)), op->now, err);
}

/* --- what they read --- */

static struct str page_address(struct arena *a, const struct env *env, const struct status_page *page)
{
    struct str scheme;

    str_cut(env->base_url, ':', &scheme);
    return page->host.len ? str_printf(a, "%.*s://%.*s", STR(scheme), STR(page->host))
                          : str_printf(a, "%.*s/status/%.*s", STR(env->base_url), STR(page->slug));
}

static struct json *incident_json(struct arena *a, const struct public_incident *p, const struct public_update *u, struct str url)
{
    struct json *o = json_object(a), *update;

    json_set_str(a, o, S("id"), p->id);
    json_set_str(a, o, S("name"), p->title);
    json_set_str(a, o, S("status"), u->status);
    json_set_str(a, o, S("impact"), p->impact);
    json_set_str(a, o, S("shortlink"), url);
    json_set_str(a, o, S("started_at"), time_text(a, p->started_at));
    json_set_str(a, o, S("resolved_at"), time_text(a, p->resolved_at));
    json_set_str(a, o, S("scheduled_for"), time_text(a, p->scheduled_for));
    json_set_str(a, o, S("scheduled_until"), time_text(a, p->scheduled_until));
    update = json_set(o, S("update"), json_object(a));
    json_set_str(a, update, S("id"), u->id);
    json_set_str(a, update, S("status"), u->status);
    json_set_str(a, update, S("body"), u->body);
    json_set_str(a, update, S("created_at"), time_text(a, u->created_at));
    return o;
}

/* What a webhook gets. */
static struct str payload(struct arena *a, const struct message *m, const struct status_page *page, struct str url,
    struct json *incident)
{
    struct json *o = json_object(a), *p;

    json_set_str(a, o, S("type"), message_type(m->kind));
    json_set_str(a, o, S("id"), m->delivery_id);
    json_set_str(a, o, S("timestamp"), time_text(a, m->now));
    p = json_set(o, S("page"), json_object(a));
    json_set_str(a, p, S("id"), page->id);
    json_set_str(a, p, S("name"), page->title);
    json_set_str(a, p, S("url"), url);
    json_set(o, S("incident"), incident ? incident : json_string(a, STR_NONE));
    json_set_str(a, o, S("confirm_url"), m->confirm_url);
    json_set_str(a, o, S("unsubscribe_url"), m->unsubscribe_url);
    return json_text(a, o);
}

static bool add_update(struct db *db, struct arena *a, struct str update_id, struct str url, struct message *m,
    struct json **incident, struct error *err)
{
    struct public_update u = {0};
    struct public_incident p = {0};
    struct buf text;

    if (!public_update_get(db, a, update_id, &u, err) || !public_incident_get(db, a, u.public_id, &p, err))
        return false;
    buf_init(&text, a, 16384);
    markdown_text(&text, u.body);
    m->title = p.title;
    m->status = u.status;
    m->update = str_trim(buf_str(&text));
    m->started_at = p.started_at;
    m->incident_id = p.id; /* one thread of mails for each */
    m->incident_url = str_printf(a, "%.*s/incidents/%.*s", STR(url), STR(p.id));
    m->scheduled_for = p.scheduled_for;
    m->scheduled_until = p.scheduled_until;
    *incident = incident_json(a, &p, &u, m->incident_url);
    return true;
}

bool subscriber_message(struct db *db, struct arena *a, const struct env *env, const struct delivery *d,
    struct message *m, bool *wanted, struct error *err)
{
    struct subscriber s = {0};
    struct status_page page = {0};
    struct error gone = {0};
    struct json *incident = NULL;

    *wanted = subscriber_get(db, a, d->contact_id, &s, &gone);
    if (!*wanted) {
        *err = gone;
        return gone.kind == ERROR_NOT_FOUND;
    }
    if (!status_page_get(db, a, s.page_id, &page, err))
        return false;
    struct str url = page_address(a, env, &page);
    m->page_title = page.title;
    m->page_url = url;
    m->language = language_find(env->languages, page.language);
    if (!zone_load(a, page.zone, &m->zone, &gone))
        m->zone = NULL;
    if (str_eq(d->kind, S("subscribe"))) {
        m->confirm_url = str_printf(a, "%.*s/confirm/%.*s", STR(url), STR(link_to(a, env, &s, "confirm", d->created_at, CONFIRM_US)));
    } else {
        m->unsubscribe_url = str_printf(a, "%.*s/unsubscribe/%.*s", STR(url), STR(link_to(a, env, &s, "leave", d->created_at, LEAVE_US)));
        if (!add_update(db, a, d->subject, url, m, &incident, err))
            return false;
    }
    if (!str_eq(s.kind, S("webhook")))
        return true;
    m->payload = payload(a, m, &page, url, incident);
    return seal_open(a, &env->seals, s.id, s.secret, &m->secret, err);
}

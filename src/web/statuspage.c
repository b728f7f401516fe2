#include "web/statuspage.h"

#include "domain/incident.h"
#include "domain/statuspage.h"
#include "engine/promise.h"
#include "engine/statuspage.h"
#include "store/statuspage.h"
#include "web/internal.h"
#include "web/language.h"
#include "web/snapshot.h"
#include "web/statuspage_data.h"
#include "web/statuspage_site.h"

#define PREFIX "component."
#define RECENT 20

struct postmortem_text {
    struct str text;
};
const struct field postmortem_text_fields[] = {
    FIELD(struct postmortem_text, text, .flags = FIELD_MULTILINE, .max = 60000, .doc = "Postmortem for the public, Markdown; empty withdraws it"),
    {0},
};

void statuspage_gather(struct request *req, bool list)
{
    struct json *all = list ? json_array(req->arena) : json_object(req->arena), *kept = json_object(req->arena);
    bool any = false;

    if (req->source != FIELD_FROM_FORM)
        return;
    for (struct json *v = req->input->first; v; v = v->next) {
        if (!str_starts(v->key, S(PREFIX))) {
            json_set_str(req->arena, kept, v->key, json_str(v));
            continue;
        }
        struct str id = str_slice(v->key, sizeof PREFIX - 1, v->key.len);
        any = true;
        if (id.len && json_str(v).len && list)
            json_push(all, json_string(req->arena, id));
        else if (id.len && json_str(v).len)
            json_set_str(req->arena, all, id, json_str(v));
    }
    if (any)
        json_set_str(req->arena, kept, S("components"), json_text(req->arena, all));
    req->input = kept;
}

/* --- views --- */

static struct json *options(struct request *req, const char *const *names, size_t from, size_t to, struct str current)
{
    struct json *list = json_array(req->arena);

    for (size_t i = from; names[i] && i < to; i++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(names[i]));
        json_set_bool(req->arena, o, S("current"), str_eq(current, str_from(names[i])));
    }
    return list;
}

/* The states to choose from for one component; `now`: the one that stands there already. */
static struct json *component_choice(struct request *req, const struct component *c, struct str now)
{
    struct json *o = json_object(req->arena);

    json_set_str(req->arena, o, S("id"), c->id);
    json_set_str(req->arena, o, S("name"), c->name);
    json_set_str(req->arena, o, S("state"), c->state);
    json_set_bool(req->arena, o, S("named"), now.len > 0);
    json_set(o, S("choices"), options(req, component_states, 0, RANKS, now));
    return o;
}

static bool choices_view(struct request *req, struct str public_id, struct json **out, struct error *err)
{
    struct list components, impacts = {0};

    *out = json_array(req->arena);
    if (!component_list(req->db, req->arena, &components, err) ||
        (public_id.len && !public_component_of(req->db, req->arena, public_id, &impacts, err)))
        return false;
    const struct component *c = components.v;
    const struct component_impact *v = impacts.v;
    for (size_t i = 0; i < components.n; i++) {
        struct str now = STR_NONE;
        for (size_t k = 0; k < impacts.n; k++)
            if (str_eq(v[k].component_id, c[i].id))
                now = v[k].state;
        if (!c[i].is_group && c[i].shown)
            json_push(*out, component_choice(req, &c[i], now));
    }
    return true;
}

static bool page_view(struct request *req, const struct status_page *p, struct json **out, struct error *err)
{
    struct json *o = *out = fields_view(req->arena, status_page_fields, p);
    int64_t subscribers;

    if (!store_count(req->db, Q_SUBSCRIBER_COUNT, ARGS(v_text(p->id)), &subscribers, err))
        return false;
    json_set_str(req->arena, o, S("url"), str_printf(req->arena, "%.*s/", STR(status_page_url(req->arena, req->env->base_url, p))));
    json_set_int(req->arena, o, S("subscribers"), subscribers);
    json_set_bool(req->arena, o, S("by_link"), str_eq(p->visibility, S("token")));
    json_set_bool(req->arena, o, S("has_link"), p->token_hash.len > 0);
    return true;
}

static struct json *component_view(struct request *req, const struct component *c, const struct list *all)
{
    struct json *o = fields_view(req->arena, component_fields, c);
    const struct component *v = all->v;
    struct str group = STR_NONE;

    for (size_t i = 0; i < all->n; i++)
        if (str_eq(v[i].id, c->group_id))
            group = v[i].name;
    json_set_str(req->arena, o, S("group_name"), group);
    return o;
}

static struct json *groups_view(struct request *req, const struct list *all, struct str current)
{
    struct json *list = json_array(req->arena);
    const struct component *v = all->v;

    for (size_t i = 0; i < all->n; i++) {
        if (!v[i].is_group)
            continue;
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("id"), v[i].id);
        json_set_str(req->arena, o, S("name"), v[i].name);
        json_set_bool(req->arena, o, S("current"), str_eq(v[i].id, current));
    }
    return list;
}

static bool pages_view(struct request *req, struct json **out, struct error *err)
{
    struct list pages;
    struct json *one;

    *out = json_array(req->arena);
    if (!status_page_list(req->db, req->arena, &pages, err))
        return false;
    for (size_t i = 0; i < pages.n; i++) {
        if (!page_view(req, (struct status_page *)pages.v + i, &one, err))
            return false;
        json_push(*out, one);
    }
    return true;
}

/* {open, planned, recent}: what is published. */
static bool notices_view(struct request *req, struct json *o, struct error *err)
{
    struct json *open = json_set(o, S("published_now"), json_array(req->arena)), *planned = json_set(o, S("planned"), json_array(req->arena)),
                *recent = json_set(o, S("recent"), json_array(req->arena));
    struct list list;

    if (!public_incident_list(req->db, req->arena, (instant){INT64_MAX}, S(""), 100, &list, err))
        return false;
    const struct public_incident *p = list.v;
    for (size_t i = 0; i < list.n; i++) {
        struct json *into = site_planned(&p[i]) ? planned : p[i].is_open ? open : recent;
        if (into != recent || recent->count < RECENT)
            json_push(into, fields_view(req->arena, public_incident_fields, &p[i]));
    }
    return true;
}

bool get_status_admin(struct request *req, struct reply *out, struct error *err)
{
    struct json *v = out->view = json_object(req->arena), *pages, *choices;
    struct list components;

    if (!pages_view(req, &pages, err) || !component_list(req->db, req->arena, &components, err) ||
        !choices_view(req, STR_NONE, &choices, err))
        return false;
    json_set(v, S("pages"), pages);
    struct json *list = json_set(v, S("components"), json_array(req->arena));
    for (size_t i = 0; i < components.n; i++)
        json_push(list, component_view(req, (struct component *)components.v + i, &components));
    json_set(v, S("groups"), groups_view(req, &components, STR_NONE));
    json_set(v, S("component_choices"), choices);
    out->title = web_text(req, "Status page");
    return notices_view(req, v, err);
}

static bool admin_page_view(struct request *req, struct reply *out, const struct status_page *p, struct str token,
    struct error *err)
{
    struct list components;

    if (!page_view(req, p, &out->view, err) || !component_list(req->db, req->arena, &components, err))
        return false;
    struct json *o = out->view, *list = json_set(o, S("component_choices"), json_array(req->arena));
    const struct component *c = components.v;
    for (size_t i = 0; i < components.n; i++) {
        if (c[i].is_group)
            continue;
        struct json *one = json_push(list, json_object(req->arena));
        json_set_str(req->arena, one, S("id"), c[i].id);
        json_set_str(req->arena, one, S("name"), c[i].name);
        json_set_bool(req->arena, one, S("current"), id_list_has(p->components, c[i].id));
    }
    static const char *const languages[] = {"en", "ru", NULL};
    json_set(o, S("languages"), options(req, languages, 0, 2, p->language));
    json_set(o, S("visibilities"), options(req, page_visibilities, 0, 3, p->visibility));
    json_set_str(req->arena, o, S("new_link"), token.len
        ? str_printf(req->arena, "%.*s/~%.*s/", STR(status_page_url(req->arena, req->env->base_url, p)), STR(token)) : STR_NONE);
    out->title = p->title;
    return true;
}

bool get_status_admin_page(struct request *req, struct reply *out, struct error *err)
{
    struct status_page p = {0};

    return status_page_get(req->db, req->arena, req->params[0], &p, err) && admin_page_view(req, out, &p, STR_NONE, err);
}

bool get_status_component(struct request *req, struct reply *out, struct error *err)
{
    struct component c = {0};
    struct list all;

    if (!component_get(req->db, req->arena, req->params[0], &c, err) || !component_list(req->db, req->arena, &all, err))
        return false;
    out->view = component_view(req, &c, &all);
    json_set(out->view, S("groups"), groups_view(req, &all, c.group_id));
    out->title = c.name;
    return true;
}

static bool notice_view(struct request *req, struct reply *out, const struct public_incident *p, struct error *err)
{
    struct json *o = out->view = fields_view(req->arena, public_incident_fields, p), *choices;
    struct list updates;
    bool planned = str_eq(p->kind, S("maintenance"));

    if (!public_update_of(req->db, req->arena, p->id, &updates, err) || !choices_view(req, p->id, &choices, err))
        return false;
    struct json *list = json_set(o, S("updates"), json_array(req->arena));
    for (size_t i = 0; i < updates.n; i++)
        json_push(list, fields_view(req->arena, public_update_fields, (struct public_update *)updates.v + i));
    json_set_bool(req->arena, o, S("is_maintenance"), planned);
    json_set(o, S("status_choices"), options(req, public_statuses, planned ? 4 : 0, planned ? 8 : 4, p->status));
    json_set(o, S("component_choices"), choices);
    out->title = p->title;
    return true;
}

bool get_status_notice(struct request *req, struct reply *out, struct error *err)
{
    struct public_incident p = {0};

    return public_incident_get(req->db, req->arena, req->params[0], &p, err) && notice_view(req, out, &p, err);
}

/* --- changes --- */

static void back(struct request *req, struct reply *out, const char *said)
{
    reply_see(req, out, "/admin/status%s%s", req->html ? "?said=" : "", req->html ? said : "");
}

bool post_status_pages(struct request *req, struct reply *out, struct error *err)
{
    struct status_page p = {0};

    statuspage_gather(req, true);
    if (!web_input(req, &p, NULL, err) || !statuspage_page_put(req->op, &p, err))
        return false;
    reply_created(req, out, "/admin/status/pages/%.*s", STR(p.id));
    return page_view(req, &p, &out->view, err);
}

bool post_status_admin_page(struct request *req, struct reply *out, struct error *err)
{
    struct status_page p = {0};

    statuspage_gather(req, true);
    if (!status_page_get(req->db, req->arena, req->params[0], &p, err) || !web_input(req, &p, NULL, err) ||
        !statuspage_page_put(req->op, &p, err))
        return false;
    reply_see(req, out, "/admin/status/pages/%.*s%s", STR(p.id), req->html ? "?said=saved" : "");
    return page_view(req, &p, &out->view, err);
}

/* The link is in this answer and nowhere else: a browser gets the page at once, not a redirect. */
bool post_status_page_link(struct request *req, struct reply *out, struct error *err)
{
    struct status_page p = {0};
    struct str token;

    return statuspage_page_link(req->op, req->params[0], &token, err) &&
        status_page_get(req->db, req->arena, req->params[0], &p, err) && admin_page_view(req, out, &p, token, err);
}

bool post_status_page_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!statuspage_page_remove(req->op, req->params[0], err))
        return false;
    back(req, out, "removed");
    return true;
}

bool post_status_components(struct request *req, struct reply *out, struct error *err)
{
    struct component c = {.shown = true};

    if (!web_input(req, &c, NULL, err) || !statuspage_component_put(req->op, &c, err))
        return false;
    if (req->html)
        back(req, out, "added");
    else
        reply_created(req, out, "/admin/status/components/%.*s", STR(c.id));
    out->view = fields_view(req->arena, component_fields, &c);
    return true;
}

bool post_status_component(struct request *req, struct reply *out, struct error *err)
{
    struct component c = {0};

    if (!component_get(req->db, req->arena, req->params[0], &c, err) || !web_input(req, &c, NULL, err) ||
        !statuspage_component_put(req->op, &c, err))
        return false;
    back(req, out, "saved");
    out->view = fields_view(req->arena, component_fields, &c);
    return true;
}

bool post_status_component_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!statuspage_component_remove(req->op, req->params[0], err))
        return false;
    back(req, out, "removed");
    return true;
}

static bool published(struct request *req, struct reply *out, const struct public_incident *p)
{
    reply_see(req, out, "/admin/status/notices/%.*s%s", STR(p->id), req->html ? "?said=saved" : "");
    out->view = fields_view(req->arena, public_incident_fields, p);
    return true;
}

bool post_status_maintenance(struct request *req, struct reply *out, struct error *err)
{
    struct public_input in = {0};
    struct public_incident p = {0};

    statuspage_gather(req, false);
    if (!web_input(req, &in, NULL, err) || !statuspage_plan(req->op, &in, &p, err))
        return false;
    reply_created(req, out, "/admin/status/notices/%.*s", STR(p.id));
    out->view = fields_view(req->arena, public_incident_fields, &p);
    return true;
}

bool post_status_notice(struct request *req, struct reply *out, struct error *err)
{
    struct public_input in = {0};
    struct public_incident p = {0};
    uint64_t given;

    return web_input(req, &in, &given, err) && statuspage_edit(req->op, req->params[0], &in, given, &p, err) &&
        published(req, out, &p);
}

bool post_status_notice_updates(struct request *req, struct reply *out, struct error *err)
{
    struct public_input in = {0};
    struct public_incident p = {0};

    statuspage_gather(req, false);
    return web_input(req, &in, NULL, err) && statuspage_update(req->op, req->params[0], &in, &p, err) &&
        published(req, out, &p);
}

bool post_status_notice_postmortem(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem_text in = {0};
    struct public_incident p = {0};

    return web_input(req, &in, NULL, err) && statuspage_postmortem(req->op, req->params[0], in.text, &p, err) &&
        published(req, out, &p);
}

/* --- of an incident --- */

bool post_incident_public(struct request *req, struct reply *out, struct error *err)
{
    struct public_input in = {0};
    struct public_incident p = {0};
    struct incident i = {0};

    statuspage_gather(req, false);
    if (!incident_for(req, req->params[0], &i, err) || !web_input(req, &in, NULL, err) ||
        !statuspage_publish(req->op, &i, &in, &p, err) ||
        !promise_keep_readers(req->op, &i, S("status_page"), err))
        return false;
    reply_see(req, out, "/incidents/%.*s#public", STR(i.id));
    out->view = fields_view(req->arena, public_incident_fields, &p);
    return true;
}

/* status_page: {exists, notice, component_choices, status_choices}; nothing without a page. */
bool statuspage_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *room, *choices;
    struct public_incident p = {0};
    struct error missing = {0};
    struct list pages;

    if (!status_page_list(req->db, req->arena, &pages, err))
        return false;
    if (!pages.n) {
        json_set_str(req->arena, o, S("status_page"), STR_NONE);
        return true;
    }
    bool there = public_incident_of(req->db, req->arena, i->id, &p, &missing);
    if (!there && missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    if (!choices_view(req, p.id, &choices, err))
        return false;
    room = json_set(o, S("status_page"), json_object(req->arena));
    json_set(room, S("notice"), there ? fields_view(req->arena, public_incident_fields, &p) : json_string(req->arena, STR_NONE));
    json_set_str(req->arena, room, S("incident_id"), i->id);
    json_set(room, S("component_choices"), choices);
    json_set(room, S("status_choices"), options(req, public_statuses, 0, 4, there ? p.status : S("investigating")));
    return true;
}

/* --- pages for the signed-in --- */

/* Public files never come here: they are answered before any route. */
bool get_status_file(struct request *req, struct reply *out, struct error *err)
{
    struct str rest = req->x->request.path, slug;
    struct list pages;

    rest = str_cut(str_slice(rest, sizeof "/status/" - 1, rest.len), '/', &slug);
    if (!status_page_list(req->db, req->arena, &pages, err))
        return false;
    const struct status_page *p = pages.v, *page = NULL;
    for (size_t i = 0; i < pages.n; i++)
        if (str_eq(p[i].slug, slug))
            page = &p[i];
    if (!page || str_eq(page->visibility, S("token")) || str_starts(rest, S("stale/")))
        return fail(err, NOT_FOUND, "there is nothing at this address");
    if (str_eq(page->visibility, S("signed_in")) && !req->signed_in)
        return fail(err, UNAUTHENTICATED, "sign in to see this status page");
    if (!rest.ptr) { /* links on the page are relative to it */
        reply_see(req, out, "/status/%.*s/", STR(slug));
        out->view = json_object(req->arena);
        return true;
    }
    out->raw = site_publisher_file(req->web->sites, req->arena, slug, rest);
    if (!out->raw.ptr)
        return fail(err, NOT_FOUND, "there is nothing at this address");
    out->content_type = snapshot_type(rest);
    return true;
}

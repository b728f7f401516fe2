#include "web/statuspage_v2.h"

#include "base/arena.h"
#include "base/error.h"
#include "text/language.h"

#define LIST 50 /* as many as that API gives */

static const struct {
    const char *indicator, *description;
} indicators[RANKS] = {
    [RANK_OPERATIONAL] = {"none", "All Systems Operational"},
    [RANK_MAINTENANCE] = {"maintenance", "Service Under Maintenance"},
    [RANK_DEGRADED] = {"minor", "Minor Service Outage"},
    [RANK_PARTIAL] = {"major", "Partial System Outage"},
    [RANK_MAJOR] = {"critical", "Major Service Outage"},
};

static void set(const struct site_page *v, struct json *o, const char *key, struct str s)
{
    json_set_str(v->arena, o, str_from(key), s);
}

static void set_time(const struct site_page *v, struct json *o, const char *key, instant t)
{
    json_set_str(v->arena, o, str_from(key), instant_is_set(t) ? time_text_ms(v->arena, t) : STR_NONE);
}

static void set_bool(const struct site_page *v, struct json *o, const char *key, bool b)
{
    json_set_bool(v->arena, o, str_from(key), b);
}

/* When anything that the page shows has changed last. */
static instant updated_at(const struct site_page *v)
{
    const struct component *c = v->site->components.v;
    const struct public_incident *p = v->site->incidents.v;
    instant at = v->page->updated_at;

    for (size_t i = 0; i < v->site->components.n; i++)
        if (site_shows_component(v, &c[i]) && c[i].updated_at.us > at.us)
            at = c[i].updated_at;
    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (site_shows(v, &p[i]) && p[i].updated_at.us > at.us)
            at = p[i].updated_at;
    return at;
}

/* Every answer begins so. */
static struct json *answer(const struct site_page *v)
{
    struct json *o = json_object(v->arena), *page = json_set(o, S("page"), json_object(v->arena));

    set(v, page, "id", v->page->id);
    set(v, page, "name", v->page->title);
    set(v, page, "url", v->url);
    set(v, page, "time_zone", v->page->zone);
    set_time(v, page, "updated_at", updated_at(v));
    return o;
}

static struct json *status_json(const struct site_page *v, bool stale)
{
    const struct public_incident *cause;
    struct json *o = json_object(v->arena);
    int rank = site_overall(v, &cause);

    set(v, o, "indicator", str_from(indicators[rank].indicator));
    set(v, o, "description", stale ? str_printf(v->arena, "Unknown since %.*s; before that: %s",
        STR(time_text(v->arena, (instant){v->now.us / SECOND_US * SECOND_US})), indicators[rank].description)
                                   : str_from(indicators[rank].description));
    return o;
}

static struct json *component_json(const struct site_page *v, const struct component *c)
{
    const struct component *all = v->site->components.v;
    struct json *o = json_object(v->arena);
    const struct component *group = c->group_id.len ? site_component(v->site, c->group_id) : NULL;

    set(v, o, "id", c->id);
    set(v, o, "name", c->name);
    set(v, o, "status", str_from(component_states[site_part_rank(v, c)]));
    set_time(v, o, "created_at", c->created_at);
    set_time(v, o, "updated_at", c->updated_at);
    json_set_int(v->arena, o, S("position"), c->position);
    set(v, o, "description", c->description.len ? c->description : STR_NONE);
    set_bool(v, o, "showcase", !c->is_group);
    set(v, o, "start_date", str_slice(time_text(v->arena, c->created_at), 0, 10));
    set(v, o, "group_id", group && group->shown ? group->id : STR_NONE);
    set(v, o, "page_id", v->page->id);
    set_bool(v, o, "group", c->is_group);
    set_bool(v, o, "only_show_if_degraded", false);
    if (!c->is_group)
        return o;
    struct json *members = json_set(o, S("components"), json_array(v->arena));
    for (size_t i = 0; i < v->site->components.n; i++)
        if (str_eq(all[i].group_id, c->id) && site_shows_component(v, &all[i]))
            json_push(members, json_string(v->arena, all[i].id));
    return o;
}

static struct json *components_json(const struct site_page *v)
{
    const struct component *c = v->site->components.v;
    struct json *list = json_array(v->arena);

    for (size_t i = 0; i < v->site->components.n; i++)
        if (site_shows_part(v, &c[i]))
            json_push(list, component_json(v, &c[i]));
    return list;
}

/* [{"id","name","old","new"}] as stored becomes that API's; components that the page hides are left out. */
static struct json *affected_json(const struct site_page *v, struct str stored)
{
    struct json *list = json_array(v->arena), *changes = NULL;
    struct error bad = {0};

    if (!json_parse(v->arena, stored, &changes, &bad))
        return json_string(v->arena, STR_NONE);
    for (const struct json *c = changes->first; c; c = c->next) {
        if (!site_shows_component(v, site_component(v->site, json_get_str(c, S("id")))))
            continue;
        struct json *o = json_push(list, json_object(v->arena));
        set(v, o, "code", json_get_str(c, S("id")));
        set(v, o, "name", json_get_str(c, S("name")));
        set(v, o, "old_status", json_get_str(c, S("old")));
        set(v, o, "new_status", json_get_str(c, S("new")));
    }
    return list->count ? list : json_string(v->arena, STR_NONE);
}

static struct json *update_json(const struct site_page *v, const struct public_update *u)
{
    struct json *o = json_object(v->arena);

    set(v, o, "id", u->id);
    set(v, o, "status", u->status);
    set(v, o, "body", site_update_text(v, u));
    set(v, o, "incident_id", u->public_id);
    set_time(v, o, "created_at", u->created_at);
    set_time(v, o, "updated_at", u->created_at);
    set_time(v, o, "display_at", u->created_at);
    json_set(o, S("affected_components"), affected_json(v, u->components));
    set_bool(v, o, "deliver_notifications", true);
    set(v, o, "custom_tweet", STR_NONE);
    set(v, o, "tweet_id", STR_NONE);
    return o;
}

/* The postmortem is that API's last update, of the status that it has for it. */
static struct json *postmortem_json(const struct site_page *v, const struct public_incident *p)
{
    struct public_update u = {.id = str_printf(v->arena, "%.*s_postmortem", STR(p->id)), .public_id = p->id,
        .status = S("postmortem"), .body = p->postmortem, .components = S("[]"), .created_at = p->postmortem_at};

    return update_json(v, &u);
}

static struct json *incident_json(const struct site_page *v, const struct public_incident *p)
{
    struct json *o = json_object(v->arena);
    bool planned = str_eq(p->kind, S("maintenance"));
    size_t n, named;
    const struct public_update *u = site_updates(v->site, p->id, &n);
    const struct component_impact *impacts = site_impacts(v->site, p->id, &named);

    set(v, o, "id", p->id);
    set(v, o, "name", p->title);
    set(v, o, "status", p->postmortem.len ? S("postmortem") : p->status);
    set_time(v, o, "created_at", p->created_at);
    set_time(v, o, "updated_at", p->updated_at);
    set_time(v, o, "monitoring_at", p->monitoring_at);
    set_time(v, o, "resolved_at", p->resolved_at);
    set(v, o, "impact", p->impact);
    set(v, o, "shortlink", site_incident_url(v, p->id));
    set_time(v, o, "started_at", p->started_at);
    set(v, o, "page_id", v->page->id);
    struct json *updates = json_set(o, S("incident_updates"), json_array(v->arena));
    if (p->postmortem.len)
        json_push(updates, postmortem_json(v, p));
    for (size_t i = 0; i < n; i++)
        json_push(updates, update_json(v, &u[i]));
    struct json *parts = json_set(o, S("components"), json_array(v->arena));
    for (size_t i = 0; i < named; i++) {
        const struct component *c = site_component(v->site, impacts[i].component_id);
        if (site_shows_component(v, c))
            json_push(parts, component_json(v, c));
    }
    if (planned) {
        set_time(v, o, "scheduled_for", p->scheduled_for);
        set_time(v, o, "scheduled_until", p->scheduled_until);
    }
    return o;
}

enum choice { UNRESOLVED, INCIDENTS, MAINTENANCE, UPCOMING, RUNNING, NOT_OVER };

static bool chosen(const struct public_incident *p, enum choice which)
{
    bool planned = str_eq(p->kind, S("maintenance"));

    switch (which) {
    case UNRESOLVED:
        return !planned && p->is_open;
    case INCIDENTS:
        return !planned;
    case MAINTENANCE:
        return planned;
    case UPCOMING:
        return planned && site_planned(p);
    case RUNNING:
        return planned && p->is_open && !site_planned(p);
    case NOT_OVER:
        return planned && p->is_open;
    }
    return false;
}

static struct json *incidents_json(const struct site_page *v, enum choice which)
{
    const struct public_incident *p = v->site->incidents.v;
    struct json *list = json_array(v->arena);

    for (size_t i = 0; i < v->site->incidents.n && list->count < LIST; i++)
        if (chosen(&p[i], which) && site_shows(v, &p[i]))
            json_push(list, incident_json(v, &p[i]));
    return list;
}

static struct json *summary(const struct site_page *v, bool stale)
{
    struct json *o = answer(v);

    json_set(o, S("components"), components_json(v));
    json_set(o, S("incidents"), incidents_json(v, UNRESOLVED));
    json_set(o, S("scheduled_maintenances"), incidents_json(v, NOT_OVER));
    json_set(o, S("status"), status_json(v, stale));
    return o;
}

void site_v2_files(const struct site_page *v, site_file *add, void *ctx)
{
    static const struct {
        const char *path, *key;
        enum choice which;
    } lists[] = {
        {"incidents", "incidents", INCIDENTS},
        {"incidents/unresolved", "incidents", UNRESOLVED},
        {"scheduled-maintenances", "scheduled_maintenances", MAINTENANCE},
        {"scheduled-maintenances/upcoming", "scheduled_maintenances", UPCOMING},
        {"scheduled-maintenances/active", "scheduled_maintenances", RUNNING},
    };
    struct json *o;

    for (int stale = 0; stale < 2; stale++) {
        const char *folder = stale ? "stale/" : "";
        add(ctx, str_printf(v->arena, "%sapi/v2/summary.json", folder), json_text(v->arena, summary(v, stale)));
        o = answer(v);
        json_set(o, S("status"), status_json(v, stale));
        add(ctx, str_printf(v->arena, "%sapi/v2/status.json", folder), json_text(v->arena, o));
    }
    o = answer(v);
    json_set(o, S("components"), components_json(v));
    add(ctx, S("api/v2/components.json"), json_text(v->arena, o));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        o = answer(v);
        json_set(o, str_from(lists[i].key), incidents_json(v, lists[i].which));
        add(ctx, str_printf(v->arena, "api/v2/%s.json", lists[i].path), json_text(v->arena, o));
    }
}

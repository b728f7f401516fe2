#include "web/statuspage_view.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/language.h"
#include "text/markdown.h"
#include "web/filters.h"

#define BODY_HTML 65536
#define POSTMORTEM_HTML (256u << 10)
#define PAST_DAYS 7

/* By rank. Shape, word and height tell states apart, not colour alone. */
static const struct {
    const char *banner, *icon;
    int height;
} looks[RANKS] = {
    [RANK_OPERATIONAL] = {N_("All systems operational"), "ok", 12},
    [RANK_MAINTENANCE] = {N_("Under maintenance"), "tool", 6},
    [RANK_DEGRADED] = {N_("Degraded performance"), "minus", 16},
    [RANK_PARTIAL] = {N_("Partial outage"), "half", 20},
    [RANK_MAJOR] = {N_("Major outage"), "x", 24},
};

static struct str html_of(const struct site_page *v, struct str markdown, int top, size_t max)
{
    struct buf b;

    buf_init(&b, v->arena, max);
    markdown_html(&b, markdown, top);
    return buf_str(&b);
}

static void set_time(const struct site_page *v, struct json *o, struct str key, instant t)
{
    json_set_str(v->arena, o, key, time_text(v->arena, t));
}

static void set_state(const struct site_page *v, struct json *o, int rank)
{
    json_set_str(v->arena, o, S("state"), str_from(component_states[rank]));
    json_set_str(v->arena, o, S("icon"), str_from(looks[rank].icon));
    json_set_int(v->arena, o, S("rank"), rank);
}

/* What every page has around its own content; `root` leads to the first page. */
static struct json *frame(const struct site_page *v, struct str root, struct str subtitle)
{
    struct arena *a = v->arena;
    struct json *o = json_object(a);

    json_set_str(a, o, S("page_title"), v->page->title);
    json_set_str(a, o, S("about"), v->page->about);
    json_set_str(a, o, S("lang"), v->language ? v->language->code : S("en"));
    json_set_str(a, o, S("logo_url"), v->page->logo_url);
    json_set_str(a, o, S("home_url"), v->page->home_url);
    json_set_str(a, o, S("root"), root);
    json_set_str(a, o, S("subtitle"), subtitle);
    json_set_str(a, o, S("version"), S(TOCSIN_VERSION));
    json_set_str(a, o, S("zone"), v->page->zone);
    return o;
}

static struct json *update_view(const struct site_page *v, const struct public_update *u)
{
    struct json *o = json_object(v->arena);

    json_set_str(v->arena, o, S("status"), u->status);
    set_time(v, o, S("at"), u->created_at);
    json_set_str(v->arena, o, S("html_body"), html_of(v, site_update_text(v, u), 3, BODY_HTML));
    return o;
}

/* Components of an incident that the page shows: as they are while it is open, as they were then. */
static struct json *affected_view(const struct site_page *v, const struct public_incident *p)
{
    struct json *list = json_array(v->arena);
    size_t n;
    const struct component_impact *impacts = site_impacts(v->site, p->id, &n);

    for (size_t i = 0; i < n; i++) {
        const struct component *c = site_component(v->site, impacts[i].component_id);
        if (!site_shows_component(v, c))
            continue;
        struct json *o = json_push(list, json_object(v->arena));
        json_set_str(v->arena, o, S("name"), c->name);
        set_state(v, o, component_rank(impacts[i].state));
    }
    return list;
}

/* `all`: every update; else the latest only. */
static struct json *incident_view(const struct site_page *v, const struct public_incident *p, struct str root, bool all)
{
    struct arena *a = v->arena;
    struct json *o = json_object(a), *earlier = json_array(a), *affected = affected_view(v, p);
    size_t n;
    const struct public_update *u = site_updates(v->site, p->id, &n);

    json_set_str(a, o, S("title"), p->title);
    json_set_str(a, o, S("href"), str_printf(a, "%.*sincidents/%.*s", STR(root), STR(p->id)));
    json_set_str(a, o, S("status"), p->status);
    json_set_str(a, o, S("impact"), p->impact);
    json_set_bool(a, o, S("trouble"), rank_of_impact(p->impact) > RANK_OPERATIONAL);
    json_set_bool(a, o, S("is_open"), p->is_open);
    set_time(v, o, S("started_at"), p->started_at);
    set_time(v, o, S("scheduled_for"), p->scheduled_for);
    set_time(v, o, S("scheduled_until"), p->scheduled_until);
    set_time(v, o, S("resolved_at"), p->resolved_at);
    set_time(v, o, S("next_at"), p->is_open ? p->next_update_at : (instant){0});
    json_set_int(a, o, S("lasted_us"), instant_is_set(p->resolved_at) ? p->resolved_at.us - p->started_at.us : 0);
    json_set_bool(a, o, S("has_postmortem"), p->postmortem.len > 0);
    json_set(o, S("affected"), affected);
    json_set_bool(a, o, S("has_affected"), affected->count > 0);
    json_set(o, S("latest"), n ? update_view(v, u) : json_string(a, STR_NONE));
    for (size_t i = 1; all && i < n; i++)
        json_push(earlier, update_view(v, &u[i]));
    json_set(o, S("earlier"), earlier);
    json_set_str(a, o, S("earlier_count"), earlier->count
        ? language_count(v->language, a, "%lld earlier update", "%lld earlier updates", earlier->count) : STR_NONE);
    return o;
}

/* One path for each state: a run of days is one dashed line, so 90 days take a few bytes. */
static struct json *bars_view(const struct site_page *v, const struct uptime *u)
{
    struct json *list = json_array(v->arena);

    for (int rank = -1; rank < RANKS; rank++) {
        struct buf d;
        buf_init(&d, v->arena, 4096);
        for (int day = 0, run; day < STATUS_DAYS; day += run) {
            for (run = 1; day + run < STATUS_DAYS && u->worst[day + run] == u->worst[day];)
                run++;
            int height = rank < 0 ? 2 : looks[rank].height;
            if (u->worst[day] == rank)
                buf_printf(&d, "M%d %dh%d", 4 * day, 24 - height / 2, 4 * run - 1);
        }
        if (!d.len)
            continue;
        struct json *o = json_push(list, json_object(v->arena));
        json_set_str(v->arena, o, S("class"), rank < 0 ? S("bn") : str_printf(v->arena, "b%d", rank));
        json_set_str(v->arena, o, S("d"), buf_str(&d));
    }
    return list;
}

static struct json *component_view(const struct site_page *v, const struct component *c)
{
    struct arena *a = v->arena;
    struct json *o = json_object(a);
    struct uptime u;
    size_t n;
    const struct component_span *spans = site_spans(v->site, c->id, &n);

    uptime_count(spans, n, c->created_at, v->now, STATUS_DAYS, &u);
    int64_t points = uptime_basis_points(&u), days = (u.measured_us + DAY_US - 1) / DAY_US;
    json_set_str(a, o, S("name"), c->name);
    json_set_str(a, o, S("description"), c->description);
    set_state(v, o, component_rank(c->state));
    set_time(v, o, S("since"), c->state_since);
    json_set_str(a, o, S("uptime"), str_printf(a, "%lld%s%02lld", (long long)(points / 100),
        v->language && str_eq(v->language->code, S("ru")) ? "," : ".", (long long)(points % 100)));
    json_set_str(a, o, S("days"), language_count(v->language, a, "%lld day", "%lld days", days < STATUS_DAYS ? days : STATUS_DAYS));
    json_set_str(a, o, S("problems"), u.problem_days
        ? language_count(v->language, a, "%lld day with problems", "%lld days with problems", u.problem_days) : STR_NONE);
    json_set(o, S("bars"), bars_view(v, &u));
    return o;
}

static void add_members(const struct site_page *v, const struct component *group, struct json *groups)
{
    const struct component *c = v->site->components.v;
    struct json *o = json_object(v->arena), *members = json_array(v->arena);

    for (size_t i = 0; i < v->site->components.n; i++) {
        const struct component *in = c[i].group_id.len ? site_component(v->site, c[i].group_id) : NULL;
        if (in && !in->shown)
            in = NULL;
        if (in == group && site_shows_component(v, &c[i]))
            json_push(members, component_view(v, &c[i]));
    }
    if (!members->count)
        return;
    json_set_str(v->arena, o, S("group"), group ? group->name : STR_NONE);
    json_set_str(v->arena, o, S("group_about"), group ? group->description : STR_NONE);
    json_set(o, S("components"), members);
    json_push(groups, o);
}

static struct json *groups_view(const struct site_page *v)
{
    const struct component *c = v->site->components.v;
    struct json *groups = json_array(v->arena);

    add_members(v, NULL, groups);
    for (size_t i = 0; i < v->site->components.n; i++)
        if (c[i].is_group && c[i].shown)
            add_members(v, &c[i], groups);
    return groups;
}

/* Since when the overall status is what it is. */
static instant overall_since(const struct site_page *v, int rank, const struct public_incident *cause)
{
    const struct component *c = v->site->components.v;
    instant since = cause ? cause->started_at : (instant){0};

    for (size_t i = 0; i < v->site->components.n; i++)
        if (site_shows_component(v, &c[i]) && component_rank(c[i].state) == rank && c[i].state_since.us > since.us)
            since = c[i].state_since;
    return since;
}

static struct json *banner_view(const struct site_page *v, bool stale)
{
    struct arena *a = v->arena;
    struct json *o = json_object(a);
    const struct public_incident *cause;
    int rank = site_overall(v, &cause);

    json_set_str(a, o, S("text"), language_text(v->language, stale ? N_("Current state unknown") : looks[rank].banner));
    json_set_str(a, o, S("icon"), stale ? S("ask") : str_from(looks[rank].icon));
    json_set_str(a, o, S("class"), stale ? S("un") : str_printf(a, "c%d", rank));
    json_set_bool(a, o, S("stale"), stale);
    json_set_str(a, o, S("cause"), cause ? cause->title : STR_NONE);
    json_set_str(a, o, S("cause_href"), cause ? str_printf(a, "incidents/%.*s", STR(cause->id)) : STR_NONE);
    set_time(v, o, S("since"), overall_since(v, rank, cause));
    set_time(v, o, S("as_of"), (instant){v->now.us / SECOND_US * SECOND_US});
    set_time(v, o, S("next_at"), cause && cause->is_open ? cause->next_update_at : (instant){0});
    return o;
}

/* The days of the last week on which something began that is over. */
static struct json *past_view(const struct site_page *v)
{
    const struct public_incident *p = v->site->incidents.v;
    struct json *days = json_array(v->arena);
    int64_t today = floor_div(v->now.us, DAY_US);

    for (int64_t d = today; d > today - PAST_DAYS; d--) {
        struct json *list = json_array(v->arena);
        for (size_t i = 0; i < v->site->incidents.n; i++)
            if (!p[i].is_open && floor_div(p[i].started_at.us, DAY_US) == d && site_shows(v, &p[i]))
                json_push(list, incident_view(v, &p[i], S(""), false));
        if (!list->count)
            continue;
        struct json *o = json_push(days, json_object(v->arena));
        json_set_str(v->arena, o, S("day"), str_slice(time_text(v->arena, (instant){d * DAY_US}), 0, 10));
        json_set(o, S("events"), list);
    }
    return days;
}

struct json *site_index_view(const struct site_page *v, bool stale)
{
    struct arena *a = v->arena;
    struct json *o = frame(v, S("./"), STR_NONE), *active = json_array(a), *planned = json_array(a);
    const struct public_incident *p = v->site->incidents.v;

    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (p[i].is_open && site_shows(v, &p[i]))
            json_push(site_planned(&p[i]) ? planned : active, incident_view(v, &p[i], S(""), true));
    json_set(o, S("banner"), banner_view(v, stale));
    json_set(o, S("active"), active);
    json_set(o, S("has_active"), json_boolean(a, active->count > 0));
    json_set(o, S("planned"), planned);
    json_set(o, S("has_planned"), json_boolean(a, planned->count > 0));
    struct json *groups = json_set(o, S("groups"), groups_view(v));
    json_set(o, S("has_components"), json_boolean(a, groups->count > 0));
    struct json *past = json_set(o, S("past"), past_view(v));
    json_set_bool(a, o, S("quiet_week"), past->count == 0);
    json_set_str(a, o, S("month"), str_slice(time_text(a, v->now), 0, 7));
    json_set_bool(a, o, S("subscribable"), str_eq(v->page->visibility, S("public")));
    return o;
}

struct json *site_incident_view(const struct site_page *v, const struct public_incident *p)
{
    struct json *o = frame(v, S("../"), p->title);

    json_set(o, S("event"), incident_view(v, p, S("../"), true));
    json_set_str(v->arena, o, S("html_postmortem"), p->postmortem.len ? html_of(v, p->postmortem, 2, POSTMORTEM_HTML) : STR_NONE);
    set_time(v, o, S("postmortem_at"), p->postmortem_at);
    return o;
}

static struct str month_of(const struct site_page *v, instant t)
{
    return str_slice(time_text(v->arena, t), 0, 7);
}

size_t site_months(const struct site_page *v, struct str *out, size_t max)
{
    const struct public_incident *p = v->site->incidents.v;
    size_t n = 0;

    out[n++] = month_of(v, v->now);
    for (size_t i = 0; i < v->site->incidents.n && n < max; i++) {
        if (site_planned(&p[i]) || !site_shows(v, &p[i]))
            continue;
        struct str month = month_of(v, p[i].started_at);
        if (str_cmp(month, out[n - 1]) < 0)
            out[n++] = month;
    }
    return n;
}

struct json *site_month_view(const struct site_page *v, struct str month)
{
    const struct public_incident *p = v->site->incidents.v;
    struct json *o = frame(v, S("../"), STR_NONE), *list = json_array(v->arena);
    struct str months[36];
    size_t n = site_months(v, months, 36), at = 0;

    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (!site_planned(&p[i]) && str_eq(month_of(v, p[i].started_at), month) && site_shows(v, &p[i]))
            json_push(list, incident_view(v, &p[i], S("../"), false));
    while (at + 1 < n && !str_eq(months[at], month))
        at++;
    int64_t number = 1;
    str_int(str_slice(month, month.ptr[5] == '0' ? 6 : 5, 7), &number);
    json_set_str(v->arena, o, S("month_name"), str_printf(v->arena, "%.*s %.4s", STR(month_short(v->language, (int)number)), month.ptr));
    json_set_str(v->arena, o, S("older"), at + 1 < n ? months[at + 1] : STR_NONE);
    json_set_str(v->arena, o, S("newer"), at > 0 ? months[at - 1] : STR_NONE);
    json_set(o, S("events"), list);
    json_set_bool(v->arena, o, S("quiet"), list->count == 0);
    return o;
}

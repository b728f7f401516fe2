#include "web/statuspage_data.h"

#include "base/arena.h"
#include "store/statuspage.h"
#include "text/language.h"

bool site_load(struct db *db, struct arena *a, instant now, struct site *out, struct error *err)
{
    instant days = {(floor_div(now.us, DAY_US) - STATUS_DAYS) * DAY_US};

    out->now = now;
    if (!status_page_list(db, a, &out->pages, err) || !component_list(db, a, &out->components, err) ||
        !component_spans(db, a, days, &out->spans, err) ||
        !public_incident_list(db, a, (instant){INT64_MAX}, S(""), SITE_INCIDENTS, &out->incidents, err))
        return false;
    const struct public_incident *p = out->incidents.v;
    instant since = out->incidents.n ? p[out->incidents.n - 1].started_at : now;
    return public_component_since(db, a, since, &out->impacts, err) && public_update_since(db, a, since, &out->updates, err);
}

struct str status_page_url(struct arena *a, struct str base_url, const struct status_page *page)
{
    struct str scheme;

    if (!page->host.len)
        return str_printf(a, "%.*s/status/%.*s", STR(base_url), STR(page->slug));
    str_cut(base_url, ':', &scheme);
    return str_printf(a, "%.*s://%.*s", STR(scheme), STR(page->host));
}

void site_page_open(struct site_page *v, struct arena *a, const struct site *site, const struct status_page *page,
    const struct language *language)
{
    *v = (struct site_page){.site = site, .page = page, .language = language, .arena = a, .now = site->now,
        .url = status_page_url(a, site->base_url, page)};
}

/* The range of rows that belong to `id`, in a list ordered by it; `at` is where their key stands. */
static const void *range_of(const struct list *list, size_t size, size_t at, struct str id, size_t *n)
{
    const char *v = list->v;
    size_t low = 0, high = list->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(*(const struct str *)(const void *)(v + mid * size + at), id) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (*n = 0; low + *n < list->n && str_eq(*(const struct str *)(const void *)(v + (low + *n) * size + at), id);)
        ++*n;
    return v ? v + low * size : NULL;
}

const struct component_impact *site_impacts(const struct site *s, struct str public_id, size_t *n)
{
    return range_of(&s->impacts, sizeof(struct component_impact), offsetof(struct component_impact, public_id), public_id, n);
}

const struct public_update *site_updates(const struct site *s, struct str public_id, size_t *n)
{
    return range_of(&s->updates, sizeof(struct public_update), offsetof(struct public_update, public_id), public_id, n);
}

const struct component_span *site_spans(const struct site *s, struct str component_id, size_t *n)
{
    return range_of(&s->spans, sizeof(struct component_span), offsetof(struct component_span, component_id), component_id, n);
}

const struct component *site_component(const struct site *s, struct str id)
{
    const struct component *c = s->components.v;

    for (size_t i = 0; i < s->components.n; i++)
        if (str_eq(c[i].id, id))
            return &c[i];
    return NULL;
}

static bool shows_all(const struct site_page *v)
{
    return str_eq(v->page->components, S("[]"));
}

bool site_shows_component(const struct site_page *v, const struct component *c)
{
    return c && !c->is_group && c->shown && (shows_all(v) || id_list_has(v->page->components, c->id));
}

bool site_shows_part(const struct site_page *v, const struct component *c)
{
    const struct component *all = v->site->components.v;

    if (!c->is_group)
        return site_shows_component(v, c);
    for (size_t i = 0; c->shown && i < v->site->components.n; i++)
        if (str_eq(all[i].group_id, c->id) && site_shows_component(v, &all[i]))
            return true;
    return false;
}

int site_part_rank(const struct site_page *v, const struct component *c)
{
    const struct component *all = v->site->components.v;
    int rank = c->is_group ? RANK_OPERATIONAL : component_rank(c->state);

    for (size_t i = 0; c->is_group && i < v->site->components.n; i++)
        if (str_eq(all[i].group_id, c->id) && site_shows_component(v, &all[i]) && component_rank(all[i].state) > rank)
            rank = component_rank(all[i].state);
    return rank;
}

/* A page that shows a choice of components shows what concerns these and nothing else. */
bool site_shows(const struct site_page *v, const struct public_incident *p)
{
    size_t n;
    const struct component_impact *impacts = site_impacts(v->site, p->id, &n);

    for (size_t i = 0; i < n; i++)
        if (site_shows_component(v, site_component(v->site, impacts[i].component_id)))
            return true;
    return n == 0 && shows_all(v);
}

bool site_planned(const struct public_incident *p)
{
    return str_eq(p->status, S("scheduled"));
}

static const struct public_incident *incident_of(const struct site_page *v, struct str id)
{
    const struct public_incident *p = v->site->incidents.v;

    for (size_t i = 0; i < v->site->incidents.n; i++)
        if (str_eq(p[i].id, id))
            return &p[i];
    return NULL;
}

int site_overall(const struct site_page *v, const struct public_incident **cause)
{
    const struct public_incident *p = v->site->incidents.v;
    const struct component *c = v->site->components.v;
    int *ranks = arena_array(v->arena, int, v->site->components.n + 1), loose = RANK_OPERATIONAL;
    size_t n = 0, named;

    *cause = NULL;
    for (size_t i = 0; i < v->site->components.n; i++)
        if (site_shows_component(v, &c[i]))
            ranks[n++] = component_rank(c[i].state);
    int worst = overall_rank(ranks, n, RANK_OPERATIONAL);
    for (size_t i = 0; i < v->site->components.n && worst > RANK_OPERATIONAL && !*cause; i++)
        if (site_shows_component(v, &c[i]) && component_rank(c[i].state) == worst)
            *cause = incident_of(v, c[i].state_cause);
    for (size_t i = 0; i < v->site->incidents.n; i++) {
        site_impacts(v->site, p[i].id, &named);
        int rank = rank_of_impact(p[i].impact);
        if (!p[i].is_open || named || rank <= loose || !site_shows(v, &p[i]))
            continue;
        loose = rank;
        if (rank > worst)
            *cause = &p[i];
    }
    return overall_rank(ranks, n, loose);
}

struct str site_update_text(const struct site_page *v, const struct public_update *u)
{
    static const struct {
        const char *status, *text;
    } standard[] = {
        {"scheduled", N_("This maintenance is planned.")},
        {"in_progress", N_("The maintenance has begun. We will post updates here.")},
        {"verifying", N_("The work is done. We are checking the result.")},
        {"completed", N_("The maintenance is completed.")},
    };

    for (size_t i = 0; !u->body.len && i < sizeof standard / sizeof *standard; i++)
        if (str_eq(u->status, str_from(standard[i].status)))
            return language_text(v->language, standard[i].text);
    return u->body;
}

struct str site_incident_url(const struct site_page *v, struct str id)
{
    return str_printf(v->arena, "%.*s/incidents/%.*s", STR(v->url), STR(id));
}

#include "web/view.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/zone.h"
#include "store/store.h"
#include "web/filters.h"
#include "web/internal.h"

struct page_template {
    struct str name;
    struct template *compiled;
};

struct pages {
    struct arena arena;
    struct page_template *v;
    size_t n;
    const struct zone *utc;
};

/* Templates are called by their name without ".html". */
static struct str source(void *ctx, struct str name)
{
    (void)ctx;
    for (const struct embedded *e = templates_table; e->name.ptr; e++)
        if (e->name.len == name.len + 5 && str_starts(e->name, name) && str_ends(e->name, S(".html")))
            return e->data;
    return STR_NONE;
}

bool pages_load(struct pages **out, bool strict, struct error *err)
{
    struct pages *p = calloc(1, sizeof *p);
    struct template_env env = {.source = source, .filters = web_filters, .strict = strict, .no_raw = true};
    size_t n = 0;

    if (!p)
        return fail(err, INTERNAL, "out of memory");
    arena_init(&p->arena, (size_t)256 << 20);
    for (const struct embedded *e = templates_table; e->name.ptr; e++)
        n++;
    p->v = arena_array(&p->arena, struct page_template, n);
    for (const struct embedded *e = templates_table; e->name.ptr; e++) {
        if (e->name.ptr[0] == '_' || str_contains(e->name, S("/")) || !str_ends(e->name, S(".html")))
            continue; /* partials, and the templates of mails */
        struct page_template *t = &p->v[p->n++];
        t->name = str_slice(e->name, 0, e->name.len - 5);
        if (!template_compile(&p->arena, &env, t->name, e->data, &t->compiled, err)) {
            pages_free(p);
            return false;
        }
    }
    if (!zone_load(&p->arena, S("UTC"), &p->utc, err)) {
        pages_free(p);
        return false;
    }
    *out = p;
    return true;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    arena_deinit(&p->arena);
    free(p);
}

/* q of a media type in an Accept header, in thousandths; -1 if it is not named. */
static int quality(struct str accept, struct str type)
{
    struct str item, name;

    while (accept.ptr) {
        accept = str_cut(accept, ',', &item);
        struct str rest = str_cut(item, ';', &name);
        if (!str_eq_nocase(str_trim(name), type))
            continue;
        size_t at = rest.ptr ? str_find(rest, '=') : 0;
        struct str q = rest.ptr && at < rest.len ? str_trim(str_slice(rest, at + 1, rest.len)) : STR_NONE;
        int v = 1000;
        if (q.len && q.ptr[0] == '0') {
            v = 0;
            for (size_t i = 2, unit = 100; i < q.len && i < 5 && q.ptr[i] >= '0' && q.ptr[i] <= '9'; i++, unit /= 10)
                v += (q.ptr[i] - '0') * (int)unit;
        }
        return v;
    }
    return -1;
}

bool view_wants_html(struct str accept)
{
    return quality(accept, S("text/html")) > quality(accept, S("application/json"));
}

struct json *view_ref(struct arena *a, struct str id, struct str name)
{
    struct json *v;

    if (!id.len)
        return json_string(a, STR_NONE);
    v = json_object(a);
    json_set_str(a, v, S("id"), id);
    json_set_str(a, v, S("name"), name);
    return v;
}

void view_html(struct request *req, struct json *object, const char *key, struct str html)
{
    if (req->html)
        json_set_str(req->arena, object, str_from(key), html);
}

static const struct {
    const char *id, *label, *href;
} navigation[] = {
    {"incidents", "Incidents", "/incidents"}, {"alerts", "Alerts", "/alerts"}, {"oncall", "On-call", "/oncall"},
    {"services", "Services", "/services"}, {"reviews", "Reviews", "/reviews"},
    {"insights", "Insights", "/insights"}, {"admin", "Admin", "/admin"},
};

/* Counts are a convenience: a page is not refused because they cannot be read. */
static int64_t count(struct request *req, enum query q)
{
    struct error ignored = {0};
    int64_t n = 0;

    return req->db && store_count(req->db, q, NO_ARGS, &n, &ignored) ? n : 0;
}

static void add_navigation(struct request *req, struct json *page)
{
    struct arena *a = req->arena;
    int64_t counts[2] = {count(req, Q_INCIDENT_OPEN_COUNT), count(req, Q_ALERT_COUNT_FIRING)};
    struct json *nav = json_set(page, S("nav"), json_array(a));

    for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
        if (i == 6 && role_of(req->user.role) < ROLE_ADMIN)
            continue;
        struct json *item = json_push(nav, json_object(a));
        bool current = req->route && req->route->nav && str_eq(str_from(req->route->nav), str_from(navigation[i].id));
        json_set_str(a, item, S("label"), str_from(navigation[i].label));
        json_set_str(a, item, S("href"), str_from(navigation[i].href));
        if (i < 2)
            json_set_int(a, item, S("count"), counts[i]);
        else
            json_set_str(a, item, S("count"), STR_NONE);
        json_set_bool(a, item, S("current"), current);
    }
    struct json *c = json_set(page, S("counts"), json_object(a));
    json_set_int(a, c, S("incidents"), counts[0]);
    json_set_int(a, c, S("alerts"), counts[1]);
}

static void add_user(struct request *req, struct json *page)
{
    struct arena *a = req->arena;
    enum role role = role_of(req->user.role);

    if (!req->signed_in) {
        json_set_str(a, page, S("user"), STR_NONE);
        json_set(page, S("nav"), json_array(a));
        return;
    }
    struct json *u = json_set(page, S("user"), json_object(a));
    json_set_str(a, u, S("id"), req->user.id);
    json_set_str(a, u, S("name"), req->user.name);
    json_set_str(a, u, S("email"), req->user.email);
    json_set_str(a, u, S("role"), req->user.role);
    json_set_bool(a, u, S("is_responder"), role >= ROLE_RESPONDER);
    json_set_bool(a, u, S("is_manager"), role >= ROLE_MANAGER);
    json_set_bool(a, u, S("is_admin"), role >= ROLE_ADMIN);
    json_set_bool(a, u, S("shortcuts"), true);
    add_navigation(req, page);
}

/* What a failed form shows again: what was typed, and what is wrong with it. */
static void add_failure(struct request *req, struct json *page)
{
    struct arena *a = req->arena;
    struct json *errors = json_set(page, S("errors"), json_object(a));
    struct json *input = json_set(page, S("input"), json_object(a));
    struct json *failed = json_set(page, S("failed"), json_object(a));
    const struct error *f = req->failure;

    if (f) { /* the last segment of the form's address says which form it was */
        struct str path = req->x->request.path, last;
        do
            path = str_cut(path, '/', &last);
        while (path.ptr);
        json_set_bool(a, failed, last, true);
    }
    if (!f) {
        json_set_str(a, page, S("error_summary"), STR_NONE);
        return;
    }
    for (size_t i = 0; i < f->nfields; i++)
        if (!json_get(errors, str_from(f->fields[i].name)))
            json_set_str(a, errors, str_from(f->fields[i].name), str_from(f->fields[i].message));
    for (struct json *v = req->input->first; v; v = v->next)
        if (v->type == JSON_STRING && !str_contains(v->key, S("password")))
            json_set_str(a, input, v->key, v->text);
    struct buf text;
    buf_init(&text, a, 4096);
    for (size_t i = 0; i < f->nfields; i++)
        buf_printf(&text, "%s%s: %s", i ? "; " : "", f->fields[i].name, f->fields[i].message);
    json_set_str(a, page, S("error_summary"), f->nfields ? buf_str(&text) : str_from(f->message));
}

static struct json *page_object(struct request *req, struct reply *reply, struct str flash)
{
    struct arena *a = req->arena;
    struct json *page = json_object(a);

    json_set_str(a, page, S("title"), reply->title.ptr ? reply->title : S("Tocsin"));
    json_set_str(a, page, S("lang"), S("en"));
    json_set_str(a, page, S("dir"), S("ltr"));
    add_user(req, page);
    json_set_str(a, page, S("csrf"), req->by_cookie ? req->session.csrf : S(""));
    json_set_str(a, page, S("path"), req->x->request.path);
    json_set_str(a, page, S("now"), time_text(a, req->now));
    json_set_str(a, page, S("zone"), req->signed_in && req->user.zone.len ? req->user.zone : S("UTC"));
    json_set_str(a, page, S("flash"), flash);
    json_set_str(a, page, S("request_id"), str_printf(a, "req_%llx", (unsigned long long)req->x->id));
    json_set_str(a, page, S("version"), S(TOCSIN_VERSION));
    bool live = req->signed_in && req->route && (req->route->flags & WEB_LIVE) && req->db;
    int64_t seq = live ? count(req, Q_EVENT_LAST_SEQ) : 0;
    json_set_str(a, page, S("live"), live ? str_printf(a, "/stream?after=%lld", (long long)seq) : STR_NONE);
    add_failure(req, page);
    return page;
}

/* Said once after a redirect: `?said=…` of our own making is looked up, never echoed. */
static struct str flash_text(struct request *req)
{
    struct str said = web_query(req, "said");
    static const struct {
        const char *key, *text;
    } texts[] = {
        {"saved", "Saved."}, {"added", "Added."}, {"removed", "Removed."}, {"sent", "Sent."},
        {"signedout", "You are signed out."},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq(said, str_from(texts[i].key)))
            return str_from(texts[i].text);
    return STR_NONE;
}

bool pages_render(const struct pages *p, const char *name, struct request *req, struct reply *reply,
    struct json *view, struct buf *out, struct error *err)
{
    struct reader reader = {.now = req->now, .zone = p->utc, .utc = p->utc, .arena = req->arena};
    struct error ignored = {0};
    const struct zone *zone;

    if (req->signed_in && zone_load(req->arena, req->user.zone, &zone, &ignored))
        reader.zone = zone;
    struct str flash = reply->flash.ptr ? reply->flash : flash_text(req);
    json_set(view, S("page"), page_object(req, reply, flash));
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].name, str_from(name)))
            return template_render(p->v[i].compiled, view, &reader, out, err);
    return fail(err, INTERNAL, "there is no template %s", name);
}

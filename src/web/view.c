#include "web/view.h"

#include "base/embedded.h"
#include "base/zone.h"
#include "store/store.h"
#include "web/filters.h"
#include "text/catalog.h"
#include "web/internal.h"
#include "web/language.h"

struct page_template {
    struct str name;
    struct template **compiled; /* by language, in the order of `languages` */
};

struct pages {
    struct arena arena;
    struct languages languages;
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

static struct str translate(void *ctx, struct str msgid)
{
    const struct language *l = ctx;

    return catalog_text(l->catalog, msgid);
}

/* Translations become part of the compiled template, so that rendering looks nothing up. */
static bool compile(struct pages *p, struct page_template *t, struct str text, bool strict, struct error *err)
{
    t->compiled = arena_array(&p->arena, struct template *, p->languages.n);
    for (size_t i = 0; i < p->languages.n; i++) {
        struct template_env env = {.source = source, .translate = translate, .filters = web_filters,
            .ctx = &p->languages.v[i], .strict = strict, .no_raw = true};
        if (!template_compile(&p->arena, &env, t->name, text, &t->compiled[i], err))
            return error_prefix(err, "%.*s", STR(p->languages.v[i].code));
    }
    return true;
}

static bool load(struct pages *p, const struct embedded *locales, bool strict, struct error *err)
{
    size_t n = 0;

    if (!languages_open(&p->arena, locales, &p->languages, err) || !zone_load(&p->arena, S("UTC"), &p->utc, err))
        return false;
    for (const struct embedded *e = templates_table; e->name.ptr; e++)
        n++;
    p->v = arena_array(&p->arena, struct page_template, n);
    for (const struct embedded *e = templates_table; e->name.ptr; e++) {
        if (e->name.ptr[0] == '_' || str_contains(e->name, S("/")) || !str_ends(e->name, S(".html")))
            continue; /* partials, and the templates of mails */
        struct page_template *t = &p->v[p->n++];
        t->name = str_slice(e->name, 0, e->name.len - 5);
        if (!compile(p, t, e->data, strict, err))
            return false;
    }
    return true;
}

bool pages_load(struct pages **out, const struct embedded *locales, bool strict, struct error *err)
{
    struct arena arena;

    arena_init(&arena, (size_t)256 << 20);
    struct pages *p = arena_new(&arena, struct pages); /* lives in the arena that it owns */
    p->arena = arena;
    if (!load(p, locales, strict, err)) {
        pages_free(p);
        return false;
    }
    *out = p;
    return true;
}

const struct language *pages_language(const struct pages *p, struct str accept)
{
    return language_choose(&p->languages, accept);
}

void pages_free(struct pages *p)
{
    struct arena arena;

    if (!p)
        return;
    arena = p->arena;
    arena_deinit(&arena);
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
        return accept_weight(rest);
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
    {"incidents", N_("Incidents"), "/incidents"}, {"alerts", N_("Alerts"), "/alerts"},
    {"oncall", N_("On-call"), "/oncall"}, {"services", N_("Services"), "/services"},
    {"status", N_("Status page"), "/admin/status"}, {"reviews", N_("Reviews"), "/reviews"}, {"insights", N_("Insights"), "/insights"},
    {"admin", N_("Admin"), "/admin"},
};

/* Counts are a convenience: a page is not refused because they cannot be read. */
static int64_t count(struct request *req, enum query q, const struct value *args)
{
    struct error ignored = {0};
    int64_t n = 0;

    return req->db && store_count(req->db, q, args, &n, &ignored) ? n : 0;
}

static void add_navigation(struct request *req, struct json *page)
{
    struct arena *a = req->arena;
    int64_t counts[2] = {count(req, Q_ACCESS_OPEN_COUNT, ARGS(v_text(req->user.id))), count(req, Q_ALERT_COUNT_FIRING, NO_ARGS)};
    struct json *nav = json_set(page, S("nav"), json_array(a));

    for (size_t i = 0; i < sizeof navigation / sizeof *navigation; i++) {
        if (str_eq(str_from(navigation[i].id), S("admin")) && role_of(req->user.role) < ROLE_ADMIN)
            continue;
        struct json *item = json_push(nav, json_object(a));
        bool current = req->route && req->route->nav && str_eq(str_from(req->route->nav), str_from(navigation[i].id));
        json_set_str(a, item, S("label"), web_text(req, navigation[i].label));
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

static struct str field_message(struct request *req, const struct error_field *f)
{
    return language_message(req->language, req->arena, f->format, str_from(f->message));
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
            json_set_str(a, errors, str_from(f->fields[i].name), field_message(req, &f->fields[i]));
    for (struct json *v = req->input->first; v; v = v->next)
        if (v->type == JSON_STRING && !str_contains(v->key, S("password")))
            json_set_str(a, input, v->key, v->text);
    struct buf text;
    buf_init(&text, a, 4096);
    for (size_t i = 0; i < f->nfields; i++)
        buf_printf(&text, "%s%s: %.*s", i ? "; " : "", f->fields[i].name, STR(field_message(req, &f->fields[i])));
    json_set_str(a, page, S("error_summary"), f->nfields ? buf_str(&text)
        : language_message(req->language, a, f->format, str_from(f->message)));
}

static struct json *page_object(struct request *req, struct reply *reply, struct str flash)
{
    struct arena *a = req->arena;
    struct json *page = json_object(a);

    json_set_str(a, page, S("title"), reply->title.ptr ? reply->title : S("Tocsin"));
    json_set_str(a, page, S("lang"), req->language ? req->language->code : S("en"));
    json_set_str(a, page, S("dir"), req->language ? req->language->dir : S("ltr"));
    add_user(req, page);
    json_set_str(a, page, S("csrf"), req->by_cookie ? req->session.csrf : S(""));
    json_set_str(a, page, S("path"), req->x->request.path);
    json_set_str(a, page, S("now"), time_text(a, req->now));
    json_set_str(a, page, S("zone"), req->signed_in && req->user.zone.len ? req->user.zone : S("UTC"));
    json_set_str(a, page, S("flash"), flash);
    json_set_str(a, page, S("request_id"), str_printf(a, "req_%llx", (unsigned long long)req->x->id));
    json_set_str(a, page, S("version"), S(TOCSIN_VERSION));
    bool live = req->signed_in && req->route && (req->route->flags & WEB_LIVE) && req->db;
    int64_t seq = live ? count(req, Q_EVENT_LAST_SEQ, NO_ARGS) : 0;
    json_set_str(a, page, S("live"), !live ? STR_NONE
        : reply->about.len ? str_printf(a, "/stream?incident=%.*s&after=%lld", STR(reply->about), (long long)seq)
                           : str_printf(a, "/stream?after=%lld", (long long)seq));
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
        {"saved", N_("Saved.")}, {"added", N_("Added.")}, {"removed", N_("Removed.")}, {"sent", N_("Sent.")},
        {"signedout", N_("You are signed out.")}, {"switched", N_("The policy pack is in use.")},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (str_eq(said, str_from(texts[i].key)))
            return web_text(req, texts[i].text);
    return STR_NONE;
}

static bool render(const struct pages *p, const char *name, size_t language, const struct json *view, struct reader *reader,
    struct buf *out, struct error *err)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].name, str_from(name)))
            return template_render(p->v[i].compiled[language], view, reader, out, err);
    return fail(err, INTERNAL, "there is no template %s", name);
}

bool pages_render(const struct pages *p, const char *name, struct request *req, struct reply *reply,
    struct json *view, struct buf *out, struct error *err)
{
    struct reader reader = {.now = req->now, .zone = p->utc, .utc = p->utc, .arena = req->arena, .language = req->language,
        .pack = req->env->pack};
    size_t language = req->language ? (size_t)(req->language - p->languages.v) : 0;
    struct error ignored = {0};
    const struct zone *zone;

    if (req->signed_in && zone_load(req->arena, req->user.zone, &zone, &ignored))
        reader.zone = zone;
    struct str flash = reply->flash.ptr ? reply->flash : flash_text(req);
    json_set(view, S("page"), page_object(req, reply, flash));
    return render(p, name, language, view, &reader, out, err);
}

bool pages_render_as(const struct pages *p, const char *name, struct str language, struct str zone, instant now,
    struct arena *a, const struct json *view, struct buf *out, struct error *err)
{
    const struct language *l = language_find(&p->languages, language);
    struct reader reader = {.now = now, .zone = p->utc, .utc = p->utc, .arena = a, .language = l ? l : p->languages.v};
    struct error ignored = {0};
    const struct zone *z;

    if (zone_load(a, zone, &z, &ignored))
        reader.zone = z;
    return render(p, name, (size_t)(reader.language - p->languages.v), view, &reader, out, err);
}

#include "web/snapshot.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/sign.h"
#include "net/server.h"
#include "net/url.h"
#include "text/compress.h"

#define CSP "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#define WORTH_COMPRESSING 200

/* --- making one --- */

struct snapshot *snapshot_new(instant at, size_t pages)
{
    struct arena arena;

    arena_init(&arena, SNAPSHOT_MAX_BYTES);
    struct snapshot *s = arena_new(&arena, struct snapshot); /* lives in the arena that it owns */
    s->pages = arena_array(&arena, struct snapshot_page, pages + 1);
    s->at = at;
    s->refs = 1;
    s->arena = arena;
    return s;
}

void snapshot_free(struct snapshot *s)
{
    struct arena arena;

    if (!s)
        return;
    arena = s->arena;
    arena_deinit(&arena);
}

struct snapshot_page *snapshot_add_page(struct snapshot *s)
{
    struct snapshot_page *page = &s->pages[s->n++];

    page->files = arena_array(&s->arena, struct snapshot_file, SNAPSHOT_MAX_FILES);
    return page;
}

static int by_path(const void *a, const void *b)
{
    const struct snapshot_file *x = a, *y = b;

    return str_cmp(x->path, y->path);
}

void snapshot_close(struct snapshot_page *page)
{
    qsort(page->files, page->n, sizeof *page->files, by_path);
}

const struct snapshot_file *snapshot_file_find(const struct snapshot_page *page, struct str path)
{
    struct snapshot_file key = {.path = path};

    return page->n ? bsearch(&key, page->files, page->n, sizeof key, by_path) : NULL;
}

static const struct snapshot_page *page_of(const struct snapshot *s, struct str slug)
{
    for (size_t i = 0; s && i < s->n; i++)
        if (str_eq(s->pages[i].slug, slug))
            return &s->pages[i];
    return NULL;
}

bool snapshot_keep(struct snapshot *s, struct snapshot_page *page, const struct snapshot *before, struct str path,
    uint64_t stamp)
{
    const struct snapshot_page *old = page_of(before, page->slug);
    const struct snapshot_file *had = old ? snapshot_file_find(old, path) : NULL;

    if (!had || had->stamp != stamp || page->n == SNAPSHOT_MAX_FILES)
        return false;
    struct snapshot_file *f = &page->files[page->n++];
    *f = *had;
    f->path = str_copy(&s->arena, had->path);
    f->body = str_copy(&s->arena, had->body);
    f->gz = had->gz.ptr ? str_copy(&s->arena, had->gz) : STR_NONE;
    f->br = had->br.ptr ? str_copy(&s->arena, had->br) : STR_NONE;
    f->kept = true;
    return true;
}

static void set_etag(struct snapshot_file *f)
{
    snprintf(f->etag, sizeof f->etag, "W/\"%016llx\"", (unsigned long long)str_hash(f->body));
}

void snapshot_add(struct snapshot *s, struct snapshot_page *page, struct str path, uint64_t stamp, struct str body)
{
    if (page->n == SNAPSHOT_MAX_FILES)
        return;
    struct snapshot_file *f = &page->files[page->n++];
    *f = (struct snapshot_file){.path = str_copy(&s->arena, path), .body = str_copy(&s->arena, body), .stamp = stamp};
    if (body.len >= WORTH_COMPRESSING) {
        f->gz = compress_gzip(&s->arena, body);
        f->br = compress_brotli(&s->arena, body);
    }
    set_etag(f);
}

/* --- sharing it --- */

struct snapshots {
    pthread_mutex_t lock;
    struct snapshot *current;
};

struct snapshots *snapshots_new(struct arena *a)
{
    struct snapshots *all = arena_new(a, struct snapshots);

    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void snapshots_free(struct snapshots *all)
{
    if (!all)
        return;
    snapshot_free(all->current);
    pthread_mutex_destroy(&all->lock);
}

void snapshots_set(struct snapshots *all, struct snapshot *s)
{
    pthread_mutex_lock(&all->lock);
    struct snapshot *old = all->current;
    all->current = s;
    bool last = old && --old->refs == 0;
    pthread_mutex_unlock(&all->lock);
    if (last)
        snapshot_free(old);
}

const struct snapshot *snapshots_take(struct snapshots *all)
{
    pthread_mutex_lock(&all->lock);
    struct snapshot *s = all->current;
    if (s)
        s->refs++;
    pthread_mutex_unlock(&all->lock);
    return s;
}

void snapshots_release(struct snapshots *all, const struct snapshot *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&all->lock);
    struct snapshot *mine = (struct snapshot *)(uintptr_t)s;
    bool last = --mine->refs == 0;
    pthread_mutex_unlock(&all->lock);
    if (last)
        snapshot_free(mine);
}

/* --- which page a request means --- */

static struct str without_port(struct arena *a, struct str host)
{
    struct str name;

    str_cut(host, ':', &name);
    return str_lower(a, name);
}

/* SLUG/… or, of the default page, only what comes after. */
static const struct snapshot_page *by_slug(const struct snapshot *s, struct str rest, struct str *path, bool *redirect)
{
    struct str slug, after = str_cut(rest, '/', &slug);
    const struct snapshot_page *page = page_of(s, slug);

    if (page) {
        *redirect = !after.ptr;
        *path = after.ptr ? after : S("");
        return page;
    }
    *path = rest;
    for (size_t i = 0; i < s->n; i++)
        if (s->pages[i].is_default)
            return &s->pages[i];
    return NULL;
}

/* ~SECRET/… shows that whoever asks was given the link. */
static void take_token(struct arena *a, struct snapshot_target *t)
{
    struct str token, rest;

    if (!t->page || !str_starts(t->path, S("~")))
        return;
    rest = str_cut(str_slice(t->path, 1, t->path.len), '/', &token);
    t->token = t->page->token_hash.len && token_valid_form(token) &&
        secret_equal(token_hash(a, token), t->page->token_hash);
    t->redirect = !rest.ptr;
    t->path = rest.ptr ? rest : S("");
}

void snapshot_find(struct arena *a, const struct snapshot *s, struct str host, struct str path,
    struct snapshot_target *out)
{
    struct str name = without_port(a, host);

    *out = (struct snapshot_target){0};
    for (size_t i = 0; i < s->n && !out->page; i++)
        if (s->pages[i].host.len && str_eq(s->pages[i].host, name)) {
            out->page = &s->pages[i];
            out->path = str_slice(path, 1, path.len);
        }
    bool under = str_starts(path, S("/status/"));
    if (out->page && under) { /* an address of the shared host on the page's own */
        bool ignored;
        const struct snapshot_page *named = by_slug(s, str_slice(path, 8, path.len), &out->path, &ignored);
        out->page = named == out->page ? named : NULL;
    } else if (!out->page && str_eq(path, S("/status"))) {
        out->page = by_slug(s, S(""), &out->path, &out->redirect);
        out->redirect = true;
    } else if (!out->page && under) {
        out->page = by_slug(s, str_slice(path, 8, path.len), &out->path, &out->redirect);
    } else if (!out->page && (str_starts(path, S("/api/v2/")) || str_starts(path, S("/history.")))) {
        /* Clients of the Statuspage API know a host and nothing else. */
        out->page = by_slug(s, str_slice(path, 1, path.len), &out->path, &out->redirect);
    }
    take_token(a, out);
}

/* --- the answer --- */

struct str snapshot_type(struct str path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        {".json", "application/json; charset=utf-8"}, {".atom", "application/atom+xml; charset=utf-8"},
        {".rss", "application/rss+xml; charset=utf-8"}, {".ics", "text/calendar; charset=utf-8"},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(path, str_from(types[i].ending)))
            return str_from(types[i].type);
    return S("text/html; charset=utf-8");
}

static void add_headers(struct exchange *x, const struct snapshot *s, const struct snapshot_page *page,
    const struct snapshot_file *f)
{
    struct answer *a = &x->answer;
    bool open = str_eq(page->visibility, S("public"));

    answer_header(a, S("ETag"), str_copy(&x->arena, str_from(f->etag)));
    answer_header(a, S("Cache-Control"), open ? S("public, max-age=15, stale-if-error=86400") : S("private, no-cache"));
    answer_header(a, S("Vary"), S("Accept-Encoding"));
    answer_header(a, S("X-Content-Type-Options"), S("nosniff"));
    answer_header(a, S("X-Status-As-Of"), time_text(&x->arena, (instant){s->at.us / SECOND_US * SECOND_US}));
    if (open)
        answer_header(a, S("Access-Control-Allow-Origin"), S("*"));
    else
        answer_header(a, S("Referrer-Policy"), S("no-referrer")); /* the address may hold a secret */
}

static void send_file(struct exchange *x, const struct snapshot *s, const struct snapshot_page *page,
    const struct snapshot_file *f)
{
    struct str coding = http_header(&x->request, S("Accept-Encoding")), known = http_header(&x->request, S("If-None-Match"));
    struct str type = snapshot_type(f->path), body = f->body;
    struct answer *a = &x->answer;

    add_headers(x, s, page, f);
    if (known.len && str_contains(known, str_from(f->etag))) {
        a->status = 304;
        return;
    }
    a->status = 200;
    answer_header(a, S("Content-Type"), type);
    if (str_starts(type, S("text/html")))
        answer_header(a, S("Content-Security-Policy"), S(CSP));
    if (f->br.ptr && str_contains(coding, S("br"))) {
        body = f->br;
        answer_header(a, S("Content-Encoding"), S("br"));
    } else if (f->gz.ptr && str_contains(coding, S("gzip"))) {
        body = f->gz;
        answer_header(a, S("Content-Encoding"), S("gzip"));
    }
    a->body = str_copy(&x->arena, body);
}

bool snapshot_serve(struct exchange *x, const struct snapshot *s, const struct snapshot_target *t, bool stale)
{
    bool get = x->request.method == HTTP_GET || x->request.method == HTTP_HEAD;
    bool may = str_eq(t->page->visibility, S("public")) || (str_eq(t->page->visibility, S("token")) && t->token);
    const struct snapshot_file *f = snapshot_file_find(t->page, t->path), *other = NULL;

    if (!get || !may || str_starts(t->path, S("stale/")))
        return false;
    if (t->redirect) {
        x->answer.status = 308;
        answer_header(&x->answer, S("Location"), str_printf(&x->arena, "%.*s/", STR(x->request.path)));
        return true;
    }
    if (stale)
        other = snapshot_file_find(t->page, str_printf(&x->arena, "stale/%.*s", STR(t->path)));
    if (f)
        send_file(x, s, t->page, other ? other : f);
    return f != NULL;
}

#include "web/statuspage_site.h"

#include <pthread.h>
#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "db/db.h"
#include "net/server.h"
#include "text/language.h"
#include "web/snapshot.h"
#include "web/statuspage_data.h"
#include "web/statuspage_v2.h"
#include "web/statuspage_view.h"
#include "web/view.h"

#define REFRESH_S 30
#define ARENA_BYTES ((size_t)1 << 30)
#define HTML_BYTES (1u << 20)
#define MONTHS 24

struct site_publisher {
    struct site_config config;
    struct snapshots *snapshots;
    struct db *db;
    struct arena arena; /* of one making */
    pthread_t thread;
    bool running; /* the thread was started */
    pthread_mutex_t lock;
    pthread_cond_t ready;
    bool wanted, stopping;
};

/* One page being made. */
struct making {
    struct site_publisher *publisher;
    const struct snapshot *before;
    struct snapshot *snapshot;
    struct snapshot_page *page;
    const struct site_page *view;
    bool failed;
};

static void add_file(void *ctx, struct str path, struct str body)
{
    struct making *m = ctx;
    uint64_t stamp = str_hash(body);

    if (!snapshot_keep(m->snapshot, m->page, m->before, path, stamp))
        snapshot_add(m->snapshot, m->page, path, stamp, body);
}

/* Rendered only if what it is rendered from has changed. */
static void add_page(struct making *m, struct str path, const char *template, struct json *view)
{
    const struct site_page *v = m->view;
    struct error err = {0};
    struct buf html;
    uint64_t stamp = str_hash(json_text(v->arena, view));

    if (snapshot_keep(m->snapshot, m->page, m->before, path, stamp))
        return;
    buf_init(&html, v->arena, HTML_BYTES);
    if (pages_render_as(m->publisher->config.pages, template, v->page->language, v->page->zone, v->now, v->arena, view, &html, &err)) {
        snapshot_add(m->snapshot, m->page, path, stamp, buf_str(&html));
        return;
    }
    m->failed = true;
    log_write(ERROR, "a status page could not be rendered", LOG_STR("page", v->page->slug), LOG_STR("template", str_from(template)),
        LOG_STR("reason", str_from(err.message)));
}

static void make_page(struct making *m, const struct site *site, const struct status_page *page, const struct language *l)
{
    struct arena *a = &m->publisher->arena;
    struct arena *own = &m->snapshot->arena;
    const struct public_incident *p = site->incidents.v;
    struct str months[MONTHS];
    struct site_page v;

    m->page = snapshot_add_page(m->snapshot);
    m->page->slug = str_copy(own, page->slug);
    m->page->host = page->host.len ? str_copy(own, page->host) : STR_NONE;
    m->page->visibility = str_copy(own, page->visibility);
    m->page->token_hash = page->token_hash.len ? str_copy(own, page->token_hash) : STR_NONE;
    m->page->is_default = page->is_default;
    site_page_open(&v, a, site, page, l);
    m->view = &v;
    add_page(m, S(""), "status_page", site_index_view(&v, false));
    add_page(m, S("stale/"), "status_page", site_index_view(&v, true));
    for (size_t i = 0; i < site->incidents.n; i++)
        if (site_shows(&v, &p[i]))
            add_page(m, str_printf(a, "incidents/%.*s", STR(p[i].id)), "status_event", site_incident_view(&v, &p[i]));
    size_t n = site_months(&v, months, MONTHS);
    for (size_t i = 0; i < n; i++)
        add_page(m, str_printf(a, "history/%.*s", STR(months[i])), "status_month", site_month_view(&v, months[i]));
    site_v2_files(&v, add_file, m);
    site_feed_files(&v, add_file, m);
    snapshot_close(m->page);
}

static bool read_site(struct site_publisher *p, struct site *site, struct error *err)
{
    bool ok = db_ping(p->db, err) && db_read_begin(p->db, err);

    ok = ok && site_load(p->db, &p->arena, clock_now(), site, err);
    db_read_end(p->db);
    return ok;
}

/* In the folder everything is written at first, whatever was there. */
static void keep(struct site_publisher *p, const struct snapshot *s, const struct snapshot *before)
{
    struct error err = {0};

    if (p->config.folder && !snapshot_save(s, before, p->config.folder, &err))
        log_write(ERROR, "the snapshots could not be saved", LOG_STR("reason", str_from(err.message)));
}

static void make(struct site_publisher *p)
{
    struct site site = {.base_url = p->config.base_url};
    struct error err = {0};

    arena_reset(&p->arena, (size_t)4 << 20);
    if (!read_site(p, &site, &err)) {
        log_write(WARN, "status pages keep their last state", LOG_STR("reason", str_from(err.message)));
        return;
    }
    const struct snapshot *before = snapshots_take(p->snapshots);
    struct making m = {.publisher = p, .before = before, .snapshot = snapshot_new(site.now, site.pages.n)};
    const struct status_page *pages = site.pages.v;
    for (size_t i = 0; i < site.pages.n; i++)
        make_page(&m, &site, &pages[i], pages_language(p->config.pages, pages[i].language));
    if (m.failed) { /* half a page is worse than an old one */
        snapshot_free(m.snapshot);
    } else {
        keep(p, m.snapshot, before);
        snapshots_set(p->snapshots, m.snapshot);
    }
    snapshots_release(p->snapshots, before);
}

/* True when it is time to make them, false when it is time to go. */
static bool wait_turn(struct site_publisher *p)
{
    struct timespec until = {.tv_sec = (time_t)(clock_mono_us() / SECOND_US) + REFRESH_S};

    pthread_mutex_lock(&p->lock);
    while (!p->wanted && !p->stopping && pthread_cond_timedwait(&p->ready, &p->lock, &until) == 0)
        ;
    p->wanted = false;
    bool go_on = !p->stopping;
    pthread_mutex_unlock(&p->lock);
    return go_on;
}

static void *publisher_main(void *arg)
{
    do
        make(arg);
    while (wait_turn(arg));
    return NULL;
}

void site_publisher_wake(struct site_publisher *p)
{
    pthread_mutex_lock(&p->lock);
    p->wanted = true;
    pthread_cond_signal(&p->ready);
    pthread_mutex_unlock(&p->lock);
}

bool site_publisher_start(struct site_publisher **out, struct arena *a, const struct site_config *config, struct error *err)
{
    struct site_publisher *p = *out = arena_new(a, struct site_publisher);
    pthread_condattr_t attr;

    p->config = *config;
    p->snapshots = snapshots_new(a);
    arena_init(&p->arena, ARENA_BYTES);
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->ready, &attr);
    pthread_condattr_destroy(&attr);
    if (!db_open(&p->db, config->db_url, DB_READ, err))
        return false;
    p->running = pthread_create(&p->thread, NULL, publisher_main, p) == 0;
    return p->running || fail(err, INTERNAL, "cannot start the thread of the status pages");
}

void site_publisher_stop(struct site_publisher *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_signal(&p->ready);
    pthread_mutex_unlock(&p->lock);
    if (p->running)
        pthread_join(p->thread, NULL);
    db_close(&p->db);
    snapshots_free(p->snapshots);
    arena_deinit(&p->arena);
    pthread_cond_destroy(&p->ready);
    pthread_mutex_destroy(&p->lock);
}

bool site_publisher_answer(struct site_publisher *p, struct server *server, struct exchange *x)
{
    const struct snapshot *s = p ? snapshots_take(p->snapshots) : NULL;
    struct snapshot_target t = {0};
    bool stale = s && x->received.us - s->at.us > SNAPSHOT_STALE_US;

    if (s)
        snapshot_find(&x->arena, s, x->request.host, x->request.path, &t);
    bool answered = t.page && snapshot_serve(x, s, &t, stale);
    if (t.page && !answered) /* one address for the routes, whichever host it came by */
        x->request.path = str_printf(&x->arena, "/status/%.*s/%.*s", STR(t.page->slug), STR(t.path));
    snapshots_release(p ? p->snapshots : NULL, s);
    if (answered)
        exchange_answer(server, x);
    return answered;
}

struct str site_publisher_file(struct site_publisher *p, struct arena *a, struct str slug, struct str path)
{
    const struct snapshot *s = snapshots_take(p->snapshots);
    struct str body = STR_NONE;

    for (size_t i = 0; s && i < s->n; i++) {
        const struct snapshot_file *f = str_eq(s->pages[i].slug, slug) ? snapshot_file_find(&s->pages[i], path) : NULL;
        if (f)
            body = str_copy(a, f->body);
    }
    snapshots_release(p->snapshots, s);
    return body;
}

#include "web/internal.h"

#include "base/clock.h"
#include "base/embedded.h"
#include "base/log.h"
#include "engine/ingest.h"
#include "web/access.h"
#include "web/assets.h"
#include "web/ingest.h"
#include "web/statuspage_site.h"

#define BODY_LIMIT ((size_t)1 << 20)
#define ALERTS_BODY_LIMIT ((size_t)8 << 20)
#define MAX_WAITING 2000

struct worker {
    struct web *web;
    pthread_t thread;
    struct db *db;
};

static struct pending *pending_of(struct exchange *x)
{
    return x->user;
}

/* Runs on the writer's thread, inside the operation. */
static bool run_operation(struct op *op, void *arg, struct error *err)
{
    struct request *req = &pending_of(arg)->request;
    struct reply *out = &pending_of(arg)->reply;

    *out = (struct reply){0};
    req->op = op;
    req->db = op->db;
    req->now = op->now;
    return access_gate(req, err) && req->route->run(req, out, err);
}

static void enqueue(struct web *w, struct exchange *x)
{
    x->next = NULL;
    pthread_mutex_lock(&w->lock);
    *w->tail = x;
    w->tail = &x->next;
    w->waiting++;
    pthread_cond_signal(&w->ready);
    pthread_mutex_unlock(&w->lock);
}

/* On the writer's thread, after the commit. Browsers' failed forms go back to a worker, which can
 * read what the page shows. */
static void operation_done(void *arg, const struct error *err)
{
    struct exchange *x = arg;
    struct pending *p = pending_of(x);

    p->request.db = NULL;
    p->request.op = NULL;
    p->error = *err;
    if (err->kind == ERROR_NONE && !(p->request.html && !p->reply.location.ptr)) {
        web_answer(&p->request, &p->reply);
        return;
    }
    p->show_form = true;
    enqueue(p->request.web, x);
}

static void submit(struct request *req, struct pending *p)
{
    struct actor who = req->signed_in ? (struct actor){S("user"), req->user.id, req->user.name}
                                      : (struct actor){S("link"), S("anonymous"), S("Somebody")};

    p->job = (struct job){.run = run_operation, .done = operation_done, .arg = req->x, .arena = req->arena, .actor = who};
    req->db = NULL; /* the worker's is not the operation's */
    if (!writer_submit(req->web->config.writer, &p->job)) {
        fail(&p->error, UNAVAILABLE, "too much is waiting to be written; try again in a moment");
        web_answer_error(req, &p->error);
    }
}

/* A browser's form failed: its page again, with what was typed and what is wrong. */
static void show_form(struct request *req, struct pending *p)
{
    const struct web_route *was = req->route;
    struct reply out = {0};
    struct error err = {0};

    if (p->error.kind == ERROR_NONE) { /* done, and the route answers a browser with a page */
        web_answer(req, &p->reply);
        return;
    }
    bool again = was->form && (p->error.kind == ERROR_INVALID || p->error.kind == ERROR_CONFLICT);
    if (!req->html || !again) {
        web_answer_error(req, &p->error);
        return;
    }
    for (const struct web_route *r = web_routes; r->pattern; r++)
        if (r->method == HTTP_GET && str_eq(str_from(r->pattern), str_from(was->form)))
            req->route = r;
    req->failure = &p->error;
    if (!req->route->run(req, &out, &err)) {
        web_answer_error(req, &p->error);
        return;
    }
    out.location = STR_NONE;
    out.status = error_http(p->error.kind);
    web_answer(req, &out);
}

static bool before_handler(struct request *req, struct error *err)
{
    unsigned allowed;

    req->route = web_match(req->arena, req->x->request.method, req->x->request.path, req->params, &allowed);
    if (!req->route && !allowed)
        return fail(err, NOT_FOUND, "there is nothing at this address");
    if (!req->route) {
        struct buf list;
        buf_init(&list, req->arena, 200);
        for (int m = HTTP_GET; m <= HTTP_OPTIONS; m++)
            if (allowed & (1u << m))
                buf_printf(&list, "%s%.*s", list.len ? ", " : "", STR(http_method_name((enum http_method)m)));
        answer_header(&req->x->answer, S("Allow"), buf_str(&list));
        return fail(err, METHOD, "this address takes %.*s", STR(buf_str(&list)));
    }
    if (!web_authenticate(req, err))
        return false;
    if (req->html && req->user.language.len)
        req->language = pages_language(req->web->pages, req->user.language);
    return web_authorize(req, err) && web_decode(req, err) && web_check_csrf(req, err);
}

static void serve(struct request *req, struct pending *p)
{
    struct error *err = &p->error;

    unsigned allowed;

    if (str_starts(req->path, S("/in/")) &&
        !web_match(req->arena, req->x->request.method, req->path, req->params, &allowed) && !allowed) {
        am_serve(req);
        return;
    }
    if (!before_handler(req, err)) {
        web_answer_error(req, err);
        return;
    }
    if (req->route->prepare && !req->route->prepare(req, &p->reply, err)) {
        show_form(req, p);
        return;
    }
    if (req->route->method != HTTP_GET) {
        submit(req, p);
        return;
    }
    if (!db_read_begin(req->db, err) || !access_gate(req, err) || !req->route->run(req, &p->reply, err)) {
        db_read_end(req->db);
        web_answer_error(req, err);
        return;
    }
    if (p->reply.stream)
        stream_open(req->web, req, p->reply.after_seq, p->reply.about);
    else
        web_answer(req, &p->reply);
}

static void work(struct worker *k, struct exchange *x)
{
    struct pending *p = pending_of(x);
    struct request *req;

    if (!p) {
        p = x->user = arena_new(&x->arena, struct pending);
        req = &p->request;
        *req = (struct request){.web = k->web, .x = x, .arena = &x->arena, .now = clock_now(),
            .env = k->web->config.env, .path = x->request.path, .input = json_object(&x->arena)};
        req->html = view_wants_html(http_header(&x->request, S("Accept")));
        if (req->html)
            req->language = pages_language(k->web->pages, http_header(&x->request, S("Accept-Language")));
        req->fragment = http_header(&x->request, S("HX-Request")).len > 0;
    }
    req = &p->request;
    req->db = k->db;
    struct db *db = k->db;
    struct error down = {0};
    if (!db_ping(db, &down))
        web_answer_error(req, &down);
    else if (p->show_form)
        show_form(req, p);
    else
        serve(req, p);
    /* The exchange may be gone by now; the snapshot of a page is not needed any more. */
    db_read_end(db);
}

static void *worker_main(void *arg)
{
    struct worker *k = arg;
    struct web *w = k->web;

    for (;;) {
        pthread_mutex_lock(&w->lock);
        while (!w->queue && !w->stopping)
            pthread_cond_wait(&w->ready, &w->lock);
        struct exchange *x = w->queue;
        if (x) {
            w->queue = x->next;
            if (!w->queue)
                w->tail = &w->queue;
            w->waiting--;
        }
        pthread_mutex_unlock(&w->lock);
        if (!x)
            return NULL;
        work(k, x);
    }
}

size_t web_body_limit(void *ctx, const struct http_request *head)
{
    (void)ctx;
    return str_starts(head->path, S("/in/")) ? ALERTS_BODY_LIMIT : BODY_LIMIT;
}

void web_handle(void *ctx, struct exchange *x)
{
    struct web *w = ctx;

    x->user = NULL;
    if (web_ingest(w, x) || asset_serve(w->server, x) || web_alive(w, x) || site_publisher_answer(w->sites, w->server, x))
        return;
    pthread_mutex_lock(&w->lock);
    bool full = w->waiting >= MAX_WAITING;
    pthread_mutex_unlock(&w->lock);
    if (!full) {
        enqueue(w, x);
        return;
    }
    x->answer.status = 503;
    answer_header(&x->answer, S("Retry-After"), S("5"));
    exchange_answer(w->server, x);
}

bool web_start(struct web **out, const struct web_config *config, struct error *err)
{
    struct arena arena;

    arena_init(&arena, (size_t)4 << 20);
    struct web *w = arena_new(&arena, struct web);
    w->config = *config;
    w->started = clock_now();
    w->tail = &w->queue;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->ready, NULL);
    int n = config->workers ? config->workers : 4;
    w->workers = arena_array(&arena, struct worker, (size_t)n);
    bool ready = streams_new(&arena, config->db_url, &w->streams, err);
    w->arena = arena;
    if (!ready || !pages_load(&w->pages, locale_table, false, err)) {
        web_stop(w);
        return false;
    }
    struct site_config sites = {.db_url = config->db_url, .base_url = config->env->base_url, .pages = w->pages, .folder = config->status_dir};
    if (!site_publisher_start(&w->sites, &w->arena, &sites, err)) {
        web_stop(w);
        return false;
    }
    for (; w->nworkers < n; w->nworkers++) {
        struct worker *k = &w->workers[w->nworkers];
        k->web = w;
        if (!db_open(&k->db, config->db_url, DB_READ, err)) {
            web_stop(w);
            return false;
        }
        pthread_create(&k->thread, NULL, worker_main, k);
    }
    *out = w;
    return true;
}

void web_attach(struct web *w, struct server *server)
{
    w->server = server;
}

void web_stop(struct web *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->ready);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->nworkers; i++) {
        pthread_join(w->workers[i].thread, NULL);
        db_close(&w->workers[i].db);
    }
    site_publisher_stop(w->sites);
    streams_free(w->streams);
    pages_free(w->pages);
    pthread_cond_destroy(&w->ready);
    pthread_mutex_destroy(&w->lock);
    struct arena arena = w->arena;
    arena_deinit(&arena);
}

const struct web_config *web_settings(const struct web *w)
{
    return &w->config;
}

struct server *web_server(const struct web *w)
{
    return w->server;
}

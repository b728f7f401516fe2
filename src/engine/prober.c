#include "engine/prober.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "domain/probe.h"
#include "engine/probe.h"
#include "engine/writer.h"
#include "net/client.h"

#define MAX_RUNNING 64 /* more are left to the next minute */
#define DRAIN_US SECOND_US
#define ARENA_SIZE ((size_t)1 << 20)

struct run {
    struct prober *prober;
    struct arena arena;
    struct probe probe;
    char body[PROBE_BODY];
    struct client_job send;
    struct job record;
    struct probe_outcome outcome;
    struct run *next; /* of the pool */
};

struct prober {
    struct writer *writer;
    struct client *client;
    pthread_mutex_t lock;
    pthread_cond_t idle;
    struct run *pool;
    size_t running;
    bool stopping;
};

/* NULL when enough are under way. */
static struct run *run_new(struct prober *p)
{
    struct run *r = NULL;

    pthread_mutex_lock(&p->lock);
    bool may = !p->stopping && p->running < MAX_RUNNING;
    if (may) {
        p->running++;
        r = p->pool;
        p->pool = r ? r->next : NULL;
    }
    pthread_mutex_unlock(&p->lock);
    if (!may)
        return NULL;
    if (r) {
        arena_reset(&r->arena, 1 << 12);
    } else {
        r = calloc(1, sizeof *r);
        if (!r)
            abort();
        arena_init(&r->arena, ARENA_SIZE);
    }
    r->prober = p;
    r->probe = (struct probe){0};
    r->send = (struct client_job){0};
    return r;
}

static void run_free(struct run *r)
{
    struct prober *p = r->prober;

    pthread_mutex_lock(&p->lock);
    r->next = p->pool;
    p->pool = r;
    if (--p->running == 0)
        pthread_cond_broadcast(&p->idle);
    pthread_mutex_unlock(&p->lock);
}

static bool record(struct op *op, void *arg, struct error *err)
{
    return engine_probe_done(op, &((struct run *)arg)->outcome, err);
}

static void recorded(void *arg, const struct error *err)
{
    struct run *r = arg;

    if (err->kind != ERROR_NONE)
        log_write(ERROR, "a probe could not be recorded", LOG_STR("probe", r->probe.id),
            LOG_STR("reason", str_from(err->message)));
    run_free(r);
}

/* On the client's thread. */
static void done(void *ctx, struct client_job *job, const struct client_result *result)
{
    struct run *r = ctx;
    bool http = str_eq(r->probe.kind, S("http"));
    struct probe_seen seen = {.answered = http ? result->code > 0 : result->outcome == CLIENT_OK, .status = result->code,
        .body = result->body, .took_us = result->duration_us, .certificate_ends = result->certificate_ends,
        .problem = str_copy(&r->arena, str_from(result->text))};

    (void)job;
    r->outcome = (struct probe_outcome){.id = r->probe.id, .at = clock_now()};
    r->outcome.passing = probe_judge(&r->arena, &r->probe, &seen, r->outcome.at, &r->outcome.detail);
    r->record = (struct job){.run = record, .done = recorded, .arg = r, .actor = actor_system};
    if (!writer_submit(r->prober->writer, &r->record)) {
        struct error full = {0};
        fail(&full, UNAVAILABLE, "the writer's queue is full");
        recorded(r, &full);
    }
}

static void start(struct prober *p, struct run *r)
{
    bool http = str_eq(r->probe.kind, S("http"));

    r->send = (struct client_job){.kind = http ? CLIENT_HTTP : CLIENT_CONNECT, .done = done, .ctx = r,
        .url = str_z(&r->arena, probe_url(&r->arena, &r->probe))};
    if (http) {
        r->send.http.method = "GET";
        r->send.http.room = r->body;
        r->send.http.room_size = sizeof r->body;
    }
    pthread_mutex_lock(&p->lock);
    bool may = !p->stopping; /* the client is there until that is set */
    if (may)
        client_send(p->client, &r->send);
    pthread_mutex_unlock(&p->lock);
    if (!may)
        run_free(r);
}

void prober_take(struct prober *p, const struct effects *fx)
{
    for (const struct effect_probe *e = p ? fx->probes : NULL; e; e = e->next) {
        struct run *r = run_new(p);
        if (!r)
            return;
        r->probe = probe_copy(&r->arena, e->probe);
        start(p, r);
    }
}

bool prober_start(struct prober **out, const struct prober_config *config, struct error *err)
{
    struct prober *p = calloc(1, sizeof *p);

    if (!p)
        return fail(err, INTERNAL, "out of memory");
    p->writer = config->writer;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->idle, NULL);
    *out = p;
    return client_start(&p->client, config->client, err);
}

void prober_drain(struct prober *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    bool first = !p->stopping;
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    if (first && p->client)
        client_stop(p->client, DRAIN_US);
    pthread_mutex_lock(&p->lock);
    while (p->running)
        pthread_cond_wait(&p->idle, &p->lock);
    pthread_mutex_unlock(&p->lock);
}

void prober_free(struct prober *p)
{
    if (!p)
        return;
    prober_drain(p);
    for (struct run *r = p->pool, *next; r; r = next) {
        next = r->next;
        arena_deinit(&r->arena);
        free(r);
    }
    pthread_cond_destroy(&p->idle);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

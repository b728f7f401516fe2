#include "stand.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"

#define PATIENCE_S 20

static void park(struct stand *s, struct exchange *x)
{
    pthread_mutex_lock(&s->lock);
    x->next = NULL;
    *s->parked_end = x;
    s->parked_end = &x->next;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static struct str letters(struct arena *a, struct str count)
{
    int64_t n = 0;

    str_int(count, &n);
    char *p = arena_alloc(a, (size_t)n, 1);
    for (int64_t i = 0; i < n; i++)
        p[i] = (char)('a' + i % 26);
    return (struct str){p, (size_t)n};
}

static void handle(void *ctx, struct exchange *x)
{
    struct stand *s = ctx;
    struct answer *a = &x->answer;
    struct http_request *r = &x->request;

    atomic_fetch_add(&s->handled, 1);
    a->status = 200;
    if (str_eq(r->path, S("/park"))) {
        park(s, x);
        return;
    }
    if (str_eq(r->path, S("/stream"))) {
        a->stream = true;
        a->body = S("hello\n");
        answer_header(a, S("Content-Type"), S("text/event-stream"));
        pthread_mutex_lock(&s->lock);
        s->stream = x->ticket;
        pthread_mutex_unlock(&s->lock);
    } else if (str_starts(r->path, S("/big/"))) {
        a->body = letters(&x->arena, str_slice(r->path, 5, r->path.len));
    } else if (str_eq(r->path, S("/split"))) {
        answer_header(a, S("X"), S("a\r\nSet-Cookie: stolen"));
    } else if (str_eq(r->path, S("/none"))) {
        a->status = 204;
    } else {
        a->body = str_printf(&x->arena, "%.*s %.*s %.*s", STR(http_method_name(r->method)),
            STR(r->target), STR(r->body));
    }
    exchange_answer(s->server, x);
}

static void stream_closed(void *ctx, struct ticket t)
{
    struct stand *s = ctx;

    pthread_mutex_lock(&s->lock);
    s->closed = t;
    atomic_fetch_add(&s->closed_streams, 1);
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static size_t body_limit(void *ctx, const struct http_request *head)
{
    struct stand *s = ctx;

    (void)head;
    return s->body_limit;
}

void stand_start(struct stand *s, struct server_config config)
{
    struct error err = {0};

    *s = (struct stand){.body_limit = 1 << 20};
    s->parked_end = &s->parked;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->changed, NULL);
    config.listen = S("127.0.0.1:0");
    config.body_limit = body_limit;
    config.handle = handle;
    config.stream_closed = stream_closed;
    config.ctx = s;
    if (!server_open(&s->server, &config, &err) || !server_run(s->server, &err)) {
        printf("%s\n", err.message);
        abort();
    }
    s->port = server_port(s->server);
}

void stand_stop(struct stand *s, int64_t drain_us)
{
    server_stop(s->server, drain_us);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->changed);
}

static struct timespec patience(void)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    return until;
}

struct exchange *stand_take(struct stand *s)
{
    struct timespec until = patience();

    pthread_mutex_lock(&s->lock);
    while (!s->parked && pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0)
        ;
    struct exchange *x = s->parked;
    if (x) {
        s->parked = x->next;
        if (!s->parked)
            s->parked_end = &s->parked;
    }
    pthread_mutex_unlock(&s->lock);
    return x;
}

bool stand_streams_closed(struct stand *s, int n)
{
    struct timespec until = patience();
    int problem = 0;

    pthread_mutex_lock(&s->lock);
    while (atomic_load(&s->closed_streams) < n && problem == 0)
        problem = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    pthread_mutex_unlock(&s->lock);
    return atomic_load(&s->closed_streams) == n;
}

bool stand_received(struct stand *s, int64_t bytes)
{
    struct server_stats stats;

    for (int ms = 0; ms < PATIENCE_S * 1000; ms++) {
        server_stats(s->server, &stats);
        if (stats.bytes_in >= bytes)
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

bool stand_connections(struct stand *s, int64_t n)
{
    struct server_stats stats;

    for (int ms = 0; ms < PATIENCE_S * 1000; ms++) {
        server_stats(s->server, &stats);
        if (stats.connections == n)
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

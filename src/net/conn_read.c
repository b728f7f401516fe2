/* A connection reads: head and body into the exchange's arena, then hands the request over. */
#include <string.h>

#include "net/conn.h"

#define READ_SIZE 16384 /* of a chunked body, at a time */
#define DEFAULT_BODY_LIMIT (1024 * 1024)

/* Reads once, to the end of what is there, up to `limit` in all. False if nothing came. */
static bool fill(struct conn *c, size_t limit)
{
    struct held *h = c->in;
    struct arena *a = &h->x.arena;

    if (!c->readable)
        return false;
    ssize_t n = conn_receive(c, a->base + h->filled, limit - h->filled);
    if (n <= 0)
        return false;
    h->filled += (size_t)n;
    if (h->filled > a->high)
        a->high = h->filled;
    return true;
}

/* Hands the request over. What was read beyond its end begins the next one. */
static bool dispatch(struct conn *c, size_t body_end, size_t request_end)
{
    struct loop *l = c->loop;
    struct held *h = c->in;
    struct exchange *x = &h->x;

    c->in = NULL;
    if (request_end < h->filled) {
        c->in = loop_take(l);
        c->in->filled = h->filled - request_end;
        memcpy(c->in->x.arena.base, x->arena.base + request_end, c->in->filled);
    }
    x->arena.used = body_end;
    x->request.body = (struct str){x->arena.base + h->head.length, body_end - h->head.length};
    x->received = l->wall;
    x->started_us = l->now_us;
    x->id = ++l->exchanges * (uint64_t)l->server->nloops + l->index;
    x->ticket = conn_ticket(c);
    c->keep = h->head.keep_alive;
    c->head_only = x->request.method == HTTP_HEAD;
    c->lent = x;
    c->state = CONN_PARKED;
    conn_deadline(c, l->server->config.parked_deadline_us);
    l->lent++;
    count(&l->counters.requests, 1);
    l->server->config.handle(l->server->config.ctx, x);
    return false;
}

static bool begin_body(struct conn *c)
{
    const struct server_config *config = &c->loop->server->config;
    struct held *h = c->in;
    struct http_request *r = &h->x.request;

    memcpy(h->peer, c->peer.ptr, c->peer.len);
    r->peer = (struct str){h->peer, c->peer.len};
    r->tls = c->ssl != NULL;
    if (h->head.framing == HTTP_NO_BODY)
        return dispatch(c, h->head.length, h->head.length);
    h->body_limit = config->body_limit ? config->body_limit(config->ctx, r) : DEFAULT_BODY_LIMIT;
    if (h->body_limit > config->exchange_memory / 2)
        h->body_limit = config->exchange_memory / 2;
    if (h->head.content_length > h->body_limit)
        return conn_refuse_request(c, 413);
    h->decoded = h->head.length;
    c->state = CONN_BODY;
    conn_deadline(c, config->body_deadline_us);
    return true;
}

/* The client waits for a word before it sends the body. */
static void encourage(struct conn *c)
{
    const struct str pieces[2] = {S("HTTP/1.1 100 Continue\r\n\r\n")};
    struct held *h = c->in;

    if (!h->head.expect_continue)
        return;
    h->head.expect_continue = false;
    if (h->filled == h->head.length && conn_transmit(c, pieces) != (ssize_t)pieces[0].len)
        conn_kill(c); /* twenty-five bytes into an empty socket */
}

static bool step_body_of_length(struct conn *c)
{
    struct held *h = c->in;
    size_t end = h->head.length + (size_t)h->head.content_length;

    if (h->filled < end) {
        encourage(c);
        return c->state == CONN_BODY && fill(c, end);
    }
    return dispatch(c, end, end);
}

static bool step_body_of_chunks(struct conn *c)
{
    struct held *h = c->in;
    size_t at = h->decoded;
    int status = http_parse_chunks(&h->chunks, h->x.arena.base, h->filled, &at, &h->decoded);
    size_t got = h->decoded - h->head.length;

    if (status == HTTP_MORE || status == HTTP_DONE)
        if (got > h->body_limit || h->chunks.left > h->body_limit - got)
            status = 413;
    if (status == HTTP_DONE)
        return dispatch(c, h->decoded, at);
    if (status != HTTP_MORE)
        return conn_refuse_request(c, status);
    encourage(c);
    h->filled = h->decoded;
    return c->state == CONN_BODY && fill(c, h->filled + READ_SIZE);
}

bool conn_step_body(struct conn *c)
{
    return c->in->head.framing == HTTP_CHUNKED ? step_body_of_chunks(c) : step_body_of_length(c);
}

bool conn_step_head(struct conn *c)
{
    struct loop *l = c->loop;

    if (!c->in) {
        if (!c->readable)
            return false;
        c->in = loop_take(l);
    }
    struct held *h = c->in;
    if (h->filled == h->head.scanned && !fill(c, HTTP_MAX_HEAD)) {
        if (h->filled == 0) { /* an idle connection holds no memory */
            c->in = NULL;
            loop_give(l, h);
        }
        return false;
    }
    int status = http_parse_head(&h->head, &h->x.request, h->x.arena.base, h->filled);
    if (status == HTTP_DONE)
        return begin_body(c);
    if (status != HTTP_MORE)
        return conn_refuse_request(c, status);
    if (c->state == CONN_IDLE) {
        c->state = CONN_HEAD;
        conn_deadline(c, l->server->config.head_deadline_us);
    }
    return c->readable;
}

/* One connection: a state machine that is stepped while it can go on. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "net/gate.h"
#include "net/loop.h"
#include "net/tls.h"

#define READ_SIZE 16384            /* of a chunked body, at a time */
#define STEPS 16                   /* before others get their turn */
#define LINGER_US (2 * SECOND_US)  /* how long, */
#define LINGER_BYTES (1024 * 1024) /* and how much is thrown away after a refusal */
#define DEFAULT_BODY_LIMIT (1024 * 1024)
#define NOTHING_NOW (-1)

static void deadline(struct conn *c, int64_t after_us)
{
    wheel_set(&c->loop->wheel, &c->timer, c->loop->now_us + after_us);
}

static struct ticket ticket_of(const struct conn *c)
{
    return (struct ticket){c->loop->index, (uint32_t)(c - c->loop->conns), c->generation};
}

void conn_open(struct conn *c, int fd, const struct address *address)
{
    struct loop *l = c->loop;
    const struct server_config *config = &l->server->config;

    c->fd = fd;
    c->generation = ++l->generation;
    c->address = *address;
    c->peer = address_text(address, c->peer_text);
    c->state = CONN_IDLE;
    if (l->server->tls) {
        c->ssl = tls_accept(l->server->tls, fd);
        c->state = CONN_HANDSHAKE;
    }
    struct epoll_event e = {
        .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
        .data.u64 = (uint64_t)(uint32_t)c->generation << 32 | ticket_of(c).slot,
    };
    if ((l->server->tls && !c->ssl) || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
        conn_kill(c);
    else
        deadline(c, c->ssl ? config->head_deadline_us : config->idle_timeout_us);
}

void conn_kill(struct conn *c)
{
    if (c->state == CONN_DEAD)
        return;
    c->state = CONN_DEAD;
    c->next = c->loop->dead;
    c->loop->dead = c;
}

void conn_reap(struct conn *c)
{
    struct loop *l = c->loop;
    const struct server_config *config = &l->server->config;

    wheel_cancel(&l->wheel, &c->timer);
    if (c->streaming) {
        count(&l->counters.streams, -1);
        if (config->stream_closed)
            config->stream_closed(config->ctx, ticket_of(c));
    }
    if (c->in)
        loop_give(l, c->in);
    if (c->out)
        loop_give(l, c->out);
    free(c->unsent);
    tls_free(c->ssl);
    close(c->fd);
    gate_leave(l->server->gate, &c->address);
}

/* Bytes read; NOTHING_NOW; or 0, and the connection is dead. */
static ssize_t receive(struct conn *c, void *p, size_t n)
{
    ssize_t got = c->ssl ? tls_read(c->ssl, p, n) : recv(c->fd, p, n, 0);

    if (got > 0) {
        /* A short read has emptied the socket; what comes later is a new event. */
        if (!c->ssl && (size_t)got < n)
            c->readable = c->ended;
        count(&c->loop->counters.bytes_in, got);
        return got;
    }
    if (got < 0 && (c->ssl ? got == TLS_AGAIN : errno == EAGAIN)) {
        c->readable = false;
        return NOTHING_NOW;
    }
    conn_kill(c);
    return 0;
}

/* Bytes written; NOTHING_NOW; or 0, and the connection is dead. */
static ssize_t transmit(struct conn *c, const struct str pieces[2])
{
    ssize_t sent;

    if (c->ssl) {
        const struct str *p = pieces[0].len ? &pieces[0] : &pieces[1];
        sent = tls_write(c->ssl, p->ptr, p->len);
    } else if (pieces[1].len == 0) {
        sent = send(c->fd, pieces[0].ptr, pieces[0].len, MSG_NOSIGNAL);
    } else {
        struct iovec v[2];
        struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
        for (int i = 0; i < 2; i++)
            v[i] = (struct iovec){(char *)pieces[i].ptr, pieces[i].len};
        sent = sendmsg(c->fd, &m, MSG_NOSIGNAL);
    }
    if (sent > 0) {
        count(&c->loop->counters.bytes_out, sent);
        return sent;
    }
    if (sent < 0 && (c->ssl ? sent == TLS_AGAIN : errno == EAGAIN))
        return NOTHING_NOW;
    conn_kill(c);
    return 0;
}

static void advance(struct str pieces[2], size_t n)
{
    for (int i = 0; i < 2; i++) {
        size_t part = n < pieces[i].len ? n : pieces[i].len;
        pieces[i] = str_slice(pieces[i], part, pieces[i].len);
        n -= part;
    }
}

/* --- answering --- */

/* Turns the exchange's answer into bytes and begins to write them. */
static void begin_answer(struct conn *c, struct held *h)
{
    struct loop *l = c->loop;
    struct answer *a = &h->x.answer;
    bool stream = a->stream;
    struct reply_frame frame = {.head_only = c->head_only, .date = loop_date(l)};

    c->keep &= !l->stopping && !stream;
    frame.connection = !c->keep           ? REPLY_CLOSE
                       : h->head.http_1_0 ? REPLY_SAY_KEEP_ALIVE
                                          : REPLY_KEEP;
    if (!reply_build(&h->x.arena, a, &frame, c->pieces)) {
        log_write(ERROR, "answer refused: unsafe header or status",
            LOG_STR("path", h->x.request.path), LOG_INT("status", a->status));
        *a = (struct answer){.status = 500};
        c->keep = false;
        frame.connection = REPLY_CLOSE;
        reply_build(&h->x.arena, a, &frame, c->pieces);
    }
    if (stream) { /* even if it came to nothing: stream_closed is promised */
        c->streaming = true;
        count(&l->counters.streams, 1);
    }
    c->out = h;
    c->state = CONN_ANSWER;
    deadline(c, l->server->config.write_deadline_us);
}

void conn_answer(struct conn *c, struct held *h)
{
    c->lent = NULL;
    begin_answer(c, h);
    conn_run(c);
}

/* The server's own answer to what is no request, or comes too late. Closes the connection. */
static bool refuse(struct conn *c, int status)
{
    struct loop *l = c->loop;
    struct held *h = c->in ? c->in : loop_take(l);
    struct answer *a = &h->x.answer;
    struct str reason = http_reason(status);

    c->in = NULL;
    c->lent = NULL;
    c->keep = false;
    c->refused = true;
    h->x.arena.used = h->filled;
    *a = (struct answer){.status = status};
    answer_header(a, S("Content-Type"), S("application/problem+json"));
    if (status == 503)
        answer_header(a, S("Retry-After"), S("5"));
    a->body = str_printf(&h->x.arena, "{\"title\":\"%.*s\",\"status\":%d}", STR(reason), status);
    begin_answer(c, h);
    return true;
}

/* The same while the request is being read. */
static bool refuse_request(struct conn *c, int status)
{
    struct counters *n = &c->loop->counters;

    count(status == 408 ? &n->timeouts : &n->bad_requests, 1);
    c->head_only = c->in->x.request.method == HTTP_HEAD;
    return refuse(c, status);
}

/* --- reading --- */

/* Reads once, to the end of what is there, up to `limit` in all. False if nothing came. */
static bool fill(struct conn *c, size_t limit)
{
    struct held *h = c->in;
    struct arena *a = &h->x.arena;

    if (!c->readable)
        return false;
    ssize_t n = receive(c, a->base + h->filled, limit - h->filled);
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
    x->ticket = ticket_of(c);
    c->keep = h->head.keep_alive;
    c->head_only = x->request.method == HTTP_HEAD;
    c->lent = x;
    c->state = CONN_PARKED;
    deadline(c, l->server->config.parked_deadline_us);
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
        return refuse_request(c, 413);
    h->decoded = h->head.length;
    c->state = CONN_BODY;
    deadline(c, config->body_deadline_us);
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
    if (h->filled == h->head.length && transmit(c, pieces) != (ssize_t)pieces[0].len)
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
        return refuse_request(c, status);
    encourage(c);
    h->filled = h->decoded;
    return c->state == CONN_BODY && fill(c, h->filled + READ_SIZE);
}

static bool step_body(struct conn *c)
{
    return c->in->head.framing == HTTP_CHUNKED ? step_body_of_chunks(c) : step_body_of_length(c);
}

static bool step_head(struct conn *c)
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
        return refuse_request(c, status);
    if (c->state == CONN_IDLE) {
        c->state = CONN_HEAD;
        deadline(c, l->server->config.head_deadline_us);
    }
    return c->readable;
}

static bool step_handshake(struct conn *c)
{
    int result = tls_handshake(c->ssl);

    if (result == 1) {
        c->state = CONN_IDLE;
        c->readable = true;
        deadline(c, c->loop->server->config.idle_timeout_us);
        return true;
    }
    if (result != TLS_AGAIN)
        conn_kill(c);
    return false;
}

/* --- after the answer --- */

/* Closing with unread input would reset the connection and may destroy the answer on its way, so
 * when there is or may be any, we only say that we are done and wait for the peer to say so. */
static bool hang_up(struct conn *c)
{
    if (c->ssl)
        tls_say_goodbye(c->ssl);
    if (!c->refused && !c->in && !c->readable) {
        conn_kill(c);
        return false;
    }
    shutdown(c->fd, SHUT_WR);
    c->state = CONN_LINGER;
    deadline(c, LINGER_US);
    return true;
}

static bool step_linger(struct conn *c)
{
    char scratch[8192];
    ssize_t n = recv(c->fd, scratch, sizeof scratch, 0);

    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0 || (c->drained += (size_t)n) > LINGER_BYTES) {
        conn_kill(c);
        return false;
    }
    return true;
}

/* False while something is left to send. */
static bool write_pieces(struct conn *c, struct str pieces[2])
{
    bool progress = false;

    while (pieces[0].len + pieces[1].len) {
        ssize_t n = transmit(c, pieces);
        if (n <= 0) {
            if (progress)
                deadline(c, c->loop->server->config.write_deadline_us);
            return false;
        }
        progress = true;
        advance(pieces, (size_t)n);
    }
    return true;
}

static bool step_answer(struct conn *c)
{
    struct loop *l = c->loop;

    if (!write_pieces(c, c->pieces))
        return false;
    bool stream = c->out->x.answer.stream && !c->head_only;
    loop_give(l, c->out);
    c->out = NULL;
    if (stream) {
        c->state = CONN_STREAM;
        return true;
    }
    if (!c->keep || l->stopping)
        return hang_up(c);
    c->state = CONN_IDLE;
    deadline(c, l->server->config.idle_timeout_us);
    if (c->in || c->readable)
        loop_again(l, c); /* others first: one request per connection and turn */
    return false;
}

/* --- streams --- */

static bool step_stream(struct conn *c)
{
    struct str pieces[2] = {{c->unsent, c->nunsent}};

    if (c->ended) {
        conn_kill(c);
        return false;
    }
    bool done = write_pieces(c, pieces);
    if (pieces[0].len)
        memmove(c->unsent, pieces[0].ptr, pieces[0].len);
    c->nunsent = pieces[0].len;
    if (done) {
        free(c->unsent);
        c->unsent = NULL;
        wheel_cancel(&c->loop->wheel, &c->timer); /* a silent stream may stay */
    }
    return false;
}

void conn_stream_send(struct conn *c, struct str bytes)
{
    struct str pieces[2] = {bytes};

    if (c->state == CONN_STREAM && !c->unsent) {
        if (write_pieces(c, pieces))
            return;
        deadline(c, c->loop->server->config.write_deadline_us);
    }
    if (c->state != CONN_STREAM && c->state != CONN_ANSWER)
        return;
    if (pieces[0].len > STREAM_MAX_UNSENT - c->nunsent) {
        conn_kill(c);
        return;
    }
    if (!c->unsent && !(c->unsent = malloc(STREAM_MAX_UNSENT)))
        abort();
    memcpy(c->unsent + c->nunsent, pieces[0].ptr, pieces[0].len);
    c->nunsent += pieces[0].len;
}

/* --- events --- */

static bool step_nothing(struct conn *c)
{
    (void)c;
    return false;
}

void conn_run(struct conn *c)
{
    static bool (*const steps[])(struct conn *) = {
        [CONN_FREE] = step_nothing,
        [CONN_HANDSHAKE] = step_handshake,
        [CONN_IDLE] = step_head,
        [CONN_HEAD] = step_head,
        [CONN_BODY] = step_body,
        [CONN_PARKED] = step_nothing,
        [CONN_ANSWER] = step_answer,
        [CONN_STREAM] = step_stream,
        [CONN_LINGER] = step_linger,
        [CONN_DEAD] = step_nothing,
    };

    for (int i = 0; i < STEPS; i++)
        if (!steps[c->state](c))
            return;
    loop_again(c->loop, c);
}

void conn_event(struct conn *c, uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP)) {
        conn_kill(c);
        return;
    }
    if (events & (EPOLLIN | EPOLLRDHUP))
        c->readable = true;
    if (events & EPOLLRDHUP)
        c->ended = true;
    conn_run(c);
}

void conn_expire(struct conn *c)
{
    switch (c->state) {
    case CONN_HEAD:
    case CONN_BODY:
        refuse_request(c, 408);
        conn_run(c);
        break;
    case CONN_PARKED:
        count(&c->loop->counters.timeouts, 1);
        refuse(c, 503);
        conn_run(c);
        break;
    case CONN_ANSWER:
    case CONN_STREAM:
        count(&c->loop->counters.timeouts, 1);
        conn_kill(c);
        break;
    case CONN_HANDSHAKE:
    case CONN_IDLE:
    case CONN_LINGER:
        conn_kill(c);
        break;
    case CONN_FREE:
    case CONN_DEAD:
        break;
    }
}

/* One connection: its life, its socket, and a state machine that is stepped while it can go on. */
#include "net/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/gate.h"
#include "net/tls.h"

#define STEPS 16 /* before others get their turn */

void conn_deadline(struct conn *c, int64_t after_us)
{
    wheel_set(&c->loop->wheel, &c->timer, c->loop->now_us + after_us);
}

struct ticket conn_ticket(const struct conn *c)
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
        .data.u64 = (uint64_t)(uint32_t)c->generation << 32 | conn_ticket(c).slot,
    };
    if ((l->server->tls && !c->ssl) || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
        conn_kill(c);
    else
        conn_deadline(c, c->ssl ? config->head_deadline_us : config->idle_timeout_us);
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
            config->stream_closed(config->ctx, conn_ticket(c));
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

ssize_t conn_receive(struct conn *c, void *p, size_t n)
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

ssize_t conn_transmit(struct conn *c, const struct str pieces[2])
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

/* --- events --- */

static bool step_handshake(struct conn *c)
{
    int result = tls_handshake(c->ssl);

    if (result == 1) {
        c->state = CONN_IDLE;
        c->readable = true;
        conn_deadline(c, c->loop->server->config.idle_timeout_us);
        return true;
    }
    if (result != TLS_AGAIN)
        conn_kill(c);
    return false;
}

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
        [CONN_IDLE] = conn_step_head,
        [CONN_HEAD] = conn_step_head,
        [CONN_BODY] = conn_step_body,
        [CONN_PARKED] = step_nothing,
        [CONN_ANSWER] = conn_step_answer,
        [CONN_STREAM] = conn_step_stream,
        [CONN_LINGER] = conn_step_linger,
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
        conn_refuse_request(c, 408);
        conn_run(c);
        break;
    case CONN_PARKED:
        count(&c->loop->counters.timeouts, 1);
        conn_refuse(c, 503);
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

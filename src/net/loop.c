#include "net/loop.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

#define MAILBOX (LOOP_LISTENER - 1) /* event data, like LOOP_LISTENER */

struct str loop_date(struct loop *l)
{
    int64_t second = floor_div(l->wall.us, SECOND_US);

    if (second != l->date_second)
        reply_date(second, l->date);
    l->date_second = second;
    return (struct str){l->date, REPLY_DATE_LENGTH};
}

/* --- mail --- */

void loop_wake(struct loop *l)
{
    uint64_t one = 1;

    if (write(l->eventfd, &one, sizeof one) < 0 && errno != EAGAIN)
        abort(); /* our own descriptor: nothing but a bug */
}

void loop_post(struct loop *l, struct mail *m)
{
    if (pthread_equal(pthread_self(), l->thread)) {
        m->next = NULL;
        *l->local_end = m;
        l->local_end = &m->next;
        return;
    }
    atomic_fetch_add_explicit(&l->posting, 1, memory_order_relaxed);
    struct mail *top = atomic_load_explicit(&l->mail, memory_order_relaxed);
    do
        m->next = top;
    while (!atomic_compare_exchange_weak_explicit(
        &l->mail, &top, m, memory_order_release, memory_order_relaxed));
    /* Whoever finds the box empty rings; the loop empties it in one go after the ring. The mail is
     * the loop's by now and not to be looked at. */
    if (!top)
        loop_wake(l);
    atomic_fetch_sub_explicit(&l->posting, 1, memory_order_release);
}

static struct conn *find(struct loop *l, struct ticket t)
{
    struct conn *c = t.slot < l->used ? &l->conns[t.slot] : NULL;

    return c && c->generation == t.generation && c->state != CONN_DEAD ? c : NULL;
}

static void deliver_answer(struct loop *l, struct held *h)
{
    const struct server_config *config = &l->server->config;
    struct conn *c = find(l, h->x.ticket);

    l->lent--;
    if (c && c->lent == &h->x) {
        conn_answer(c, h);
        return;
    }
    if (h->x.answer.stream && config->stream_closed)
        config->stream_closed(config->ctx, h->x.ticket);
    loop_give(l, h);
}

static void deliver(struct loop *l, struct mail *m)
{
    struct conn *c = find(l, m->ticket);

    switch (m->kind) {
    case MAIL_ANSWER:
        deliver_answer(l, (struct held *)(void *)((char *)m - offsetof(struct held, mail)));
        return;
    case MAIL_STREAM_SEND:
        if (c)
            conn_stream_send(c, m->bytes);
        break;
    case MAIL_STREAM_CLOSE:
        if (c && c->streaming)
            conn_kill(c);
        break;
    }
    free(m);
}

/* What handlers on this thread have posted. */
static void deliver_local(struct loop *l)
{
    while (l->local) {
        struct mail *m = l->local;
        l->local = m->next;
        if (!l->local)
            l->local_end = &l->local;
        deliver(l, m);
    }
}

static void deliver_mail(struct loop *l)
{
    struct mail *m = atomic_exchange_explicit(&l->mail, NULL, memory_order_acquire);
    struct mail *oldest = NULL;

    while (m) {
        struct mail *next = m->next;
        m->next = oldest;
        oldest = m;
        m = next;
    }
    while (oldest) {
        struct mail *next = oldest->next;
        deliver(l, oldest);
        oldest = next;
    }
    deliver_local(l);
}

/* --- the loop --- */

void loop_again(struct loop *l, struct conn *c)
{
    if (c->again)
        return;
    c->again = true;
    c->next_again = NULL;
    *l->again_end = c;
    l->again_end = &c->next_again;
}

static void run_again(struct loop *l)
{
    struct conn *c = l->again;

    l->again = NULL;
    l->again_end = &l->again;
    while (c) {
        struct conn *next = c->next_again;
        c->again = false;
        conn_run(c);
        deliver_local(l);
        c = next;
    }
}

static void reap(struct loop *l)
{
    struct conn *c = l->dead;

    l->dead = NULL;
    for (struct conn *next; c; c = next) {
        next = c->next;
        if (c->again) { /* still on that list: next turn */
            c->next = l->dead;
            l->dead = c;
            continue;
        }
        conn_reap(c);
        c->state = CONN_FREE;
        c->generation = 0;
        c->next = l->free;
        l->free = c;
        l->open--;
        count(&l->counters.connections, -1);
    }
}

static void handle_event(struct loop *l, const struct epoll_event *e)
{
    uint32_t slot = (uint32_t)e->data.u64;

    if (e->data.u64 == LOOP_LISTENER) {
        loop_accept(l);
    } else if (e->data.u64 == MAILBOX) {
        deliver_mail(l);
    } else {
        struct conn *c = &l->conns[slot];
        if ((uint32_t)c->generation == e->data.u64 >> 32 && c->state != CONN_DEAD)
            conn_event(c, e->events);
    }
    deliver_local(l);
}

static void kill_all(struct loop *l)
{
    for (uint32_t i = 0; i < l->used; i++)
        if (l->conns[i].state != CONN_FREE)
            conn_kill(&l->conns[i]);
}

/* Ends what is not in the middle of a request; one that has arrived unread is still taken. */
static void kill_idle(struct loop *l)
{
    for (uint32_t i = 0; i < l->used; i++) {
        struct conn *c = &l->conns[i];
        if (c->state == CONN_IDLE) {
            c->readable = true;
            conn_run(c);
            deliver_local(l);
        }
        if (c->state == CONN_IDLE || c->state == CONN_STREAM || c->state == CONN_HANDSHAKE)
            conn_kill(c);
    }
}

static void begin_stopping(struct loop *l)
{
    l->stopping = true;
    loop_accept(l); /* those in the queue already: closing would reset them */
    if (l->listener >= 0)
        close(l->listener);
    l->listener = -1;
    kill_idle(l);
}

/* How long to sleep; 0 if there is something to do. */
static int wait_ms(const struct loop *l)
{
    int ms = l->again ? 0 : wheel_wait_ms(&l->wheel, l->now_us);
    int64_t until = l->accept_us;

    if (l->stopping && l->open)
        until = atomic_load(&l->server->stop_us);
    if (until) {
        int64_t left = (until - l->now_us + MILLISECOND_US - 1) / MILLISECOND_US;
        left = left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : left;
        ms = ms < 0 || left < ms ? (int)left : ms;
    }
    return ms;
}

static void turn(struct loop *l)
{
    struct wheel_timer *t;
    int n = epoll_wait(l->epoll, l->events, LOOP_EVENTS, wait_ms(l));

    l->now_us = clock_mono_us();
    l->wall = clock_now();
    for (int i = 0; i < n; i++)
        handle_event(l, &l->events[i]);
    run_again(l);
    while ((t = wheel_due(&l->wheel, l->now_us))) {
        conn_expire((struct conn *)(void *)t);
        deliver_local(l);
    }
    if (l->accept_us && l->accept_us <= l->now_us) {
        l->accept_us = 0;
        if (l->listener >= 0)
            loop_watch_listener(l, EPOLLIN);
    }
    if (!l->stopping && atomic_load(&l->server->stopping))
        begin_stopping(l);
    if (l->stopping && l->now_us >= atomic_load(&l->server->stop_us))
        kill_all(l);
    reap(l);
    deliver_local(l); /* stream_closed may have posted */
}

void *loop_main(void *loop)
{
    struct loop *l = loop;

    l->thread = pthread_self();
    l->now_us = clock_mono_us();
    l->wall = clock_now();
    wheel_init(&l->wheel, l->now_us);
    while (!l->stopping || l->open || l->lent)
        turn(l);
    return NULL;
}

static void watch(struct loop *l, int fd, uint64_t data, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.u64 = data};

    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
        abort();
}

void loop_open(struct loop *l, struct server *s, uint32_t index, int listener)
{
    l->server = s;
    l->index = index;
    l->listener = listener;
    l->date_second = -1;
    l->local_end = &l->local;
    l->again_end = &l->again;
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    l->conns = calloc(s->config.max_connections, sizeof l->conns[0]);
    if (l->epoll < 0 || l->eventfd < 0 || !l->conns)
        abort();
    watch(l, listener, LOOP_LISTENER, EPOLLIN);
    watch(l, l->eventfd, MAILBOX, EPOLLIN | EPOLLET); /* every write is an edge: no need to read */
}

void loop_close(struct loop *l)
{
    while (atomic_load_explicit(&l->posting, memory_order_acquire))
        sched_yield(); /* its mail is delivered, but it may not have rung yet */
    for (struct mail *m = atomic_load(&l->mail), *next; m; m = next) {
        next = m->next; /* for streams that are gone: every exchange has come back */
        free(m);
    }
    while (l->pool) {
        struct held *h = l->pool;
        l->pool = h->next_free;
        held_free(h);
    }
    if (l->listener >= 0)
        close(l->listener);
    close(l->epoll);
    close(l->eventfd);
    free(l->conns);
}

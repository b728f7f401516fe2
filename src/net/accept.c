/* A loop accepts: who may come in, and what becomes of the others. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "net/gate.h"
#include "net/loop.h"

#define ACCEPTS 64 /* per turn */
#define ACCEPT_PAUSE_US (100 * MILLISECOND_US)

/* Full: says so if that costs nothing. */
static void turn_away(struct loop *l, int fd)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
                               "Content-Length: 0\r\nConnection: close\r\n\r\n";
    char scratch[4096];

    count(&l->counters.refused, 1);
    if (!l->server->tls && send(fd, text, sizeof text - 1, MSG_NOSIGNAL) > 0) {
        shutdown(fd, SHUT_WR);
        while (recv(fd, scratch, sizeof scratch, 0) == sizeof scratch)
            ;
    }
    close(fd);
}

static void admit(struct loop *l, int fd, const struct sockaddr *from)
{
    struct conn *c = l->free;
    struct address address;
    int one = 1;

    if (!address_of(from, &address) || !gate_enter(l->server->gate, &address)) {
        turn_away(l, fd);
        return;
    }
    if (c)
        l->free = c->next;
    else
        c = &l->conns[l->used++]; /* the gate lets no more in than there are */
    memset(c, 0, sizeof *c);
    c->loop = l;
    l->open++;
    count(&l->counters.connections, 1);
    count(&l->counters.accepted, 1);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    conn_open(c, fd, &address);
}

void loop_watch_listener(struct loop *l, uint32_t events)
{
    struct epoll_event e = {.events = events, .data.u64 = LOOP_LISTENER};

    epoll_ctl(l->epoll, EPOLL_CTL_MOD, l->listener, &e);
}

void loop_accept(struct loop *l)
{
    for (int i = 0; i < ACCEPTS && l->listener >= 0; i++) {
        struct sockaddr_storage from;
        socklen_t size = sizeof from;
        int fd =
            accept4(l->listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            admit(l, fd, (struct sockaddr *)&from);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            log_write(
                WARN, "not accepting for a moment", LOG_STR("reason", str_from(strerror(errno))));
            l->accept_us = l->now_us + ACCEPT_PAUSE_US;
            loop_watch_listener(l, 0);
        }
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

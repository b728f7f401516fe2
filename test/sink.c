#include "sink.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

enum { MAX_FD = 4096, MAX_REQUEST = 65536 };

struct connection {
    size_t len;
    char data[MAX_REQUEST];
};

struct sink {
    int listener, epoll, stop, port;
    pthread_t thread;
    _Atomic int64_t requests, connections, last_us;
    struct connection *by_fd[MAX_FD];
    pthread_mutex_t lock;
    size_t last_len;
    char last[MAX_REQUEST];
};

static int64_t mono_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void drop(struct sink *s, int fd)
{
    free(s->by_fd[fd]);
    s->by_fd[fd] = NULL;
    close(fd);
}

static void send_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        p += sent;
        n -= (size_t)sent;
    }
}

static void reply(
    int fd, int status, const char *extra, const char *body, size_t len, size_t promised)
{
    char head[512];
    int n = snprintf(head, sizeof head,
        "HTTP/1.1 %d Something\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n%s\r\n",
        status, promised, extra);

    if (len + (size_t)n <= sizeof head) { /* one segment, as a good server sends it */
        memcpy(head + n, body, len);
        send_all(fd, head, (size_t)n + len);
        return;
    }
    send_all(fd, head, (size_t)n);
    send_all(fd, body, len);
}

/* False: the connection is to be closed. */
static bool answer(int fd, struct str path)
{
    static char big[1 << 20];
    char body[64];
    int64_t n;

    if (str_starts(path, S("/status/")) && str_int(str_slice(path, 8, path.len), &n)) {
        int len = snprintf(body, sizeof body, "status %d\n", (int)n);
        reply(fd, (int)n, "", body, (size_t)len, (size_t)len);
    } else if (str_starts(path, S("/big/")) && str_int(str_slice(path, 5, path.len), &n)) {
        memset(big, 'x', sizeof big);
        reply(fd, 200, "", big, (size_t)n, (size_t)n);
    } else if (str_eq(path, S("/redirect"))) {
        reply(fd, 302, "Location: /status/200\r\n", "", 0, 0);
    } else if (str_eq(path, S("/retry"))) {
        reply(fd, 503, "Retry-After: 7\r\n", "busy\n", 5, 5);
    } else if (str_eq(path, S("/cut"))) {
        reply(fd, 200, "", "abc", 3, 100);
        return false;
    } else if (str_eq(path, S("/drop"))) {
        return false;
    } else if (!str_eq(path, S("/silent"))) {
        reply(fd, 200, "", "ok\n", 3, 3);
    }
    return true;
}

static size_t body_length(struct str head)
{
    static const char name[] = "\r\nContent-Length: ";
    const char *p = memmem(head.ptr, head.len, name, sizeof name - 1);
    int64_t n = 0;
    struct str value;

    if (!p)
        return 0;
    p += sizeof name - 1;
    str_cut((struct str){p, (size_t)(head.ptr + head.len - p)}, '\r', &value);
    return str_int(value, &n) ? (size_t)n : 0;
}

/* One whole request at the start of the buffer; false if there is none yet or the end has come. */
static bool take_request(struct sink *s, int fd, struct connection *c)
{
    const char *end = memmem(c->data, c->len, "\r\n\r\n", 4);
    struct str path;

    if (!end)
        return false;
    size_t head = (size_t)(end - c->data) + 4;
    size_t whole = head + body_length((struct str){c->data, head});
    if (c->len < whole)
        return false;
    atomic_store(&s->last_us, mono_us());
    pthread_mutex_lock(&s->lock);
    memcpy(s->last, c->data, whole);
    s->last_len = whole;
    pthread_mutex_unlock(&s->lock);
    atomic_fetch_add(&s->requests, 1);
    str_cut(str_cut((struct str){c->data, head}, ' ', &path), ' ', &path);
    bool keep = answer(fd, path);
    memmove(c->data, c->data + whole, c->len - whole);
    c->len -= whole;
    if (!keep)
        drop(s, fd);
    return keep;
}

static void readable(struct sink *s, int fd)
{
    struct connection *c = s->by_fd[fd];
    ssize_t n = recv(fd, c->data + c->len, sizeof c->data - c->len, 0);

    if (n <= 0) {
        drop(s, fd);
        return;
    }
    c->len += (size_t)n;
    while (take_request(s, fd, c))
        continue;
}

static void accept_one(struct sink *s)
{
    int one = 1, fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0 || fd >= MAX_FD)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    s->by_fd[fd] = calloc(1, sizeof *s->by_fd[fd]);
    atomic_fetch_add(&s->connections, 1);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev);
}

static void *run(void *ctx)
{
    struct sink *s = ctx;
    struct epoll_event ev[32];

    for (;;) {
        int n = epoll_wait(s->epoll, ev, 32, -1);

        for (int i = 0; i < n; i++) {
            if (ev[i].data.fd == s->stop)
                return NULL;
            if (ev[i].data.fd == s->listener)
                accept_one(s);
            else if (s->by_fd[ev[i].data.fd])
                readable(s, ev[i].data.fd);
        }
    }
}

struct sink *sink_start(void)
{
    struct sink *s = calloc(1, sizeof *s);
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof in;

    pthread_mutex_init(&s->lock, NULL);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    s->stop = eventfd(0, EFD_CLOEXEC);
    if (bind(s->listener, (struct sockaddr *)&in, len) != 0 || listen(s->listener, 512) != 0 ||
        getsockname(s->listener, (struct sockaddr *)&in, &len) != 0)
        abort();
    s->port = ntohs(in.sin_port);
    for (int i = 0; i < 2; i++) {
        struct epoll_event ev = {.events = EPOLLIN, .data.fd = i ? s->stop : s->listener};
        epoll_ctl(s->epoll, EPOLL_CTL_ADD, ev.data.fd, &ev);
    }
    pthread_create(&s->thread, NULL, run, s);
    return s;
}

void sink_stop(struct sink *s)
{
    eventfd_write(s->stop, 1);
    pthread_join(s->thread, NULL);
    for (int fd = 0; fd < MAX_FD; fd++)
        if (s->by_fd[fd])
            drop(s, fd);
    close(s->listener);
    close(s->epoll);
    close(s->stop);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

int sink_port(const struct sink *s)
{
    return s->port;
}

int64_t sink_requests(const struct sink *s)
{
    return atomic_load(&s->requests);
}

int64_t sink_connections(const struct sink *s)
{
    return atomic_load(&s->connections);
}

int64_t sink_last_us(const struct sink *s)
{
    return atomic_load(&s->last_us);
}

struct str sink_last(struct sink *s, struct arena *a)
{
    pthread_mutex_lock(&s->lock);
    struct str last = str_copy(a, (struct str){s->last, s->last_len});
    pthread_mutex_unlock(&s->lock);
    return last;
}

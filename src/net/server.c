#include "net/server.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "net/gate.h"
#include "net/loop.h"
#include "net/tls.h"

#define BACKLOG 4096
#define MAX_LOOPS 256
#define OTHER_FILES 128 /* descriptors left for everybody else in the process */

/* --- listening --- */

/* "host:port", "[v6]:port", ":port". */
static bool resolve(struct str listen, struct addrinfo **out, struct error *err)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    char host[256], port[8];
    size_t colon = listen.len;

    while (colon > 0 && listen.ptr[colon - 1] != ':')
        colon--;
    struct str h = str_slice(listen, 0, colon ? colon - 1 : 0);
    struct str p = str_slice(listen, colon, listen.len);
    int64_t number;
    if (str_starts(h, S("[")) && str_ends(h, S("]")))
        h = str_slice(h, 1, h.len - 1);
    if (colon == 0 || h.len >= sizeof host || p.len >= sizeof port || !str_int(p, &number) ||
        number < 0 || number > 65535)
        return fail(err, INVALID, "listen address \"%.*s\" is not host:port", STR(listen));
    memcpy(host, h.len ? h.ptr : "", h.len);
    host[h.len] = '\0';
    memcpy(port, p.ptr, p.len);
    port[p.len] = '\0';
    int problem = getaddrinfo(h.len ? host : NULL, port, &hints, out);
    if (problem)
        return fail(
            err, INVALID, "listen address \"%.*s\": %s", STR(listen), gai_strerror(problem));
    return true;
}

static void set_port(struct sockaddr *sa, int port)
{
    if (sa->sa_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)sa)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)(void *)sa)->sin_port = htons((uint16_t)port);
}

static int port_of(int fd)
{
    struct sockaddr_storage sa;
    socklen_t size = sizeof sa;

    if (getsockname(fd, (struct sockaddr *)&sa, &size) != 0)
        return 0;
    return ntohs(sa.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&sa)->sin6_port
                                          : ((struct sockaddr_in *)(void *)&sa)->sin_port);
}

/* The first socket binds alone, so that a server which has the port already is noticed; then the
 * others of ours may join it. */
static int listen_on(const struct addrinfo *at, int port, bool first)
{
    struct sockaddr_storage sa = {0};
    int one = 1, zero = 0;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    memcpy(&sa, at->ai_addr, at->ai_addrlen);
    if (!first)
        set_port((struct sockaddr *)&sa, port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof zero);
    if ((!first && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0) ||
        bind(fd, (struct sockaddr *)&sa, at->ai_addrlen) != 0 ||
        (first && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) != 0) ||
        listen(fd, BACKLOG) != 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

/* With an empty host both families are tried, IPv6 first: there it takes IPv4 as well. */
static int listen_first(const struct addrinfo *list, const struct addrinfo **used)
{
    static const int order[] = {AF_INET6, AF_INET};

    for (int i = 0; i < 2; i++)
        for (const struct addrinfo *at = list; at; at = at->ai_next) {
            int fd = at->ai_family == order[i] ? listen_on(at, 0, true) : -1;
            if (fd >= 0) {
                *used = at;
                return fd;
            }
            if (errno == EADDRINUSE)
                return -1;
        }
    return -1;
}

static bool open_loops(struct server *s, struct error *err)
{
    struct addrinfo *list;
    const struct addrinfo *at = NULL;

    if (!resolve(s->config.listen, &list, err))
        return false;
    errno = 0;
    int fd = listen_first(list, &at);
    for (int i = 0; fd >= 0; i++) {
        s->port = port_of(fd);
        loop_open(&s->loops[i], s, (uint32_t)i, fd);
        s->nloops = i + 1;
        if (s->nloops == s->config.loops)
            break;
        fd = listen_on(at, s->port, false);
    }
    if (fd < 0)
        fail(err, UNAVAILABLE, "cannot listen on %.*s: %s", STR(s->config.listen), strerror(errno));
    freeaddrinfo(list);
    return fd >= 0;
}

/* --- configuration --- */

static void set_default(int64_t *v, int64_t otherwise)
{
    if (*v <= 0)
        *v = otherwise;
}

/* Each connection is a file descriptor; asks for as many as the hard limit allows. */
static size_t limit_connections(size_t wanted)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return wanted;
    if (files.rlim_cur < wanted + OTHER_FILES && files.rlim_cur < files.rlim_max) {
        files.rlim_cur =
            files.rlim_max < wanted + OTHER_FILES ? files.rlim_max : wanted + OTHER_FILES;
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    if (files.rlim_cur >= wanted + OTHER_FILES)
        return wanted;
    return files.rlim_cur > 2 * OTHER_FILES ? files.rlim_cur - OTHER_FILES : OTHER_FILES;
}

static struct server_config complete(const struct server_config *given)
{
    struct server_config c = *given;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (c.loops <= 0)
        c.loops = processors > 1 ? (int)processors - 1 : 1;
    if (c.loops > MAX_LOOPS)
        c.loops = MAX_LOOPS;
    c.max_connections = limit_connections(c.max_connections ? c.max_connections : 10000);
    if (!c.max_per_address)
        c.max_per_address = 1000;
    if (!c.exchange_memory)
        c.exchange_memory = (size_t)64 << 20;
    set_default(&c.head_deadline_us, 10 * SECOND_US);
    set_default(&c.body_deadline_us, 30 * SECOND_US);
    set_default(&c.idle_timeout_us, 75 * SECOND_US);
    set_default(&c.write_deadline_us, 30 * SECOND_US);
    set_default(&c.parked_deadline_us, 30 * SECOND_US);
    return c;
}

/* --- life --- */

static void server_free(struct server *s)
{
    for (int i = 0; i < s->nloops; i++)
        loop_close(&s->loops[i]);
    tls_context_free(s->tls);
    gate_free(s->gate);
    free(s->loops);
    free(s);
}

bool server_open(struct server **out, const struct server_config *config, struct error *err)
{
    struct server *s = calloc(1, sizeof *s);

    if (!s)
        abort();
    s->config = complete(config);
    s->loops = calloc((size_t)s->config.loops, sizeof s->loops[0]);
    if (!s->loops)
        abort();
    s->gate = gate_new(s->config.max_connections, s->config.max_per_address);
    if ((s->config.tls_cert.len &&
            !tls_context(&s->tls, s->config.tls_cert, s->config.tls_key, err)) ||
        !open_loops(s, err)) {
        server_free(s);
        return false;
    }
    *out = s;
    return true;
}

bool server_run(struct server *s, struct error *err)
{
    sigset_t all, before;
    int problem = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (s->running < s->nloops && problem == 0) {
        struct loop *l = &s->loops[s->running];
        problem = pthread_create(&l->handle, NULL, loop_main, l);
        s->running += problem == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (problem)
        return fail(err, UNAVAILABLE, "cannot start a thread: %s", strerror(problem));
    return true;
}

void server_stop(struct server *s, int64_t drain_us)
{
    atomic_store(&s->stop_us, clock_mono_us() + drain_us);
    atomic_store(&s->stopping, true);
    for (int i = 0; i < s->running; i++)
        loop_wake(&s->loops[i]);
    for (int i = 0; i < s->running; i++)
        pthread_join(s->loops[i].handle, NULL);
    server_free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

/* --- for handlers --- */

void exchange_answer(struct server *s, struct exchange *x)
{
    struct held *h = (struct held *)x;

    h->mail = (struct mail){.kind = MAIL_ANSWER, .ticket = x->ticket};
    loop_post(&s->loops[x->ticket.loop], &h->mail);
}

static struct mail *mail_new(enum mail_kind kind, struct ticket t, struct str bytes)
{
    struct mail *m = malloc(sizeof *m + bytes.len);

    if (!m)
        abort();
    *m = (struct mail){.kind = kind, .ticket = t, .bytes = {(char *)(m + 1), bytes.len}};
    if (bytes.len)
        memcpy(m + 1, bytes.ptr, bytes.len);
    return m;
}

void server_stream_send(struct server *s, struct ticket t, struct str bytes)
{
    if (bytes.len)
        loop_post(&s->loops[t.loop], mail_new(MAIL_STREAM_SEND, t, bytes));
}

void server_stream_close(struct server *s, struct ticket t)
{
    loop_post(&s->loops[t.loop], mail_new(MAIL_STREAM_CLOSE, t, STR_NONE));
}

void server_stats(const struct server *s, struct server_stats *out)
{
    *out = (struct server_stats){0};
    for (int i = 0; i < s->nloops; i++) {
        const struct counters *c = &s->loops[i].counters;
        out->connections += atomic_load_explicit(&c->connections, memory_order_relaxed);
        out->streams += atomic_load_explicit(&c->streams, memory_order_relaxed);
        out->requests += atomic_load_explicit(&c->requests, memory_order_relaxed);
        out->accepted_connections += atomic_load_explicit(&c->accepted, memory_order_relaxed);
        out->refused_connections += atomic_load_explicit(&c->refused, memory_order_relaxed);
        out->timeouts += atomic_load_explicit(&c->timeouts, memory_order_relaxed);
        out->bad_requests += atomic_load_explicit(&c->bad_requests, memory_order_relaxed);
        out->bytes_in += atomic_load_explicit(&c->bytes_in, memory_order_relaxed);
        out->bytes_out += atomic_load_explicit(&c->bytes_out, memory_order_relaxed);
    }
}

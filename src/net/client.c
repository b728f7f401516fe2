#include "net/client.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/time.h"
#include "net/transfer.h"

/* Hosts are spread over lanes by a hash. Two hosts that fall into one lane share its limit: that
 * costs them some parallelism and saves a table that would have to grow and forget. */
#define LANES 256
#define MAX_ALLOW 64
#define MAX_EVENTS 64
#define NEVER INT64_MAX

struct lane {
    struct client_job *first, **last; /* waiting, oldest first */
    size_t active;
    bool listed; /* in the ring of lanes that could start a job */
    struct lane *next;
};

struct client {
    struct address_range allow[MAX_ALLOW];
    struct transfer_rules rules;
    size_t per_host, connections;
    CURLM *multi;
    int epoll, wake;
    pthread_t thread;
    _Atomic(struct client_job *) inbox; /* newest first; taken as a whole */
    _Atomic int64_t stop_at;            /* NEVER, or the end of draining */

    /* Everything below is the thread's own. */
    int64_t timer_at; /* libcurl's */
    int64_t sweep_at; /* no waiting job's time is up before */
    size_t active, waiting;
    struct lane lanes[LANES];
    struct lane *ring, **ring_end;
    struct transfer *idle, *busy;
};

static void conclude(struct client_job *job, struct client_result *result)
{
    result->duration_us = clock_mono_us() - job->queued_us;
    job->done(job->ctx, job, result);
}

static void give_up(struct client_job *job, const char *why)
{
    struct client_result result = {.outcome = CLIENT_TRANSIENT};

    memcpy(result.text, why, strnlen(why, sizeof result.text - 1));
    conclude(job, &result);
}

/* --- transfers --- */

static struct transfer *take_transfer(struct client *c)
{
    struct transfer *t = c->idle;

    if (t) {
        c->idle = t->next;
    } else {
        t = calloc(1, sizeof *t);
        if (!t || !(t->easy = curl_easy_init()))
            abort(); /* out of memory, as in an arena */
        t->rules = &c->rules;
    }
    t->prev = NULL;
    t->next = c->busy;
    if (c->busy)
        c->busy->prev = t;
    c->busy = t;
    return t;
}

static void put_transfer(struct client *c, struct transfer *t)
{
    if (t->prev)
        t->prev->next = t->next;
    else
        c->busy = t->next;
    if (t->next)
        t->next->prev = t->prev;
    t->next = c->idle;
    c->idle = t;
}

/* --- lanes --- */

static struct lane *lane_of(struct client *c, const struct client_job *job)
{
    const char *host = strstr(job->url, "://");
    size_t n = host ? (size_t)(host - job->url) + 3 : 0;

    n += strcspn(job->url + n, "/?#");
    return &c->lanes[str_hash((struct str){job->url, n}) % LANES];
}

static void list_lane(struct client *c, struct lane *l)
{
    if (l->listed || !l->first || l->active >= c->per_host)
        return;
    l->listed = true;
    l->next = NULL;
    *c->ring_end = l;
    c->ring_end = &l->next;
}

static struct lane *take_lane(struct client *c)
{
    struct lane *l = c->ring;

    c->ring = l->next;
    if (!c->ring)
        c->ring_end = &c->ring;
    l->listed = false;
    return l;
}

static struct client_job *take_waiting(struct client *c, struct lane *l)
{
    struct client_job *job = l->first;

    l->first = job->next;
    if (!l->first)
        l->last = &l->first;
    c->waiting--;
    return job;
}

static void add_waiting(struct client *c, struct client_job *job)
{
    struct lane *l = lane_of(c, job);
    int64_t deadline = job->queued_us + transfer_timeout(job);

    job->next = NULL;
    *l->last = job;
    l->last = &job->next;
    c->waiting++;
    if (deadline < c->sweep_at)
        c->sweep_at = deadline;
    list_lane(c, l);
}

static bool start_job(struct client *c, struct client_job *job)
{
    int64_t left = job->queued_us + transfer_timeout(job) - clock_mono_us();
    struct client_result result;

    if (left <= 0) {
        give_up(job, "no free connection to this host in time");
        return false;
    }
    struct transfer *t = take_transfer(c);
    if (!transfer_begin(t, job, left, &result)) {
        put_transfer(c, t);
        conclude(job, &result);
        return false;
    }
    curl_multi_add_handle(c->multi, t->easy);
    return true;
}

/* One job from each lane in turn, so that no host is served before another because it has more. */
static void start_waiting(struct client *c)
{
    while (c->ring && c->active < c->connections) {
        struct lane *l = take_lane(c);

        if (l->first && start_job(c, take_waiting(c, l))) {
            l->active++;
            c->active++;
        }
        list_lane(c, l);
    }
}

static bool time_is_up(const struct client_job *job, int64_t now)
{
    return now >= job->queued_us + transfer_timeout(job);
}

/* Fails the jobs that have waited too long and finds out when the next one will have. */
static void sweep(struct client *c, int64_t now)
{
    c->sweep_at = NEVER;
    for (size_t i = 0; i < LANES; i++) {
        struct lane *l = &c->lanes[i];
        struct client_job *job = l->first;

        l->first = NULL;
        l->last = &l->first;
        while (job) {
            struct client_job *next = job->next;

            c->waiting--;
            if (time_is_up(job, now))
                give_up(job, "no free connection to this host in time");
            else
                add_waiting(c, job);
            job = next;
        }
    }
}

/* --- the thread --- */

static int on_timer(CURLM *multi, long ms, void *ctx)
{
    struct client *c = ctx;

    (void)multi;
    c->timer_at = ms < 0 ? NEVER : clock_mono_us() + ms * MILLISECOND_US;
    return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *known)
{
    struct client *c = ctx;
    struct epoll_event ev = {.data.fd = fd};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(c->epoll, EPOLL_CTL_DEL, fd, &ev);
        return 0;
    }
    if (what & CURL_POLL_IN)
        ev.events |= EPOLLIN;
    if (what & CURL_POLL_OUT)
        ev.events |= EPOLLOUT;
    /* A number closed and opened again behind our back is new to epoll, whatever we know. */
    if (!known || epoll_ctl(c->epoll, EPOLL_CTL_MOD, fd, &ev) != 0)
        epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &ev);
    curl_multi_assign(c->multi, fd, c);
    return 0;
}

static void read_inbox(struct client *c)
{
    struct client_job *job = atomic_exchange(&c->inbox, NULL), *oldest = NULL;

    while (job) {
        struct client_job *next = job->next;

        job->next = oldest;
        oldest = job;
        job = next;
    }
    while (oldest) {
        struct client_job *next = oldest->next;

        add_waiting(c, oldest);
        oldest = next;
    }
}

static void close_transfer(struct client *c, struct transfer *t, CURLcode code, const char *why)
{
    struct client_job *job = t->job;
    struct lane *l = lane_of(c, job);
    struct client_result result;

    curl_multi_remove_handle(c->multi, t->easy);
    if (why)
        transfer_abort(t, why, &result);
    else
        transfer_end(t, code, &result);
    l->active--;
    c->active--;
    conclude(job, &result); /* before the transfer is free for another: the body is in it */
    put_transfer(c, t);
    list_lane(c, l);
}

static void reap(struct client *c)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(c->multi, &left))) {
        CURLcode code = msg->data.result;
        struct transfer *t = NULL;

        if (msg->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
        close_transfer(c, t, code, NULL);
    }
}

/* Runs whatever can run without waiting: new jobs, libcurl's expired timers, finished transfers. */
static void work(struct client *c)
{
    int running;

    do {
        start_waiting(c);
        if (clock_mono_us() >= c->timer_at) {
            c->timer_at = NEVER;
            curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        reap(c);
        int64_t now = clock_mono_us();
        if (now >= c->sweep_at)
            sweep(c, now);
    } while (clock_mono_us() >= c->timer_at || (c->ring && c->active < c->connections));
}

static int wait_ms(const struct client *c)
{
    int64_t until = atomic_load(&c->stop_at);

    until = c->timer_at < until ? c->timer_at : until;
    until = c->sweep_at < until ? c->sweep_at : until;
    if (until == NEVER)
        return -1;
    int64_t ms = (until - clock_mono_us() + 999) / 1000;
    return ms < 0 ? 0 : ms > INT_MAX ? INT_MAX : (int)ms;
}

static bool finished(struct client *c)
{
    int64_t stop_at = atomic_load(&c->stop_at);

    if (stop_at == NEVER)
        return false;
    return clock_mono_us() >= stop_at || (!c->active && !c->waiting && !atomic_load(&c->inbox));
}

static void fail_everything(struct client *c)
{
    read_inbox(c);
    while (c->busy)
        close_transfer(c, c->busy, CURLE_OK, "the server is stopping");
    for (size_t i = 0; i < LANES; i++)
        while (c->lanes[i].first)
            give_up(take_waiting(c, &c->lanes[i]), "the server is stopping");
}

static void *run(void *ctx)
{
    struct client *c = ctx;
    struct epoll_event events[MAX_EVENTS];

    while (!finished(c)) {
        int n = epoll_wait(c->epoll, events, MAX_EVENTS, wait_ms(c));

        for (int i = 0; i < n; i++) {
            uint32_t got = events[i].events;
            eventfd_t count;
            int running, what = 0;

            if (events[i].data.fd == c->wake) {
                eventfd_read(c->wake, &count);
                read_inbox(c);
                continue;
            }
            what |= got & EPOLLIN ? CURL_CSELECT_IN : 0;
            what |= got & EPOLLOUT ? CURL_CSELECT_OUT : 0;
            what |= got & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0;
            curl_multi_socket_action(c->multi, events[i].data.fd, what, &running);
        }
        work(c);
    }
    fail_everything(c);
    return NULL;
}

/* --- life --- */

static void destroy(struct client *c)
{
    while (c->idle) {
        struct transfer *t = c->idle;

        c->idle = t->next;
        curl_easy_cleanup(t->easy);
        free(t);
    }
    if (c->multi)
        curl_multi_cleanup(c->multi);
    if (c->epoll >= 0)
        close(c->epoll);
    if (c->wake >= 0)
        close(c->wake);
    free(c);
    curl_global_cleanup();
}

static bool configure(struct client *c, const struct client_config *config, struct error *err)
{
    if (config->nallow > MAX_ALLOW)
        return fail(err, INVALID, "more than %d allowed address ranges", MAX_ALLOW);
    for (size_t i = 0; i < config->nallow; i++)
        if (!address_range_parse(config->allow[i], &c->allow[i], err))
            return false;
    c->rules = (struct transfer_rules){
        .allow = c->allow,
        .nallow = config->nallow,
        .proxy = config->proxy,
        .ca_file = config->ca_file,
    };
    c->rules.connect_timeout_us =
        config->connect_timeout_us ? config->connect_timeout_us : 5 * SECOND_US;
    c->per_host = config->per_host ? config->per_host : 16;
    c->connections = config->connections ? config->connections : 256;
    c->ring_end = &c->ring;
    c->timer_at = c->sweep_at = NEVER;
    atomic_init(&c->stop_at, NEVER);
    for (size_t i = 0; i < LANES; i++)
        c->lanes[i].last = &c->lanes[i].first;
    return true;
}

static bool open_handles(struct client *c, struct error *err)
{
    c->multi = curl_multi_init();
    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    c->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = c->wake};
    if (!c->multi || c->epoll < 0 || c->wake < 0 ||
        epoll_ctl(c->epoll, EPOLL_CTL_ADD, c->wake, &ev) != 0)
        return fail(err, INTERNAL, "cannot set up the outgoing client");
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
    curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
    curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)c->connections);
    return true;
}

/* The thread takes no signals: they are main's, and a SIGPIPE from a TLS write stays pending. */
static bool start_thread(struct client *c, struct error *err)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int problem = pthread_create(&c->thread, NULL, run, c);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (problem)
        return fail(err, INTERNAL, "cannot start the outgoing client: %s", strerror(problem));
    pthread_setname_np(c->thread, "client");
    return true;
}

bool client_start(struct client **out, const struct client_config *config, struct error *err)
{
    struct client *c = calloc(1, sizeof *c);

    if (!c)
        return fail(err, INTERNAL, "out of memory");
    c->epoll = c->wake = -1;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(c);
        return fail(err, INTERNAL, "libcurl cannot start");
    }
    if (!configure(c, config, err) || !open_handles(c, err) || !start_thread(c, err)) {
        destroy(c);
        return false;
    }
    *out = c;
    return true;
}

void client_send(struct client *c, struct client_job *job)
{
    struct client_job *head = atomic_load_explicit(&c->inbox, memory_order_relaxed);

    job->queued_us = clock_mono_us();
    do
        job->next = head;
    while (!atomic_compare_exchange_weak(&c->inbox, &head, job));
    if (!head) /* otherwise whoever put the first one in has woken the thread */
        eventfd_write(c->wake, 1);
}

void client_stop(struct client *c, int64_t drain_us)
{
    atomic_store(&c->stop_at, clock_mono_us() + drain_us);
    eventfd_write(c->wake, 1);
    pthread_join(c->thread, NULL);
    destroy(c);
}

#include "net/client.h"

#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time.h"
#include "sink.h"
#include "smtpd.h"
#include "test.h"

/* One job and what became of it. */
struct call {
    struct client_job job;
    struct client_result result;
    char body[CLIENT_KEEP];
    struct group {
        pthread_mutex_t lock;
        pthread_cond_t all;
        size_t left;
    } * group;
};

static void on_done(void *ctx, struct client_job *job, const struct client_result *result)
{
    struct call *call = ctx;
    struct group *g = call->group;

    (void)job;
    call->result = *result;
    if (result->body.len && result->body.len <= sizeof call->body)
        memcpy(call->body, result->body.ptr, result->body.len);
    call->result.body.ptr = call->body;
    pthread_mutex_lock(&g->lock);
    if (--g->left == 0)
        pthread_cond_signal(&g->all);
    pthread_mutex_unlock(&g->lock);
}

static void send_all(struct client *c, struct call *calls, size_t n, struct group *g)
{
    *g = (struct group){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, n};
    for (size_t i = 0; i < n; i++) {
        calls[i].group = g;
        calls[i].job.done = on_done;
        calls[i].job.ctx = &calls[i];
        client_send(c, &calls[i].job);
    }
}

static void wait_all(struct group *g)
{
    pthread_mutex_lock(&g->lock);
    while (g->left)
        pthread_cond_wait(&g->all, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void send_and_wait(struct client *c, struct call *calls, size_t n)
{
    struct group g;

    send_all(c, calls, n, &g);
    wait_all(&g);
}

static void set_post(struct arena *a, struct call *call, int port, const char *path)
{
    *call = (struct call){0};
    call->job.url = str_printf(a, "http://127.0.0.1:%d%s", port, path).ptr;
    call->job.http.method = "POST";
    call->job.http.headers[0] = "Content-Type: application/json";
    call->job.http.body = S("{\"a\":1}");
}

static const struct client_result *post(
    struct arena *a, struct client *c, int port, const char *path, int64_t timeout_us)
{
    struct call *call = arena_new(a, struct call);

    set_post(a, call, port, path);
    call->job.timeout_us = timeout_us;
    send_and_wait(c, call, 1);
    return &call->result;
}

static struct client *start(struct test *t, const struct client_config *given)
{
    struct str everything = S("127.0.0.0/8");
    struct client_config config = given ? *given : (struct client_config){0};
    struct error err = {0};
    struct client *c = NULL;

    if (!config.allow) {
        config.allow = &everything;
        config.nallow = 1;
    }
    if (!client_start(&c, &config, &err)) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        abort();
    }
    return c;
}

TEST(a_request_as_it_is_on_the_wire)
{
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    const struct client_result *r = post(a, c, sink_port(s), "/hook?x=1", 0);
    struct str want = str_printf(a,
        "POST /hook?x=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: Tocsin/" TOCSIN_VERSION
        "\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
        sink_port(s));

    CHECK_INT(r->outcome, CLIENT_OK);
    CHECK_INT(r->code, 200);
    CHECK_STR(r->body, S("ok\n"));
    CHECK_STR(str_from(r->text), S("HTTP 200: ok"));
    CHECK(r->duration_us > 0);
    CHECK_STR(sink_last(s, a), want);
    client_stop(c, 0);
    sink_stop(s);
}

TEST(outcomes_of_http)
{
    const struct {
        const char *path;
        enum client_outcome outcome;
        int code;
    } cases[] = {{"/status/200", CLIENT_OK, 200}, {"/status/202", CLIENT_OK, 202},
        {"/status/299", CLIENT_OK, 299}, {"/redirect", CLIENT_PERMANENT, 302},
        {"/status/304", CLIENT_PERMANENT, 304}, {"/status/400", CLIENT_PERMANENT, 400},
        {"/status/401", CLIENT_PERMANENT, 401}, {"/status/404", CLIENT_PERMANENT, 404},
        {"/status/408", CLIENT_TRANSIENT, 408}, {"/status/410", CLIENT_PERMANENT, 410},
        {"/status/425", CLIENT_TRANSIENT, 425}, {"/status/429", CLIENT_TRANSIENT, 429},
        {"/status/500", CLIENT_TRANSIENT, 500}, {"/retry", CLIENT_TRANSIENT, 503},
        {"/status/504", CLIENT_TRANSIENT, 504}, {"/cut", CLIENT_OK, 200},
        {"/drop", CLIENT_UNKNOWN, 0}, {"/big/4097", CLIENT_OK, 200},
        {"/big/1000000", CLIENT_OK, 200}};
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct client_result *r = post(a, c, sink_port(s), cases[i].path, 2 * SECOND_US);

        if (r->outcome != cases[i].outcome || r->code != cases[i].code)
            test_fail(t, __FILE__, __LINE__, "%s: %d, %d: %s", cases[i].path, (int)r->outcome,
                r->code, r->text);
        CHECK(r->body.len <= CLIENT_KEEP);
        CHECK_INT(r->retry_after_us, r->code == 503 ? 7 * SECOND_US : 0);
    }
    const struct client_result *r = post(a, c, sink_port(s), "/redirect", 0);
    CHECK(str_contains(str_from(r->text), S("redirects are not followed")));
    client_stop(c, 0);
    sink_stop(s);
}

TEST(bodies_are_kept_up_to_the_room)
{
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    struct call *call = arena_new(a, struct call);

    CHECK_INT(post(a, c, sink_port(s), "/big/4096", 0)->body.len, 4096);
    CHECK_INT(post(a, c, sink_port(s), "/big/4097", 0)->body.len, 4096);
    set_post(a, call, sink_port(s), "/big/300000");
    call->job.http.method = "GET";
    call->job.http.room_size = 200000;
    call->job.http.room = arena_alloc(a, 200000, 1);
    send_and_wait(c, call, 1);
    CHECK_INT(call->result.outcome, CLIENT_OK);
    CHECK_INT(call->result.body.len, 200000);
    CHECK(str_starts(sink_last(s, a), S("GET /big/300000 HTTP/1.1\r\n")));
    CHECK(!str_contains(sink_last(s, a), S("{\"a\"")));
    client_stop(c, 0);
    sink_stop(s);
}

TEST(time_limits)
{
    struct sink *s = sink_start();
    struct client *c = start(t, &(struct client_config){.per_host = 2});
    struct call *calls = arena_array(a, struct call, 5);
    int64_t began = clock_mono_us();
    struct group g;

    /* Two hang on the wire: unknown. Three never got a connection: transient, and in the same time.
     */
    for (int i = 0; i < 5; i++) {
        set_post(a, &calls[i], sink_port(s), "/silent");
        calls[i].job.timeout_us = 300 * MILLISECOND_US;
    }
    send_all(c, calls, 5, &g);
    wait_all(&g);
    CHECK(clock_mono_us() - began >= 290 * MILLISECOND_US);
    CHECK(clock_mono_us() - began < 5 * SECOND_US);
    int unknown = 0, transient = 0;
    for (int i = 0; i < 5; i++) {
        unknown += calls[i].result.outcome == CLIENT_UNKNOWN;
        transient += calls[i].result.outcome == CLIENT_TRANSIENT;
        CHECK(calls[i].result.duration_us < 2 * SECOND_US);
    }
    CHECK_INT(unknown, 2);
    CHECK_INT(transient, 3);
    CHECK_INT(sink_requests(s), 2);
    client_stop(c, 0);
    sink_stop(s);
}

TEST(a_host_that_hangs_delays_no_other)
{
    struct sink *bad = sink_start(), *good = sink_start();
    struct client *c = start(t, &(struct client_config){.per_host = 4, .connections = 8});
    struct call *stuck = arena_array(a, struct call, 50), *fine = arena_array(a, struct call, 50);
    struct group g, h;

    for (int i = 0; i < 50; i++) {
        set_post(a, &stuck[i], sink_port(bad), "/silent");
        set_post(a, &fine[i], sink_port(good), "/");
    }
    send_all(c, stuck, 50, &g);
    send_all(c, fine, 50, &h);
    wait_all(&h);
    for (int i = 0; i < 50; i++)
        CHECK_INT(fine[i].result.outcome, CLIENT_OK);
    CHECK(sink_connections(good) <= 4);
    client_stop(c, 0); /* ends the stuck ones */
    wait_all(&g);
    int unknown = 0;
    for (int i = 0; i < 50; i++)
        unknown += stuck[i].result.outcome == CLIENT_UNKNOWN;
    CHECK_INT(unknown, 4);
    sink_stop(bad);
    sink_stop(good);
}

/* Every spelling of an address that reaches this machine or a private network. */
TEST(private_addresses_are_refused)
{
    const char *hosts[] = {"127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1",
        "0", "0.0.0.0", "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "10.0.0.1",
        "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "[fe80::1]", "[fc00::1]",
        "user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1.",
        "\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1", "224.0.0.1", "255.255.255.255"};
    struct sink *s = sink_start();
    struct str none = S("203.0.113.0/24");
    struct client *c = start(t, &(struct client_config){.allow = &none, .nallow = 1});

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct call *call = arena_new(a, struct call);

        set_post(a, call, sink_port(s), "/");
        call->job.url = str_printf(a, "http://%s:%d/", hosts[i], sink_port(s)).ptr;
        call->job.timeout_us = 3 * SECOND_US;
        send_and_wait(c, call, 1);
        if (call->result.outcome == CLIENT_OK || call->result.outcome == CLIENT_UNKNOWN)
            test_fail(t, __FILE__, __LINE__, "%s got through: %s", hosts[i], call->result.text);
        else if (call->result.outcome != CLIENT_PERMANENT && i < 4)
            test_fail(t, __FILE__, __LINE__, "%s: %s", hosts[i], call->result.text);
    }
    const struct client_result *r = post(a, c, sink_port(s), "/", 0);
    CHECK_STR(str_from(r->text),
        S("private address 127.0.0.1 is not allowed (allow it with outbound.allow)"));
    CHECK_INT(sink_connections(s), 0);
    client_stop(c, 0);
    sink_stop(s);
}

TEST(connecting_alone)
{
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    struct call *call = arena_new(a, struct call);
    int port = sink_port(s);

    for (int i = 0; i < 3; i++) { /* each time a connection of its own */
        *call = (struct call){.job.kind = CLIENT_CONNECT};
        call->job.url = str_printf(a, "http://127.0.0.1:%d/", port).ptr;
        send_and_wait(c, call, 1);
        CHECK_INT(call->result.outcome, CLIENT_OK);
        CHECK_INT(call->result.code, 0);
        CHECK(!instant_is_set(call->result.certificate_ends));
    }
    CHECK_INT(sink_requests(s), 0);
    const struct client_result *r = post(a, c, port, "/status/200", 0); /* none of them is used again */
    CHECK_INT(r->outcome, CLIENT_OK);
    CHECK_INT(sink_connections(s), 4);
    client_stop(c, 0);

    struct str none = S("203.0.113.0/24");
    c = start(t, &(struct client_config){.allow = &none, .nallow = 1});
    send_and_wait(c, call, 1);
    CHECK_INT(call->result.outcome, CLIENT_PERMANENT);
    CHECK_STR(str_from(call->result.text),
        S("private address 127.0.0.1 is not allowed (allow it with outbound.allow)"));
    client_stop(c, 0);
    sink_stop(s);

    c = start(t, NULL);
    send_and_wait(c, call, 1); /* nobody listens */
    CHECK_INT(call->result.outcome, CLIENT_TRANSIENT);
    client_stop(c, 0);
}

TEST(jobs_that_cannot_be_tried)
{
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    const char *urls[] = {"ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
        "http://", "dict://127.0.0.1/", "smtp://127.0.0.1/", "http://a b/",
        "http://127.0.0.1:99999/", "", "http://127.0.0.1/\r\nX: y"};
    struct call *call = arena_new(a, struct call);

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        set_post(a, call, 1, "/");
        call->job.url = urls[i];
        send_and_wait(c, call, 1);
        if (call->result.outcome != CLIENT_PERMANENT)
            test_fail(t, __FILE__, __LINE__, "%s: %s", urls[i], call->result.text);
    }
    set_post(a, call, sink_port(s), "/");
    call->job.http.headers[1] = "X-Name: a\r\nX-Injected: b";
    send_and_wait(c, call, 1);
    CHECK_INT(call->result.outcome, CLIENT_PERMANENT);
    CHECK_INT(sink_requests(s), 0);
    int port = sink_port(s);
    sink_stop(s);
    CHECK_INT(post(a, c, port, "/", 0)->outcome, CLIENT_TRANSIENT); /* nobody listens */
    client_stop(c, 0);

    struct error err = {0};
    struct str bad = S("10.0.0.0/99");
    CHECK(!client_start(&c, &(struct client_config){.allow = &bad, .nallow = 1}, &err));
}

TEST(proxies_of_the_environment_are_ignored)
{
    struct sink *s = sink_start();

    setenv("http_proxy", "http://127.0.0.1:9", 1);
    struct client *c = start(t, NULL);
    CHECK_INT(post(a, c, sink_port(s), "/", 0)->outcome, CLIENT_OK);
    client_stop(c, 0);
    unsetenv("http_proxy");

    const char *proxy = str_printf(a, "http://127.0.0.1:%d", sink_port(s)).ptr;
    c = start(t, &(struct client_config){.proxy = proxy});
    struct call *call = arena_new(a, struct call);
    set_post(a, call, 1, "/");
    call->job.url = "http://hook.invalid/x";
    send_and_wait(c, call, 1);
    CHECK(str_starts(sink_last(s, a), S("POST http://hook.invalid/x HTTP/1.1\r\n")));
    client_stop(c, 0);
    sink_stop(s);
}

TEST(a_thousand_arrive)
{
    enum { N = 1000 };
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    struct call *calls = arena_array(a, struct call, N);

    for (int i = 0; i < N; i++)
        set_post(a, &calls[i], sink_port(s), "/");
    int64_t began = clock_mono_us();
    send_and_wait(c, calls, N);
    int64_t took = clock_mono_us() - began;
    for (int i = 0; i < N; i++)
        CHECK_INT(calls[i].result.outcome, CLIENT_OK);
    CHECK_INT(sink_requests(s), N);
    CHECK(sink_connections(s) <= 16);
    printf("%d requests in %lld us: %lld a second\n", N, (long long)took,
        (long long)(N * SECOND_US / took));
    client_stop(c, 0);
    sink_stop(s);
}

struct sender {
    struct client *client;
    struct call *calls;
    size_t n;
    struct group group;
};

static void *send_some(void *ctx)
{
    struct sender *s = ctx;

    send_all(s->client, s->calls, s->n, &s->group);
    wait_all(&s->group);
    return NULL;
}

TEST(from_many_threads_at_once)
{
    enum { THREADS = 4, EACH = 300 };
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    struct sender senders[THREADS];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.client = c, .n = EACH};
        senders[i].calls = arena_array(a, struct call, EACH);
        for (int j = 0; j < EACH; j++)
            set_post(a, &senders[i].calls[j], sink_port(s), "/");
    }
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, send_some, &senders[i]);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        for (int j = 0; j < EACH; j++)
            CHECK_INT(senders[i].calls[j].result.outcome, CLIENT_OK);
    }
    CHECK_INT(sink_requests(s), THREADS * EACH);
    client_stop(c, 0);
    sink_stop(s);
}

TEST(stopping_lets_jobs_finish)
{
    enum { N = 200 };
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    struct call *calls = arena_array(a, struct call, N);
    struct group g;

    for (int i = 0; i < N; i++)
        set_post(a, &calls[i], sink_port(s), "/");
    send_all(c, calls, N, &g);
    client_stop(c, 30 * SECOND_US);
    wait_all(&g);
    for (int i = 0; i < N; i++)
        CHECK_INT(calls[i].result.outcome, CLIENT_OK);
    sink_stop(s);
}

static int compare(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;

    return (a > b) - (a < b);
}

static void print_spread(const char *what, int64_t *us, size_t n)
{
    qsort(us, n, sizeof *us, compare);
    printf(
        "%s: p50 %lld us, p99 %lld us\n", what, (long long)us[n / 2], (long long)us[n * 99 / 100]);
}

/* What a plain blocking socket needs for the same exchange. */
static void measure_raw(int port, int64_t *arrive, size_t n, struct sink *s)
{
    static const char request[] =
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"a\":1}";
    struct sockaddr_in in = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char answer[512];

    if (connect(fd, (struct sockaddr *)&in, sizeof in) != 0)
        return;
    for (size_t i = 0; i < n; i++) {
        int64_t began = clock_mono_us();

        if (send(fd, request, sizeof request - 1, 0) < 0 || recv(fd, answer, sizeof answer, 0) <= 0)
            break;
        arrive[i] = sink_last_us(s) - began;
    }
    close(fd);
}

TEST(from_send_to_arrival)
{
    enum { N = 2000 };
    struct sink *s = sink_start();
    struct client *c = start(t, NULL);
    int64_t *arrive = arena_array(a, int64_t, N), *raw = arena_array(a, int64_t, N);
    struct call *call = arena_new(a, struct call);

    measure_raw(sink_port(s), raw, N, s);
    for (int i = 0; i < N; i++) {
        set_post(a, call, sink_port(s), "/");
        int64_t began = clock_mono_us();
        send_and_wait(c, call, 1);
        arrive[i] = sink_last_us(s) - began;
    }
    CHECK_INT(sink_connections(s), 2); /* one of each: kept alive */
    print_spread("plain socket, send to arrival", raw, N);
    print_spread("client_send to arrival", arrive, N);
    CHECK(
        arrive[N / 2] < 20 * MILLISECOND_US); /* a forgotten wake-up would show as a timer's tick */
    client_stop(c, 0);
    sink_stop(s);
}

/* --- SMTP --- */

static const struct client_result *mail(struct arena *a, struct client *c, const struct smtpd *s,
    enum smtp_tls tls, const char *to, int64_t timeout_us)
{
    struct call *call = arena_new(a, struct call);

    call->job.kind = CLIENT_SMTP;
    call->job.url = str_printf(a, "smtp://127.0.0.1:%d/tocsin.test", s->port).ptr;
    call->job.timeout_us = timeout_us;
    call->job.smtp.tls = tls;
    call->job.smtp.from = "tocsin@example.com";
    call->job.smtp.recipients[0] = to;
    call->job.smtp.message = S("Subject: hello\r\n\r\nfirst\r\n.dot\r\n..two\r\n");
    send_and_wait(c, call, 1);
    return &call->result;
}

TEST(mail_with_starttls)
{
    struct smtpd s;

    if (!smtpd_start(a, &s, (const char *[]){"--require-tls", NULL}))
        SKIP("aiosmtpd cannot run");
    struct client *c = start(t, &(struct client_config){.ca_file = s.certificate});
    const struct client_result *r = mail(a, c, &s, SMTP_TLS_REQUIRED, "alice@example.com", 0);

    CHECK_INT(r->outcome, CLIENT_OK);
    CHECK_INT(r->code, 250);
    CHECK_STR(str_from(r->text), S("250 2.0.0 queued as 000001"));
    CHECK_STR(smtpd_message(a, &s, 1),
        S("X-Envelope-From: tocsin@example.com\r\nX-Envelope-To: alice@example.com\r\n"
          "X-Envelope-TLS: yes\r\nX-Envelope-User: -\r\n"
          "Subject: hello\r\n\r\nfirst\r\n.dot\r\n..two\r\n"));
    CHECK_INT(mail(a, c, &s, SMTP_TLS_OFFERED, "bob@example.com", 0)->outcome, CLIENT_OK);
    client_stop(c, 0);

    c = start(t, NULL);
    r = mail(a, c, &s, SMTP_TLS_NEVER, "bob@example.com", 0); /* the server insists */
    CHECK_INT(r->outcome, CLIENT_PERMANENT);
    CHECK_INT(r->code, 530);
    client_stop(c, 0);

    c = start(t, NULL); /* without its certificate nobody vouches for the server */
    r = mail(a, c, &s, SMTP_TLS_REQUIRED, "bob@example.com", 0);
    CHECK_INT(r->outcome, CLIENT_TRANSIENT);
    CHECK(str_contains(str_from(r->text), S("certificate")));
    CHECK(!smtpd_message(a, &s, 3).ptr);
    client_stop(c, 0);
    smtpd_stop(&s);
}

TEST(outcomes_of_mail)
{
    const struct {
        const char *to;
        enum client_outcome outcome;
        int code;
        const char *text;
    } cases[] = {
        {"temp@example.com", CLIENT_TRANSIENT, 451, "451 4.3.0 try again later"},
        {"perm@example.com", CLIENT_PERMANENT, 550, "550 5.1.1 no such user"},
        {"tempdata@example.com", CLIENT_TRANSIENT, 452, "452 4.3.1 out of disk"},
        {"permdata@example.com", CLIENT_PERMANENT, 554, "554 5.7.1 looks like spam"},
        {"hang@example.com", CLIENT_TRANSIENT, 250, NULL},
        {"drop@example.com", CLIENT_UNKNOWN, 354, NULL},
        {"a@example.com>\r\nRCPT TO:<b@example.com", CLIENT_PERMANENT, 0, NULL},
        {"fine@example.com", CLIENT_OK, 250, "250 2.0.0 queued as 000001"},
    };
    struct smtpd s;

    if (!smtpd_start(a, &s, (const char *[]){"--no-tls", NULL}))
        SKIP("aiosmtpd cannot run");
    struct client *c = start(t, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct client_result *r = mail(a, c, &s, SMTP_TLS_OFFERED, cases[i].to, SECOND_US);

        if (r->outcome != cases[i].outcome || r->code != cases[i].code)
            test_fail(t, __FILE__, __LINE__, "%s: %d, %d: %s", cases[i].to, (int)r->outcome,
                r->code, r->text);
        if (cases[i].text)
            CHECK_STR(str_from(r->text), str_from(cases[i].text));
    }
    const struct client_result *r = mail(a, c, &s, SMTP_TLS_REQUIRED, "fine@example.com", 0);
    CHECK_INT(r->outcome, CLIENT_TRANSIENT); /* no STARTTLS here: nothing goes in the clear */
    CHECK(!smtpd_message(a, &s, 2).ptr);
    client_stop(c, 0);
    smtpd_stop(&s);
}

TEST(mail_with_a_password)
{
    const char *passwords[] = {"right", "wrong", NULL};
    const enum client_outcome want[] = {CLIENT_OK, CLIENT_TRANSIENT, CLIENT_PERMANENT};
    struct smtpd s;

    if (!smtpd_start(a, &s, (const char *[]){"--auth", "relay:right", NULL}))
        SKIP("aiosmtpd cannot run");
    struct client *c = start(t, &(struct client_config){.ca_file = s.certificate});
    for (int i = 0; i < 3; i++) {
        struct call *call = arena_new(a, struct call);

        call->job.kind = CLIENT_SMTP;
        call->job.url = str_printf(a, "smtp://127.0.0.1:%d", s.port).ptr;
        call->job.smtp.tls = SMTP_TLS_REQUIRED;
        call->job.smtp.username = passwords[i] ? "relay" : NULL;
        call->job.smtp.password = passwords[i];
        call->job.smtp.from = "tocsin@example.com";
        call->job.smtp.recipients[0] = "alice@example.com";
        call->job.smtp.message = S("Subject: x\r\n\r\ny\r\n");
        send_and_wait(c, call, 1);
        if (call->result.outcome != want[i])
            test_fail(t, __FILE__, __LINE__, "case %d: %d: %s", i, (int)call->result.outcome,
                call->result.text);
    }
    CHECK(str_contains(smtpd_message(a, &s, 1), S("X-Envelope-User: relay\r\n")));
    client_stop(c, 0);
    smtpd_stop(&s);
}

#include "net/server.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/error.h"
#include "stand.h"
#include "test.h"
#include "wire.h"

#define MS MILLISECOND_US
#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST(path) "POST " path " HTTP/1.1\r\nHost: a\r\n"

static struct str ask(struct wire *w, struct arena *a, const char *request)
{
    struct wire_answer answer = {0};

    if (!wire_send_text(w, request) || !wire_answer(w, a, false, &answer))
        return S("no answer");
    return str_printf(a, "%d %.*s", answer.status, STR(answer.body));
}

static struct ticket open_stream(struct stand *s, struct wire *w, struct arena *a)
{
    struct wire_answer answer = {0};
    struct str hello = STR_NONE;
    struct ticket ticket;

    *w = wire_open(s->port);
    wire_send_text(w, GET("/stream"));
    wire_answer(w, a, true, &answer);
    wire_take(w, a, 6, &hello);
    pthread_mutex_lock(&s->lock);
    ticket = s->stream;
    pthread_mutex_unlock(&s->lock);
    if (!str_eq(hello, S("hello\n")) || wire_header(answer.head, "Content-Length").ptr ||
        !str_eq(wire_header(answer.head, "Connection"), S("close")))
        ticket.generation = 0;
    return ticket;
}

TEST(streams)
{
    struct server_stats stats;
    struct str text;
    struct stand s;
    struct wire w;

    stand_start(&s, (struct server_config){.loops = 1,
                        .idle_timeout_us = 250 * MS,
                        .write_deadline_us = 250 * MS,
                        .parked_deadline_us = 250 * MS});
    struct ticket ticket = open_stream(&s, &w, a);
    REQUIRE(ticket.generation);
    server_stats(s.server, &stats);
    CHECK_INT(stats.streams, 1);
    CHECK(!wire_stirs(&w, 600)); /* silence is no reason to close a stream */
    server_stream_send(s.server, ticket, S("one\n"));
    server_stream_send(s.server, ticket, S("two\n"));
    REQUIRE(wire_take(&w, a, 8, &text));
    CHECK_STR(text, S("one\ntwo\n"));
    server_stream_close(s.server, ticket);
    CHECK(wire_ended(&w));
    CHECK(stand_streams_closed(&s, 1));
    CHECK(s.closed.slot == ticket.slot && s.closed.generation == ticket.generation);
    server_stream_send(s.server, ticket, S("nobody"));
    server_stream_close(s.server, ticket);
    wire_close(&w);

    ticket = open_stream(&s, &w, a); /* the client goes */
    REQUIRE(ticket.generation);
    wire_close(&w);
    CHECK(stand_streams_closed(&s, 2));

    w = wire_open(s.port); /* HEAD: a head, and that is all */
    CHECK(wire_send_text(&w, "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"));
    struct wire_answer answer;
    REQUIRE(wire_answer(&w, a, true, &answer));
    CHECK(wire_ended(&w));
    CHECK(stand_streams_closed(&s, 3));
    wire_close(&w);
    CHECK(stand_connections(&s, 0));
    server_stats(s.server, &stats);
    CHECK_INT(stats.streams, 0);
    stand_stop(&s, SECOND_US);
}

/* Promised for every exchange answered with `stream`, even if the client had gone before. */
TEST(stream_closed_is_called_for_those_who_left_early)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, GET("/park")));
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    wire_reset(&w);
    CHECK(stand_connections(&s, 0));
    x->answer.stream = true;
    exchange_answer(s.server, x);
    CHECK(stand_streams_closed(&s, 1));
    stand_stop(&s, SECOND_US);
    CHECK_INT(s.closed_streams, 1);
}

static struct str piece(struct arena *a, int i)
{
    char *p = arena_alloc(a, 4096, 1);

    memset(p, 'a' + i % 26, 4096);
    return (struct str){p, 4096};
}

/* More than the kernel takes, less than the limit beyond that, arrives whole when the client reads
 * on; without a reader the stream is closed in the end. */
TEST(streams_resume_or_overflow)
{
    struct stand s;
    struct wire w;
    int sent = 0;

    stand_start(&s, (struct server_config){.loops = 1});
    struct ticket ticket = open_stream(&s, &w, a);
    REQUIRE(ticket.generation);
    for (; sent < 20; sent++)
        server_stream_send(s.server, ticket, piece(a, sent));
    for (int i = 0; i < sent; i++) {
        struct str got;
        REQUIRE(wire_take(&w, a, 4096, &got));
        CHECK_STR(got, piece(a, i));
    }
    for (; sent < 100000 && !atomic_load(&s.closed_streams); sent++) {
        server_stream_send(s.server, ticket, piece(a, sent));
        arena_reset(a, 1 << 20);
        if (sent % 64 == 0)
            poll(NULL, 0, 1); /* else the mail box is what fills */
    }
    CHECK(stand_streams_closed(&s, 1));
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

/* --- stopping --- */

static void *stop(void *arg)
{
    stand_stop(arg, 60 * SECOND_US);
    return NULL;
}

TEST(a_graceful_stop_waits_for_the_answer)
{
    struct wire_answer answer;
    struct stand s;
    pthread_t thread;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire busy = wire_open(s.port), half = wire_open(s.port), idle = wire_open(s.port),
                slow = wire_open(s.port), stream;
    CHECK_STR(ask(&idle, a, GET("/x")), S("200 GET /x "));
    REQUIRE(open_stream(&s, &stream, a).generation);
    CHECK(wire_send_text(&half, "GET /half HTTP/1.1\r\nHo"));
    CHECK(wire_send_text(&busy, GET("/park")));
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    struct server *server = s.server;
    CHECK(stand_connections(&s, 5));
    CHECK(wire_send_text(&slow, GET("/big/20000000")) && wire_stirs(&slow, 5000));
    REQUIRE(pthread_create(&thread, NULL, stop, &s) == 0);
    CHECK(wire_ended(&idle));
    CHECK(wire_ended(&stream));
    CHECK_STR(ask(&half, a, "st: a\r\n\r\n"), S("200 GET /half "));
    CHECK(wire_ended(&half));
    x->answer.body = S("at last");
    exchange_answer(server, x);
    REQUIRE(wire_answer(&busy, a, false, &answer));
    CHECK_STR(answer.body, S("at last"));
    CHECK_STR(wire_header(answer.head, "Connection"), S("close"));
    CHECK(wire_ended(&busy));
    REQUIRE(wire_answer(&slow, a, false, &answer)); /* begun before, with a kept connection */
    CHECK_INT(answer.body.len, 20000000);
    CHECK(wire_ended(&slow));
    pthread_join(thread, NULL);
    wire_close(&slow);
    wire_close(&busy);
    wire_close(&half);
    wire_close(&idle);
    wire_close(&stream);
}

TEST(stopping_ends_connections_at_the_deadline_and_exchanges_when_they_return)
{
    struct stand s;
    pthread_t thread;
    struct server *server;

    stand_start(&s, (struct server_config){.loops = 1});
    server = s.server;
    struct wire w = wire_open(s.port), half = wire_open(s.port);
    CHECK(wire_send_text(&half, "GET"));
    CHECK(wire_send_text(&w, GET("/park")));
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    REQUIRE(pthread_create(&thread, NULL, stop, &s) == 0);
    wire_reset(&half);
    wire_reset(&w); /* gone; the exchange is still out, and stopping waits for it */
    exchange_answer(server, x);
    pthread_join(thread, NULL);

    stand_start(&s, (struct server_config){.loops = 1});
    half = wire_open(s.port);
    CHECK(wire_send_text(&half, "GET"));
    CHECK(stand_received(&s, 3));
    stand_stop(&s, 30 * MS);
    CHECK(wire_ended(&half));
    wire_close(&half);
}

/* --- the rest --- */

TEST(listening)
{
    static const char *const bad[] = {
        "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1"};
    struct server_config config = {.loops = 2};
    struct server *one, *two;
    struct error err = {0};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        config.listen = str_from(bad[i]);
        CHECK(!server_open(&one, &config, &err));
        CHECK_INT(err.kind, ERROR_INVALID);
    }
    config.listen = S("127.0.0.1:0");
    REQUIRE_OK(server_open(&one, &config, &err));
    /* Another server on the same port is noticed, though the loops of one share it. */
    config.listen = str_printf(a, "127.0.0.1:%d", server_port(one));
    CHECK(!server_open(&two, &config, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    server_stop(one, 0);
    REQUIRE_OK(server_open(&two, &config, &err));
    server_stop(two, 0);
    config.listen = S("[::1]:0");
    if (server_open(&one, &config, &err))
        server_stop(one, 0);
    config.listen = S(":0");
    REQUIRE_OK(server_open(&one, &config, &err));
    server_stop(one, 0);
}

static long resident_pages(void)
{
    long size = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    if (f)
        fclose(f);
    return resident;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

TEST(idle_connections_are_small)
{
    enum { CLIENTS = 1000 };
    static struct wire w[CLIENTS];
    struct stand s;

#ifdef SANITIZED
    SKIP("a sanitizer's memory would be measured");
#endif
    stand_start(&s, (struct server_config){.loops = 1, .max_per_address = CLIENTS});
    struct wire warm = wire_open(s.port);
    CHECK_STR(ask(&warm, a, GET("/x")), S("200 GET /x "));
    wire_close(&warm);
    CHECK(stand_connections(&s, 0));
    char room[256];
    long before = resident_pages();
    for (int i = 0; i < CLIENTS; i++) {
        w[i] = wire_open(s.port);
        CHECK(wire_send_text(&w[i], GET("/x")));
        REQUIRE(wire_stirs(&w[i], 5000));
        REQUIRE(recv(w[i].fd, room, sizeof room, 0) > 0);
    }
    long bytes = (resident_pages() - before) * 4096 / CLIENTS;
    printf("an idle connection takes %ld bytes\n", bytes);
    CHECK(bytes <= 1024);
    for (int i = 0; i < CLIENTS; i++)
        wire_close(&w[i]);
    stand_stop(&s, SECOND_US);
}

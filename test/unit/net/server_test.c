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

TEST(answers_on_one_connection)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK_STR(ask(&w, a, GET("/x?y=1")), S("200 GET /x?y=1 "));
    CHECK_STR(ask(&w, a, POST("/x") "Content-Length: 3\r\n\r\nabc"), S("200 POST /x abc"));
    CHECK_STR(
        ask(&w, a, POST("/x") "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
        S("200 POST /x abc"));
    CHECK_STR(ask(&w, a, "PUT http://a/x HTTP/1.1\r\nHost: a\r\n\r\n"), S("200 PUT /x "));
    CHECK_STR(ask(&w, a, GET("/none")), S("204 "));
    CHECK(wire_send_text(&w, "HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" GET("/after")));
    REQUIRE(wire_answer(&w, a, true, &answer));
    CHECK_STR(wire_header(answer.head, "Content-Length"), S("10"));
    CHECK_INT(wire_header(answer.head, "Date").len, 29);
    CHECK(!wire_header(answer.head, "Connection").ptr);
    REQUIRE(wire_answer(&w, a, false, &answer));
    CHECK_STR(answer.body, S("GET /after "));
    wire_close(&w);
    CHECK(stand_connections(&s, 0));
    stand_stop(&s, SECOND_US);
}

TEST(closing_and_old_clients)
{
    static const struct {
        const char *request, *connection;
    } cases[] = {
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close"},
        {"GET / HTTP/1.0\r\n\r\n", "close"},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"},
        {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" GET("/never"), "close"},
    };
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct wire w = wire_open(s.port);
        CHECK(wire_send_text(&w, cases[i].request));
        REQUIRE(wire_answer(&w, a, false, &answer));
        CHECK_STR(answer.body, S("GET / "));
        CHECK_STR(wire_header(answer.head, "Connection"), str_from(cases[i].connection));
        if (str_eq(str_from(cases[i].connection), S("close")))
            CHECK(wire_ended(&w));
        else
            CHECK_STR(ask(&w, a, "GET /2 HTTP/1.0\r\n\r\n"), S("200 GET /2 "));
        wire_close(&w);
    }
    CHECK_INT(s.handled, 5);
    stand_stop(&s, SECOND_US);
}

/* printf … | nc: the request and the end come together. */
TEST(who_sends_no_more_still_gets_the_answer)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, GET("/park")));
    shutdown(w.fd, SHUT_WR);
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    x->answer.body = S("here");
    exchange_answer(s.server, x);
    CHECK_INT(wire_status(&w, a), 200);
    CHECK(wire_ended(&w));
    wire_close(&w);
    w = wire_open(s.port);
    CHECK(wire_send_text(&w, "GET / HT")); /* half a request is none */
    shutdown(w.fd, SHUT_WR);
    CHECK(wire_ended(&w));
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

/* The second part is sent only when the server has read the first. */
TEST(requests_may_be_cut_anywhere)
{
    static const char *const requests[] = {
        POST("/x") "Content-Length: 5\r\n\r\nhello",
        POST("/x") "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    };
    struct wire_answer answer;
    struct stand s;
    int64_t sent = 0;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    for (size_t i = 0; i < 2; i++) {
        struct str request = str_from(requests[i]);
        for (size_t cut = 1; cut < request.len; cut++) {
            CHECK(wire_send(&w, str_slice(request, 0, cut)));
            REQUIRE(stand_received(&s, sent + (int64_t)cut));
            CHECK(wire_send(&w, str_slice(request, cut, request.len)));
            sent += (int64_t)request.len;
            REQUIRE(wire_answer(&w, a, false, &answer));
            CHECK_STR(answer.body, S("POST /x hello"));
        }
    }
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

TEST(pipelined_requests_are_answered_in_order)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(
        &w, GET("/1") GET("/park") POST("/3") "Content-Length: 2\r\n\r\nab" GET("/4")));
    REQUIRE(wire_answer(&w, a, false, &answer));
    CHECK_STR(answer.body, S("GET /1 "));
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    CHECK_INT(s.handled, 2); /* the third waits for the second's answer */
    CHECK(!wire_stirs(&w, 0));
    x->answer.body = S("second");
    exchange_answer(s.server, x);
    for (int i = 2; i <= 4; i++) {
        static const char *const bodies[] = {"second", "POST /3 ab", "GET /4 "};
        REQUIRE(wire_answer(&w, a, false, &answer));
        CHECK_STR(answer.body, str_from(bodies[i - 2]));
    }
    wire_close(&w);

    /* A thousand in one go come back in order too. */
    w = wire_open(s.port);
    struct buf b;
    buf_init(&b, a, 1 << 20);
    for (int i = 0; i < 1000; i++)
        buf_printf(&b, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", i);
    CHECK(wire_send(&w, buf_str(&b)));
    for (int i = 0; i < 1000; i++) {
        REQUIRE(wire_answer(&w, a, false, &answer));
        CHECK_STR(answer.body, str_printf(a, "GET /%d ", i));
    }
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

static bool send_body(struct wire *w, struct arena *a, size_t n, bool chunked)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    if (chunked) {
        buf_add(&b, S(POST("/x") "Transfer-Encoding: chunked\r\n\r\n"));
        for (size_t i = 0; i < n; i++)
            buf_add(&b, S("1\r\nz\r\n"));
        buf_add(&b, S("0\r\n\r\n"));
    } else {
        buf_printf(&b, POST("/x") "Content-Length: %zu\r\n\r\n", n);
        for (size_t i = 0; i < n; i++)
            buf_addc(&b, 'z');
    }
    return wire_send(w, buf_str(&b));
}

TEST(body_limit_at_and_one_past)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    s.body_limit = 3000;
    for (int chunked = 0; chunked < 2; chunked++)
        for (size_t n = 3000; n <= 3001; n++) {
            struct wire w = wire_open(s.port);
            CHECK(send_body(&w, a, n, chunked));
            CHECK_INT(wire_status(&w, a), n == 3000 ? 200 : 413);
            CHECK(n == 3000 || wire_ended(&w));
            wire_close(&w);
        }
    CHECK_INT(s.handled, 2);
    stand_stop(&s, SECOND_US);
}

/* 413 comes before the body is sent, and survives a client that sends it all the same. */
TEST(too_large_a_body_is_refused_at_once)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, POST("/x") "Content-Length: 1048577\r\n\r\n"));
    CHECK(wire_stirs(&w, 5000));
    char *half = arena_alloc(a, 1 << 19, 1);
    CHECK(wire_send(&w, (struct str){half, 1 << 19}));
    REQUIRE(wire_answer(&w, a, false, &answer));
    CHECK_INT(answer.status, 413);
    CHECK_STR(answer.body, S("{\"title\":\"Content Too Large\",\"status\":413}"));
    CHECK(wire_ended(&w)); /* and not a reset, which may overtake the answer */
    wire_close(&w);
    CHECK(stand_connections(&s, 0));
    stand_stop(&s, SECOND_US);
}

TEST(expect_continue)
{
    struct str interim;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, POST("/x") "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    REQUIRE(wire_take(&w, a, 25, &interim));
    CHECK_STR(interim, S("HTTP/1.1 100 Continue\r\n\r\n"));
    CHECK_STR(ask(&w, a, "ab"), S("200 POST /x ab"));
    CHECK(wire_send_text(
        &w, POST("/x") "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"));
    REQUIRE(wire_take(&w, a, 25, &interim));
    CHECK_STR(ask(&w, a, "2\r\nab\r\n0\r\n\r\n"), S("200 POST /x ab"));
    /* No word is needed for who has begun already, for no body, and for one that is too large. */
    CHECK_STR(ask(&w, a, POST("/x") "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nab"),
        S("200 POST /x ab"));
    CHECK_STR(ask(&w, a, POST("/x") "Expect: 100-continue\r\n\r\n"), S("200 POST /x "));
    CHECK(wire_send_text(&w, POST("/x") "Expect: 100-continue\r\nContent-Length: 9999999\r\n\r\n"));
    CHECK_INT(wire_status(&w, a), 413);
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

/* A byte now and then does not move a deadline: the answer comes while bytes are still sent. */
static int drip(struct wire *w, struct arena *a)
{
    for (int i = 0; i < 100; i++) {
        if (wire_stirs(w, 10))
            return wire_status(w, a);
        wire_send(w, S("x"));
    }
    return 0;
}

TEST(slow_heads_and_bodies_end_with_408)
{
    static const char *const begun[] = {
        "GE",
        "GET / HTTP/1.1\r\nX: ",
        POST("/x") "Content-Length: 500\r\n\r\n",
        POST("/x") "Transfer-Encoding: chunked\r\n\r\nff\r\n",
    };
    struct server_stats stats;
    struct stand s;

    stand_start(&s, (struct server_config){
                        .loops = 1, .head_deadline_us = 120 * MS, .body_deadline_us = 120 * MS});
    for (size_t i = 0; i < 4; i++) {
        struct wire w = wire_open(s.port);
        CHECK(wire_send_text(&w, begun[i]));
        CHECK_INT(drip(&w, a), 408);
        CHECK(wire_ended(&w));
        wire_close(&w);
    }
    server_stats(s.server, &stats);
    CHECK_INT(stats.timeouts, 4);
    CHECK_INT(stats.bad_requests, 0);
    CHECK_INT(s.handled, 0);
    stand_stop(&s, SECOND_US);
}

TEST(idle_connections_are_closed_silently)
{
    struct server_stats stats;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1, .idle_timeout_us = 250 * MS});
    struct wire fresh = wire_open(s.port), used = wire_open(s.port);
    CHECK_STR(ask(&used, a, GET("/x")), S("200 GET /x "));
    CHECK(wire_ended(&fresh));
    CHECK(wire_ended(&used));
    server_stats(s.server, &stats);
    CHECK_INT(stats.timeouts, 0);
    wire_close(&fresh);
    wire_close(&used);
    stand_stop(&s, SECOND_US);
}

TEST(large_answers_arrive_whole)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    for (int i = 0; i < 3; i++) {
        CHECK(wire_send_text(&w, GET("/big/5000000")));
        REQUIRE(wire_answer(&w, a, false, &answer));
        REQUIRE(answer.body.len == 5000000);
        for (size_t k = 0; k < answer.body.len; k++)
            if (answer.body.ptr[k] != (char)('a' + k % 26)) {
                test_fail(t, __FILE__, __LINE__, "byte %zu differs", k);
                break;
            }
    }
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

TEST(readers_that_stop_are_cut_off)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1, .write_deadline_us = 100 * MS});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, GET("/big/30000000")));
    CHECK(stand_connections(&s, 1));
    CHECK(stand_connections(&s, 0));
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

TEST(answers_cannot_be_split)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, GET("/split")));
    REQUIRE(wire_answer(&w, a, false, &answer));
    CHECK_INT(answer.status, 500);
    CHECK(!str_contains(answer.head, S("Cookie")));
    CHECK(wire_ended(&w));
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

TEST(connections_are_limited_per_address)
{
    struct server_stats stats;
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1, .max_per_address = 2});
    struct wire one = wire_open(s.port), two = wire_open(s.port);
    CHECK_STR(ask(&one, a, GET("/1")), S("200 GET /1 "));
    CHECK_STR(ask(&two, a, GET("/2")), S("200 GET /2 "));
    struct wire three = wire_open(s.port);
    REQUIRE(wire_answer(&three, a, false, &answer));
    CHECK_INT(answer.status, 503);
    CHECK(wire_header(answer.head, "Retry-After").len > 0);
    CHECK(wire_ended(&three));
    wire_close(&three);
    wire_close(&one);
    CHECK(stand_connections(&s, 1));
    three = wire_open(s.port);
    CHECK_STR(ask(&three, a, GET("/3")), S("200 GET /3 "));
    server_stats(s.server, &stats);
    CHECK_INT(stats.refused_connections, 1);
    CHECK_INT(stats.accepted_connections, 3);
    wire_close(&two);
    wire_close(&three);
    stand_stop(&s, SECOND_US);
}

TEST(connections_are_limited_in_total)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 2, .max_connections = 3});
    struct wire w[4];
    for (int i = 0; i < 3; i++) {
        w[i] = wire_open(s.port);
        CHECK_STR(ask(&w[i], a, GET("/1")), S("200 GET /1 "));
    }
    w[3] = wire_open(s.port);
    CHECK_INT(wire_status(&w[3], a), 503);
    for (int i = 0; i < 4; i++)
        wire_close(&w[i]);
    stand_stop(&s, SECOND_US);
}

/* --- parked exchanges --- */

TEST(parked_past_the_deadline)
{
    struct wire_answer answer;
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1, .parked_deadline_us = 60 * MS});
    struct wire w = wire_open(s.port);
    CHECK(wire_send_text(&w, GET("/park")));
    struct exchange *x = stand_take(&s);
    REQUIRE(x);
    REQUIRE(wire_answer(&w, a, false, &answer));
    CHECK_INT(answer.status, 503);
    CHECK(wire_header(answer.head, "Retry-After").len > 0);
    x->answer.body = S("too late");
    exchange_answer(s.server, x);
    CHECK(wire_ended(&w));
    wire_close(&w);
    w = wire_open(s.port);
    CHECK_STR(ask(&w, a, GET("/x")), S("200 GET /x "));
    wire_close(&w);
    stand_stop(&s, SECOND_US);
}

/* The answer to a client that reset must not reach whoever has its slot now. */
TEST(a_late_answer_meets_no_stranger)
{
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    for (int i = 0; i < 50; i++) {
        struct wire gone = wire_open(s.port);
        CHECK(wire_send_text(&gone, GET("/park")));
        struct exchange *x = stand_take(&s);
        REQUIRE(x);
        wire_reset(&gone);
        CHECK(stand_connections(&s, 0));
        struct wire heir = wire_open(s.port);
        CHECK(wire_send_text(&heir, GET("/park")));
        struct exchange *y = stand_take(&s);
        REQUIRE(y);
        CHECK_INT(x->ticket.slot, y->ticket.slot);
        x->answer.body = S("secret");
        exchange_answer(s.server, x);
        y->answer.body = S("mine");
        exchange_answer(s.server, y);
        struct wire_answer answer;
        REQUIRE(wire_answer(&heir, a, false, &answer));
        CHECK_STR(answer.body, S("mine"));
        wire_close(&heir);
        CHECK(stand_connections(&s, 0));
    }
    stand_stop(&s, SECOND_US);
}

/* Resets arrive together with each other and with answers, in one batch of events. */
TEST(a_storm_of_resets)
{
    enum { CLIENTS = 500 };
    static struct wire w[CLIENTS];
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < CLIENTS; i++) {
            w[i] = wire_open(s.port);
            CHECK(wire_send_text(&w[i], GET("/park") GET("/next")));
        }
        for (int i = 0; i < CLIENTS; i++) {
            struct exchange *x = stand_take(&s);
            REQUIRE(x);
            if (round == 0 || i % 2)
                wire_reset(&w[i]);
            else
                wire_close(&w[i]);
            x->answer.body = S("anyone there?");
            exchange_answer(s.server, x);
        }
        CHECK(stand_connections(&s, 0));
    }
    struct wire alive = wire_open(s.port);
    CHECK_STR(ask(&alive, a, GET("/x")), S("200 GET /x "));
    wire_close(&alive);
    stand_stop(&s, SECOND_US);
}

struct answerer {
    struct stand *stand;
    int n;
};

static void *answer_all(void *arg)
{
    struct answerer *k = arg;

    for (int i = 0; i < k->n; i++) {
        struct exchange *x = stand_take(k->stand);
        if (!x)
            return "nothing was parked";
        x->answer.body = str_copy(&x->arena, x->request.query);
        exchange_answer(k->stand->server, x);
    }
    return NULL;
}

TEST(answers_from_other_threads)
{
    enum { CLIENTS = 20, EACH = 50, THREADS = 4 };
    struct wire w[CLIENTS];
    struct wire_answer answer;
    struct stand s;
    pthread_t threads[THREADS];
    struct answerer work = {&s, CLIENTS * EACH / THREADS};
    void *problem;

    stand_start(&s, (struct server_config){.loops = 2});
    for (int i = 0; i < THREADS; i++)
        REQUIRE(pthread_create(&threads[i], NULL, answer_all, &work) == 0);
    for (int i = 0; i < CLIENTS; i++)
        w[i] = wire_open(s.port);
    for (int k = 0; k < EACH; k++) {
        for (int i = 0; i < CLIENTS; i++)
            CHECK(wire_send(
                &w[i], str_printf(a, "GET /park?%d-%d HTTP/1.1\r\nHost: a\r\n\r\n", i, k)));
        for (int i = 0; i < CLIENTS; i++) {
            REQUIRE(wire_answer(&w[i], a, false, &answer));
            CHECK_STR(answer.body, str_printf(a, "%d-%d", i, k));
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &problem);
        CHECK(problem == NULL);
    }
    for (int i = 0; i < CLIENTS; i++)
        wire_close(&w[i]);
    stand_stop(&s, SECOND_US);
}

/* --- streams --- */

/* Raw requests that some server or proxy reads in two ways. Each is followed by what an attacker
 * would have served as a second request. It must be refused with one answer, and the connection
 * closed with nothing else on it, and no handler may have run. */
#include "net/server.h"
#include "stand.h"
#include "test.h"
#include "wire.h"

#define SECOND "GET /second HTTP/1.1\r\nHost: a\r\n\r\n"

struct probe {
    const char *name;
    int status;
    struct str request;
};

#define PROBE(n, status, text)                                                                     \
    {                                                                                              \
        n, status,                                                                                 \
        {                                                                                          \
            text SECOND, sizeof(text SECOND) - 1                                                   \
        }                                                                                          \
    }
#define POST "POST /first HTTP/1.1\r\nHost: a\r\n"
#define CHUNKED "Transfer-Encoding: chunked\r\n"

static const struct probe probes[] = {
    PROBE("length and coding", 400, POST "Content-Length: 6\r\n" CHUNKED "\r\n0\r\n\r\nG"),
    PROBE("coding and length", 400, POST CHUNKED "Content-Length: 4\r\n\r\n1\r\nZ\r\n0\r\n\r\n"),
    PROBE("two lengths", 400, POST "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc"),
    PROBE("two equal lengths", 400, POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
    PROBE("list of lengths", 400, POST "Content-Length: 3, 3\r\n\r\nabc"),
    PROBE("length with a sign", 400, POST "Content-Length: +3\r\n\r\nabc"),
    PROBE("negative length", 400, POST "Content-Length: -1\r\n\r\nabc"),
    PROBE("hexadecimal length", 400, POST "Content-Length: 0x3\r\n\r\nabc"),
    PROBE("length in words", 400, POST "Content-Length: three\r\n\r\nabc"),
    PROBE("empty length", 400, POST "Content-Length: \r\n\r\nabc"),
    PROBE("huge length", 400, POST "Content-Length: 99999999999999999999\r\n\r\nabc"),
    PROBE("length wraps to 3", 400, POST "Content-Length: 18446744073709551619\r\n\r\nabc"),
    PROBE("length above the limit", 413, POST "Content-Length: 9999999999\r\n\r\nabc"),
    PROBE("space before the colon", 400, POST "Content-Length : 3\r\n\r\nabc"),
    PROBE("tab before the colon", 400, POST "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n"),
    PROBE("coding, space, colon", 400, POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
    PROBE("unknown coding", 501, POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
    PROBE("two codings", 400, POST CHUNKED CHUNKED "\r\n0\r\n\r\n"),
    PROBE("coding twice", 501, POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    PROBE("coding and identity", 400, POST CHUNKED "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n"),
    PROBE("coding not last", 501, POST "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
    PROBE("quoted coding", 501, POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
    PROBE("coding after VT", 400, POST "Transfer-Encoding:\vchunked\r\n\r\n0\r\n\r\n"),
    PROBE("coding in HTTP/1.0", 400, "POST /first HTTP/1.0\r\nHost: a\r\n" CHUNKED "\r\n0\r\n\r\n"),
    PROBE("folded coding", 501, POST "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
    PROBE("folded value", 400, POST "X: a\r\n b\r\nContent-Length: 3\r\n\r\nabc"),
    PROBE("fold before the first field", 400, "GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n"),
    PROBE("bare CR hides a coding", 400, POST "X: \rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    PROBE("bare CR before a name", 400, POST "\rContent-Length: 3\r\n\r\nabc"),
    PROBE("bare LF ends a line", 400, POST "X: y\nContent-Length: 3\r\n\r\nabc"),
    PROBE("bare LF ends the head", 400, POST "Content-Length: 3\r\n\nabc"),
    PROBE("LF everywhere", 400, "GET /first HTTP/1.1\nHost: a\n\n"),
    PROBE("NUL in a value", 400, POST "X: a\0b\r\n\r\n"),
    PROBE("NUL in a name", 400, POST "X\0Y: b\r\n\r\n"),
    PROBE("NUL in the coding", 400, POST "Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n"),
    PROBE("no Host", 400, "GET /first HTTP/1.1\r\n\r\n"),
    PROBE("two Hosts", 400, "GET /first HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    PROBE("list of Hosts", 400, "GET /first HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    PROBE("target for another Host", 400, "GET http://b/first HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("user in the target", 400, "GET http://a@b/first HTTP/1.1\r\nHost: b\r\n\r\n"),
    PROBE("space in the target", 400, "GET /fi rst HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("control in the target", 400, "GET /\x0b HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("line in the target", 400, "GET /\rX HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("HTTP/0.9", 400, "GET /first\r\n"),
    PROBE("HTTP/2.0", 505, "GET /first HTTP/2.0\r\nHost: a\r\n\r\n"),
    PROBE("preface of HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    PROBE("unknown method", 501, "FROB /first HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("CONNECT", 501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    PROBE("chunk size with 0x", 400, POST CHUNKED "\r\n0x3\r\nabc\r\n0\r\n\r\n"),
    PROBE("chunk size with a sign", 400, POST CHUNKED "\r\n+3\r\nabc\r\n0\r\n\r\n"),
    PROBE("chunk size wraps", 400, POST CHUNKED "\r\n100000000000000003\r\nabc\r\n0\r\n\r\n"),
    PROBE("huge chunk size", 413, POST CHUNKED "\r\nffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
    PROBE("space after chunk size", 400, POST CHUNKED "\r\n3 \r\nabc\r\n0\r\n\r\n"),
    PROBE("chunk extension", 400, POST CHUNKED "\r\n3;x=y\r\nabc\r\n0\r\n\r\n"),
    PROBE("chunk extension with LF", 400, POST CHUNKED "\r\n3;\nabc\r\n0\r\n\r\n"),
    PROBE("LF after chunk size", 400, POST CHUNKED "\r\n3\nabc\r\n0\r\n\r\n"),
    PROBE("LF after chunk data", 400, POST CHUNKED "\r\n3\r\nabc\n0\r\n\r\n"),
    PROBE("chunk too long", 400, POST CHUNKED "\r\n3\r\nabcd\r\n0\r\n\r\n"),
    PROBE("chunk without its end", 400, POST CHUNKED "\r\n3\r\nabc0\r\n\r\n"),
    PROBE("no chunk size", 400, POST CHUNKED "\r\n\r\nabc\r\n0\r\n\r\n"),
    PROBE("trailer", 400, POST CHUNKED "\r\n0\r\nContent-Length: 3\r\n\r\n"),
    PROBE("LF ends the last chunk", 400, POST CHUNKED "\r\n0\n\n"),
    PROBE("Expect something else", 417, POST "Expect: 100-continue, x\r\n\r\n"),
};

static void check_refused(struct test *t, struct arena *a, struct wire *w, const struct probe *p)
{
    struct wire_answer answer = {0};

    CHECK(wire_send(w, p->request));
    if (!wire_answer(w, a, false, &answer) || answer.status != p->status)
        test_fail(t, __FILE__, __LINE__, "%s: %d, not %d", p->name, answer.status, p->status);
    CHECK_STR(wire_header(answer.head, "Connection"), S("close"));
    CHECK_STR(wire_header(answer.head, "Content-Type"), S("application/problem+json"));
    if (!wire_ended(w))
        test_fail(t, __FILE__, __LINE__, "%s: more was answered", p->name);
}

TEST(probes_are_refused_and_nothing_behind_them_is_served)
{
    size_t n = sizeof probes / sizeof probes[0];
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    for (size_t i = 0; i < n; i++) {
        struct wire w = wire_open(s.port);
        check_refused(t, a, &w, &probes[i]);
        wire_close(&w);
    }
    CHECK_INT(s.handled, 0);
    for (size_t i = 0; i < n; i++) { /* on a connection that is in use */
        struct wire w = wire_open(s.port);
        CHECK(wire_send_text(&w, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        CHECK_INT(wire_status(&w, a), 200);
        check_refused(t, a, &w, &probes[i]);
        wire_close(&w);
    }
    CHECK_INT(s.handled, n);
    stand_stop(&s, SECOND_US);
}

/* What is fine ends exactly where it says, and what follows is the next request. */
TEST(bodies_end_where_they_say)
{
    static const char *const firsts[] = {
        POST "Content-Length: 3\r\n\r\nabc",
        POST CHUNKED "\r\n3\r\nabc\r\n0\r\n\r\n",
        POST CHUNKED "\r\n1\r\na\r\n002\r\nbc\r\n000\r\n\r\n",
        POST "transfer-ENCODING: \t Chunked \t\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    };
    struct stand s;

    stand_start(&s, (struct server_config){.loops = 1});
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        struct wire w = wire_open(s.port);
        struct wire_answer answer = {0};
        CHECK(wire_send_text(&w, firsts[i]) && wire_send_text(&w, SECOND));
        CHECK(wire_answer(&w, a, false, &answer));
        CHECK_STR(answer.body, S("POST /first abc"));
        CHECK(wire_answer(&w, a, false, &answer));
        CHECK_STR(answer.body, S("GET /second "));
        wire_close(&w);
    }
    stand_stop(&s, SECOND_US);
}

#include "net/http_parse.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "test.h"

#define H "Host: a\r\n"

/* Parses a copy of exactly that size, so that a sanitizer sees any read past the end. */
static int parse(struct arena *a, struct str in, struct http_head *h, struct http_request *r)
{
    *h = (struct http_head){0};
    *r = (struct http_request){0};
    return http_parse_head(h, r, str_copy(a, in).ptr, in.len);
}

static int status_of(struct arena *a, struct str in)
{
    struct http_head h;
    struct http_request r;

    return parse(a, in, &h, &r);
}

/* HTTP_MORE for a prefix, then the same answer however the bytes are cut. */
static int status_in_pieces(struct arena *a, struct str in, size_t cut)
{
    struct http_head h = {0};
    struct http_request r = {0};
    const char *copy = str_copy(a, in).ptr;
    int status = http_parse_head(&h, &r, copy, cut);

    return status == HTTP_MORE ? http_parse_head(&h, &r, copy, in.len) : status;
}

TEST(head_is_read)
{
    struct str in = S("POST /api/v2/alerts?a=1&b HTTP/1.1\r\nHost: pager.example:8080\r\n"
                      "X-Name: \t two words \t\r\ncontent-length: 3\r\nEmpty:\r\n\r\nabc");
    struct http_head h;
    struct http_request r;

    REQUIRE(parse(a, in, &h, &r) == HTTP_DONE);
    CHECK(r.method == HTTP_POST);
    CHECK_STR(r.target, S("/api/v2/alerts?a=1&b"));
    CHECK_STR(r.path, S("/api/v2/alerts"));
    CHECK_STR(r.query, S("a=1&b"));
    CHECK_STR(r.host, S("pager.example:8080"));
    CHECK_INT(r.nheaders, 4);
    CHECK_STR(http_header(&r, S("x-NAME")), S("two words"));
    CHECK_STR(http_header(&r, S("Empty")), S(""));
    CHECK(http_header(&r, S("Empty")).ptr != NULL);
    CHECK(http_header(&r, S("Absent")).ptr == NULL);
    CHECK(h.framing == HTTP_LENGTH);
    CHECK_INT(h.content_length, 3);
    CHECK_INT(h.length, in.len - 3);
    CHECK(h.keep_alive);
}

TEST(methods)
{
    for (unsigned m = 0; m < HTTP_METHODS; m++) {
        struct http_head h;
        struct http_request r;
        struct str name = http_method_name((enum http_method)m);
        REQUIRE(parse(a, str_printf(a, "%.*s / HTTP/1.1\r\n" H "\r\n", STR(name)), &h, &r) ==
                HTTP_DONE);
        CHECK_INT(r.method, m);
    }
}

static const struct {
    int status;
    const char *head;
} refused[] = {
    {HTTP_DONE, "GET / HTTP/1.1\r\n" H "\r\n"},
    {HTTP_DONE, "\r\nGET / HTTP/1.1\r\n" H "\r\n"},
    {400, "\r\n\r\nGET / HTTP/1.1\r\n" H "\r\n"},
    {400, "\nGET / HTTP/1.1\r\n" H "\r\n"},
    {400, " GET / HTTP/1.1\r\n" H "\r\n"},
    {400, "GET /\r\n" H "\r\n"},
    {400, "GET  / HTTP/1.1\r\n" H "\r\n"},
    {400, "GET /  HTTP/1.1\r\n" H "\r\n"},
    {400, "GET\t/ HTTP/1.1\r\n" H "\r\n"},
    {400, "GET / HTTP/1.1 \r\n" H "\r\n"},
    {400, "GET / HTTP/1.1\n" H "\r\n"},
    {400, "GET / HTTP/1.1\rX\r\n" H "\r\n"},
    {400, "GET /\x01 HTTP/1.1\r\n" H "\r\n"},
    {400, "GET /\xc3\xa9 HTTP/1.1\r\n" H "\r\n"},
    {400, "GET /#top HTTP/1.1\r\n" H "\r\n"},
    {400, "GET * HTTP/1.1\r\n" H "\r\n"},
    {400, "OPTIONS * HTTP/1.1\r\n" H "\r\n"},
    {400, "GET a HTTP/1.1\r\n" H "\r\n"},
    {400, "G@T / HTTP/1.1\r\n" H "\r\n"},
    {400, "GET / http/1.1\r\n" H "\r\n"},
    {400, "GET / HTTP/1.\r\n" H "\r\n"},
    {400, "GET / HTTP/1.11\r\n" H "\r\n"},
    {400, "GET / HTTP/+1.1\r\n" H "\r\n"},
    {505, "GET / HTTP/0.9\r\n" H "\r\n"},
    {505, "GET / HTTP/1.2\r\n" H "\r\n"},
    {505, "GET / HTTP/2.0\r\n" H "\r\n"},
    {505, "PRI * HTTP/2.0\r\n\r\n"},
    {501, "get / HTTP/1.1\r\n" H "\r\n"},
    {501, "TRACE / HTTP/1.1\r\n" H "\r\n"},
    {501, "CONNECT a:443 HTTP/1.1\r\n" H "\r\n"},

    {400, "GET / HTTP/1.1\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H H "\r\n"},
    {400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {HTTP_DONE, "GET / HTTP/1.1\r\nhOST: [::1]:8080\r\n\r\n"},
    {HTTP_DONE, "GET / HTTP/1.0\r\n\r\n"},
    {400, "GET / HTTP/1.0\r\n" H H "\r\n"},
    {HTTP_DONE, "GET http://a/x HTTP/1.1\r\n" H "\r\n"},
    {HTTP_DONE, "GET HTTPS://A HTTP/1.1\r\n" H "\r\n"},
    {400, "GET http://b/x HTTP/1.1\r\n" H "\r\n"},
    {400, "GET http://a@b/x HTTP/1.1\r\nHost: b\r\n\r\n"},
    {400, "GET http://a?x HTTP/1.1\r\n" H "\r\n"},
    {400, "GET http:///x HTTP/1.1\r\n" H "\r\n"},
    {400, "GET ftp://a/x HTTP/1.1\r\n" H "\r\n"},

    {400, "GET / HTTP/1.1\r\n" H "X : y\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H " X: y\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: y\r\n z\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: y\r\n\tz\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H ": y\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X(y): z\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X\xc3\xa9: z\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: a\rb\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: a\nb\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: a\r\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: a\x7f\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: a\x1b\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "X: \xff\r\n\r\n"},
    {HTTP_DONE, "GET / HTTP/1.1\r\n" H "X: \xc3\xa9\r\n\r\n"},
    {400, "GET / HTTP/1.1\r\n" H "\n"},

    {400, "POST / HTTP/1.1\r\n" H "Content-Length:\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: +3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: -3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 0x3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 3 \v\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 3 3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 3, 3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 0\r\nContent-Length: 3\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 9223372036854775808\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 18446744073709551619\r\n\r\n"},
    {HTTP_DONE, "POST / HTTP/1.1\r\n" H "Content-Length: 9223372036854775807\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {400, "POST / HTTP/1.0\r\n" H "Transfer-Encoding: chunked\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding : chunked\r\n\r\n"},
    {400, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: \vchunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding:\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: identity\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: gzip, chunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked, chunked\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: \"chunked\"\r\n\r\n"},
    {501, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: chunked;q=1\r\n\r\n"},
    {HTTP_DONE, "POST / HTTP/1.1\r\n" H "Transfer-Encoding: CHUNKED\r\n\r\n"},
    {417, "POST / HTTP/1.1\r\n" H "Expect: 200-ok\r\n\r\n"},
    {HTTP_DONE, "POST / HTTP/1.1\r\n" H "Expect: 100-Continue\r\n\r\n"},
    {HTTP_MORE, "GET / HTTP/1.1\r\n" H "\r"},
    {HTTP_MORE, ""},
};

TEST(refusals)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct str in = str_from(refused[i].head);
        int got = status_of(a, in);
        if (got != refused[i].status)
            test_fail(t, __FILE__, __LINE__, "%d, not %d, for %s", got, refused[i].status, in.ptr);
        for (size_t cut = 0; cut <= in.len; cut++)
            CHECK_INT(status_in_pieces(a, in, cut), refused[i].status);
    }
}

TEST(nul_is_refused_everywhere)
{
    /* More bytes follow the head, so that a destroyed line end is not just waited for. */
    struct str in = S("GET /x HTTP/1.1\r\n" H "X: y\r\n\r\nZ\r\n");

    for (size_t i = 0; i < in.len - 3; i++) {
        struct str copy = str_copy(a, in);
        ((char *)copy.ptr)[i] = '\0';
        CHECK_INT(status_of(a, copy), 400);
    }
}

TEST(connection_and_framing)
{
    static const struct {
        bool keep_alive;
        const char *head;
    } cases[] = {
        {true, "GET / HTTP/1.1\r\n" H "\r\n"},
        {false, "GET / HTTP/1.1\r\n" H "Connection: close\r\n\r\n"},
        {false, "GET / HTTP/1.1\r\n" H "Connection: x,Close , y\r\n\r\n"},
        {false, "GET / HTTP/1.1\r\n" H "Connection: keep-alive\r\nConnection: close\r\n\r\n"},
        {true, "GET / HTTP/1.1\r\n" H "Connection: closed\r\n\r\n"},
        {true, "GET / HTTP/1.1\r\n" H "Connection:\r\n\r\n"},
        {false, "GET / HTTP/1.0\r\n\r\n"},
        {true, "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"},
    };
    struct http_head h;
    struct http_request r;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        CHECK_INT(parse(a, str_from(cases[i].head), &h, &r), HTTP_DONE);
        CHECK_INT(h.keep_alive, cases[i].keep_alive);
        CHECK(h.framing == HTTP_NO_BODY);
    }
    CHECK(parse(a, S("GET / HTTP/1.1\r\n" H "Content-Length: 0\r\n\r\n"), &h, &r) == HTTP_DONE);
    CHECK(h.framing == HTTP_NO_BODY);
    CHECK(parse(a, S("GET / HTTP/1.1\r\n" H "Transfer-Encoding: chunked\r\n\r\n"), &h, &r) ==
          HTTP_DONE);
    CHECK(h.framing == HTTP_CHUNKED);
    CHECK(parse(a, S("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"), &h, &r) == HTTP_DONE);
    CHECK(!h.expect_continue);
    CHECK(parse(a, S("GET http://a/p?q HTTP/1.1\r\n" H "\r\n"), &h, &r) == HTTP_DONE);
    CHECK_STR(r.target, S("/p?q"));
    CHECK(parse(a, S("GET http://a HTTP/1.1\r\n" H "\r\n"), &h, &r) == HTTP_DONE);
    CHECK_STR(r.path, S("/"));
}

static struct str filled(struct arena *a, const char *before, size_t n, const char *after)
{
    struct buf b;

    buf_init(&b, a, (size_t)1 << 20);
    buf_add(&b, str_from(before));
    while (n--)
        buf_addc(&b, 'x');
    buf_add(&b, str_from(after));
    return buf_str(&b);
}

TEST(limits_at_and_one_past)
{
    size_t rest = sizeof "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n" - 1;
    struct str most = filled(a, "GET / HTTP/1.1\r\n" H "X: ", HTTP_MAX_HEAD - rest, "\r\n\r\n");
    struct str more = filled(a, "GET / HTTP/1.1\r\n" H "X: ", HTTP_MAX_HEAD - rest + 1, "\r\n\r\n");

    CHECK_INT(most.len, HTTP_MAX_HEAD);
    CHECK_INT(status_of(a, most), HTTP_DONE);
    CHECK_INT(status_of(a, more), 431);
    CHECK_INT(status_of(a, str_slice(most, 0, HTTP_MAX_HEAD - 1)), HTTP_MORE);
    CHECK_INT(status_of(a, str_slice(more, 0, HTTP_MAX_HEAD)), 431);

    CHECK_INT(
        status_of(a, filled(a, "GET /", HTTP_MAX_TARGET - 1, " HTTP/1.1\r\n" H "\r\n")), HTTP_DONE);
    CHECK_INT(status_of(a, filled(a, "GET /", HTTP_MAX_TARGET, " HTTP/1.1\r\n" H "\r\n")), 414);
    CHECK_INT(status_of(a, filled(a, "GET /", HTTP_MAX_TARGET, "")), HTTP_MORE);
    CHECK_INT(status_of(a, filled(a, "GET /", HTTP_MAX_TARGET + 60, "")), HTTP_MORE);
    CHECK_INT(status_of(a, filled(a, "GET /", HTTP_MAX_TARGET + 61, "")), 414);

    for (int n = HTTP_MAX_HEADERS; n <= HTTP_MAX_HEADERS + 1; n++) {
        struct buf b;
        buf_init(&b, a, 1 << 16);
        buf_add(&b, S("GET / HTTP/1.1\r\n" H));
        for (int i = 1; i < n; i++)
            buf_printf(&b, "X%d: y\r\n", i);
        buf_add(&b, S("\r\n"));
        CHECK_INT(status_of(a, buf_str(&b)), n == HTTP_MAX_HEADERS ? HTTP_DONE : 431);
    }
}

/* Feeds `in` in two pieces; what is decoded is put in *body, what is left over in *rest. */
static int dechunk(struct arena *a, struct str in, size_t cut, struct str *body, size_t *rest)
{
    struct http_chunks c = {0};
    char *p = (char *)str_copy(a, in).ptr;
    size_t at = 0, out = 0;
    int status = http_parse_chunks(&c, p, cut, &at, &out);

    if (status == HTTP_MORE) {
        if (at != cut)
            return -1;
        status = http_parse_chunks(&c, p, in.len, &at, &out);
    }
    *body = (struct str){p, out};
    *rest = in.len - at;
    return status;
}

TEST(chunks)
{
    static const struct {
        int status;
        const char *in, *body;
        size_t rest;
    } cases[] = {
        {HTTP_DONE, "0\r\n\r\n", "", 0},
        {HTTP_DONE, "3\r\nabc\r\n0\r\n\r\n", "abc", 0},
        {HTTP_DONE, "3\r\nabc\r\nA\r\n0123456789\r\n00\r\n\r\nGET", "abc0123456789", 3},
        {HTTP_DONE, "0000000000000003\r\n\r\n0\r\n0000000000000000\r\n\r\n", "\r\n0", 0},
        {HTTP_DONE, "1a\r\nabcdefghijklmnopqrstuvwxyz\r\n010\r\n0123456789aBcDeF\r\n0\r\n\r\n",
            "abcdefghijklmnopqrstuvwxyz0123456789aBcDeF", 0},
        {HTTP_MORE, "3\r\nab", "ab", 0},
        {HTTP_MORE, "3\r\nabc\r\n0\r\n\r", "abc", 0},
        {400, "00000000000000003\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "3\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "3\r\nabc\n0\r\n\r\n", NULL, 0},
        {400, "3\r\nabcd\r\n0\r\n\r\n", NULL, 0},
        {400, "3\r\nabc0\r\n\r\n", NULL, 0},
        {400, "3;x=y\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "3 \r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, " 3\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "0x3\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "+3\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "-3\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "g\r\nabc\r\n0\r\n\r\n", NULL, 0},
        {400, "3\r\nabc\r\n0\r\nX: y\r\n\r\n", NULL, 0},
        {400, "0\r\n\n", NULL, 0},
        {400, "0\r\r\n\r\n", NULL, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str in = str_from(cases[i].in), body;
        size_t rest = 0;
        for (size_t cut = 0; cut <= in.len; cut++) {
            int status = dechunk(a, in, cut, &body, &rest);
            if (status != cases[i].status)
                test_fail(t, __FILE__, __LINE__, "%d for %s cut at %zu", status, in.ptr, cut);
            if (status < 400) {
                CHECK_STR(body, str_from(cases[i].body));
                CHECK_INT(rest, cases[i].rest);
            }
        }
    }
}

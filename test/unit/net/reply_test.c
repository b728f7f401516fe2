#include "net/reply.h"

#include "net/server.h"
#include "test.h"

#define DATE S("Sat, 21 Nov 2026 13:00:00 GMT")

static struct str whole(struct arena *a, const struct answer *answer, struct reply_frame frame)
{
    struct str pieces[2];

    frame.date = DATE;
    if (!reply_build(a, answer, &frame, pieces))
        return S("refused");
    return str_printf(a, "%.*s%.*s", STR(pieces[0]), STR(pieces[1]));
}

TEST(answers)
{
    struct answer x = {.status = 200, .body = S("hi")};

    CHECK_STR(whole(a, &x, (struct reply_frame){0}),
        S("HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 13:00:00 GMT\r\nContent-Length: 2\r\n\r\nhi"));
    answer_header(&x, S("X-Y"), S("z"));
    CHECK_STR(whole(a, &x, (struct reply_frame){.connection = REPLY_CLOSE, .head_only = true}),
        S("HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 13:00:00 GMT\r\nX-Y: z\r\nContent-Length: "
          "2\r\n"
          "Connection: close\r\n\r\n"));
    x = (struct answer){.status = 204, .body = S("ignored")};
    CHECK_STR(whole(a, &x, (struct reply_frame){.connection = REPLY_SAY_KEEP_ALIVE}),
        S("HTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 13:00:00 GMT\r\n"
          "Connection: keep-alive\r\n\r\n"));
    x = (struct answer){.status = 299, .stream = true, .body = S("data: 1\n\n")};
    CHECK_STR(whole(a, &x, (struct reply_frame){.connection = REPLY_CLOSE}),
        S("HTTP/1.1 299 \r\nDate: Sat, 21 Nov 2026 13:00:00 GMT\r\nConnection: close\r\n\r\ndata: "
          "1\n\n"));
}

TEST(a_large_body_is_not_copied)
{
    struct answer x = {.status = 200, .body = {arena_alloc(a, 4097, 1), 4097}};
    struct reply_frame frame = {.date = DATE};
    struct str pieces[2];

    REQUIRE(reply_build(a, &x, &frame, pieces));
    CHECK(pieces[1].ptr == x.body.ptr && pieces[1].len == 4097);
    x.body.len = 4096;
    REQUIRE(reply_build(a, &x, &frame, pieces));
    CHECK(pieces[1].len == 0);
}

TEST(what_would_split_an_answer_is_refused)
{
    static const char *const bad[][2] = {{"X", "a\r\nSet-Cookie: b"}, {"X", "a\n"}, {"X", "\r"},
        {"X", "\x7f"}, {"X: y\r\nZ", "a"}, {"", "a"}, {"X Y", "a"}, {"X:", "a"}};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer x = {.status = 200};
        answer_header(&x, str_from(bad[i][0]), str_from(bad[i][1]));
        CHECK_STR(whole(a, &x, (struct reply_frame){0}), S("refused"));
    }
    struct answer x = {.status = 200};
    answer_header(&x, S("X"), (struct str){"a\0b", 3});
    CHECK_STR(whole(a, &x, (struct reply_frame){0}), S("refused"));
    for (int status = -1; status < 700; status++) {
        x = (struct answer){.status = status};
        CHECK_INT(str_eq(whole(a, &x, (struct reply_frame){0}), S("refused")),
            status < 200 || status > 599);
    }
}

TEST(dates)
{
    char out[REPLY_DATE_LENGTH + 1];

    CHECK_STR(reply_date(0, out), S("Thu, 01 Jan 1970 00:00:00 GMT"));
    CHECK_STR(reply_date(784111777, out), S("Sun, 06 Nov 1994 08:49:37 GMT"));
    CHECK_STR(reply_date(1709251199, out), S("Thu, 29 Feb 2024 23:59:59 GMT"));
}

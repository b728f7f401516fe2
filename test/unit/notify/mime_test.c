#include "notify/mime.h"

#include "base/base64.h"
#include "base/buf.h"
#include "test.h"

static struct str header(struct arena *a, struct str name, struct str text)
{
    struct buf b;

    buf_init(&b, a, 65536);
    mime_header(&b, name, text);
    return buf_str(&b);
}

static void check_lines(struct test *t, struct str s)
{
    while (s.len) {
        struct str line;

        s = str_cut(s, '\n', &line);
        CHECK(str_ends(line, S("\r")));
        if (line.len > 79)
            test_fail(t, __FILE__, __LINE__, "%zu columns: %.*s", line.len - 1, STR(line));
    }
}

/* Unfolds and decodes what RFC 2047 says a reader does. */
static struct str decoded(struct arena *a, struct str header)
{
    struct buf b;

    buf_init(&b, a, 65536);
    header = str_trim(str_slice(header, str_find(header, ':') + 1, header.len));
    while (header.len) {
        struct str word, bytes;

        if (!str_starts(header, S("=?UTF-8?B?"))) {
            if (header.ptr[0] != '\r' && header.ptr[0] != '\n')
                buf_addc(&b, header.ptr[0]);
            header = str_slice(header, 1, header.len);
            continue;
        }
        header = str_cut(str_slice(header, 10, header.len), '?', &word);
        if (base64_decode(a, word, &bytes))
            buf_add(&b, bytes);
        header = str_slice(header, 1, header.len);
        if (str_starts(header, S("\r\n =?")))
            header = str_slice(header, 3, header.len);
    }
    return buf_str(&b);
}

TEST(headers_go_round)
{
    const struct str texts[] = {
        S("[SEV1] INC-20261121-003 Card payments fail"),
        S("Не проходит оплата картой: каждая вторая попытка отклоняется банком, растёт очередь"),
        S("決済が失敗しています。決済が失敗しています。決済が失敗しています。"),
        S("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"),
        S("a word that is long: "
          "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
          "x"),
        S("two  spaces, and =?UTF-8?B?Zm9v?= that is not ours"),
        S("many short words that must be folded somewhere because together they pass the width of "
          "a "
          "line, and even of a second line, if there are enough of them"),
        S("x"),
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str h = header(a, S("Subject"), texts[i]);

        check_lines(t, h);
        CHECK(str_starts(h, S("Subject: ")));
        CHECK_STR(decoded(a, h), texts[i]);
    }
    CHECK_STR(header(a, S("Subject"), S("[SEV1] INC-1 Down")), S("Subject: [SEV1] INC-1 Down\r\n"));
    CHECK_STR(header(a, S("Subject"), S("é")), S("Subject: =?UTF-8?B?w6k=?=\r\n"));
    CHECK_STR(header(a, S("Subject"), STR_NONE), S("Subject: \r\n"));
}

TEST(no_header_is_added_through_a_value)
{
    const struct str texts[] = {S("x\r\nBcc: eve@example.com"), S("x\nBcc: eve@example.com"),
        S("x\r\n\r\nbody"), S("x\rBcc: y"), S("x\0y"), S("é\r\nBcc: eve@example.com")};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str h = header(a, S("Subject"), texts[i]);

        CHECK(!str_contains(h, S("\nBcc")));
        CHECK(!str_contains(h, S("\r\n\r\n")));
        CHECK_INT(str_find(h, '\0'), h.len);
        CHECK(str_ends(h, S("\r\n")));
        for (size_t j = 0; j + 2 < h.len; j++)
            if (h.ptr[j] == '\n')
                CHECK(h.ptr[j + 1] == ' ');
    }
}

static struct str mailbox(struct arena *a, struct str display, struct str address)
{
    struct buf b;

    buf_init(&b, a, 65536);
    mime_mailbox(&b, S("To"), display, address);
    return buf_str(&b);
}

TEST(mailboxes)
{
    CHECK_STR(mailbox(a, STR_NONE, S("a@b")), S("To: <a@b>\r\n"));
    CHECK_STR(mailbox(a, S("Alice"), S("a@b")), S("To: \"Alice\" <a@b>\r\n"));
    CHECK_STR(mailbox(a, S("A \"x\" \\"), S("a@b")), S("To: \"A \\\"x\\\" \\\\\" <a@b>\r\n"));
    CHECK_STR(mailbox(a, S("Müller"), S("a@b")), S("To: =?UTF-8?B?TcO8bGxlcg==?= <a@b>\r\n"));
    CHECK_STR(
        mailbox(a, S("x\r\nBcc: y@z"), S("a@b")), S("To: =?UTF-8?B?eCAgQmNjOiB5QHo=?= <a@b>\r\n"));
    struct str name = S("Константин Константинович Константинопольский из отдела надёжности");
    struct str address = S("konstantin.konstantinovich@very-long-domain-name.example.com");
    check_lines(t, mailbox(a, name, address));
    CHECK(str_contains(mailbox(a, name, address), S("\r\n <konstantin.")));
}

static struct str quoted(struct arena *a, struct str text)
{
    struct buf b;

    buf_init(&b, a, 65536);
    mime_quoted_printable(&b, text);
    return buf_str(&b);
}

TEST(quoted_printable)
{
    CHECK_STR(quoted(a, S("a=b\n")), S("a=3Db\r\n"));
    CHECK_STR(quoted(a, S("one\ntwo")), S("one\r\ntwo\r\n"));
    CHECK_STR(quoted(a, S("one\r\ntwo\r\n")), S("one\r\ntwo\r\n"));
    CHECK_STR(quoted(a, S("blank \ntab\t\n")), S("blank=20\r\ntab=09\r\n"));
    CHECK_STR(quoted(a, S("é\x01\r.")), S("=C3=A9=01=0D.\r\n"));
    struct str line = str_printf(a, "%075d", 0);
    CHECK_STR(quoted(a, line), str_printf(a, "%s\r\n", line.ptr));
    CHECK_STR(quoted(a, str_printf(a, "%s0", line.ptr)), str_printf(a, "%s=\r\n0\r\n", line.ptr));
    check_lines(
        t, quoted(a, S("Длинная строка текста, в которой каждая буква занимает шесть колонок")));
}

TEST(dates)
{
    const struct {
        int64_t seconds;
        struct str text;
    } cases[] = {{0, S("Date: Thu, 1 Jan 1970 00:00:00 +0000\r\n")},
        {1795262400, S("Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n")},
        {951782399, S("Date: Mon, 28 Feb 2000 23:59:59 +0000\r\n")},
        {951868799, S("Date: Tue, 29 Feb 2000 23:59:59 +0000\r\n")}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buf b;
        buf_init(&b, a, 100);
        mime_date(&b, (instant){cases[i].seconds * SECOND_US});
        CHECK_STR(buf_str(&b), cases[i].text);
    }
}

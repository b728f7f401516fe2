#include "base/utf8.h"

#include <string.h>

#include "test.h"

TEST(every_code_point)
{
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        char p[4];
        uint32_t back = 0;
        size_t n = utf8_encode(cp, p);
        bool can = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
        if ((n != 0) != can)
            test_fail(t, __FILE__, __LINE__, "U+%04X takes %zu bytes", cp, n);
        if (n && (utf8_decode((struct str){p, n}, &back) != n || back != cp ||
                !utf8_valid((struct str){p, n}) || utf8_length((struct str){p, n}) != 1))
            test_fail(t, __FILE__, __LINE__, "U+%04X comes back as U+%04X", cp, back);
        if (n > 1 && utf8_valid((struct str){p, n - 1}))
            test_fail(t, __FILE__, __LINE__, "U+%04X is accepted when cut", cp);
    }
}

/* Every sequence of up to four bytes is valid exactly when the decoder's answer encodes to it. */
TEST(every_two_and_three_bytes)
{
    for (uint32_t v = 0; v < 1u << 24; v++) {
        char p[4] = {(char)(v >> 16), (char)(v >> 8), (char)v}, again[4];
        uint32_t cp;
        size_t n = utf8_decode((struct str){p, 3}, &cp);
        if (n && (utf8_encode(cp, again) != n || memcmp(p, again, n) != 0))
            test_fail(t, __FILE__, __LINE__, "%06x decodes to U+%04X", v, cp);
    }
}

TEST(refused)
{
    static const struct str bad[] = {{"\x80", 1}, {"\xbf", 1}, {"\xc0\x80", 2}, {"\xc1\xbf", 2},
        {"\xc3", 1}, {"\xe0\x80\x80", 3}, {"\xe0\x9f\xbf", 3}, {"\xed\xa0\x80", 3},
        {"\xed\xbf\xbf", 3}, {"\xf0\x80\x80\x80", 4}, {"\xf0\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 4}, {"\xf5\x80\x80\x80", 4}, {"\xfe", 1}, {"\xff", 1},
        {"\xe2\x82", 2}, {"\xf0\x9f\x92", 3}, {"\xc3\x28", 2}, {"plain text, then \xff", 18},
        {"12345678\x80", 9}};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (utf8_valid(bad[i]))
            test_fail(t, __FILE__, __LINE__, "case %zu is accepted", i);
    CHECK(utf8_valid(S("")));
    CHECK(utf8_valid(STR_NONE));
    CHECK(utf8_valid(S("plain text, Привет, 日本語, 😀 and on")));
}

TEST(length_and_truncation)
{
    CHECK_INT(utf8_length(S("Привет 😀")), 8);
    CHECK_INT(utf8_length(S("")), 0);
    CHECK_STR(utf8_truncate(S("Привет"), 3), S("При"));
    CHECK_STR(utf8_truncate(S("Привет"), 6), S("Привет"));
    CHECK_STR(utf8_truncate(S("Привет"), 7), S("Привет"));
    CHECK_STR(utf8_truncate(S("😀😀"), 1), S("😀"));
    CHECK_STR(utf8_truncate(S("abc"), 0), S(""));
    CHECK(!utf8_truncate(STR_NONE, 5).ptr);
}

TEST(folding)
{
    CHECK_STR(utf8_fold(a, S("Hello, World 42")), S("hello, world 42"));
    CHECK_STR(utf8_fold(a, S("ПРИВЕТ, Ёлка и ёж")), S("привет, елка и еж"));
    CHECK_STR(utf8_fold(a, S("Ћирилица ЇЖАК Ґанок Ўрал")), S("ћирилица їжак ґанок ўрал"));
    CHECK_STR(utf8_fold(a, S("ΣΊΣΥΦΟΣ σίσυφος")), S("σίσυφοσ σίσυφοσ"));
    CHECK_STR(utf8_fold(a, S("ÀÉÎÕÜ Žluťoučký KŮŇ Łódź Ỳ ẞ İ ǅ Ÿ")),
        S("àéîõü žluťoučký kůň łódź ỳ ß i ǆ ÿ"));
    CHECK_STR(utf8_fold(a, S("× ÷ 日本 😀 \xff \xd0")), S("× ÷ 日本 😀 \xff \xd0"));
    /* The one that grows. */
    CHECK_STR(utf8_fold(a, S("ȺȺȺ")), S("ⱥⱥⱥ"));
}

TEST(folding_twice_changes_nothing)
{
    for (uint32_t cp = 1; cp < 0x2100; cp++) {
        char p[4];
        struct str once = utf8_fold(a, (struct str){p, utf8_encode(cp, p)});
        if (!utf8_valid(once) || !str_eq(utf8_fold(a, once), once))
            test_fail(t, __FILE__, __LINE__, "U+%04X", cp);
    }
}

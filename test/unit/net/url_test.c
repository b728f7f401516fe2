#include "net/url.h"

#include "base/buf.h"
#include "test.h"

TEST(decoding)
{
    static const struct {
        const char *in, *out; /* NULL: refused */
    } cases[] = {
        {"", ""},
        {"abc", "abc"},
        {"a+b", "a+b"},
        {"%41%2f%2F", "A//"},
        {"%C3%A9", "é"},
        {"100%25", "100%"},
        {"%", NULL},
        {"%4", NULL},
        {"a%4", NULL},
        {"%4g", NULL},
        {"%g4", NULL},
        {"%%41", NULL},
        {"%00", NULL},
        {"a%00b", NULL},
        {"%FF", NULL},
        {"%C3", NULL},
        {"%ED%A0%80", NULL},
        {"%C0%AF", NULL},
        {"\xff", NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str out = S("untouched");
        bool ok = url_decode(a, str_copy(a, str_from(cases[i].in)), &out);
        CHECK_INT(ok, cases[i].out != NULL);
        CHECK_STR(out, ok ? str_from(cases[i].out) : S("untouched"));
    }
    struct str out;
    CHECK(!url_decode(a, (struct str){"a\0b", 3}, &out));
}

TEST(params)
{
    struct str rest = S("&a=1&&b=x+y%26z&c&=d&e=f=g&"), name, value;
    struct str want[] = {
        S("a"), S("1"), S("b"), S("x y&z"), S("c"), S(""), S(""), S("d"), S("e"), S("f=g")};
    size_t n = 0;

    while (url_next_param(a, &rest, &name, &value)) {
        REQUIRE(n < sizeof want / sizeof want[0]);
        CHECK_STR(name, want[n]);
        CHECK_STR(value, want[n + 1]);
        n += 2;
    }
    CHECK_INT(n, sizeof want / sizeof want[0]);
    CHECK_INT(rest.len, 0);

    rest = S("a=1&b=%zz&c=3");
    CHECK(url_next_param(a, &rest, &name, &value));
    CHECK(!url_next_param(a, &rest, &name, &value));
    CHECK_STR(rest, S("b=%zz&c=3"));
    CHECK_STR(name, S("a"));

    rest = STR_NONE;
    CHECK(!url_next_param(a, &rest, &name, &value));
}

TEST(segments)
{
    static const struct {
        const char *path, *joined;
    } cases[] = {
        {"/", "[]"},
        {"/a", "[a]"},
        {"/a/", "[a][]"},
        {"/a/b%2Fc", "[a][b/c]"},
        {"//a", "[][a]"},
        {"", ""},
        {"a/b", "!"},
        {"/a/%00/b", "[a]!"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str rest = str_from(cases[i].path), segment;
        struct buf b;
        buf_init(&b, a, 256);
        while (url_next_segment(a, &rest, &segment))
            buf_printf(&b, "[%.*s]", STR(segment));
        if (rest.len)
            buf_addc(&b, '!');
        CHECK_STR(buf_str(&b), str_from(cases[i].joined));
    }
}

TEST(encoding_is_undone_by_decoding)
{
    struct buf b;
    char all[255];
    struct str out;

    buf_init(&b, a, 4096);
    url_encode(&b, S("Az09-._~ /?&=+%é"));
    CHECK_STR(buf_str(&b), S("Az09-._~%20%2F%3F%26%3D%2B%25%C3%A9"));
    for (int i = 1; i < 128; i++)
        all[i - 1] = (char)i;
    buf_init(&b, a, 4096);
    url_encode(&b, (struct str){all, 127});
    REQUIRE(url_decode(a, buf_str(&b), &out));
    CHECK_STR(out, ((struct str){all, 127}));
    struct str rest = buf_str(&b), name, value;
    REQUIRE(url_next_param(a, &rest, &name, &value));
    CHECK_STR(name, ((struct str){all, 127}));
}

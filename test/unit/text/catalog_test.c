#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/catalog.h"
#include "text/plural.h"

#define RUSSIAN                                                                                    \
    "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2"
#define HEADER "Content-Type: text/plain; charset=UTF-8\n"

struct pair {
    struct str id, text;
};

static void put_u32(char *p, uint32_t v, bool big_endian)
{
    for (int i = 0; i < 4; i++)
        p[big_endian ? 3 - i : i] = (char)(v >> (8 * i));
}

/* A .mo file by hand: header, two tables, the strings. */
static struct str make_mo(struct arena *a, const struct pair *pairs, size_t n, bool big_endian)
{
    size_t at = 28 + n * 16, size = at;

    for (size_t i = 0; i < n; i++)
        size += pairs[i].id.len + pairs[i].text.len + 2;
    char *p = arena_alloc(a, size, 1);
    uint32_t head[7] = {0x950412de, 0, (uint32_t)n, 28, (uint32_t)(28 + n * 8), 0, (uint32_t)size};
    for (size_t i = 0; i < 7; i++)
        put_u32(p + 4 * i, head[i], big_endian);
    for (size_t k = 0; k < 2 * n; k++) {
        struct str s = k < n ? pairs[k].id : pairs[k - n].text;
        put_u32(p + 28 + k * 8, (uint32_t)s.len, big_endian);
        put_u32(p + 28 + k * 8 + 4, (uint32_t)at, big_endian);
        if (s.len)
            memcpy(p + at, s.ptr, s.len);
        at += s.len + 1;
    }
    return (struct str){p, size};
}

static void check_russian(struct test *t, const struct catalog *c)
{
    static const struct {
        int64_t n;
        const char *want;
    } cases[] = {{0, "инцидентов"}, {1, "инцидент"}, {2, "инцидента"}, {4, "инцидента"},
        {5, "инцидентов"}, {11, "инцидентов"}, {14, "инцидентов"}, {21, "инцидент"},
        {22, "инцидента"}, {101, "инцидент"}, {111, "инцидентов"}, {-1, "инцидент"},
        {1000000000001, "инцидент"}, {INT64_MIN, "инцидентов"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(catalog_plural(c, S("incident"), S("incidents"), cases[i].n),
            str_from(cases[i].want));
    CHECK_STR(catalog_text(c, S("Hello")), S("Привет"));
    CHECK_STR(catalog_text(c, S("Nothing")), S("Nothing"));
    CHECK_STR(catalog_text(c, S("incident")), S("инцидент"));
    CHECK_STR(catalog_text(c, S("")), S(""));
    CHECK_STR(catalog_plural(c, S("incident"), S("other"), 5), S("other"));
    CHECK_STR(catalog_plural(c, S("Hello"), S("Hellos"), 2), S("Hellos"));
}

static const struct pair russian[] = {
    {{"", 0}, {HEADER "Plural-Forms: nplurals=3; plural=" RUSSIAN ";\n",
                  sizeof HEADER "Plural-Forms: nplurals=3; plural=" RUSSIAN ";\n" - 1}},
    {{"Empty", 5}, {"", 0}},
    {{"Hello", 5}, {"Привет", 12}},
    {{"incident\0incidents", 18}, {"инцидент\0инцидента\0инцидентов", 56}},
};

TEST(reads_both_byte_orders)
{
    struct catalog *c;
    struct error err = {0};

    REQUIRE_OK(catalog_open(a, make_mo(a, russian, 4, false), &c, &err));
    check_russian(t, c);
    CHECK_STR(catalog_text(c, S("Empty")), S("Empty"));
    REQUIRE_OK(catalog_open(a, make_mo(a, russian, 4, true), &c, &err));
    check_russian(t, c);
}

TEST(reads_what_msgfmt_writes)
{
    struct catalog *c;
    struct error err = {0};
    char dir[] = "/tmp/catalog_test_XXXXXX";

    if (system("command -v msgfmt >/dev/null 2>&1") != 0)
        SKIP("msgfmt is not installed");
    REQUIRE(mkdtemp(dir));
    const char *po = str_printf(a, "%s/ru.po", dir).ptr, *mo = str_printf(a, "%s/ru.mo", dir).ptr;
    FILE *f = fopen(po, "w");
    REQUIRE(f);
    fputs("msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n"
          "\"Plural-Forms: nplurals=3; plural=" RUSSIAN ";\\n\"\n\n"
          "msgid \"Hello\"\nmsgstr \"Привет\"\n\n"
          "msgid \"incident\"\nmsgid_plural \"incidents\"\nmsgstr[0] \"инцидент\"\n"
          "msgstr[1] \"инцидента\"\nmsgstr[2] \"инцидентов\"\n\n"
          "#, fuzzy\nmsgid \"Nothing\"\nmsgstr \"Что-то\"\n", f);
    fclose(f);
    CHECK_INT(system(str_printf(a, "msgfmt -c -o %s %s 2>/dev/null", mo, po).ptr), 0);
    struct str bytes = test_read_file(a, mo);
    unlink(po);
    unlink(mo);
    rmdir(dir);
    REQUIRE_OK(catalog_open(a, bytes, &c, &err));
    check_russian(t, c);
}

TEST(without_a_catalogue)
{
    CHECK_STR(catalog_text(NULL, S("Hello")), S("Hello"));
    CHECK_STR(catalog_plural(NULL, S("page"), S("pages"), 1), S("page"));
    CHECK_STR(catalog_plural(NULL, S("page"), S("pages"), 0), S("pages"));
    CHECK_STR(catalog_plural(NULL, S("page"), S("pages"), 11), S("pages"));
}

TEST(english_rule_without_plural_header)
{
    static const struct pair pairs[] = {{{"", 0}, {HEADER, sizeof HEADER - 1}},
        {{"page\0pages", 10}, {"seite\0seiten", 12}}};
    struct catalog *c;
    struct error err = {0};

    REQUIRE_OK(catalog_open(a, make_mo(a, pairs, 2, false), &c, &err));
    CHECK_STR(catalog_plural(c, S("page"), S("pages"), 1), S("seite"));
    CHECK_STR(catalog_plural(c, S("page"), S("pages"), 0), S("seiten"));
}

static struct str open_error(struct arena *a, struct str mo)
{
    struct catalog *c;
    struct error err = {0};

    if (catalog_open(a, mo, &c, &err))
        return S("");
    return err.kind == ERROR_MALFORMED ? str_copy(a, str_from(err.message)) : S("wrong kind");
}

TEST(refuses_broken_headers)
{
    static const struct {
        const char *header, *want;
    } cases[] = {
        {HEADER, ""},
        {"", "catalogue: its charset is not UTF-8"},
        {"Content-Type: text/plain; charset=KOI8-R\n", "catalogue: its charset is not UTF-8"},
        {HEADER "Plural-Forms: nplurals=6; plural=n%6;\n", ""},
        {HEADER "Plural-Forms: nplurals=7; plural=0;\n", "catalogue: nplurals must be 1 to 6"},
        {HEADER "Plural-Forms: nplurals=0; plural=0;\n", "catalogue: nplurals must be 1 to 6"},
        {HEADER "Plural-Forms: nplurals=2\n", "catalogue: there is no plural formula"},
        {HEADER "Plural-Forms: nplurals=2; plural=n;\n",
            "catalogue: the plural formula fails for 2"},
        {HEADER "Plural-Forms: nplurals=2; plural=1/(n-7);\n",
            "catalogue: the plural formula fails for 7"},
        {HEADER "Plural-Forms: nplurals=2; plural=n==;\n",
            "catalogue: the plural formula fails for 0"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair = {S(""), str_from(cases[i].header)};
        CHECK_STR(open_error(a, make_mo(a, &pair, 1, false)), str_from(cases[i].want));
    }
    CHECK_STR(open_error(a, make_mo(a, NULL, 0, false)), S("catalogue: its charset is not UTF-8"));
}

TEST(refuses_broken_files)
{
    static const struct pair unordered[] = {{{"", 0}, {HEADER, sizeof HEADER - 1}},
        {{"b", 1}, {"x", 1}}, {{"a", 1}, {"y", 1}}};
    static const struct pair twice[] = {{{"", 0}, {HEADER, sizeof HEADER - 1}},
        {{"a", 1}, {"x", 1}}, {{"a\0b", 3}, {"y", 1}}};
    static const struct pair latin[] = {{{"", 0}, {HEADER, sizeof HEADER - 1}},
        {{"a", 1}, {"\xe4", 1}}};
    struct str mo = make_mo(a, russian, 4, false);
    struct str copy = str_copy(a, mo);

    CHECK_STR(open_error(a, make_mo(a, unordered, 3, false)),
        S("catalogue: string 2 is out of order"));
    CHECK_STR(open_error(a, make_mo(a, twice, 3, false)), S("catalogue: string 2 is out of order"));
    CHECK_STR(open_error(a, make_mo(a, latin, 2, false)), S("catalogue: string 1 is not UTF-8"));
    CHECK_STR(open_error(a, S("\xde\x12\x04\x95")), S("catalogue: 4 bytes are not a .mo file"));
    ((char *)copy.ptr)[0] = 'x';
    CHECK_STR(open_error(a, copy), S("catalogue: not a .mo file"));
    copy = str_copy(a, mo);
    ((char *)copy.ptr)[4] = 1;
    CHECK_STR(open_error(a, copy), S("catalogue: format revision 1"));
    struct str large = {arena_alloc(a, CATALOG_MAX_BYTES + 1, 1), CATALOG_MAX_BYTES + 1};
    CHECK_STR(open_error(a, large), S("catalogue: 16777217 bytes are not a .mo file"));
    large.len--;
    CHECK_STR(open_error(a, large), S("catalogue: not a .mo file"));
}

/* Every truncation, and every byte of the tables set to hostile values: an error or a catalogue
 * that answers, never a read outside (the sanitizers watch: each copy is its own block). */
TEST(survives_mutilation)
{
    struct str mo = make_mo(a, russian, 4, false);
    static const char values[] = {0, 1, 0x7f, (char)0x80, (char)0xff};

    for (size_t n = 0; n < mo.len; n++) {
        char *p = malloc(n + 1);
        memcpy(p, mo.ptr, n);
        CHECK(open_error(a, (struct str){p, n}).len > 0);
        free(p);
    }
    for (size_t i = 0; i < 28 + 4 * 16; i++)
        for (size_t v = 0; v < sizeof values; v++) {
            struct catalog *c;
            struct error err = {0};
            char *p = malloc(mo.len);
            memcpy(p, mo.ptr, mo.len);
            p[i] = values[v];
            if (catalog_open(a, (struct str){p, mo.len}, &c, &err))
                CHECK(catalog_plural(c, S("incident"), S("incidents"), 5).len > 0);
            free(p);
        }
}

static int64_t form(const char *formula, uint64_t n)
{
    uint64_t v;

    return plural_form(str_from(formula), n, &v) ? (int64_t)v : -1;
}

TEST(formula)
{
    CHECK_INT(form("1 + 2 * 3", 0), 7);
    CHECK_INT(form("(1 + 2) * 3 % 5", 0), 4);
    CHECK_INT(form("10 - 2 - 3", 0), 5);
    CHECK_INT(form("n/2", 9), 4);
    CHECK_INT(form("1 || 0 && 0", 0), 1);
    CHECK_INT(form("1 < 2 == 1", 0), 1);
    CHECK_INT(form("!n", 0), 1);
    CHECK_INT(form("!!n", 7), 1);
    CHECK_INT(form("n ? 1 : n ? 2 : 3", 0), 3);
    CHECK_INT(form("n>=1?n<=2?5:6:7", 3), 6);
    CHECK_INT(form("\tn != 1 ", 1), 0);
    static const char *const bad[] = {"", "n n", "1 +", "(1", "1)", "n ? 1", "m", "1 = 1", "n & 1",
        "99999999999999999999", "-1", "n ? : 1", "1/0", "5%0", "n;"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_INT(form(bad[i], 3), -1);
}

TEST(limit_formula_depth)
{
    char text[2 * CATALOG_MAX_FORMULA_DEPTH + 2] = {0};
    int most = CATALOG_MAX_FORMULA_DEPTH;

    memset(text, '!', (size_t)most - 1);
    text[most - 1] = 'n';
    CHECK_INT(form(text, 0), 1);
    text[most - 1] = '!';
    text[most] = 'n';
    CHECK_INT(form(text, 0), -1);
    memset(text, '(', sizeof text - 1);
    CHECK_INT(form(text, 0), -1);
}

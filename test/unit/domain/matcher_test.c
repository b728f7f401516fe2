#include "domain/matcher.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "domain/labels.h"
#include "gen.h"
#include "test.h"

static const char *const ops[] = {
    [MATCHER_EQ] = "=", [MATCHER_NE] = "!=", [MATCHER_RE] = "=~", [MATCHER_NRE] = "!~"};

/* Where the Go source of the vectors has the escape \xf0, the converted file has \u00f0. */
static struct str vector_input(struct arena *a, struct str s)
{
    struct buf b;

    buf_init(&b, a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        bool byte =
            str_starts(str_slice(s, i, s.len), S("\\u00")) && i + 4 < s.len && s.ptr[i + 4] >= '8';
        buf_add(&b, byte ? S("\\x") : str_slice(s, i, i + 1));
        i += byte ? 3 : 0;
    }
    return buf_str(&b);
}

/* Lists and single ones alike go through the list parser, which is what upstream's do. */
static void check_vector(struct test *t, struct arena *a, const struct json *c, bool single)
{
    struct str name = json_get_str(c, S("name")),
               input = vector_input(a, json_get_str(c, S("input")));
    const struct json *want = json_get(c, S("matchers")), *w = want->first;
    struct error err = {0};
    struct matcher *got;
    size_t n;
    bool ok = matchers_parse_utf8(a, input, &got, &n, &err) && (!single || n == 1);

    if (ok != (want->type == JSON_ARRAY)) {
        test_fail(t, __FILE__, __LINE__, "%.*s: %s", STR(name), ok ? "was accepted" : err.message);
        return;
    }
    if (!ok)
        return;
    CHECK_INT(n, want->count);
    for (size_t i = 0; i < n && w; i++, w = w->next) {
        CHECK_STR(str_from(ops[got[i].op]), json_get_str(w, S("op")));
        CHECK_STR(got[i].name, json_get_str(w, S("name")));
        CHECK_STR(got[i].value, json_get_str(w, S("value")));
    }
}

TEST(upstream_vectors)
{
    const char *path = test_data(t, a, "interop/alertmanager/matchers-utf8-vectors.json");
    struct error err = {0};
    struct json *all;
    size_t seen = 0;

    if (!path)
        return;
    REQUIRE_OK(json_parse(a, test_read_file(a, path), &all, &err));
    for (const struct json *list = all->first; list; list = list->next)
        for (const struct json *c = list->first; c; c = c->next, seen++)
            check_vector(t, a, c, str_eq(list->key, S("Matcher")));
    CHECK_INT(seen, 75);
}

struct one {
    const char *text;
    const char *name; /* NULL: refused */
    enum matcher_op op;
    const char *value;
};

TEST(single_filters)
{
    static const struct one cases[] = {
        {"a=b", "a", MATCHER_EQ, "b"},
        {" a  !~ \t\"b\" ", "a", MATCHER_NRE, "b"},
        {"a=", "a", MATCHER_EQ, ""},
        {"a=\"\"", "a", MATCHER_EQ, ""},
        {"a=b,c=d", "a", MATCHER_EQ, "b,c=d"},
        {"a==b", "a", MATCHER_EQ, "=b"},
        {"a=~b", "a", MATCHER_RE, "b"},
        {"a=b c", "a", MATCHER_EQ, "b c"},
        {"a=\"x\\ny\\\"z\\\\\\d\"", "a", MATCHER_EQ, "x\ny\"z\\\\d"},
        {"a=x\\", "a", MATCHER_EQ, "x\\"},
        {"a:b=c", "a:b", MATCHER_EQ, "c"},
        {"\"größe\"=\"x\"", "größe", MATCHER_EQ, "x"},
        {"größe=x", "größe", MATCHER_EQ, "x"},
        {"a=\"\\u00e9\"", "a", MATCHER_EQ, "\\u00e9"}, /* classic can read it, so classic it is */
        {"\"a\"=\"\\u00e9\\101\"", "a", MATCHER_EQ, "éA"},
        {"", NULL, 0, NULL},
        {"a", NULL, 0, NULL},
        {"=b", NULL, 0, NULL},
        {"1a=b", "1a", MATCHER_EQ, "b"},
        {"{a=b}", NULL, 0, NULL},
        {"\"a\"=\"b\"}", NULL, 0, NULL},
        {"\"\"=b", NULL, 0, NULL},
        {"a=\"b", NULL, 0, NULL},
        {"a=b\"", NULL, 0, NULL},
        {"a=\"b\"c\"", NULL, 0, NULL},
        {"a=~\"(\"", NULL, 0, NULL},
        {"\"a\"=b,\"c\"=d", NULL, 0, NULL},
        {"\"a\"=\"\\x00\"", NULL, 0, NULL},
        {"\"a\"=\"\\ud800\"", NULL, 0, NULL},
        {"\"a\"=\"\\501\"", NULL, 0, NULL},
        {"\"a\"=\"x\ny\"", NULL, 0, NULL},
        {"a=\xff", NULL, 0, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct one *c = &cases[i];
        struct error err = {0};
        struct matcher m;
        bool ok = matcher_parse(a, str_from(c->text), &m, &err);
        if (ok != (c->name != NULL)) {
            test_fail(t, __FILE__, __LINE__, "%s: %s", c->text, ok ? "was accepted" : err.message);
            continue;
        }
        CHECK_INT(err.kind, ok ? ERROR_NONE : ERROR_INVALID);
        if (!ok)
            continue;
        CHECK_STR(m.name, str_from(c->name));
        CHECK_INT(m.op, c->op);
        CHECK_STR(m.value, str_from(c->value));
    }
}

TEST(lists)
{
    struct error err = {0};
    struct matcher *v;
    size_t n;

    REQUIRE_OK(matchers_parse(a, S("{a=\"x,y\",b!=\"}\", c=~d|e,}"), &v, &n, &err));
    CHECK_INT(n, 3);
    CHECK_STR(v[0].value, S("x,y"));
    CHECK_STR(v[1].value, S("}"));
    CHECK_STR(v[2].value, S("d|e"));
    REQUIRE_OK(matchers_parse(a, S("a=\"x\\\",y\",b=c"), &v, &n, &err));
    CHECK_INT(n, 2);
    CHECK_STR(v[0].value, S("x\",y"));
    REQUIRE_OK(matchers_parse_classic(a, S("a=\"x,y\",b=\"\\,\""), &v, &n, &err));
    CHECK_INT(n, 2);
    CHECK_STR(v[0].value, S("x,y"));
    CHECK_STR(v[1].value, S("\\,"));
    REQUIRE_OK(matchers_parse(a, S(""), &v, &n, &err));
    CHECK_INT(n, 0);
    REQUIRE_OK(matchers_parse(a, S(" {} "), &v, &n, &err));
    CHECK_INT(n, 0);
    /* One part that only UTF-8 can read makes the whole list UTF-8. */
    REQUIRE_OK(matchers_parse(a, S("a=\"\\t\",größe=x"), &v, &n, &err));
    CHECK_STR(v[0].value, S("\t"));
    REQUIRE_OK(matchers_parse(a, S("a=\"\\t\""), &v, &n, &err));
    CHECK_STR(v[0].value, S("\\t"));
}

TEST(complaints_are_the_classic_ones)
{
    struct error err = {0};
    struct matcher m;

    CHECK(!matcher_parse(a, S("{foo"), &m, &err));
    CHECK_STR(str_from(err.message), S("bad matcher format: {foo"));
    CHECK(!matcher_parse(a, S("alertname=foo=~\"[\""), &m, &err));
    CHECK_STR(
        str_from(err.message), S("matcher value contains unescaped double quote: foo=~\"[\""));
}

static struct str repeat(struct arena *a, const char *part, size_t n)
{
    struct buf b;

    buf_init(&b, a, n * strlen(part) + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_from(part));
    return buf_str(&b);
}

static bool takes(struct arena *a, struct str text)
{
    struct error err = {0};
    struct matcher *v;
    size_t n;

    return matchers_parse(a, text, &v, &n, &err);
}

TEST(limits)
{
    struct str name = repeat(a, "n", LABEL_NAME_MAX), value = repeat(a, "v", LABEL_VALUE_MAX),
               spaces = repeat(a, " ", MATCHERS_TEXT_MAX - 3);

    CHECK(takes(a, repeat(a, "a=b,", MATCHERS_MAX)));
    CHECK(!takes(a, repeat(a, "a=b,", MATCHERS_MAX + 1)));
    CHECK(takes(a, repeat(a, "é=b,", MATCHERS_MAX)));
    CHECK(!takes(a, repeat(a, "é=b,", MATCHERS_MAX + 1)));
    CHECK(takes(a, str_printf(a, "%.*s=x", STR(name))));
    CHECK(!takes(a, str_printf(a, "n%.*s=x", STR(name))));
    CHECK(takes(a, str_printf(a, "a=%.*s", STR(value))));
    CHECK(!takes(a, str_printf(a, "a=%.*sv", STR(value))));
    CHECK(takes(a, str_printf(a, "a=b%.*s", STR(spaces))));
    CHECK(!takes(a, str_printf(a, "a=b %.*s", STR(spaces))));
    CHECK(!takes(a, S("a=b\0c")));
}

TEST(matching)
{
    static const struct {
        const char *matcher;
        bool holds;
    } cases[] = {{"a=x", true}, {"a=y", false}, {"a!=y", true}, {"a!=x", false}, {"a=~x|z", true},
        {"a=~y", false}, {"b=~x", false}, {"b=~x.*", true}, {"b!~x", true}, {"b!~x.*", false},
        {"c=\"\"", true}, {"c!=\"\"", false}, {"c=~\"\"", true}, {"c=~.+", false}, {"c!~.+", true},
        {"a=\"\"", false}};
    struct label v[] = {{S("a"), S("x")}, {S("b"), S("xyz")}};
    struct labels ls = {v, 2};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct matcher m;
        REQUIRE_OK(matcher_parse(a, str_from(cases[i].matcher), &m, &err));
        if (matcher_match(&m, &ls) != (cases[i].holds ? REGEX_YES : REGEX_NO))
            test_fail(t, __FILE__, __LINE__, "%s", cases[i].matcher);
    }
}

/* A list's verdict does not depend on the order of its parts, limits or not. */
TEST(a_limit_is_not_a_match)
{
    struct error err = {0};
    struct str many = repeat(a, "a", 30);
    struct label v[] = {{S("a"), str_printf(a, "%.*sdd", STR(many))}, {S("b"), S("x")}};
    struct labels ls = {v, 2};
    struct matcher m[3];

    REQUIRE_OK(matcher_make(a, S("a"), MATCHER_RE, S("(a|a)*[^a]x?"), &m[0], &err));
    REQUIRE_OK(matcher_make(a, S("b"), MATCHER_EQ, S("x"), &m[1], &err));
    REQUIRE_OK(matcher_make(a, S("b"), MATCHER_NE, S("x"), &m[2], &err));
    CHECK_INT(matcher_match(&m[0], &ls), REGEX_LIMIT);
    CHECK_INT(matchers_match(m, 2, &ls), REGEX_LIMIT);
    CHECK_INT(matchers_match(m, 3, &ls), REGEX_NO);
    CHECK_INT(matchers_match((struct matcher[]){m[2], m[0]}, 2, &ls), REGEX_NO);
    CHECK_INT(matchers_match(m, 0, &ls), REGEX_YES);
    m[0].op = MATCHER_NRE;
    CHECK_INT(matcher_match(&m[0], &ls), REGEX_LIMIT);
}

static struct str random_text(struct arena *a, struct gen *g, size_t min)
{
    static const char *const parts[] = {"a", "Z", "9", "_", ":", "\"", "\\", "\n", "\t", ",", "{",
        "}", "=", "!", "~", "'", "`", " ", "é", "🙂", "n", "\r", "."};
    struct str s = S("");

    for (uint64_t i = min + gen_below(g, 6); i > 0; i--) {
        struct str part = str_from(parts[gen_below(g, sizeof parts / sizeof *parts)]);
        s = str_printf(a, "%.*s%.*s", STR(s), STR(part));
    }
    return s;
}

static bool same(const struct matcher *m, const struct matcher *n)
{
    return str_eq(m->name, n->name) && m->op == n->op && str_eq(m->value, n->value);
}

TEST(text_and_back)
{
    struct gen g = {4};

    for (int round = 0; round < 3000; round++) {
        struct error err = {0};
        struct matcher m[2], one, *list;
        size_t n;

        for (size_t i = 0; i < 2; i++) /* = and != only: most random text is no expression */
            REQUIRE_OK(matcher_make(a, random_text(a, &g, 1), (enum matcher_op)gen_below(&g, 2),
                random_text(a, &g, 0), &m[i], &err));
        struct str text = matcher_text(a, &m[0]);
        REQUIRE_OK(matcher_parse(a, text, &one, &err));
        CHECK(same(&one, &m[0]));
        struct str second = matcher_text(a, &m[1]);
        text = str_printf(a, "{%.*s,%.*s}", STR(text), STR(second));
        REQUIRE_OK(matchers_parse(a, text, &list, &n, &err));
        CHECK_INT(n, 2);
        CHECK(same(&list[0], &m[0]) && same(&list[1], &m[1]));
    }
}

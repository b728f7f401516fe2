#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "text/yaml.h"

/* The tree as JSON, or the error's message. */
static struct str parsed(struct arena *a, struct str in)
{
    struct json *v;
    struct error err = {0};

    if (yaml_parse(a, in, &v, &err))
        return json_text(a, v);
    return err.kind == ERROR_MALFORMED ? str_copy(a, str_from(err.message)) : S("wrong kind");
}

TEST(values)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"a: 1", "{\"a\":1}"},
        {"a: {b: [1, two, ~], c: }", "{\"a\":{\"b\":[1,\"two\",null],\"c\":null}}"},
        {"- a\n- - b\n  - c\n- d: e\n  f: g\n",
            "[\"a\",[\"b\",\"c\"],{\"d\":\"e\",\"f\":\"g\"}]"},
        {"[true, True, TRUE, false, null, Null]", "[true,true,true,false,null,null]"},
        {"[yes, no, on, off, y, tRue, nULL]",
            "[\"yes\",\"no\",\"on\",\"off\",\"y\",\"tRue\",\"nULL\"]"},
        {"[0, -1, 12, 1.50, 1e3, -0.1E-2]", "[0,-1,12,1.50,1e3,-0.1E-2]"},
        {"[007, +1, 0x1f, 0o7, 1_0, .5, 5., 1e, 5m, 1.2.0, -, 2026-11-21]",
            "[\"007\",\"+1\",\"0x1f\",\"0o7\",\"1_0\",\".5\",\"5.\",\"1e\",\"5m\",\"1.2.0\",\"-\","
            "\"2026-11-21\"]"},
        {"['1', \"true\", '', \"a\\nb\"]", "[\"1\",\"true\",\"\",\"a\\nb\"]"},
        {"a: |\n  1\n  2\nb: >-\n  x\n  y\n", "{\"a\":\"1\\n2\\n\",\"b\":\"x y\"}"},
        {"just text", "\"just text\""},
        {"--- # comment\na: б\n...\n", "{\"a\":\"б\"}"},
        {"1: a\ntrue: b", "{\"1\":\"a\",\"true\":\"b\"}"},
        {"\xef\xbb\xbf" "a: 1", "{\"a\":1}"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(parsed(a, str_from(cases[i].in)), str_from(cases[i].want));
}

TEST(mistakes_name_their_place)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        {"", "line 1, column 1: the document is empty"},
        {"# nothing", "line 1, column 1: the document is empty"},
        {"a: 1\nb:\n  c: 1\n  d: 2\n  c: 3", "line 5, column 3: the key 'c' is there twice"},
        {"a: 1\n'a': 2", "line 2, column 1: the key 'a' is there twice"},
        {"a: &x 1", "line 1, column 4: anchors are not supported"},
        {"a: &x [1]", "line 1, column 4: anchors are not supported"},
        {"- 1\n- *x", "line 2, column 3: aliases are not supported"},
        {"*x : 1", "line 1, column 1: aliases are not supported"},
        {"a: !!str 1", "line 1, column 4: tags are not supported"},
        {"a: ! 1", "line 1, column 4: tags are not supported"},
        {"a: !x {}", "line 1, column 4: tags are not supported"},
        {"!x a: 1", "line 1, column 1: tags are not supported"},
        {"? [a]\n: 1", "line 1, column 3: a key is not a scalar"},
        {"'': 1", "line 1, column 1: a key is empty"},
        {"a: 1\n---\nb: 2", "line 2, column 1: there is a second document"},
        {"a: \"\\0\"", "line 1, column 4: a text holds the character U+0000"},
        {"a: [1", "line 2, column 1: did not find expected ',' or ']'"},
        {"a: 1\n b: 2", "line 2, column 3: mapping values are not allowed in this context"},
        {"a:\n\t- 1", "line 2, column 1: found character that cannot start any token"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(parsed(a, str_from(cases[i].in)), str_from(cases[i].want));
    CHECK(str_contains(parsed(a, S("a: \xff")), S("at byte 3: ")));
    CHECK(str_contains(parsed(a, S("a: \x01")), S("control characters")));
}

TEST(lines_are_kept)
{
    struct json *v;
    struct error err = {0};

    REQUIRE_OK(yaml_parse(a, S("# c\na: 1\nlist:\n  - x\n  -\n    y: |\n      text\n"), &v, &err));
    CHECK_INT(yaml_line(v), 2);
    CHECK_INT(yaml_line(json_get(v, S("a"))), 2);
    struct json *list = json_get(v, S("list"));
    CHECK_INT(yaml_line(list), 3);
    CHECK_INT(yaml_line(list->first), 4);
    CHECK_INT(yaml_line(list->last), 6);
    CHECK_INT(yaml_line(json_get(list->last, S("y"))), 6);
}

static struct str repeat(struct arena *a, struct str unit, size_t n)
{
    struct buf b;

    buf_init(&b, a, unit.len * n + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

TEST(limit_depth)
{
    struct str open = repeat(a, S("["), YAML_MAX_DEPTH), close = repeat(a, S("]"), YAML_MAX_DEPTH);

    CHECK_INT(parsed(a, str_printf(a, "%.*s1%.*s", STR(open), STR(close))).len,
        2 * YAML_MAX_DEPTH + 1);
    CHECK_STR(parsed(a, str_printf(a, "%.*s[]%.*s", STR(open), STR(close))),
        S("line 1, column 33: nested deeper than 32"));
    CHECK(str_ends(parsed(a, repeat(a, S("["), 100000)), S("nested deeper than 32")));
    CHECK(str_ends(parsed(a, repeat(a, S("- "), 100000)), S("nested deeper than 32")));
    CHECK(str_ends(parsed(a, repeat(a, S("{a: "), 100000)), S("nested deeper than 32")));
}

TEST(limit_nodes)
{
    CHECK(str_starts(parsed(a, repeat(a, S("- 1\n"), YAML_MAX_NODES - 1)), S("[1,1,")));
    CHECK_STR(parsed(a, repeat(a, S("- 1\n"), YAML_MAX_NODES)),
        S("line 20000, column 3: more than 20000 values"));
}

TEST(limit_keys)
{
    struct buf in;

    buf_init(&in, a, 1 << 20);
    for (unsigned i = 0; i < YAML_MAX_KEYS; i++)
        buf_printf(&in, "k%u: 1\n", i);
    CHECK(str_starts(parsed(a, buf_str(&in)), S("{\"k0\":1,")));
    buf_add(&in, S("more: 1\n"));
    CHECK_STR(parsed(a, buf_str(&in)), S("line 1001, column 1: more than 1000 keys in a mapping"));
}

TEST(limit_bytes)
{
    char *p = arena_alloc(a, YAML_MAX_BYTES + 1, 1);

    memset(p, ' ', YAML_MAX_BYTES + 1);
    memcpy(p, "a: 1 #", 6);
    CHECK_STR(parsed(a, (struct str){p, YAML_MAX_BYTES}), S("{\"a\":1}"));
    CHECK_STR(parsed(a, (struct str){p, YAML_MAX_BYTES + 1}),
        S("the document is longer than 1048576 bytes"));
}

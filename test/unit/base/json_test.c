#include "base/json.h"

#include <dirent.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "test.h"

static struct json *parse(struct test *t, struct arena *a, struct str in)
{
    struct error err = {0};
    struct json *v = NULL;

    if (!json_parse(a, in, &v, &err))
        test_fail(t, __FILE__, __LINE__, "%.*s: %s", STR(utf8_truncate(in, 80)), err.message);
    return v;
}

static void refused(struct test *t, struct arena *a, struct str in, const char *message)
{
    struct error err = {0};
    struct json *v;

    if (json_parse(a, in, &v, &err))
        test_fail(t, __FILE__, __LINE__, "%.*s is accepted", STR(utf8_truncate(in, 80)));
    else if (err.kind != ERROR_MALFORMED || !strstr(err.message, message))
        test_fail(t, __FILE__, __LINE__, "%.*s: \"%s\", not \"%s\"", STR(utf8_truncate(in, 80)),
            err.message, message);
}

static bool same(const struct json *x, const struct json *y)
{
    if (x->type != y->type || x->count != y->count || !str_eq(x->text, y->text))
        return false;
    for (x = x->first, y = y->first; x; x = x->next, y = y->next)
        if (!y || !str_eq(x->key, y->key) || !same(x, y))
            return false;
    return !y;
}

/* What is written, compact or pretty, must read as the same tree. */
static void round_trip(struct test *t, struct arena *a, const struct json *v, const char *name)
{
    struct error err = {0};
    struct json *again;
    struct buf pretty;

    if (!json_parse(a, json_text(a, v), &again, &err) || !same(v, again))
        test_fail(t, __FILE__, __LINE__, "%s changes on the way out: %s", name, err.message);
    buf_init(&pretty, a, 1 << 20);
    json_pretty(&pretty, v);
    if (pretty.full || !json_parse(a, buf_str(&pretty), &again, &err) || !same(v, again))
        test_fail(t, __FILE__, __LINE__, "%s changes when pretty: %s", name, err.message);
}

TEST(values)
{
    struct json *v = parse(t, a,
        S(" {\"s\" : \"text\", \"n\":-12, \"big\":9007199254740993, \"f\":1.5e3,\n\"t\":true,\r"
          "\"no\":false,\t\"nil\":null, \"list\":[1,[],{}], \"\":\"empty\"} "));
    int64_t n = 0;

    REQUIRE(v);
    CHECK_INT(v->count, 9);
    CHECK_STR(json_get_str(v, S("s")), S("text"));
    CHECK_STR(json_get_str(v, S("")), S("empty"));
    CHECK(json_int(json_get(v, S("n")), &n));
    CHECK_INT(n, -12);
    CHECK(json_int(json_get(v, S("big")), &n));
    CHECK_INT(n, INT64_C(9007199254740993));
    CHECK(!json_int(json_get(v, S("f")), &n));
    CHECK_STR(json_get(v, S("f"))->text, S("1.5e3"));
    CHECK(json_bool(json_get(v, S("t")), false));
    CHECK(!json_bool(json_get(v, S("no")), true));
    CHECK(json_is(json_get(v, S("nil")), JSON_NULL));
    CHECK_INT(json_get(v, S("list"))->count, 3);
    CHECK_STR(v->first->key, S("s"));
    CHECK_STR(v->last->key, S(""));
}

TEST(absent_and_wrong_types_read_as_absent)
{
    struct json *v = parse(t, a, S("{\"n\":1,\"s\":\"1\"}"));
    int64_t n = 7;

    CHECK(!json_get(NULL, S("x")));
    CHECK(!json_get(v, S("x")));
    CHECK(!json_get(v, STR_NONE));
    CHECK(!json_get(json_get(v, S("n")), S("x")));
    CHECK(!json_get_str(v, S("n")).ptr);
    CHECK(!json_str(NULL).ptr);
    CHECK(!json_int(json_get(v, S("s")), &n));
    CHECK(!json_int(NULL, &n));
    CHECK_INT(n, 7);
    CHECK(json_bool(NULL, true));
    CHECK(!json_bool(NULL, false));
    CHECK(json_bool(json_get(v, S("n")), true));
    CHECK(!json_is(NULL, JSON_NULL));
}

TEST(strings)
{
    CHECK_STR(parse(t, a, S("\"\""))->text, S(""));
    CHECK_STR(parse(t, a, S("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\""))->text, S("a\"\\/\b\f\n\r\tz"));
    CHECK_STR(parse(t, a, S("\"\\u0041\\u0416\\u20ac\\ud83D\\uDE00\""))->text, S("AЖ€😀"));
    CHECK_STR(parse(t, a, S("\"\\u0001\\u001f\""))->text, S("\x01\x1f"));
    CHECK_STR(parse(t, a, S("\"long enough for the fast path, Привет, \\n and 😀 and on\""))->text,
        S("long enough for the fast path, Привет, \n and 😀 and on"));
    /* Without escapes it is a slice of the input. */
    struct str in = S("\"slice\"");
    CHECK(parse(t, a, in)->text.ptr == in.ptr + 1);
}

TEST(a_stop_is_found_at_every_place)
{
    static const char stops[] = {'"', '\\', '\n', 0x1f, 0x00, (char)0xd0, (char)0xff, 0x7f, ' '};

    for (size_t at = 0; at < 24; at++)
        for (size_t i = 0; i < sizeof stops; i++) {
            char in[26];
            struct error err = {0};
            struct json *v;
            memset(in, 'x', sizeof in);
            in[0] = in[25] = '"';
            in[at + 1] = stops[i];
            /* DEL and the space are text; everything else breaks this one. */
            bool want = stops[i] == 0x7f || stops[i] == ' ';
            if (json_parse(a, (struct str){in, sizeof in}, &v, &err) != want)
                test_fail(t, __FILE__, __LINE__, "byte %02x at %zu", (unsigned char)stops[i], at);
        }
}

TEST(refusals_say_where_and_why)
{
    refused(t, a, S(""), "at byte 0: the text ends early: expected a value");
    refused(t, a, S("{\"a\" 1}"), "at byte 5: expected ':' after the key");
    refused(t, a, S("{\"a\":1"), "at byte 6: the text ends early: expected ',' or '}'");
    refused(t, a, S("[1 2]"), "at byte 3: expected ',' or ']'");
    refused(t, a, S("[1,]"), "at byte 3: expected a value");
    refused(t, a, S("{\"a\":1,}"), "at byte 7: expected a key in quotes");
    refused(t, a, S("\"a\nb\""), "at byte 2: a control character");
    refused(t, a, S("\"\\x\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\u0000\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\ud800\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\ud800\\u0041\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\udc00\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\u00g0\""), "at byte 1: not an escape");
    refused(t, a, S("\"\\u00"), "at byte 1: not an escape");
    refused(t, a, S("\"abc"), "at byte 4: the text ends early: expected the closing quote");
    refused(t, a, S("\"\xff\""), "at byte 1: not UTF-8");
    refused(t, a, S("01"), "at byte 0: a number must not begin with a zero");
    refused(t, a, S("1."), "at byte 2: the text ends early: expected a digit after");
    refused(t, a, S("-"), "at byte 1: the text ends early: expected a digit");
    refused(t, a, S("1e+"), "expected a digit in the exponent");
    refused(t, a, S("nul"), "at byte 0: expected a value");
    refused(t, a, S("1 2"), "at byte 2: expected nothing more");
    refused(t, a, S("\xef\xbb\xbf{}"), "at byte 0: expected a value");
    refused(t, a, S("{\"a\":1,\"a\":2}"), "at byte 7: the key \"a\" is given twice");
    refused(t, a, S("{\"a\":1,\"\\u0061\":2}"), "the key \"a\" is given twice");
    refused(t, a, S("{\"\":1,\"\":2}"), "the key \"\" is given twice");
}

static struct str nested(struct arena *a, int depth)
{
    char *p = arena_alloc(a, (size_t)depth * 2, 1);

    memset(p, '[', (size_t)depth);
    memset(p + depth, ']', (size_t)depth);
    return (struct str){p, (size_t)depth * 2};
}

TEST(depth)
{
    parse(t, a, nested(a, JSON_MAX_DEPTH));
    refused(t, a, nested(a, JSON_MAX_DEPTH + 1), "at byte 64: nested too deeply");
    /* Only nesting counts, not how many there are. */
    parse(t, a, S("[[],[],[[]],{\"a\":[]}]"));
}

static struct str many_keys(struct arena *a, int n, int repeat)
{
    struct buf b;

    buf_init(&b, a, 1 << 24);
    buf_addc(&b, '{');
    for (int i = 0; i < n; i++)
        buf_printf(&b, "%s\"k%d\":%d", i ? "," : "", i == n - 1 && repeat >= 0 ? repeat : i, i);
    buf_addc(&b, '}');
    return buf_str(&b);
}

TEST(repeated_keys_in_objects_of_every_size)
{
    for (int n = 2; n < 40; n++) {
        parse(t, a, many_keys(a, n, -1));
        for (int i = 0; i < n - 1; i++)
            refused(t, a, many_keys(a, n, i), "is given twice");
    }
    struct json *v = parse(t, a, many_keys(a, 200000, -1));
    REQUIRE(v);
    CHECK_INT(v->count, 200000);
    refused(t, a, many_keys(a, 200000, 77), "the key \"k77\" is given twice");
}

TEST(a_document_may_take_half_of_the_room)
{
    struct arena small;
    struct error err = {0};
    struct json *v;
    struct buf b;

    buf_init(&b, a, 1 << 16);
    buf_addc(&b, '[');
    for (int i = 0; i < 1022; i++)
        buf_add(&b, S("1,"));
    buf_add(&b, S("1]"));
    arena_init(&small, 2 * 1024 * sizeof(struct json));
    CHECK(json_parse(&small, buf_str(&b), &v, &err));
    arena_reset(&small, 0);
    b.len--;
    buf_add(&b, S(",1]"));
    CHECK(!json_parse(&small, buf_str(&b), &v, &err));
    CHECK_INT(err.kind, ERROR_TOO_LARGE);
    arena_deinit(&small);
}

TEST(building_and_writing)
{
    struct json *o = json_object(a), *list;
    struct buf b;

    json_set_str(a, o, S("name"), S("a \"b\" \\ \n\x01 </script> & ё\u2028\u2029\u2027 ⃀"));
    json_set_str(a, o, S("none"), STR_NONE);
    json_set_int(a, o, S("least"), INT64_MIN);
    json_set_bool(a, o, S("yes"), true);
    list = json_set(o, S("list"), json_array(a));
    json_push(list, json_boolean(a, false));
    json_push(list, json_object(a));
    json_push(list, json_array(a));
    CHECK_STR(json_text(a, o),
        S("{\"name\":\"a \\\"b\\\" \\\\ \\n\\u0001 \\u003c/script\\u003e \\u0026 "
          "ё\\u2028\\u2029\u2027 ⃀\",\"none\":null,\"least\":-9223372036854775808,\"yes\":true,"
          "\"list\":[false,{},[]]}"));
    round_trip(t, a, o, "the built tree");
    CHECK_STR(json_text(a, NULL), S("null"));

    buf_init(&b, a, 1000);
    json_pretty(&b, parse(t, a, S("{\"a\":[1,{\"b\":[]}],\"c\":{}}")));
    CHECK_STR(buf_str(&b), S("{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n"
                             "  \"c\": {}\n}"));
    buf_init(&b, a, 5);
    json_write(&b, o);
    CHECK(b.full);
}

TEST(every_byte_is_written_and_read_back)
{
    for (uint32_t cp = 1; cp < 0x3000; cp++) {
        char p[4];
        struct json *v = json_string(a, (struct str){p, utf8_encode(cp, p)});
        if (v->text.len)
            round_trip(t, a, v, "a code point");
    }
}

/* Valid JSON that we refuse all the same, and why. */
static const char *const stricter[] = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_object_escaped_null_in_key.json", /* U+0000 */
    "y_string_null_escape.json",         /* U+0000 */
};

static bool is_stricter(const char *name)
{
    for (size_t i = 0; i < sizeof stricter / sizeof *stricter; i++)
        if (strcmp(stricter[i], name) == 0)
            return true;
    return false;
}

TEST(the_json_test_suite)
{
    const char *folder = test_data(t, a, "interop/json-testsuite");
    int accepted = 0, rejected = 0, either = 0;

    if (!folder)
        return;
    DIR *dir = opendir(folder);
    REQUIRE(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        struct error err = {0};
        struct json *v;
        if (!str_ends(str_from(e->d_name), S(".json")) || e->d_name[1] != '_')
            continue;
        struct str in = test_read_file(a, str_printf(a, "%s/%s", folder, e->d_name).ptr);
        bool ok = json_parse(a, in, &v, &err);
        if (e->d_name[0] == 'y' && ok == is_stricter(e->d_name))
            test_fail(t, __FILE__, __LINE__, "%s: %s", e->d_name, ok ? "accepted" : err.message);
        if (e->d_name[0] == 'n' && ok)
            test_fail(t, __FILE__, __LINE__, "%s is accepted", e->d_name);
        if (ok)
            round_trip(t, a, v, e->d_name);
        accepted += e->d_name[0] == 'y';
        rejected += e->d_name[0] == 'n';
        either += e->d_name[0] == 'i';
    }
    closedir(dir);
    CHECK_INT(accepted, 95);
    CHECK(rejected >= 180 && either >= 30);
    printf("json test suite: %d y, %d n, %d i\n", accepted, rejected, either);
}

/* Real payloads of real senders: all valid, all survive the round trip. */
TEST(captured_payloads)
{
    static const char *const folders[] = {"interop/keep-mocks", "interop/github",
        "interop/alertmanager", "interop/captured/amtool-0.25.0", "interop/mcp"};
    int n = 0;

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *folder = test_data(t, a, folders[i]);
        if (!folder)
            return;
        DIR *dir = opendir(folder);
        REQUIRE(dir);
        for (struct dirent *e; (e = readdir(dir));) {
            if (!str_ends(str_from(e->d_name), S(".json")))
                continue;
            struct json *v = parse(t, a,
                test_read_file(a, str_printf(a, "%s/%s", folder, e->d_name).ptr));
            if (v)
                round_trip(t, a, v, e->d_name);
            n++;
        }
        closedir(dir);
    }
    CHECK(n > 20);
}

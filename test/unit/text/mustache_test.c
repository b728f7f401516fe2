#include "test.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "text/mustache.h"

/* A little world: partials from a JSON object, translations from another. */
struct world {
    const struct json *partials, *translations;
};

static struct str world_source(void *ctx, struct str name)
{
    const struct world *w = ctx;

    return json_get_str(w->partials, name);
}

static struct str world_translate(void *ctx, struct str msgid)
{
    const struct world *w = ctx;
    struct str s = json_get_str(w->translations, msgid);

    return s.ptr ? s : msgid;
}

static void filter_shout(void *ctx, const struct json *value, struct buf *out)
{
    (void)ctx;
    buf_add(out, value->text);
    buf_add(out, S("<!>"));
}

static void filter_count(void *ctx, const struct json *value, struct buf *out)
{
    *(int *)ctx += 1;
    buf_int(out, value->count);
}

static const struct template_filter_entry filters[] = {
    {"count", filter_count},
    {"shout", filter_shout},
    {0},
};

static struct json *parse(struct test *t, struct arena *a, struct str text)
{
    struct json *v = NULL;
    struct error err = {0};

    if (!json_parse(a, text, &v, &err))
        test_fail(t, __FILE__, __LINE__, "test data: %s", err.message);
    return v;
}

/* The rendering, or the error's message. */
static struct str run(struct arena *a, const struct template_env *env, struct str source,
    const struct json *data)
{
    struct template *tpl;
    struct error err = {0};
    struct buf out;
    int calls = 0;

    buf_init(&out, a, 1 << 20);
    if (!template_compile(a, env, S("page"), source, &tpl, &err) ||
        !template_render(tpl, data, &calls, &out, &err))
        return str_from(str_z(a, str_from(err.message)));
    return buf_str(&out);
}

static void spec_file(struct test *t, struct arena *a, const char *path, int64_t want)
{
    const char *file = test_data(t, a, path);
    int64_t n = 0;

    if (!file)
        return;
    struct json *suite = parse(t, a, test_read_file(a, file));
    struct json *tests = json_get(suite, S("tests"));
    for (struct json *c = tests ? tests->first : NULL; c; c = c->next, n++) {
        struct world w = {.partials = json_get(c, S("partials"))};
        struct template_env env = {.source = world_source, .ctx = &w};
        struct str got = run(a, &env, json_get_str(c, S("template")), json_get(c, S("data")));
        struct str expected = json_get_str(c, S("expected"));
        if (!str_eq(got, expected))
            test_fail(t, __FILE__, __LINE__, "%s, %.*s: \"%.*s\", not \"%.*s\"", path,
                STR(json_get_str(c, S("name"))), STR(got), STR(expected));
    }
    CHECK_INT(n, want);
}

TEST(spec_comments) { spec_file(t, a, "interop/mustache/comments.json", 12); }
TEST(spec_delimiters) { spec_file(t, a, "interop/mustache/delimiters.json", 14); }
TEST(spec_interpolation) { spec_file(t, a, "interop/mustache/interpolation.json", 42); }
TEST(spec_inverted) { spec_file(t, a, "interop/mustache/inverted.json", 22); }
TEST(spec_partials) { spec_file(t, a, "interop/mustache/partials.json", 12); }
TEST(spec_sections) { spec_file(t, a, "interop/mustache/sections.json", 34); }

struct example {
    const char *source, *data, *want;
};

static void examples(struct test *t, struct arena *a, const struct template_env *env,
    const struct example *e, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str got = run(a, env, str_from(e[i].source), parse(t, a, str_from(e[i].data)));
        if (!str_eq(got, str_from(e[i].want)))
            test_fail(t, __FILE__, __LINE__, "%s: \"%.*s\", not \"%s\"", e[i].source, STR(got),
                e[i].want);
    }
}

#define EXAMPLES(env, list) examples(t, a, (env), (list), sizeof(list) / sizeof *(list))

TEST(values)
{
    static const struct example list[] = {
        {"{{a}} {{b}} {{c}}", "{\"a\":true,\"b\":false,\"c\":null}", "true false "},
        {"{{a}}", "{\"a\":9007199254740993}", "9007199254740993"},
        {"{{a}}", "{\"a\":\"\\u0026<>\\\"'\"}", "&amp;&lt;&gt;&quot;&#39;"},
        {"[{{a}}{{b}}]", "{\"a\":[1],\"b\":{}}", "[]"},
        {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":\"\"}", "y"},
        {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":-0.0e5}", "y"},
        {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":0.01}", "x"},
        {"{{#a}}x{{/a}}{{^a}}y{{/a}}", "{\"a\":{}}", "x"},
        {"{{#a}}{{.}},{{/a}}", "{\"a\":[1,\"<\",null,true]}", "1,&lt;,,true,"},
    };
    struct template_env env = {0};

    EXAMPLES(&env, list);
}

TEST(plain_text_is_not_escaped)
{
    struct template_env env = {.plain = true, .no_raw = true, .filters = filters};

    CHECK_STR(run(a, &env, S("{{a}} {{a|shout}}"), parse(t, a, S("{\"a\":\"<&>\"}"))),
        S("<&> <&><!>"));
}

TEST(filters)
{
    static const struct example list[] = {
        {"{{a|shout}}", "{\"a\":\"x&y\"}", "x&amp;y&lt;!&gt;"},
        {"{{{ a | shout }}}", "{\"a\":\"x&y\"}", "x&y<!>"},
        {"{{a|count}}", "{\"a\":[1,2,3]}", "3"},
        {"[{{a|shout}}{{b|shout}}]", "{\"a\":null}", "[]"},
        {"\n{{a|zap}}", "{}", "page:2: unknown filter 'zap'"},
        {"{{a|}}", "{}", "page:1: unknown filter ''"},
    };
    struct template_env env = {.filters = filters};

    EXAMPLES(&env, list);
}

TEST(translated_text)
{
    struct world w = {.translations = parse(t, a, S("{"
        "\"Hello {{name}}\":\"{{name}}, привет\","
        "\"long text\":\"длинный текст\","
        "\"again\":\"{{#t}}again{{/t}}\","
        "\"broken\":\"{{#x}}\"}"))};
    struct template_env env = {.translate = world_translate, .ctx = &w, .filters = filters};
    static const struct example list[] = {
        {"{{#t}}Hello {{name}}{{/t}}!", "{\"name\":\"<A>\"}", "&lt;A&gt;, привет!"},
        {"<p>\n {{#t}}\n  long\n\ttext\n {{/t}}\n</p>", "{}", "<p>\n длинный текст\n</p>"},
        {"{{#t}}No {{#n}}translation {{n|shout}}{{/n}}{{/t}}", "{\"n\":\"1\"}",
            "No translation 1&lt;!&gt;"},
        {"{{#t}}a {{! {{/t}} }}b{{/t}}", "{}", "a  }}b"},
        {"{{=<% %>=}}<%#t%>Hello {{name}}<%/t%>", "{}", "{{name}}, привет"},
        {"\n{{#t}}broken{{/t}}", "{}", "page:2: 'x' is open at the end"},
        {"{{#t}}again{{/t}}", "{}", "page:1: a translated text holds a '#' tag"},
        {"{{#t}}x", "{}", "page:1: 't' is open at the end"},
        {"{{#t}} {{/t}}", "{}", "page:1: a translated text is empty"},
        {"{{#t}}a{{#t}}b{{/t}}{{/t}}", "{}", "page:1: a translated text holds a '#' tag"},
        {"{{t}}", "{}", "page:1: 't' is reserved for translated text"},
        {"{{^t}}{{/t}}", "{}", "page:1: 't' is reserved for translated text"},
    };

    EXAMPLES(&env, list);
}

static void collect(void *ctx, struct str msgid, int line)
{
    buf_printf(ctx, "%d:%.*s;", line, STR(msgid));
}

TEST(msgids_are_listed)
{
    struct buf out;
    struct error err = {0};

    buf_init(&out, a, 1000);
    REQUIRE_OK(template_msgids(a, S("p"), S("{{>nowhere}}{{#t}} One\n {{n|any}} {{/t}}\n\n"
        "{{#x}}{{#t}}Two{{/t}}{{/x}}"), collect, &out, &err));
    CHECK_STR(buf_str(&out), S("1:One {{n|any}};4:Two;"));
    CHECK(!template_msgids(a, S("p"), S("{{#t}}"), collect, &out, &err));
}

TEST(mistakes)
{
    static const struct example list[] = {
        {"a\n{{b", "{}", "page:2: a '{{' is never closed"},
        {"{{{b}}", "{}", "page:1: a '{{' is never closed"},
        {"{{", "{}", "page:1: a '{{' is never closed"},
        {"{{}}", "{}", "page:1: a name is empty or has an empty part: ''"},
        {"{{a..b}}", "{}", "page:1: a name is empty or has an empty part: 'a..b'"},
        {"{{a b}}", "{}", "page:1: a name holds white space: 'a b'"},
        {"{{#a}}", "{}", "page:1: 'a' is open at the end"},
        {"{{/a}}", "{}", "page:1: 'a' is closed but not open"},
        {"{{#a}}\n{{/b}}", "{}", "page:2: 'b' is closed, but 'a' of line 1 is open"},
        {"{{=a=}}", "{}", "page:1: delimiters must be two words without '='"},
        {"{{=a b c=}}", "{}", "page:1: delimiters must be two words without '='"},
        {"{{$a}}{{/a}}", "{}", "page:1: '$' tags are not supported"},
        {"{{>}}", "{}", "page:1: a partial needs a name"},
    };
    struct template_env env = {0};

    EXAMPLES(&env, list);
}

TEST(strict_mode)
{
    struct world w = {.partials = parse(t, a, S("{\"part\":\"\\n{{titel}}\"}"))};
    struct template_env env = {.strict = true, .source = world_source, .ctx = &w};
    static const struct example list[] = {
        {"{{a}}", "{\"a\":null}", ""},
        {"\n{{titel}}", "{}", "page:2: unknown name 'titel'"},
        {"{{>part}}", "{}", "part:2: unknown name 'titel'"},
        {"{{>gone}}", "{}", "page:1: there is no template 'gone'"},
        {"{{#a}}{{/a}}", "{}", "page:1: unknown name 'a'"},
        {"{{^a}}{{/a}}", "{}", "page:1: unknown name 'a'"},
        {"{{a.b}}", "{\"a\":{}}", "page:1: unknown name 'a.b'"},
        {"{{a}}", "{\"a\":[]}", "page:1: 'a' is not one value but a list"},
        {"{{a}}", "{\"a\":{}}", "page:1: 'a' is not one value but an object"},
    };

    EXAMPLES(&env, list);
}

TEST(strict_mode_keeps_sections_inside_list_items)
{
    struct template_env env = {.strict = true};
    static const struct example list[] = {
        {"{{#bars}}{{#maint}}x{{/maint}}{{/bars}}", "{\"bars\":[{}],\"maint\":true}",
            "page:1: the list item has no 'maint', but an outer scope has"},
        {"{{#bars}}{{^maint}}x{{/maint}}{{/bars}}", "{\"bars\":[{}],\"maint\":true}",
            "page:1: the list item has no 'maint', but an outer scope has"},
        {"{{#bars}}{{#u}}{{#maint}}{{/maint}}{{/u}}{{/bars}}",
            "{\"bars\":[{\"u\":{}}],\"maint\":true}",
            "page:1: the list item has no 'maint', but an outer scope has"},
        {"{{#bars}}{{#u}}{{#maint}}x{{/maint}}{{/u}}{{/bars}}",
            "{\"bars\":[{\"u\":{},\"maint\":1}],\"maint\":true}", "x"},
        {"{{#bars}}{{#page.maint}}x{{/page.maint}}{{/bars}}",
            "{\"bars\":[{}],\"page\":{\"maint\":true}}", "x"},
        {"{{#bars}}{{title}}{{/bars}}", "{\"bars\":[{}],\"title\":\"T\"}", "T"},
        {"{{#tags}}{{#on}}{{.}}{{/on}}{{/tags}}", "{\"tags\":[1],\"on\":true}", "true"},
        {"{{#one}}{{#on}}x{{/on}}{{/one}}", "{\"one\":{},\"on\":true}", "x"},
    };

    EXAMPLES(&env, list);
}

TEST(raw_output_is_refused)
{
    struct template_env env = {.no_raw = true};
    static const struct example list[] = {
        {"{{{a}}}", "{}",
            "page:1: 'a' may not be printed raw: its name must start with html_"},
        {"{{&html.a}}", "{}",
            "page:1: 'html.a' may not be printed raw: its name must start with html_"},
        {"{{{html_a}}}{{&b.html_c}}", "{\"html_a\":\"<b>\",\"b\":{\"html_c\":\"</b>\"}}",
            "<b></b>"},
    };

    EXAMPLES(&env, list);
}

TEST(partials_indent_lines)
{
    struct world w = {.partials = parse(t, a, S("{"
        "\"list\":\"{{#l}}\\n- {{.}}\\n{{/l}}\\n{{#x}}in{{/x}}line\\n{{!c}} c\\n\\n\","
        "\"outer\":\"[\\n  {{>list}}\\n]\\n\"}"))};
    struct template_env env = {.source = world_source, .ctx = &w};

    CHECK_STR(run(a, &env, S(" {{>outer}}\nend"), parse(t, a, S("{\"l\":[\"a\\nb\",2],\"x\":1}"))),
        S(" [\n   - a\nb\n   - 2\n   inline\n    c\n   \n ]\nend"));
}

static struct str repeat(struct arena *a, struct str unit, size_t n)
{
    struct buf b;

    buf_init(&b, a, unit.len * n + 1);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, unit);
    return buf_str(&b);
}

static struct str nested(struct arena *a, size_t n)
{
    return str_printf(a, "%.*sx%.*s", STR(repeat(a, S("{{#a}}"), n)),
        STR(repeat(a, S("{{/a}}"), n)));
}

TEST(limit_nesting)
{
    struct world w = {
        .partials = parse(t, a, S("{\"r\":\"{{#a}}{{>r}}{{/a}}\",\"s\":\"{{>s}}\"}"))};
    struct template_env env = {.source = world_source, .ctx = &w};
    struct json *data = parse(t, a, S("{\"a\":true}"));

    CHECK_STR(run(a, &env, nested(a, MUSTACHE_MAX_DEPTH), data), S("x"));
    CHECK_STR(run(a, &env, nested(a, MUSTACHE_MAX_DEPTH + 1), data),
        S("page:1: sections nest deeper than 32"));
    CHECK_STR(run(a, &env, S("{{>r}}"), data),
        S("r:1: sections and partials nest deeper than 32"));
    CHECK_STR(run(a, &env, S("{{>s}}"), data),
        S("s:1: sections and partials nest deeper than 32"));
    /* Translations count with what is around them. */
    struct str in = str_printf(a, "{{#a}}{{#t}}%.*s{{/t}}{{/a}}", STR(nested(a, 31)));
    CHECK_STR(run(a, &env, in, data), S("x"));
    in = str_printf(a, "{{#a}}{{#t}}%.*s{{/t}}{{/a}}", STR(nested(a, 32)));
    CHECK_STR(run(a, &env, in, data), S("page:1: sections nest deeper than 32"));
}

/* Sections and partials count together while rendering: `r` takes two levels per `a` of the data.
 * 14 × 2, the partial itself, the sections around it, and the inverted one innermost make 32. */
TEST(limit_nesting_of_rendering)
{
    struct world w = {.partials = parse(t, a, S("{\"r\":\"{{#a}}{{>r}}{{/a}}{{^a}}x{{/a}}\"}"))};
    struct template_env env = {.source = world_source, .ctx = &w};
    struct str data = str_printf(a, "{\"w\":1,\"a\":%.*snull%.*s}",
        STR(repeat(a, S("{\"a\":"), 14)), STR(repeat(a, S("}"), 14)));
    struct json *root = parse(t, a, data);

    CHECK_STR(run(a, &env, S("{{#w}}{{#w}}{{>r}}{{/w}}{{/w}}"), root), S("x"));
    CHECK_STR(run(a, &env, S("{{#w}}{{#w}}{{#w}}{{>r}}{{/w}}{{/w}}{{/w}}"), root),
        S("r:1: sections and partials nest deeper than 32"));
}

static struct str deeper_source(void *ctx, struct str name)
{
    struct arena *a = ctx;

    return str_printf(a, "{{>%.*sx}}", STR(name));
}

TEST(limit_partials)
{
    struct template_env env = {.source = deeper_source, .ctx = a};
    struct str got = run(a, &env, S("{{>x}}"), parse(t, a, S("{}")));

    CHECK(str_ends(got, S(":1: partials nest deeper than 32")));
}

TEST(limit_nodes)
{
    struct template_env env = {0};
    struct json *data = parse(t, a, S("{\"a\":1}"));
    struct str most = repeat(a, S("{{a}}"), MUSTACHE_MAX_NODES - 1);

    CHECK_INT(run(a, &env, most, data).len, MUSTACHE_MAX_NODES - 1);
    CHECK_STR(run(a, &env, repeat(a, S("{{a}}"), MUSTACHE_MAX_NODES), data),
        S("page:1: more than 100000 nodes"));
}

TEST(limit_steps)
{
    struct template_env env = {0};
    struct json *root = json_object(a), *list = json_array(a);

    json_set(root, S("a"), list);
    for (int i = 0; i < 1000; i++)
        json_push(list, json_boolean(a, true));
    /* Two nodes at the root, then 1,000 × (the section and 1,000 × one text, less than the limit).
     */
    struct str source = S("{{#a}}{{#a}}{{/a}}{{/a}}");
    CHECK_STR(run(a, &env, source, root), S(""));
    source = S("{{#a}}{{#a}}{{.}}{{.}}{{/a}}{{/a}}");
    CHECK_STR(run(a, &env, source, root), S("page:1: the output is longer than 1048576 bytes"));
    source = S("{{#a}}{{#a}}{{no}}{{no}}{{/a}}{{/a}}");
    CHECK_STR(run(a, &env, source, root), S("page:1: more than 2000000 steps"));
}

TEST(limit_output)
{
    struct template_env env = {0};
    struct template *tpl;
    struct error err = {0};
    struct buf out;
    struct json *data = parse(t, a, S("{\"a\":\"<\"}"));

    REQUIRE_OK(template_compile(a, &env, S("p"), S("1234567{{a}}"), &tpl, &err));
    buf_init(&out, a, 11);
    REQUIRE_OK(template_render(tpl, data, NULL, &out, &err));
    CHECK_STR(buf_str(&out), S("1234567&lt;"));
    buf_init(&out, a, 10);
    CHECK(!template_render(tpl, data, NULL, &out, &err));
    CHECK(strstr(err.message, "p:1: the output is longer than 10 bytes"));
    CHECK_INT(err.kind, ERROR_INTERNAL);
}

/* A template with a partial and a translation, and its data, all from the input: a byte of options,
 * the template, NUL, the partial (which may include itself), NUL, a translation, NUL, JSON. Errors
 * have a kind and a message, output keeps to its cap, and rendering twice gives the same. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "text/mustache.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct texts {
    struct str partial, translation;
    size_t msgids;
};

static struct str source(void *ctx, struct str name)
{
    const struct texts *t = ctx;

    return name.len == 1 ? t->partial : STR_NONE;
}

static struct str translate(void *ctx, struct str msgid)
{
    const struct texts *t = ctx;

    return t->translation.len ? t->translation : msgid;
}

static void twice(void *ctx, const struct json *value, struct buf *out)
{
    (void)ctx;
    buf_add(out, value->text);
    buf_add(out, S("&"));
    buf_add(out, value->text);
}

static void count(void *ctx, struct str msgid, int line)
{
    struct texts *t = ctx;

    if (msgid.len == 0 || line < 1)
        abort();
    t->msgids++;
}

static void expect(const struct error *err, enum error_kind kind)
{
    if (err->kind != kind || !err->message[0])
        abort();
}

static void render(struct arena *a, const struct template *t, const struct json *root)
{
    struct error err = {0};
    struct buf first, second;

    buf_init(&first, a, 4096);
    buf_init(&second, a, 4096);
    bool ok = template_render(t, root, NULL, &first, &err);
    if (!ok)
        expect(&err, ERROR_INTERNAL);
    if (template_render(t, root, NULL, &second, &err) != ok || first.len > 4096 ||
        !str_eq(buf_str(&first), buf_str(&second)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct template_filter_entry filters[] = {{"f", twice}, {0}};
    struct texts texts = {0};
    struct template_env env = {.source = source, .translate = translate, .filters = filters,
        .ctx = &texts};
    struct str in = {(const char *)data, size}, text;
    struct template *t;
    struct json *root;
    struct error err = {0};
    struct arena a;

    if (size == 0)
        return 0;
    env.strict = data[0] & 1;
    env.no_raw = data[0] & 2;
    env.plain = data[0] & 4;
    in = str_cut(str_slice(in, 1, size), '\0', &text);
    in = str_cut(in, '\0', &texts.partial);
    in = str_cut(in, '\0', &texts.translation);
    arena_init(&a, (size_t)1 << 30);
    if (!json_parse(&a, in.ptr ? in : S("{}"), &root, &err))
        root = json_object(&a);
    if (template_compile(&a, &env, S("t"), text, &t, &err))
        render(&a, t, root);
    else
        expect(&err, ERROR_INVALID);
    if (!template_msgids(&a, S("t"), text, count, &texts, &err))
        expect(&err, ERROR_INVALID);
    arena_deinit(&a);
    return 0;
}

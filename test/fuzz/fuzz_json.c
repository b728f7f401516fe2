/* Whatever json_parse accepts is written, compact and pretty, as something that reads as the same
 * tree, is UTF-8, and is safe inside HTML. Whatever it refuses leaves a message. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct json *x, const struct json *y)
{
    if (x->type != y->type || x->count != y->count || !str_eq(x->text, y->text))
        return false;
    for (x = x->first, y = y->first; x && y; x = x->next, y = y->next)
        if (!str_eq(x->key, y->key) || !same(x, y))
            return false;
    return !x && !y;
}

static void check_text(struct arena *a, const struct json *v, struct str text)
{
    struct error err;
    struct json *again;

    if (!json_parse(a, text, &again, &err) || !same(v, again) || !utf8_valid(text) ||
        str_find(text, '<') != text.len || str_contains(text, S("\u2028")))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct buf pretty;
    struct error err = {0};
    struct json *v;

    arena_init(&a, (size_t)1 << 30);
    if (json_parse(&a, (struct str){(const char *)data, size}, &v, &err)) {
        check_text(&a, v, json_text(&a, v));
        buf_init(&pretty, &a, (size_t)1 << 24);
        json_pretty(&pretty, v);
        if (!pretty.full)
            check_text(&a, v, buf_str(&pretty));
    } else if (err.kind != ERROR_MALFORMED || !err.message[0]) {
        abort();
    }
    arena_deinit(&a);
    return 0;
}

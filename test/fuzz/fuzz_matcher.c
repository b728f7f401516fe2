/* Any bytes are read as matchers. What is accepted must be written as text that reads back as the
 * same, and must give the same verdict. The part after the last NUL is a label's value. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "domain/labels.h"
#include "domain/matcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct arena *a, const struct matcher *m)
{
    struct error err = {0};
    struct matcher back;

    if (!matcher_parse(a, matcher_text(a, m), &back, &err) || !str_eq(back.name, m->name) ||
        !str_eq(back.value, m->value) || back.op != m->op)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    struct str text = {(const char *)data, size}, value = S("x");
    struct error err = {0};
    struct matcher *v, one;
    size_t n;

    if (!a.base)
        arena_init(&a, (size_t)1 << 26);
    arena_reset(&a, 1 << 20);
    for (size_t i = size; i > 0; i--)
        if (data[i - 1] == 0) {
            value = str_slice(text, i, size);
            text.len = i - 1;
            break;
        }
    if (matchers_parse(&a, text, &v, &n, &err)) {
        struct label label = {n ? v[0].name : S("a"), value};
        struct labels labels = {&label, 1};
        for (size_t i = 0; i < n; i++)
            check_text(&a, &v[i]);
        if (n > 0 && n < 4)
            (void)matchers_match(v, n, &labels);
    }
    err = (struct error){0};
    if (matcher_parse(&a, text, &one, &err))
        check_text(&a, &one);
    else if (err.kind != ERROR_INVALID || !err.message[0])
        abort();
    return 0;
}

#include "test.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct test *tests, **tail = &tests;

void test_register(struct test *t)
{
    *tail = t;
    tail = &t->next;
}

void test_fail(struct test *t, const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    t->failures++;
    if (t->failures > 20)
        return;
    printf("%s:%d: %s: ", file, line, t->name);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
}

const char *test_data(struct test *t, struct arena *a, const char *path)
{
    const char *root = getenv("TOCSIN_TEST_DATA");
    struct str full = str_printf(a, "%s/%s", root ? root : "../shared/data", path);

    if (access(full.ptr, R_OK) == 0)
        return full.ptr;
    t->skipped = full.ptr;
    return NULL;
}

struct str test_read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");

    if (!f)
        return STR_NONE;
    fseek(f, 0, SEEK_END);
    size_t n = (size_t)ftell(f);
    rewind(f);
    char *p = arena_alloc(a, n + 1, 1);
    n = fread(p, 1, n, f);
    fclose(f);
    return (struct str){p, n};
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0, skipped = 0;
    struct arena a;

    setvbuf(stdout, NULL, _IOLBF, 0);
    arena_init(&a, (size_t)1 << 32);
    for (struct test *t = tests; t; t = t->next) {
        if (argc > 1 && !strstr(t->name, argv[1]))
            continue;
        t->run(t, &a);
        if (t->failures)
            failed++;
        else if (t->skipped)
            skipped++, printf("SKIPPED %s: %s\n", t->name, t->skipped);
        else
            passed++;
        arena_reset(&a, 1 << 20);
    }
    arena_deinit(&a);
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    if (!failed && !passed)
        return skipped ? 77 : 1;
    return failed ? 1 : 0;
}

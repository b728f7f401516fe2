#include "property.h"

#include <stdlib.h>

static int64_t setting(const char *name, int64_t otherwise)
{
    const char *text = getenv(name);
    int64_t v;

    return text && str_int(str_from(text), &v) ? v : otherwise;
}

static bool fails(struct test *t, property_fn *holds, uint64_t seed, int size)
{
    CLEANUP(arena_deinit) struct arena a;
    struct gen g = {seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
    int before = t->failures;

    arena_init(&a, (size_t)1 << 30);
    holds(t, &a, &g, size);
    return t->failures != before;
}

void property(struct test *t, struct arena *a, int cases, int max_size, property_fn *holds)
{
    int64_t seed = setting("PROPERTY_SEED", -1), size = setting("PROPERTY_SIZE", 0);
    int64_t n = setting("PROPERTY_CASES", cases), first = setting("PROPERTY_FIRST", 0);

    (void)a;
    if (seed >= 0) {
        fails(t, holds, (uint64_t)seed, size > 0 ? (int)size : max_size);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        int at = 1 + (int)(i * max_size / (n ? n : 1)), smallest = at;
        uint64_t case_seed = (uint64_t)(first + i);
        if (!fails(t, holds, case_seed, at))
            continue;
        for (int s = at - 1; s >= 1; s--)
            if (fails(t, holds, case_seed, s))
                smallest = s;
        test_fail(t, __FILE__, __LINE__,
            "case %lld fails; smallest: PROPERTY_SEED=%lld PROPERTY_SIZE=%d", (long long)i,
            (long long)case_seed, smallest);
        return;
    }
}

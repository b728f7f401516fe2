#include "base/id.h"

#include <string.h>

#include "base/arena.h"

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct str id_make(struct arena *a, const char *prefix, instant now, struct rand *rng)
{
    size_t n = strlen(prefix);
    char *p = arena_alloc(a, n + 28, 1);
    uint64_t ms = (uint64_t)(now.us / 1000);

    memcpy(p, prefix, n);
    p[n] = '_';
    for (size_t i = 0; i < 10; i++)
        p[n + 1 + i] = alphabet[(ms >> (5 * (9 - i))) & 31];
    uint64_t bits = 0;
    for (size_t i = 0; i < 16; i++) {
        if (i % 8 == 0)
            bits = rand_u64(rng);
        p[n + 11 + i] = alphabet[(bits >> (5 * (i % 8))) & 31];
    }
    return (struct str){p, n + 27};
}

bool id_is(struct str s, const char *prefix)
{
    size_t n = strlen(prefix);

    if (s.len != n + 27 || memcmp(s.ptr, prefix, n) != 0 || s.ptr[n] != '_')
        return false;
    for (size_t i = n + 1; i < s.len; i++)
        if (!s.ptr[i] || !strchr(alphabet, s.ptr[i]))
            return false;
    return true;
}

int64_t id_number(int64_t previous, instant now)
{
    int64_t fresh = (now.us / 1000) << 22;

    return fresh > previous ? fresh : previous + 1;
}

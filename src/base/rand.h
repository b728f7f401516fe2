/* Random bits as an argument. A `struct rand` is seeded from the system at the edge, or with a fixed
 * seed in tests and simulations. SplitMix64: for ids and jitter; secrets come from libsodium. */
#pragma once

#include <stdint.h>

struct rand {
    uint64_t state;
};

static inline uint64_t rand_u64(struct rand *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in [0, n); n > 0. */
static inline uint64_t rand_below(struct rand *r, uint64_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n;
    uint64_t v;

    do
        v = rand_u64(r);
    while (v >= limit);
    return v % n;
}

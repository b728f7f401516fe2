/* A seeded source of random cases for property tests: the same seed gives the same cases. */
#pragma once

#include <stdint.h>

struct gen {
    uint64_t state;
};

static inline uint64_t gen_next(struct gen *g)
{
    uint64_t z = g->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 0 … n − 1. */
static inline uint64_t gen_below(struct gen *g, uint64_t n)
{
    return gen_next(g) % n;
}

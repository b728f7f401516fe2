/* Properties: the same check on many random cases. Case i has seed PROPERTY_FIRST (0) + i and grows
 * in size; one that fails is tried again in smaller sizes, and the smallest that fails is named:
 *   PROPERTY_SEED=17 PROPERTY_SIZE=3 build/test/property/NAME_test
 * PROPERTY_CASES asks for more (or fewer) cases than the default. */
#pragma once

#include "gen.h"
#include "test.h"

/* Reports what does not hold with test_fail. Must depend on nothing but `g` and `size`. */
typedef void property_fn(struct test *t, struct arena *a, struct gen *g, int size);

void property(struct test *t, struct arena *a, int cases, int max_size, property_fn *holds);

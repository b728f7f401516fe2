/* When to try again. A page is never given up: this only says how long to wait. */
#pragma once

#include <stdint.h>

#define BACKOFF_FIRST_US INT64_C(1000000)
#define BACKOFF_MOST_US INT64_C(60000000)
#define BACKOFF_MOST_ASKED_US INT64_C(300000000)

/* The pause after the `attempts`-th failed attempt (from 1): 1 s, doubling to 60 s, ±20 % by
 * `random_bits` so that a recovering server is not hit by all at once. If the server asked for
 * longer (`asked_us`, 0 if not) it gets that, up to 5 minutes. */
int64_t backoff_us(int64_t attempts, uint64_t random_bits, int64_t asked_us);

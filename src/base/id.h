/* Identifiers: a type prefix and 26 base32 characters (Crockford's alphabet, lower case), the first
 * ten of which are the milliseconds of its making, so ids sort by age: inc_01k…
 * Made from the caller's `now` and random source, so tests and replays reproduce them. */
#pragma once

#include <stdbool.h>

#include "base/rand.h"
#include "base/str.h"
#include "base/time.h"

struct arena;

struct str id_make(struct arena *a, const char *prefix, instant now, struct rand *rng);
/* True if `s` is `prefix`, '_' and 26 characters of the alphabet. */
bool id_is(struct str s, const char *prefix);

/* 64-bit row numbers for alerts: milliseconds << 22 | 22 bits, strictly rising per process. */
int64_t id_number(int64_t previous, instant now);

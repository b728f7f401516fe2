/* UTF-8, strictly: overlong forms, surrogates and anything past U+10FFFF are not UTF-8. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

bool utf8_valid(struct str s);
/* Code points in a valid text. */
size_t utf8_length(struct str s);
/* The first code point and how many bytes it takes; 0 if `s` does not begin with one. */
size_t utf8_decode(struct str s, uint32_t *cp);
/* How many bytes were written; 0 if `cp` is not a code point that UTF-8 can carry. */
size_t utf8_encode(uint32_t cp, char out[4]);
/* The longest prefix of a valid text with at most `max` code points. */
struct str utf8_truncate(struct str s, size_t max);
/* What search compares: simple case folding for Latin, Greek and Cyrillic, and ё as е. Bytes that
 * are not UTF-8 pass unchanged. */
struct str utf8_fold(struct arena *a, struct str s);

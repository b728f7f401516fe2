/* A growing text in an arena, with a mandatory limit. Past the limit it stops growing and says so
 * in `full`, which sticks; callers that build output check it once, at the end. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len, cap, max;
    bool full;
};

void buf_init(struct buf *b, struct arena *a, size_t max);
void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Room for `n` more bytes at the returned pointer, to be claimed by adding to `len`; NULL if full. */
char *buf_room(struct buf *b, size_t n);
/* What was written so far; NUL-terminated unless full. */
struct str buf_str(struct buf *b);

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){.arena = a, .max = max};
}

char *buf_room(struct buf *b, size_t n)
{
    if (b->full || n > b->max - b->len) {
        b->full = true;
        return NULL;
    }
    if (b->cap - b->len < n + 1) {
        size_t cap = b->cap ? b->cap * 2 : 256;

        while (cap - b->len < n + 1)
            cap *= 2;
        b->ptr = arena_grow(b->arena, b->ptr, b->cap, cap);
        b->cap = cap;
    }
    return b->ptr + b->len;
}

void buf_add(struct buf *b, struct str s)
{
    char *p = buf_room(b, s.len);

    if (p && s.len)
        memcpy(p, s.ptr, s.len);
    if (p)
        b->len += s.len;
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, (struct str){&c, 1});
}

void buf_int(struct buf *b, int64_t v)
{
    char tmp[21];
    size_t i = sizeof tmp;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;

    do
        tmp[--i] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        tmp[--i] = '-';
    buf_add(b, (struct str){tmp + i, sizeof tmp - i});
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : buf_room(b, (size_t)n);
    if (!p)
        return;
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

struct str buf_str(struct buf *b)
{
    if (!b->ptr)
        return S("");
    b->ptr[b->len] = '\0';
    return (struct str){b->ptr, b->len};
}

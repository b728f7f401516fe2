#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct str str_from(const char *cstr)
{
    return cstr ? (struct str){cstr, strlen(cstr)} : STR_NONE;
}

struct str str_copy(struct arena *a, struct str s)
{
    if (!s.ptr)
        return STR_NONE;
    char *p = arena_alloc(a, s.len + 1, 1);
    if (s.len)
        memcpy(p, s.ptr, s.len);
    return (struct str){p, s.len};
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return S("");
    char *p = arena_alloc(a, (size_t)n + 1, 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (struct str){p, (size_t)n};
}

const char *str_z(struct arena *a, struct str s)
{
    return str_copy(a, s.ptr ? s : S("")).ptr;
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.ptr[i]) != lower(b.ptr[i]))
            return false;
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.ptr, b.ptr, n) : 0;

    return c ? c : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq((struct str){s.ptr, prefix.len}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
        str_eq((struct str){s.ptr + (s.len - suffix.len), suffix.len}, suffix);
}

bool str_contains(struct str s, struct str part)
{
    return part.len == 0 || (s.len && memmem(s.ptr, s.len, part.ptr, part.len));
}

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct str str_lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1, 1);

    for (size_t i = 0; i < s.len; i++)
        p[i] = lower(s.ptr[i]);
    return (struct str){p, s.len};
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    to = to > s.len ? s.len : to;
    from = from > to ? to : from;
    return s.ptr ? (struct str){s.ptr + from, to - from} : STR_NONE;
}

size_t str_find(struct str s, char c)
{
    const char *p = s.len ? memchr(s.ptr, c, s.len) : NULL;

    return p ? (size_t)(p - s.ptr) : s.len;
}

struct str str_cut(struct str s, char sep, struct str *head)
{
    size_t i = str_find(s, sep);

    *head = str_slice(s, 0, i);
    return i < s.len ? str_slice(s, i + 1, s.len) : STR_NONE;
}

bool str_int(struct str s, int64_t *out)
{
    bool neg = s.len && s.ptr[0] == '-';
    uint64_t v = 0;
    uint64_t limit = neg ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;

    if (s.len == (size_t)neg || s.len > 20)
        return false;
    for (size_t i = neg; i < s.len; i++) {
        unsigned digit = (unsigned char)s.ptr[i] - (unsigned)'0';
        if (digit > 9 || v > (limit - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t h = 14695981039346656037u;

    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 1099511628211u;
    return h;
}

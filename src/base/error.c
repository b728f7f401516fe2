#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *slug, *title;
    int http, exit;
    bool retry;
} kinds[] = {
#define X(kind, s, h, e, r, t) [ERROR_##kind] = {.slug = s, .title = t, .http = h, .exit = e, .retry = r},
    ERROR_KINDS(X)
#undef X
};

const char *error_slug(enum error_kind kind)
{
    return kinds[kind].slug;
}

const char *error_title(enum error_kind kind)
{
    return kinds[kind].title;
}

int error_http(enum error_kind kind)
{
    return kinds[kind].http;
}

int error_exit(enum error_kind kind)
{
    return kinds[kind].exit;
}

bool error_retry(enum error_kind kind)
{
    return kinds[kind].retry;
}

/* As much of a text as there is room for, without half a character at its end. */
__attribute__((format(printf, 3, 0))) static void print(char *to, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(to, size, fmt, ap);

    if (n < 0 || (size_t)n < size)
        return;
    size_t end = size - 1, start = end;
    while (start > 0 && end - start < 3 && ((unsigned char)to[start - 1] & 0xc0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)to[start - 1];
    size_t wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (end - start + 1 < wanted)
        to[start - 1] = '\0';
}

bool fail_at(struct error *err, const char *origin, enum error_kind kind, const char *fmt, ...)
{
    va_list ap;

    *err = (struct error){.kind = kind, .origin = origin, .format = fmt};
    va_start(ap, fmt);
    print(err->message, sizeof err->message, fmt, ap);
    va_end(ap);
    return false;
}

bool fail_field_at(struct error *err, const char *origin, struct str field, const char *fmt, ...)
{
    va_list ap;

    if (err->kind != ERROR_INVALID)
        *err = (struct error){.kind = ERROR_INVALID, .origin = origin};
    if (err->nfields == ERROR_MAX_FIELDS)
        return false;
    struct error_field *f = &err->fields[err->nfields++];
    snprintf(f->name, sizeof f->name, "%.*s", STR(field));
    f->format = fmt;
    va_start(ap, fmt);
    print(f->message, sizeof f->message, fmt, ap);
    va_end(ap);
    if (err->nfields == 1)
        snprintf(err->message, sizeof err->message, "%s: %s", f->name, f->message);
    return false;
}

bool error_prefix(struct error *err, const char *fmt, ...)
{
    char text[sizeof err->message];
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof text)
        snprintf(text + n, sizeof text - (size_t)n, ": %.200s", err->message);
    memcpy(err->message, text, sizeof text);
    err->format = NULL;
    return false;
}

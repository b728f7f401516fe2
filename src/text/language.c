#include "text/language.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/zone.h"
#include "text/catalog.h"

#define MAX_ARGS 9 /* %1$s … %9$s */
#define MAX_TEXT 4096

static struct str primary(struct str code)
{
    struct str first;

    str_cut(code, '-', &first);
    return first;
}

static struct str direction(struct str code)
{
    static const char *const rtl[] = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"};

    for (size_t i = 0; i < sizeof rtl / sizeof *rtl; i++)
        if (str_eq_nocase(primary(code), str_from(rtl[i])))
            return S("rtl");
    return S("ltr");
}

bool languages_open(
    struct arena *a, const struct embedded *table, struct languages *out, struct error *err)
{
    size_t n = 1;

    for (const struct embedded *e = table; e->name.ptr; e++)
        n += str_ends(e->name, S(".mo"));
    *out = (struct languages){.v = arena_array(a, struct language, n), .n = 1};
    out->v[0] = (struct language){.code = S("en"), .dir = S("ltr")};
    for (const struct embedded *e = table; e->name.ptr; e++) {
        if (!str_ends(e->name, S(".mo")))
            continue;
        struct language *l = &out->v[out->n++];
        l->code = str_slice(e->name, 0, e->name.len - 3);
        l->dir = direction(l->code);
        if (!catalog_open(a, e->data, &l->catalog, err))
            return error_prefix(err, "%.*s", STR(e->name));
    }
    return true;
}

int accept_weight(struct str parameters)
{
    struct str one, name;

    while (parameters.ptr) {
        parameters = str_cut(parameters, ';', &one);
        struct str q = str_trim(str_cut(one, '=', &name));
        if (!str_eq_nocase(str_trim(name), S("q")))
            continue;
        if (!q.len || q.ptr[0] != '0')
            return 1000;
        int v = 0;
        for (size_t i = 2, unit = 100; i < q.len && i < 5 && q.ptr[i] >= '0' && q.ptr[i] <= '9';
             i++, unit /= 10)
            v += (q.ptr[i] - '0') * (int)unit;
        return v;
    }
    return 1000;
}

/* What one range asks for: the language itself, or else a relative of it (ru-RU is served by ru, pt
 * by pt-br). */
static const struct language *find(const struct languages *l, struct str range)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq_nocase(l->v[i].code, range))
            return &l->v[i];
    for (size_t i = 0; i < l->n; i++)
        if (str_eq_nocase(l->v[i].code, primary(range)))
            return &l->v[i];
    for (size_t i = 0; i < l->n; i++)
        if (str_eq_nocase(primary(l->v[i].code), range))
            return &l->v[i];
    return NULL;
}

const struct language *language_find(const struct languages *l, struct str code)
{
    for (size_t i = 0; l && i < l->n; i++)
        if (str_eq(l->v[i].code, code))
            return &l->v[i];
    return NULL;
}

const struct language *language_choose(const struct languages *l, struct str accept)
{
    const struct language *best = l ? &l->v[0] : NULL;
    struct str item, range;
    int most = 0;

    while (l && accept.ptr) {
        accept = str_cut(accept, ',', &item);
        struct str parameters = str_cut(item, ';', &range);
        const struct language *found = find(l, str_trim(range));
        int weight = accept_weight(parameters);
        if (found && weight > most) {
            best = found;
            most = weight;
        }
    }
    return best;
}

struct str language_text(const struct language *l, const char *msgid)
{
    return catalog_text(l ? l->catalog : NULL, str_from(msgid));
}

/* One step through a format: the plain text before its next conversion, and which argument that
 * prints: 0 for the next, n for %n$…, -1 at the end. "%%" belongs to the plain text, as the caller
 * of next_piece unescapes it. */
static struct str next_piece(struct str *rest, int *arg)
{
    size_t at = 0;

    while (at < rest->len &&
           !(rest->ptr[at] == '%' && (at + 1 == rest->len || rest->ptr[at + 1] != '%')))
        at += rest->ptr[at] == '%' ? 2 : 1;
    struct str plain = str_slice(*rest, 0, at);
    *arg = at < rest->len ? 0 : -1;
    if (at < rest->len)
        at++;
    if (at + 1 < rest->len && rest->ptr[at] >= '1' && rest->ptr[at] <= '9' &&
        rest->ptr[at + 1] == '$') {
        *arg = rest->ptr[at] - '0';
        at += 2;
    }
    while (at < rest->len &&
           strchr("0123456789.*+-# hlzjt", rest->ptr[at])) /* flags, width, precision, length */
        at++;
    *rest = str_slice(*rest, at < rest->len && *arg >= 0 ? at + 1 : at, rest->len);
    return plain;
}

static struct str unescaped(struct arena *a, struct str plain)
{
    struct buf b;

    buf_init(&b, a, MAX_TEXT);
    for (size_t i = 0; i < plain.len; i++) {
        buf_addc(&b, plain.ptr[i]);
        if (plain.ptr[i] == '%')
            i++;
    }
    return buf_str(&b);
}

static size_t find_text(struct str s, struct str part)
{
    for (size_t i = 0; i + part.len <= s.len; i++)
        if (!part.len || !memcmp(s.ptr + i, part.ptr, part.len))
            return i;
    return s.len + 1;
}

/* What each conversion of `fmt` printed into `english`, by the plain text around it; false if that
 * cannot be told. */
static bool printed(
    struct arena *a, struct str fmt, struct str english, struct str args[MAX_ARGS], size_t *n)
{
    int arg;
    struct str plain = unescaped(a, next_piece(&fmt, &arg));

    *n = 0;
    if (!str_starts(english, plain))
        return false;
    english = str_slice(english, plain.len, english.len);
    while (arg >= 0) {
        if (arg > 0 || *n == MAX_ARGS)
            return false;
        plain = unescaped(a, next_piece(&fmt, &arg));
        size_t to = arg < 0 && str_ends(english, plain) ? english.len - plain.len
                                                        : find_text(english, plain);
        if (to > english.len || (arg >= 0 && !plain.len))
            return false;
        args[(*n)++] = str_slice(english, 0, to);
        english = str_slice(english, to + plain.len, english.len);
    }
    return english.len == 0;
}

static struct str fill(struct arena *a, struct str fmt, const struct str *args, size_t n)
{
    struct buf b;
    size_t next = 0;
    int arg;

    buf_init(&b, a, MAX_TEXT);
    do {
        buf_add(&b, unescaped(a, next_piece(&fmt, &arg)));
        size_t k = arg > 0 ? (size_t)arg - 1 : next++;
        if (arg >= 0 && k < n)
            buf_add(&b, args[k]);
    } while (arg >= 0);
    return buf_str(&b);
}

struct str language_message(
    const struct language *l, struct arena *a, const char *fmt, struct str english)
{
    struct str args[MAX_ARGS];
    size_t n;

    if (!l || !l->catalog || !fmt)
        return english;
    struct str text = language_text(l, fmt);
    return str_eq(text, str_from(fmt)) || !printed(a, str_from(fmt), english, args, &n)
               ? english
               : fill(a, text, args, n);
}

struct str language_format(const struct language *l, struct arena *a, const char *fmt, ...)
{
    char text[MAX_TEXT];
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    return language_message(l, a, fmt, str_copy(a, (struct str){text, len}));
}

struct str language_count(
    const struct language *l, struct arena *a, const char *one, const char *many, int64_t n)
{
    struct str number = str_printf(a, "%lld", (long long)n);

    return fill(
        a, catalog_plural(l ? l->catalog : NULL, str_from(one), str_from(many), n), &number, 1);
}

struct str language_fill(
    const struct language *l, struct arena *a, const char *msgid, const struct str *values, size_t n)
{
    return fill(a, language_text(l, msgid), values, n);
}

static const char *const days[] = {N_("%d Jan %d"), N_("%d Feb %d"), N_("%d Mar %d"), N_("%d Apr %d"), N_("%d May %d"),
    N_("%d Jun %d"), N_("%d Jul %d"), N_("%d Aug %d"), N_("%d Sep %d"), N_("%d Oct %d"), N_("%d Nov %d"), N_("%d Dec %d")};

struct str language_date(const struct language *l, struct arena *a, const struct civil *c)
{
    struct str values[] = {str_printf(a, "%d", c->day), str_printf(a, "%d", c->year)};

    return language_fill(l, a, days[c->month - 1], values, 2);
}

struct str language_datetime(const struct language *l, struct arena *a, const struct civil *c)
{
    if (!l || !l->catalog)
        return str_printf(a, "%04d-%02d-%02d %02d:%02d", c->year, c->month, c->day, c->hour, c->minute);
    return str_printf(a, "%.*s, %02d:%02d", STR(language_date(l, a, c)), c->hour, c->minute);
}

struct str language_span(const struct language *l, struct arena *a, int64_t us)
{
    static const struct {
        int64_t us;
        const char *name;
    } units[] = {{DAY_US, N_("d")}, {HOUR_US, N_("h")}, {MINUTE_US, N_("m")}, {SECOND_US, N_("s")}};
    struct buf out;
    int shown = 0;

    buf_init(&out, a, 200);
    us = us < 0 ? -us : us;
    for (size_t i = 0; i < 4 && shown < 2; i++) {
        int64_t n = us / units[i].us;
        if (n == 0 && !shown && i < 3)
            continue;
        if (n || !shown)
            buf_printf(&out, "%s%lld%.*s", shown ? " " : "", (long long)n, STR(language_text(l, units[i].name)));
        us -= n * units[i].us;
        shown++;
    }
    return buf_str(&out);
}

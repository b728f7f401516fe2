#include "base/json.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"

/* Up to this many members a new key is compared with each; larger objects are sorted when they
 * close, so that no input makes the check quadratic. */
#define FEW_KEYS 16

struct parser {
    const char *start, *p, *end;
    struct arena *arena;
    size_t room; /* how far the arena may be used */
    int depth;
    struct error *err;
};

static bool wrong(struct parser *ps, const char *at, const char *what)
{
    return fail(ps->err, MALFORMED, "at byte %zu: %s%s", (size_t)(at - ps->start),
        at == ps->end ? "the text ends early: " : "", what);
}

static bool reserve(struct parser *ps, size_t size)
{
    size_t used = ps->arena->used;

    if (used <= ps->room && size <= ps->room - used)
        return true;
    return fail(ps->err, TOO_LARGE, "at byte %zu: the document takes too much memory",
        (size_t)(ps->p - ps->start));
}

static struct json *new_value(struct parser *ps, enum json_type type)
{
    struct json *v;

    if (!reserve(ps, sizeof *v))
        return NULL;
    v = arena_new(ps->arena, struct json);
    v->type = type;
    return v;
}

/* The next byte, or NUL, which no place in the grammar accepts, at the end. */
static inline char peek(const struct parser *ps)
{
    return ps->p < ps->end ? *ps->p : '\0';
}

static inline char peek_past_space(struct parser *ps)
{
    while (ps->p < ps->end &&
        (*ps->p == ' ' || *ps->p == '\n' || *ps->p == '\r' || *ps->p == '\t'))
        ps->p++;
    return peek(ps);
}

#define BYTES(c) (UINT64_C(0x0101010101010101) * (c))

/* Eight bytes at a time to the next quote, backslash, control character or byte past ASCII. The
 * subtractions may also flag bytes after the first real hit, never one before it. */
static inline const char *skip_plain(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t w, quote_or_control, backslash, stop;
        memcpy(&w, p, 8);
        w = le64toh(w);
        /* Flipping bit 1 moves the quote to 0x20, just above the controls. */
        quote_or_control = (w ^ BYTES(0x02)) - BYTES(0x21);
        backslash = (w ^ BYTES(0x5c)) - BYTES(0x01);
        stop = (((quote_or_control | backslash) & ~w) | w) & BYTES(0x80);
        if (stop)
            return p + (__builtin_ctzll(stop) >> 3);
        p += 8;
    }
    while (p < end && (unsigned char)(*p - ' ') < 0x80 - ' ' && *p != '"' && *p != '\\')
        p++;
    return p;
}

static bool hex4(const char *p, const char *end, uint32_t *out)
{
    uint32_t v = 0;

    if (end - p < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)p[i];
        uint32_t digit = c - (uint32_t)'0';
        if (digit > 9) {
            digit = (c | 0x20u) - (uint32_t)'a';
            if (digit > 5)
                return false;
            digit += 10;
        }
        v = v << 4 | digit;
    }
    *out = v;
    return true;
}

/* The escape that begins at the backslash p: its code point and length, or 0 if it is none. */
static size_t read_escape(const char *p, const char *end, uint32_t *cp)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    const char *found;
    uint32_t low;

    if (end - p < 2)
        return 0;
    if (p[1] != 'u') {
        found = memchr(names, p[1], sizeof names - 1);
        if (!found)
            return 0;
        *cp = (unsigned char)values[found - names];
        return 2;
    }
    if (!hex4(p + 2, end, cp) || *cp == 0 || (*cp >= 0xdc00 && *cp <= 0xdfff))
        return 0;
    if (*cp < 0xd800 || *cp > 0xdbff)
        return 6;
    if (end - p < 12 || p[6] != '\\' || p[7] != 'u' || !hex4(p + 8, end, &low) || low < 0xdc00 ||
        low > 0xdfff)
        return 0;
    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
    return 12;
}

/* Decodes what parse_string has validated. No escape is shorter than what it stands for. */
static bool unescape(struct parser *ps, struct str raw, struct str *out)
{
    const char *p = raw.ptr, *end = raw.ptr + raw.len;
    char *to;

    if (!reserve(ps, raw.len + 1))
        return false;
    out->ptr = to = arena_alloc(ps->arena, raw.len + 1, 1);
    while (p < end) {
        const char *stop = memchr(p, '\\', (size_t)(end - p));
        size_t run = (size_t)((stop ? stop : end) - p);
        uint32_t cp = 0;
        memcpy(to, p, run);
        to += run;
        p += run;
        if (stop) {
            p += read_escape(p, end, &cp);
            to += utf8_encode(cp, to);
        }
    }
    out->len = (size_t)(to - out->ptr);
    return true;
}

/* From the opening quote past the closing one. */
static bool parse_string(struct parser *ps, struct str *out)
{
    const char *p = ++ps->p;
    bool escaped = false;

    for (;;) {
        size_t n;
        uint32_t cp;
        p = skip_plain(p, ps->end);
        if (p == ps->end)
            return wrong(ps, p, "expected the closing quote of a string");
        if (*p == '"')
            break;
        if (*p == '\\') {
            escaped = true;
            n = read_escape(p, ps->end, &cp);
            if (!n)
                return wrong(ps, p, "not an escape that is allowed in a string");
        } else {
            n = utf8_decode((struct str){p, (size_t)(ps->end - p)}, &cp);
            if (!n)
                return wrong(ps, p, "not UTF-8");
            if (n == 1)
                return wrong(ps, p, "a control character in a string must be escaped");
        }
        p += n;
    }
    *out = (struct str){ps->p, (size_t)(p - ps->p)};
    ps->p = p + 1;
    return !escaped || unescape(ps, *out, out);
}

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

static bool parse_number(struct parser *ps, struct str *out)
{
    const char *p = ps->p, *from;

    p += *p == '-';
    from = p;
    p = skip_digits(p, ps->end);
    if (p == from)
        return wrong(ps, p, "expected a digit");
    if (*from == '0' && p - from > 1)
        return wrong(ps, from, "a number must not begin with a zero");
    if (p < ps->end && *p == '.') {
        from = ++p;
        p = skip_digits(p, ps->end);
        if (p == from)
            return wrong(ps, p, "expected a digit after the decimal point");
    }
    if (p < ps->end && (*p == 'e' || *p == 'E')) {
        p++;
        p += p < ps->end && (*p == '+' || *p == '-');
        from = p;
        p = skip_digits(p, ps->end);
        if (p == from)
            return wrong(ps, p, "expected a digit in the exponent");
    }
    *out = (struct str){ps->p, (size_t)(p - ps->p)};
    ps->p = p;
    return true;
}

static bool parse_word(struct parser *ps, struct str word)
{
    if (!str_starts((struct str){ps->p, (size_t)(ps->end - ps->p)}, word))
        return wrong(ps, ps->p, "expected a value");
    ps->p += word.len;
    return true;
}

static bool parse_value(struct parser *ps, struct json **out);

static int by_key(const void *a, const void *b)
{
    return str_cmp((*(struct json *const *)a)->key, (*(struct json *const *)b)->key);
}

static bool repeated(struct parser *ps, const char *at, struct str key)
{
    return fail(ps->err, MALFORMED, "at byte %zu: the key \"%.*s\" is given twice",
        (size_t)(at - ps->start), STR(utf8_truncate(key, 40)));
}

/* Refuses a large object with two equal keys. */
static bool check_keys(struct parser *ps, const struct json *object)
{
    size_t mark = ps->arena->used, n = 0;
    struct json **members;
    bool ok = true;

    if (!reserve(ps, object->count * sizeof *members))
        return false;
    members = arena_array(ps->arena, struct json *, object->count);
    for (struct json *m = object->first; m; m = m->next)
        members[n++] = m;
    qsort(members, n, sizeof *members, by_key);
    for (size_t i = 1; ok && i < n; i++)
        if (str_eq(members[i - 1]->key, members[i]->key))
            ok = repeated(ps, ps->p, members[i]->key);
    ps->arena->used = mark;
    return ok;
}

static bool parse_member(struct parser *ps, struct json *object)
{
    const char *at = ps->p;
    struct str key;
    struct json *v;

    if (peek(ps) != '"')
        return wrong(ps, ps->p, "expected a key in quotes");
    if (!parse_string(ps, &key))
        return false;
    if (object->count < FEW_KEYS && json_get(object, key))
        return repeated(ps, at, key);
    if (peek_past_space(ps) != ':')
        return wrong(ps, ps->p, "expected ':' after the key");
    ps->p++;
    if (!parse_value(ps, &v))
        return false;
    json_set(object, key, v);
    return true;
}

static bool parse_element(struct parser *ps, struct json *array)
{
    struct json *v;

    if (!parse_value(ps, &v))
        return false;
    json_push(array, v);
    return true;
}

/* From the opening bracket past the closing one. */
static bool parse_container(struct parser *ps, struct json *v)
{
    bool object = v->type == JSON_OBJECT;
    char close = object ? '}' : ']';

    if (++ps->depth > JSON_MAX_DEPTH)
        return wrong(ps, ps->p, "nested too deeply");
    ps->p++;
    if (peek_past_space(ps) == close) {
        ps->p++;
    } else {
        for (;;) {
            if (!(object ? parse_member(ps, v) : parse_element(ps, v)))
                return false;
            char c = peek_past_space(ps);
            if (c != ',' && c != close)
                return wrong(ps, ps->p, object ? "expected ',' or '}'" : "expected ',' or ']'");
            ps->p++;
            if (c == close)
                break;
            peek_past_space(ps);
        }
        if (object && v->count > FEW_KEYS && !check_keys(ps, v))
            return false;
    }
    ps->depth--;
    return true;
}

static enum json_type type_of(char c)
{
    switch (c) {
    case '{':
        return JSON_OBJECT;
    case '[':
        return JSON_ARRAY;
    case '"':
        return JSON_STRING;
    case 't':
        return JSON_TRUE;
    case 'f':
        return JSON_FALSE;
    case '-': case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
        return JSON_NUMBER;
    default:
        return JSON_NULL;
    }
}

static bool parse_value(struct parser *ps, struct json **out)
{
    struct json *v = new_value(ps, type_of(peek_past_space(ps)));

    *out = v;
    if (!v)
        return false;
    switch (v->type) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        return parse_container(ps, v);
    case JSON_STRING:
        return parse_string(ps, &v->text);
    case JSON_NUMBER:
        return parse_number(ps, &v->text);
    case JSON_TRUE:
        return parse_word(ps, S("true"));
    case JSON_FALSE:
        return parse_word(ps, S("false"));
    case JSON_NULL:
        return parse_word(ps, S("null"));
    }
    return false;
}

bool json_parse(struct arena *a, struct str in, struct json **out, struct error *err)
{
    struct parser ps = {
        .start = in.ptr,
        .p = in.ptr,
        .end = in.ptr + in.len,
        .arena = a,
        .room = a->used + (a->size - a->used) / 2,
        .err = err,
    };
    struct json *v;

    if (!parse_value(&ps, &v))
        return false;
    peek_past_space(&ps);
    if (ps.p != ps.end)
        return wrong(&ps, ps.p, "expected nothing more after the value");
    *out = v;
    return true;
}

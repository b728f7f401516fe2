/* The classic syntax: ^\s*name\s*(=~|=|!=|!~)\s*(.*?)\s*$ for each part between commas outside
 * quotes. An escape that means nothing keeps its backslash. */
#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "domain/matcher.h"

/* As much of the input as a complaint repeats. */
#define SHOWN 80

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static struct str trim(struct str s)
{
    while (s.len && blank(s.ptr[0]))
        s = str_slice(s, 1, s.len);
    while (s.len && blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

static struct str take_name(struct str *rest)
{
    struct str s = *rest;
    size_t n = 0;

    while (n < s.len) {
        char c = s.ptr[n];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
        if (!letter && (n == 0 || c < '0' || c > '9'))
            break;
        n++;
    }
    *rest = trim(str_slice(s, n, s.len));
    return str_slice(s, 0, n);
}

static bool take_op(struct str *rest, enum matcher_op *op)
{
    static const struct {
        const char *text;
        enum matcher_op op;
    } ops[] = {{"=~", MATCHER_RE}, {"=", MATCHER_EQ}, {"!=", MATCHER_NE}, {"!~", MATCHER_NRE}};

    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        struct str text = str_from(ops[i].text);
        if (str_starts(*rest, text)) {
            *op = ops[i].op;
            *rest = trim(str_slice(*rest, text.len, rest->len));
            return true;
        }
    }
    return false;
}

/* Quotes only at both ends; inside \n, \" and \\ mean what they say. */
static bool read_value(struct arena *a, struct str raw, struct str *out)
{
    bool quoted = raw.len && raw.ptr[0] == '"';
    struct str s = quoted ? str_slice(raw, 1, raw.len) : raw;
    char *to = arena_alloc(a, s.len + 1, 1);
    size_t n = 0, i = 0;

    for (; i < s.len && s.ptr[i] != '"'; i++) {
        char next = i + 1 < s.len ? s.ptr[i + 1] : '\0';
        if (s.ptr[i] != '\\' || (next != 'n' && next != '"' && next != '\\')) {
            to[n++] = s.ptr[i];
            continue;
        }
        to[n++] = next == 'n' ? '\n' : next;
        i++;
    }
    *out = (struct str){to, n};
    return quoted ? i + 1 == s.len : i == s.len;
}

bool matcher_parse_classic(struct arena *a, struct str text, struct matcher *out, struct error *err)
{
    struct str rest = trim(text), name = take_name(&rest), value;
    struct str shown = utf8_truncate(text, SHOWN);
    enum matcher_op op;

    if (!name.len || !take_op(&rest, &op))
        return fail(err, INVALID, "bad matcher format: %.*s", STR(shown));
    shown = utf8_truncate(rest, SHOWN);
    if (!read_value(a, rest, &value))
        return fail(err, INVALID, "matcher value contains unescaped double quote: %.*s",
            STR(shown));
    return matcher_make(a, name, op, value, out, err);
}

/* Up to the next comma outside quotes, or the end. */
static size_t part_length(struct str s)
{
    bool quoted = false;
    size_t i = 0;

    for (; i < s.len && (quoted || s.ptr[i] != ','); i++) {
        if (s.ptr[i] == '\\')
            i += i + 1 < s.len && s.ptr[i + 1] != ',';
        else if (s.ptr[i] == '"')
            quoted = !quoted;
    }
    return i;
}

bool matchers_parse_classic(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err)
{
    struct matcher *v = arena_array(a, struct matcher, MATCHERS_MAX);
    struct str rest = text;

    *out = v;
    *n = 0;
    if (str_starts(rest, S("{")))
        rest = str_slice(rest, 1, rest.len);
    if (str_ends(rest, S("}")))
        rest.len--;
    while (rest.len) {
        size_t length = part_length(rest);
        struct str part = str_slice(rest, 0, length);
        bool last = length == rest.len;
        if (last && !trim(part).len)
            break;
        if (*n == MATCHERS_MAX)
            return fail(err, INVALID, "more than %d matchers", MATCHERS_MAX);
        if (!matcher_parse_classic(a, part, &v[*n], err))
            return false;
        ++*n;
        rest = last ? STR_NONE : str_slice(rest, length + 1, rest.len);
    }
    return true;
}

/* The UTF-8 syntax: [{] [name op value {, name op value} [,]] [}], where name and value are words
 * or Go strings in double quotes. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "domain/matcher.h"

enum kind { END, OPEN, CLOSE, COMMA, OP, WORD, QUOTED, BAD };

struct token {
    enum kind kind;
    struct str text; /* of QUOTED: between the quotes */
};

struct lexer {
    struct str all;
    size_t at;
    struct token next;
};

/* White space as Unicode has it. */
static bool blank(uint32_t cp)
{
    return (cp >= '\t' && cp <= '\r') || cp == ' ' || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
        (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f ||
        cp == 0x205f || cp == 0x3000;
}

static struct token cut(struct lexer *lx, enum kind kind, size_t n)
{
    struct token t = {kind, str_slice(lx->all, lx->at, lx->at + n)};

    lx->at += n;
    return t;
}

static struct token cut_quoted(struct lexer *lx)
{
    struct str s = lx->all;
    size_t from = lx->at + 1, i = from;

    while (i < s.len && s.ptr[i] != '"')
        i += s.ptr[i] == '\\' ? 2 : 1;
    if (i >= s.len)
        return cut(lx, BAD, s.len - lx->at);
    lx->at = i + 1;
    return (struct token){QUOTED, str_slice(s, from, i)};
}

static struct token cut_word(struct lexer *lx)
{
    size_t i = lx->at, n;
    uint32_t cp;

    while ((n = utf8_decode(str_slice(lx->all, i, lx->all.len), &cp)) > 0) {
        if (blank(cp) || (cp < 0x80 && strchr("{}!=~,\\\"'`", (char)cp)))
            break;
        i += n;
    }
    return i > lx->at ? cut(lx, WORD, i - lx->at) : cut(lx, BAD, 1);
}

static void advance(struct lexer *lx)
{
    struct str rest;
    uint32_t cp = 0;
    size_t n;

    while ((n = utf8_decode(str_slice(lx->all, lx->at, lx->all.len), &cp)) > 0 && blank(cp))
        lx->at += n;
    rest = str_slice(lx->all, lx->at, lx->all.len);
    if (!rest.len)
        lx->next = (struct token){END, STR_NONE};
    else if (rest.ptr[0] == '{')
        lx->next = cut(lx, OPEN, 1);
    else if (rest.ptr[0] == '}')
        lx->next = cut(lx, CLOSE, 1);
    else if (rest.ptr[0] == ',')
        lx->next = cut(lx, COMMA, 1);
    else if (str_starts(rest, S("=~")) || str_starts(rest, S("!=")) || str_starts(rest, S("!~")))
        lx->next = cut(lx, OP, 2);
    else if (rest.ptr[0] == '=')
        lx->next = cut(lx, OP, 1);
    else if (rest.ptr[0] == '"')
        lx->next = cut_quoted(lx);
    else
        lx->next = cut_word(lx);
}

/* `n` digits of `base`. */
static bool read_digits(struct str s, size_t n, unsigned base, uint32_t *out)
{
    uint32_t v = 0;

    if (s.len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s.ptr[i];
        unsigned d = c >= '0' && c <= '9' ? (unsigned)(c - '0')
            : c >= 'a' && c <= 'f'        ? (unsigned)(c - 'a') + 10
            : c >= 'A' && c <= 'F'        ? (unsigned)(c - 'A') + 10
                                          : 16;
        if (d >= base)
            return false;
        v = v * base + d;
    }
    *out = v;
    return true;
}

/* The escape that begins `s` (after the backslash): what it stands for goes to `to`, its length is
 * returned; 0 if it is none. \x and octal give a byte, \u and \U a code point. */
static size_t read_escape(struct str s, char *to, size_t *ntext)
{
    static const char names[] = "abfnrtv\\\"", values[] = "\a\b\f\n\r\t\v\\\"";
    const char *found = s.len ? memchr(names, s.ptr[0], sizeof names - 1) : NULL;
    uint32_t v;
    size_t n;

    *ntext = 1;
    if (found) {
        *to = values[found - names];
        return 1;
    }
    if (!s.len)
        return 0;
    if (s.ptr[0] == 'u' || s.ptr[0] == 'U') {
        n = s.ptr[0] == 'u' ? 4 : 8;
        if (!read_digits(str_slice(s, 1, s.len), n, 16, &v))
            return 0;
        *ntext = utf8_encode(v, to);
        return *ntext ? n + 1 : 0;
    }
    n = s.ptr[0] == 'x' ? 1 : 0;
    if (!read_digits(str_slice(s, n, s.len), n ? 2 : 3, n ? 16 : 8, &v) || v > 255)
        return 0;
    *to = (char)v;
    return 3;
}

/* No escape is shorter than what it stands for. NUL is refused: no label can hold it. */
static bool unquote(struct arena *a, struct str raw, struct str *out)
{
    char *to = arena_alloc(a, raw.len + 4, 1);
    size_t n = 0, i = 0;

    while (i < raw.len) {
        size_t taken, made = 1;
        if (raw.ptr[i] == '\n')
            return false;
        if (raw.ptr[i] != '\\') {
            to[n++] = raw.ptr[i++];
            continue;
        }
        taken = read_escape(str_slice(raw, i + 1, raw.len), to + n, &made);
        if (!taken)
            return false;
        i += 1 + taken;
        n += made;
    }
    *out = (struct str){to, n};
    return utf8_valid(*out) && str_find(*out, '\0') == n;
}

static bool unexpected(const struct lexer *lx, const char *wanted, struct error *err)
{
    if (lx->next.kind == END)
        return fail(err, INVALID, "the matchers end early: expected %s", wanted);
    return fail(err, INVALID, "at byte %zu of the matchers: expected %s", lx->at, wanted);
}

static bool take_text(struct arena *a, struct lexer *lx, const char *wanted, struct str *out,
    struct error *err)
{
    if (lx->next.kind == WORD)
        *out = lx->next.text;
    else if (lx->next.kind != QUOTED)
        return unexpected(lx, wanted, err);
    else if (!unquote(a, lx->next.text, out))
        return fail(err, INVALID, "the string before byte %zu of the matchers has a bad escape",
            lx->at);
    advance(lx);
    return true;
}

static bool take_op(struct lexer *lx, enum matcher_op *op, struct error *err)
{
    struct str s = lx->next.text;

    if (lx->next.kind != OP)
        return unexpected(lx, "=, !=, =~ or !~", err);
    *op = s.len == 1 ? MATCHER_EQ
        : s.ptr[0] == '=' ? MATCHER_RE
        : s.ptr[1] == '=' ? MATCHER_NE
                          : MATCHER_NRE;
    advance(lx);
    return true;
}

static bool take_matcher(struct arena *a, struct lexer *lx, struct matcher *out, struct error *err)
{
    struct str name, value;
    enum matcher_op op = MATCHER_EQ;

    return take_text(a, lx, "a label name", &name, err) && take_op(lx, &op, err) &&
        take_text(a, lx, "a value", &value, err) && matcher_make(a, name, op, value, out, err);
}

bool matchers_parse_utf8(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err)
{
    struct matcher *v = arena_array(a, struct matcher, MATCHERS_MAX);
    struct lexer lx = {.all = text};
    bool braces;

    *out = v;
    *n = 0;
    advance(&lx);
    braces = lx.next.kind == OPEN;
    if (braces)
        advance(&lx);
    while (lx.next.kind != END && lx.next.kind != CLOSE) {
        if (*n == MATCHERS_MAX)
            return fail(err, INVALID, "more than %d matchers", MATCHERS_MAX);
        if (!take_matcher(a, &lx, &v[*n], err))
            return false;
        ++*n;
        if (lx.next.kind != COMMA)
            break;
        advance(&lx);
    }
    if (braces) {
        if (lx.next.kind != CLOSE)
            return unexpected(&lx, "a comma or a closing brace", err);
        advance(&lx);
    }
    return lx.next.kind == END || unexpected(&lx, "a comma or the end", err);
}

#include "domain/matcher.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/utf8.h"
#include "domain/labels.h"

bool matcher_make(struct arena *a, struct str name, enum matcher_op op, struct str value,
    struct matcher *out, struct error *err)
{
    struct regex *re = NULL;

    if (!name.len)
        return fail(err, INVALID, "a matcher has no label name");
    if (name.len > LABEL_NAME_MAX)
        return fail(err, INVALID, "a label name is longer than %d bytes", LABEL_NAME_MAX);
    if (value.len > LABEL_VALUE_MAX)
        return fail(err, INVALID, "the value for %.*s is longer than %d bytes", STR(name),
            LABEL_VALUE_MAX);
    if ((op == MATCHER_RE || op == MATCHER_NRE) && !regex_compile(a, value, &re, err))
        return false;
    *out = (struct matcher){name, value, op, re};
    return true;
}

static bool readable(struct str text, struct error *err)
{
    if (text.len > MATCHERS_TEXT_MAX)
        return fail(err, INVALID, "matchers are longer than %d bytes", MATCHERS_TEXT_MAX);
    if (!utf8_valid(text) || str_find(text, '\0') < text.len)
        return fail(err, INVALID, "matchers are not valid UTF-8");
    return true;
}

bool matchers_parse(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err)
{
    struct error second = {0};

    *out = NULL;
    *n = 0;
    if (!readable(text, err))
        return false;
    if (matchers_parse_classic(a, text, out, n, err))
        return true;
    if (!matchers_parse_utf8(a, text, out, n, &second))
        return false;
    *err = (struct error){0};
    return true;
}

bool matcher_parse(struct arena *a, struct str text, struct matcher *out, struct error *err)
{
    struct error second = {0};
    struct matcher *v;
    size_t n;

    if (!readable(text, err))
        return false;
    if (matcher_parse_classic(a, text, out, err))
        return true;
    if (str_starts(text, S("{")) || str_ends(text, S("}")) ||
        !matchers_parse_utf8(a, text, &v, &n, &second) || n != 1)
        return false;
    *err = (struct error){0};
    *out = v[0];
    return true;
}

/* The escapes that both syntaxes read alike. */
static void add_quoted(struct buf *b, struct str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == '\n') {
            buf_add(b, S("\\n"));
            continue;
        }
        if (c == '"' || c == '\\')
            buf_addc(b, '\\');
        buf_addc(b, c);
    }
    buf_addc(b, '"');
}

struct str matcher_text(struct arena *a, const struct matcher *m)
{
    static const char *const ops[] = {
        [MATCHER_EQ] = "=", [MATCHER_NE] = "!=", [MATCHER_RE] = "=~", [MATCHER_NRE] = "!~"};
    struct buf b;

    buf_init(&b, a, 2 * (m->name.len + m->value.len) + 8);
    if (label_name_classic(m->name))
        buf_add(&b, m->name);
    else
        add_quoted(&b, m->name);
    buf_add(&b, str_from(ops[m->op]));
    add_quoted(&b, m->value);
    return buf_str(&b);
}

enum regex_result matcher_match(const struct matcher *m, const struct labels *labels)
{
    struct str value = labels_get(labels, m->name);
    enum regex_result found;

    if (!value.ptr)
        value = S("");
    switch (m->op) {
    case MATCHER_EQ:
        return str_eq(value, m->value) ? REGEX_YES : REGEX_NO;
    case MATCHER_NE:
        return str_eq(value, m->value) ? REGEX_NO : REGEX_YES;
    case MATCHER_RE:
        return regex_match(m->re, value);
    case MATCHER_NRE:
        break;
    }
    found = regex_match(m->re, value);
    return found == REGEX_LIMIT ? REGEX_LIMIT : found == REGEX_YES ? REGEX_NO : REGEX_YES;
}

enum regex_result matchers_match(const struct matcher *v, size_t n, const struct labels *labels)
{
    enum regex_result all = REGEX_YES;

    for (size_t i = 0; i < n; i++) {
        enum regex_result one = matcher_match(&v[i], labels);
        if (one == REGEX_NO)
            return REGEX_NO;
        if (one == REGEX_LIMIT)
            all = REGEX_LIMIT;
    }
    return all;
}

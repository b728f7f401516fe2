#include "base/regex.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"

#define MATCH_LIMIT 10000 /* steps of backtracking */
#define HEAP_LIMIT_KIB 1024
#define MAX_REPEAT 1000 /* RE2's */

struct regex {
    pcre2_code *code;
    pcre2_match_context *limits;
};

/* Walks over a pattern to refuse what PCRE2 knows and RE2 does not. Whether the rest is well formed
 * is left to PCRE2. */
struct scanner {
    struct str pattern;
    size_t i;
    struct error *err;
};

static bool refuse(struct scanner *s, size_t at, const char *what)
{
    return fail(s->err, INVALID, "regular expression at byte %zu: %s", at, what);
}

/* The byte `ahead` of the scanner, or NUL at the end. */
static char peek(const struct scanner *s, size_t ahead)
{
    return s->i + ahead < s->pattern.len ? s->pattern.ptr[s->i + ahead] : '\0';
}

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool is_alnum(char c)
{
    char lower = (char)(c | 0x20);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

static bool is_hex(char c)
{
    return is_alnum(c) && (c <= '9' || (c | 0x20) <= 'f');
}

/* From the backslash. In a class the assertions and quotations have no meaning. */
static bool scan_escape(struct scanner *s, bool in_class)
{
    char c = peek(s, 1);
    size_t at = s->i;

    s->i += 2;
    if (c >= '1' && c <= '9')
        return refuse(s, at, "backreferences are not supported");
    if (c == 'x' && peek(s, 0) != '{' && !(is_hex(peek(s, 0)) && is_hex(peek(s, 1))))
        return refuse(s, at, "\\x takes two hexadecimal digits, or more in braces");
    if (c == 'Q' && !in_class) {
        struct str rest = str_slice(s->pattern, s->i, s->pattern.len);
        const char *end = rest.len ? memmem(rest.ptr, rest.len, "\\E", 2) : NULL;
        s->i = end ? (size_t)(end - s->pattern.ptr) + 2 : s->pattern.len;
        return true;
    }
    if ((unsigned char)c < 0x80 && !is_alnum(c)) /* nothing after it: PCRE2 refuses */
        return true;
    if (is_one_of(c, "0aftnrxdDsSwWpP") || (!in_class && is_one_of(c, "AzbB")))
        return true;
    return refuse(s, at, "this escape is not supported");
}

/* From the bracket past the one that closes the class. */
static bool scan_class(struct scanner *s)
{
    size_t at = s->i++;

    if (peek(s, 0) == '^')
        s->i++;
    if (peek(s, 0) == ']') /* the first one stands for itself */
        s->i++;
    while (s->i < s->pattern.len) {
        size_t name = 2;
        switch (peek(s, 0)) {
        case ']':
            s->i++;
            return true;
        case '\\':
            if (!scan_escape(s, true))
                return false;
            break;
        case '[':
            while (peek(s, 1) == ':' && (is_alnum(peek(s, name)) || peek(s, name) == '^'))
                name++;
            s->i += peek(s, name) == ':' && peek(s, name + 1) == ']' ? name + 2 : 1;
            break;
        default:
            s->i++;
        }
    }
    return refuse(s, at, "the class is not closed");
}

/* From the opening parenthesis past what says which kind of group it is. */
static bool scan_group(struct scanner *s)
{
    static const struct {
        const char *begin, *what;
    } missing[] = {
        {"(*", "verbs are not supported"},
        {"(?=", "look-around is not supported"},
        {"(?!", "look-around is not supported"},
        {"(?<=", "look-around is not supported"},
        {"(?<!", "look-around is not supported"},
        {"(?P=", "backreferences are not supported"},
        {"(?P>", "recursion is not supported"},
        {"(?R", "recursion is not supported"},
        {"(?&", "recursion is not supported"},
        {"(?C", "callouts are not supported"},
        {"(?(", "conditions are not supported"},
    };
    struct str rest = str_slice(s->pattern, s->i, s->pattern.len);
    size_t at = s->i, n = 2;

    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        if (str_starts(rest, str_from(missing[i].begin)))
            return refuse(s, at, missing[i].what);
    s->i++;
    if (peek(s, 0) != '?')
        return true;
    s->i = at + n;
    if (peek(s, 0) == 'P' || peek(s, 0) == '<') {
        s->i += peek(s, 0) == 'P';
        return peek(s, 0) == '<' || refuse(s, at, "this group is not supported");
    }
    while (is_one_of(peek(s, 0), "imsU-"))
        s->i++;
    char c = peek(s, 0);
    bool flags = s->i > at + n;
    if (c != ':' && !(c == ')' && flags))
        return refuse(s, at, "this group is not supported");
    s->i += c == ':'; /* a ')' is left, as the end of any group is */
    return true;
}

/* The length of the quantifier here, with its '?'; 0 if there is none. Sets *high to the largest
 * number in it. */
static size_t quantifier(const struct scanner *s, unsigned *high)
{
    size_t n = 1;
    unsigned v = 0;

    *high = 0;
    if (peek(s, 0) == '{') {
        size_t digits = 0;
        for (; (peek(s, n) >= '0' && peek(s, n) <= '9') || (digits && peek(s, n) == ','); n++) {
            bool comma = peek(s, n) == ',';
            digits++;
            v = comma ? 0 : v < MAX_REPEAT + 1 ? v * 10 + (unsigned)(peek(s, n) - '0') : v;
            *high = v > *high ? v : *high;
        }
        if (!digits || peek(s, n) != '}')
            return 0;
        n++;
    } else if (!is_one_of(peek(s, 0), "*+?")) {
        return 0;
    }
    return n + (peek(s, n) == '?');
}

static bool scan_quantifier(struct scanner *s, size_t n, unsigned high)
{
    size_t at = s->i;

    if (high > MAX_REPEAT)
        return refuse(s, at, "more than 1000 repetitions are not supported");
    s->i += n;
    return !quantifier(s, &high) || refuse(s, s->i, "a quantifier cannot follow another");
}

static bool is_supported(struct scanner *s)
{
    while (s->i < s->pattern.len) {
        unsigned high;
        size_t n = quantifier(s, &high);
        bool ok = true;
        if (n)
            ok = scan_quantifier(s, n, high);
        else if (peek(s, 0) == '\\')
            ok = scan_escape(s, false);
        else if (peek(s, 0) == '[')
            ok = scan_class(s);
        else if (peek(s, 0) == '(')
            ok = scan_group(s);
        else
            s->i++;
        if (!ok)
            return false;
    }
    return true;
}

static void *arena_malloc(size_t size, void *arena)
{
    return arena_alloc(arena, size, 16);
}

static void arena_free(void *p, void *arena)
{
    (void)p;
    (void)arena;
}

bool regex_compile(struct arena *a, struct str pattern, struct regex **out, struct error *err)
{
    const uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED |
        PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX | PCRE2_NO_AUTO_CAPTURE |
        PCRE2_NEVER_BACKSLASH_C;
    struct scanner s = {.pattern = pattern.ptr ? pattern : S(""), .err = err};
    int code;
    PCRE2_SIZE at;

    if (pattern.len > REGEX_MAX_PATTERN)
        return refuse(&s, REGEX_MAX_PATTERN, "longer than 4096 bytes");
    if (!utf8_valid(pattern))
        return refuse(&s, 0, "not UTF-8");
    if (!is_supported(&s))
        return false;
    struct regex *re = arena_new(a, struct regex);
    pcre2_general_context *memory = pcre2_general_context_create(arena_malloc, arena_free, a);
    pcre2_compile_context *compile = pcre2_compile_context_create(memory);
    re->limits = pcre2_match_context_create(memory);
    pcre2_set_newline(compile, PCRE2_NEWLINE_LF);
    pcre2_set_match_limit(re->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(re->limits, HEAP_LIMIT_KIB);
    re->code = pcre2_compile((PCRE2_SPTR)s.pattern.ptr, s.pattern.len, options, &code, &at,
        compile);
    if (!re->code) {
        char text[128];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
        return refuse(&s, at, text);
    }
    *out = re;
    return true;
}

enum regex_result regex_match(const struct regex *re, struct str subject)
{
    /* Not from the arena of the pattern, which threads share. */
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int n;

    if (!data)
        return REGEX_LIMIT;
    n = pcre2_match(re->code, (PCRE2_SPTR)(subject.ptr ? subject.ptr : ""), subject.len, 0, 0, data,
        re->limits);
    pcre2_match_data_free(data);
    return n >= 0 ? REGEX_YES : n == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

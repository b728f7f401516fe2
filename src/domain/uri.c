#include "domain/uri.h"

#include <string.h>

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool hex(char c)
{
    return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool escapes_valid(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '%' && (s.len - i < 3 || !hex(s.ptr[i + 1]) || !hex(s.ptr[i + 2])))
            return false;
    return true;
}

static bool only(struct str s, const char *besides)
{
    for (size_t i = 0; i < s.len; i++)
        if (!letter(s.ptr[i]) && !digit(s.ptr[i]) && !strchr(besides, s.ptr[i]))
            return false;
    return true;
}

/* "", ":" or ":8080". */
static bool port_valid(struct str s)
{
    if (s.len && s.ptr[0] != ':')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!digit(s.ptr[i]))
            return false;
    return true;
}

static bool host_valid(struct str s)
{
    size_t colon = s.len;

    if (s.len && s.ptr[0] == '[') {
        size_t end = str_find(s, ']');
        return end < s.len && port_valid(str_slice(s, end + 1, s.len));
    }
    while (colon > 0 && s.ptr[colon - 1] != ':')
        colon--;
    if (colon > 0 && !port_valid(str_slice(s, colon - 1, s.len)))
        return false;
    if (!escapes_valid(s))
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (strchr(" \\^`{|}", s.ptr[i]))
            return false;
        /* Only what is not ASCII, and the percent sign itself, may be escaped in a host. */
        if (s.ptr[i] == '%' && digit(s.ptr[i + 1]) && s.ptr[i + 1] < '8' &&
            !str_eq(str_slice(s, i, i + 3), S("%25")))
            return false;
    }
    return true;
}

static bool authority_valid(struct str s)
{
    size_t at = s.len;

    while (at > 0 && s.ptr[at - 1] != '@')
        at--;
    if (at > 0) {
        struct str user = str_slice(s, 0, at - 1);
        if (!only(user, "-._:~!$&'()*+,;=%@") || !escapes_valid(user))
            return false;
    }
    return host_valid(str_slice(s, at, s.len));
}

/* Length of the scheme; 0 if there is none. */
static size_t scheme_length(struct str s)
{
    size_t n = str_find(s, ':');

    return n < s.len && n > 0 && letter(s.ptr[0]) && only(str_slice(s, 0, n), "+-.") ? n : 0;
}

bool uri_valid(struct str s)
{
    size_t scheme = scheme_length(s);
    struct str rest = scheme ? str_slice(s, scheme + 1, s.len) : s, path;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return false;
    if (str_eq(s, S("*")))
        return true;
    str_cut(rest, '?', &path);
    if (!str_starts(path, S("/")))
        return scheme > 0;
    if (scheme && str_starts(path, S("//"))) {
        struct str after = str_slice(path, 2, path.len);
        size_t slash = str_find(after, '/');
        if (!authority_valid(str_slice(after, 0, slash)))
            return false;
        path = str_slice(after, slash, after.len);
    }
    return escapes_valid(path);
}

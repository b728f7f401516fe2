#include "net/url.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool plain(struct str s, bool form)
{
    return str_find(s, '%') == s.len && (!form || str_find(s, '+') == s.len);
}

static bool decode(struct arena *a, struct str in, bool form, struct str *out)
{
    struct str text = in.ptr ? in : S("");

    if (!plain(in, form)) {
        char *p = arena_alloc(a, in.len + 1, 1);
        text = (struct str){p, 0};
        for (size_t i = 0; i < in.len; i++) {
            char c = in.ptr[i];
            if (c == '%') {
                int high = i + 2 < in.len ? hex(in.ptr[i + 1]) : -1;
                int low = i + 2 < in.len ? hex(in.ptr[i + 2]) : -1;
                if (high < 0 || low < 0)
                    return false;
                c = (char)(high << 4 | low);
                i += 2;
            } else if (c == '+' && form) {
                c = ' ';
            }
            p[text.len++] = c;
        }
    }
    if (str_find(text, '\0') < text.len || !utf8_valid(text))
        return false;
    *out = text;
    return true;
}

bool url_decode(struct arena *a, struct str in, struct str *out)
{
    return decode(a, in, false, out);
}

bool url_next_param(struct arena *a, struct str *rest, struct str *name, struct str *value)
{
    while (rest->len && rest->ptr[0] == '&')
        *rest = str_slice(*rest, 1, rest->len);
    if (rest->len == 0)
        return false;
    struct str pair, left = str_cut(*rest, '&', &pair), n, v;
    v = str_cut(pair, '=', &n);
    if (!decode(a, n, true, &n) || !decode(a, v, true, &v))
        return false;
    *name = n;
    *value = v;
    *rest = left;
    return true;
}

bool url_next_segment(struct arena *a, struct str *rest, struct str *segment)
{
    if (rest->len == 0 || rest->ptr[0] != '/')
        return false;
    size_t end = 1 + str_find(str_slice(*rest, 1, rest->len), '/');
    if (!decode(a, str_slice(*rest, 1, end), false, segment))
        return false;
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

void url_encode(struct buf *out, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            memchr("-._~", c, 4)) {
            buf_addc(out, (char)c);
        } else {
            char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
            buf_add(out, (struct str){escape, 3});
        }
    }
}

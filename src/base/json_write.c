#include "base/json.h"

#include "base/arena.h"
#include "base/buf.h"

/* What follows the backslash of a short escape; 'u' for the others; 0 for bytes written as they
 * are. E2 begins U+2028 and U+2029, which end a line in older JavaScript: they are looked at. */
static const char escapes[256] = {
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u',
    [0x06] = 'u', [0x07] = 'u', ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', [0x0b] = 'u',
    ['\f'] = 'f', ['\r'] = 'r', [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u', [0x11] = 'u',
    [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u',
    [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u',
    [0x1e] = 'u', [0x1f] = 'u', ['"'] = '"', ['\\'] = '\\', ['<'] = 'u', ['>'] = 'u',
    ['&'] = 'u', [0xe2] = '*',
};

static void write_escape(struct buf *out, unsigned char c, char how)
{
    static const char hex[] = "0123456789abcdef";

    if (how != 'u')
        buf_add(out, (struct str){(char[]){'\\', how}, 2});
    else
        buf_add(out, (struct str){(char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6});
}

void json_write_string(struct buf *out, struct str s)
{
    size_t from = 0;

    buf_addc(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        size_t n = 1;
        if (!escapes[c])
            continue;
        if (c == 0xe2) {
            struct str three = str_slice(s, i, i + 3);
            if (!str_eq(three, S("\u2028")) && !str_eq(three, S("\u2029")))
                continue;
            n = 3;
        }
        buf_add(out, str_slice(s, from, i));
        if (n == 3)
            buf_add(out, (unsigned char)s.ptr[i + 2] == 0xa8 ? S("\\u2028") : S("\\u2029"));
        else
            write_escape(out, c, escapes[c]);
        i += n - 1;
        from = i + 1;
    }
    buf_add(out, str_slice(s, from, s.len));
    buf_addc(out, '"');
}

static void new_line(struct buf *out, int indent)
{
    buf_addc(out, '\n');
    for (int i = 0; i < indent; i++)
        buf_add(out, S("  "));
}

/* `indent` is the depth for the pretty form, or negative for the compact one. */
static void write_value(struct buf *out, const struct json *v, int indent);

static void write_container(struct buf *out, const struct json *v, int indent)
{
    bool object = v->type == JSON_OBJECT, pretty = indent >= 0 && v->first;
    int inner = indent >= 0 ? indent + 1 : indent;

    buf_addc(out, object ? '{' : '[');
    for (const struct json *m = v->first; m; m = m->next) {
        if (m != v->first)
            buf_addc(out, ',');
        if (pretty)
            new_line(out, inner);
        if (object) {
            json_write_string(out, m->key);
            buf_add(out, pretty ? S(": ") : S(":"));
        }
        write_value(out, m, inner);
    }
    if (pretty)
        new_line(out, indent);
    buf_addc(out, object ? '}' : ']');
}

static void write_value(struct buf *out, const struct json *v, int indent)
{
    switch (v ? v->type : JSON_NULL) {
    case JSON_NULL:
        buf_add(out, S("null"));
        break;
    case JSON_FALSE:
        buf_add(out, S("false"));
        break;
    case JSON_TRUE:
        buf_add(out, S("true"));
        break;
    case JSON_NUMBER:
        buf_add(out, v->text);
        break;
    case JSON_STRING:
        json_write_string(out, v->text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        write_container(out, v, indent);
        break;
    }
}

void json_write(struct buf *out, const struct json *v)
{
    write_value(out, v, -1);
}

void json_pretty(struct buf *out, const struct json *v)
{
    write_value(out, v, 0);
}

struct str json_text(struct arena *a, const struct json *v)
{
    struct buf b;

    buf_init(&b, a, a->size); /* the tree is bounded already: the arena is the limit */
    json_write(&b, v);
    return buf_str(&b);
}

#include "net/http_parse.h"

#include <string.h>

#include "base/utf8.h"

enum {
    BAD = 400,
    TARGET_TOO_LONG = 414,
    EXPECTATION = 417,
    HEAD_TOO_LARGE = 431,
    NOT_IMPLEMENTED = 501,
    VERSION = 505
};

/* A request line longer than this (method, target, version) is not waited for. */
#define MAX_REQUEST_LINE (HTTP_MAX_TARGET + 64)

/* Where a byte may stand: in a name or method, a value, a target, a host. */
enum { TOKEN = 1, VALUE = 2, TARGET = 4, HOST = 8 };

/* clang-format off */
static const uint8_t classes[256] = {
    0,  0,  0,  0,  0,  0,  0,  0,  0,  2,  0,  0,  0,  0,  0,  0,
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    2,  7,  6,  3,  7,  15, 7,  7,  6,  6,  7,  7,  6,  15, 15, 6,  /*   ! " # $ % & ' ( ) * + , - . / */
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 6,  6,  6,  6,  6,  /* 0–9 : ; < = > ? */
    6,  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, /* @ A–O */
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 14, 6,  14, 7,  15, /* P–Z [ \ ] ^ _ */
    7,  15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, /* ` a–o */
    15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 6,  7,  6,  15, 0,  /* p–z { | } ~ DEL */
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  /* beyond ASCII: UTF-8 in values */
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
    2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,  2,
};
/* clang-format on */

/* Length of the prefix made of bytes of that class. */
static size_t span(struct str s, unsigned class)
{
    size_t i = 0;

    while (i < s.len && classes[(unsigned char)s.ptr[i]] & class)
        i++;
    return i;
}

static struct str trim_blanks(struct str s)
{
    while (s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = str_slice(s, 1, s.len);
    while (s.len && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Cuts scheme and authority off a target in absolute form; what remains must be a path. */
static int read_target(struct http_head *h, struct http_request *r, struct str target)
{
    size_t scheme = 0;

    if (str_eq_nocase(str_slice(target, 0, 7), S("http://")))
        scheme = 7;
    else if (str_eq_nocase(str_slice(target, 0, 8), S("https://")))
        scheme = 8;
    if (scheme) {
        target = str_slice(target, scheme, target.len);
        size_t host = span(target, HOST);
        h->authority = str_slice(target, 0, host);
        target = host < target.len ? str_slice(target, host, target.len) : S("/");
    }
    if (!str_starts(target, S("/")))
        return BAD;
    r->target = target;
    r->query = str_cut(target, '?', &r->path);
    return HTTP_DONE;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static int read_request_line(struct http_head *h, struct http_request *r, struct str line)
{
    struct str method = str_slice(line, 0, span(line, TOKEN));
    struct str rest = str_slice(line, method.len, line.len);

    if (method.len == 0 || !str_starts(rest, S(" ")))
        return BAD;
    rest = str_slice(rest, 1, rest.len);
    struct str target = str_slice(rest, 0, span(rest, TARGET));
    struct str version = str_slice(rest, target.len, rest.len);
    if (target.len == 0 || version.len != 9 || !str_starts(version, S(" HTTP/")) ||
        !digit(version.ptr[6]) || version.ptr[7] != '.' || !digit(version.ptr[8]))
        return BAD;
    if (version.ptr[6] != '1' || version.ptr[8] > '1')
        return VERSION;
    if (target.len > HTTP_MAX_TARGET)
        return TARGET_TOO_LONG;
    h->http_1_0 = version.ptr[8] == '0';
    for (unsigned m = 0; m < HTTP_METHODS; m++)
        if (str_eq(method, http_method_name((enum http_method)m))) {
            r->method = (enum http_method)m;
            return read_target(h, r, target);
        }
    return NOT_IMPLEMENTED;
}

static int read_content_length(struct http_head *h, struct str value)
{
    int64_t n;

    if (h->has_length || value.len == 0 || !digit(value.ptr[0]) || !str_int(value, &n))
        return BAD;
    h->has_length = true;
    h->content_length = (uint64_t)n;
    return HTTP_DONE;
}

static void read_connection(struct http_head *h, struct str list)
{
    while (list.ptr) {
        struct str option;

        list = str_cut(list, ',', &option);
        option = trim_blanks(option);
        h->says_close |= str_eq_nocase(option, S("close"));
        h->says_keep_alive |= str_eq_nocase(option, S("keep-alive"));
    }
}

/* The header fields that decide where a message ends and whom it is for. */
static int read_framing(struct http_head *h, struct http_request *r, struct http_header f)
{
    switch (f.name.len) {
    case 4:
        if (!str_eq_nocase(f.name, S("Host")))
            break;
        if (r->host.ptr || f.value.len == 0 || span(f.value, HOST) != f.value.len)
            return BAD;
        r->host = f.value;
        break;
    case 6:
        if (!str_eq_nocase(f.name, S("Expect")))
            break;
        if (!str_eq_nocase(f.value, S("100-continue")))
            return EXPECTATION;
        h->expect_continue = true;
        break;
    case 10:
        if (str_eq_nocase(f.name, S("Connection")))
            read_connection(h, f.value);
        break;
    case 14:
        if (str_eq_nocase(f.name, S("Content-Length")))
            return read_content_length(h, f.value);
        break;
    case 17:
        if (!str_eq_nocase(f.name, S("Transfer-Encoding")))
            break;
        if (h->has_coding)
            return BAD;
        if (!str_eq_nocase(f.value, S("chunked")))
            return NOT_IMPLEMENTED;
        h->has_coding = true;
        break;
    default:
        break;
    }
    return HTTP_DONE;
}

static int read_field(struct http_head *h, struct http_request *r, struct str line)
{
    struct http_header f = {.name = str_slice(line, 0, span(line, TOKEN))};

    if (f.name.len == 0 || f.name.len == line.len || line.ptr[f.name.len] != ':')
        return BAD;
    struct str value = str_slice(line, f.name.len + 1, line.len);
    if (span(value, VALUE) != value.len || !utf8_valid(value))
        return BAD;
    f.value = trim_blanks(value);
    if (r->nheaders == HTTP_MAX_HEADERS)
        return HEAD_TOO_LARGE;
    r->headers[r->nheaders++] = f;
    return read_framing(h, r, f);
}

static int finish(struct http_head *h, const struct http_request *r, size_t length)
{
    if (!r->host.ptr && !h->http_1_0)
        return BAD;
    if (h->authority.ptr && r->host.ptr && !str_eq_nocase(h->authority, r->host))
        return BAD;
    if (h->has_coding && (h->has_length || h->http_1_0))
        return BAD;
    h->length = length;
    h->framing = h->has_coding ? HTTP_CHUNKED : h->content_length ? HTTP_LENGTH : HTTP_NO_BODY;
    h->keep_alive = !h->says_close && (!h->http_1_0 || h->says_keep_alive);
    h->expect_continue &= !h->http_1_0;
    return HTTP_DONE;
}

/* Of what has arrived of a line, its CR included: so that a request line past the limit gets the same
 * answer whatever else is wrong with it, and however it is cut. */
static bool too_long(const struct http_head *h, size_t len)
{
    return !h->started && len > MAX_REQUEST_LINE + 1;
}

int http_parse_head(struct http_head *h, struct http_request *r, const char *buf, size_t len)
{
    size_t end = len < HTTP_MAX_HEAD ? len : HTTP_MAX_HEAD;

    while (h->scanned < end) {
        const char *lf = memchr(buf + h->scanned, '\n', end - h->scanned);
        if (!lf) {
            h->scanned = end;
            break;
        }
        struct str line = {buf + h->line, (size_t)(lf - buf) - h->line};
        if (too_long(h, line.len))
            return TARGET_TOO_LONG;
        if (line.len == 0 || line.ptr[line.len - 1] != '\r')
            return BAD;
        line.len--;
        h->scanned = h->line = (size_t)(lf - buf) + 1;
        if (line.len == 0 && h->started)
            return finish(h, r, h->scanned);
        if (line.len == 0 && h->scanned == 2)
            continue;
        int status = h->started ? read_field(h, r, line) : read_request_line(h, r, line);
        if (status != HTTP_DONE)
            return status;
        h->started = true;
    }
    if (too_long(h, end - h->line))
        return TARGET_TOO_LONG;
    return end == HTTP_MAX_HEAD ? HEAD_TOO_LARGE : HTTP_MORE;
}

static bool hex_digit(char c, unsigned *value)
{
    char lower = (char)(c | 0x20);

    if (digit(c))
        *value = (unsigned)(c - '0');
    else if (lower >= 'a' && lower <= 'f')
        *value = (unsigned)(lower - 'a') + 10;
    else
        return false;
    return true;
}

/* One byte outside of chunk data. */
static int chunk_byte(struct http_chunks *c, char byte)
{
    static const char wanted[] = {
        [HTTP_CHUNK_SIZE] = '\r',
        [HTTP_CHUNK_SIZE_LF] = '\n',
        [HTTP_CHUNK_DATA] = 0,
        [HTTP_CHUNK_DATA_CR] = '\r',
        [HTTP_CHUNK_DATA_LF] = '\n',
        [HTTP_CHUNK_END_CR] = '\r',
        [HTTP_CHUNK_END_LF] = '\n',
    };
    unsigned value;

    if (c->state == HTTP_CHUNK_SIZE && hex_digit(byte, &value)) {
        c->left = c->left << 4 | value;
        return ++c->digits <= 16 ? HTTP_MORE : BAD;
    }
    if (byte != wanted[c->state] || (c->state == HTTP_CHUNK_SIZE && c->digits == 0))
        return BAD;
    if (c->state == HTTP_CHUNK_END_LF)
        return HTTP_DONE;
    if (c->state == HTTP_CHUNK_SIZE_LF)
        c->state = c->left ? HTTP_CHUNK_DATA : HTTP_CHUNK_END_CR;
    else if (c->state == HTTP_CHUNK_DATA_LF)
        *c = (struct http_chunks){.state = HTTP_CHUNK_SIZE};
    else
        c->state++;
    return HTTP_MORE;
}

int http_parse_chunks(struct http_chunks *c, char *buf, size_t len, size_t *in, size_t *out)
{
    while (*in < len) {
        if (c->state != HTTP_CHUNK_DATA) {
            int status = chunk_byte(c, buf[(*in)++]);
            if (status != HTTP_MORE)
                return status;
            continue;
        }
        size_t n = len - *in;
        if (n > c->left)
            n = (size_t)c->left;
        if (*out != *in)
            memmove(buf + *out, buf + *in, n);
        *in += n;
        *out += n;
        c->left -= n;
        if (c->left == 0)
            c->state = HTTP_CHUNK_DATA_CR;
    }
    return HTTP_MORE;
}

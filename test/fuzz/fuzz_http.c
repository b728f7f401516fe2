/* The head and the chunked body of a request, however it is cut into pieces, read the same; what is
 * accepted keeps the promises of http_parse.h. Built with HTTP_ORACLE and llhttp (Debian package
 * node-llhttp), what is accepted must also be accepted by that parser and end at the same byte with
 * the same fields and body: two parsers that disagree are a smuggling hole. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "net/http_parse.h"
#include "net/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool true_)
{
    if (!true_)
        abort();
}

/* One message as we read it. */
struct reading {
    int status; /* of the head, then of the body */
    struct http_head head;
    struct http_request request;
    char *bytes;
    size_t body_end, end; /* body: bytes[head.length, body_end); message: input[0, end) */
};

static char *copy_of(const uint8_t *data, size_t size)
{
    char *p = malloc(size ? size : 1);

    if (!p)
        abort();
    if (size)
        memcpy(p, data, size);
    return p;
}

static void read_body(struct reading *r, size_t size, size_t step)
{
    struct http_chunks chunks = {0};
    size_t begin = r->head.length, in = begin, out = begin;

    r->status = HTTP_DONE;
    r->body_end = r->end = begin;
    if (r->head.framing == HTTP_LENGTH) {
        if (r->head.content_length > size - begin)
            r->status = HTTP_MORE;
        else
            r->body_end = r->end = begin + (size_t)r->head.content_length;
    } else if (r->head.framing == HTTP_CHUNKED) {
        r->status = HTTP_MORE;
        for (size_t len = begin; r->status == HTTP_MORE && len < size;) {
            len = size - len < step ? size : len + step;
            r->status = http_parse_chunks(&chunks, r->bytes, len, &in, &out);
            require(out <= in && in <= len && (r->status != HTTP_MORE || in == len));
        }
        r->body_end = out;
        r->end = in;
    }
}

static void read_message(struct reading *r, const uint8_t *data, size_t size, size_t step)
{
    *r = (struct reading){.bytes = copy_of(data, size), .status = HTTP_MORE};
    for (size_t len = 0; r->status == HTTP_MORE && len < size;) {
        len = size - len < step ? size : len + step;
        r->status = http_parse_head(&r->head, &r->request, r->bytes, len);
    }
    if (r->status == HTTP_DONE)
        read_body(r, size, step);
}

static bool is_head(const struct reading *r)
{
    return r->head.length > 0;
}

/* Both have copies of their own: texts are compared by content, absence by pointer. */
static void check_same(const struct reading *a, const struct reading *b)
{
    require(a->status == b->status && a->head.length == b->head.length && a->end == b->end);
    if (!is_head(a))
        return;
    require(a->head.framing == b->head.framing && a->head.keep_alive == b->head.keep_alive);
    require(a->request.nheaders == b->request.nheaders);
    require(a->body_end == b->body_end);
    if (a->status == HTTP_DONE)
        require(memcmp(a->bytes, b->bytes, a->body_end) == 0);
}

static void check_promises(const struct reading *r)
{
    const struct http_request *q = &r->request;

    require(q->path.len && q->path.ptr[0] == '/' && q->target.len <= HTTP_MAX_TARGET);
    require(q->nheaders <= HTTP_MAX_HEADERS && r->head.length <= HTTP_MAX_HEAD);
    require(q->host.ptr || r->head.http_1_0);
    for (size_t i = 0; i < q->nheaders; i++) {
        struct str name = q->headers[i].name, value = q->headers[i].value;
        require(name.len && utf8_valid(value));
        for (size_t k = 0; k < value.len; k++)
            require((unsigned char)value.ptr[k] >= ' ' || value.ptr[k] == '\t');
        require(str_eq(value, str_trim(value)));
    }
}

/* Decoding either refuses or gives clean text. */
static void check_url(const struct http_request *q)
{
    struct str rest = q->path, name, value;
    struct arena a;

    arena_init(&a, (size_t)1 << 20);
    while (url_next_segment(&a, &rest, &name))
        require(utf8_valid(name) && str_find(name, '\0') == name.len);
    rest = q->query;
    while (url_next_param(&a, &rest, &name, &value))
        require(utf8_valid(name) && utf8_valid(value) && str_find(value, '\0') == value.len);
    arena_deinit(&a);
}

#ifdef HTTP_ORACLE
#include "http_oracle.h"

static void consult(const struct reading *r, const uint8_t *data, size_t size)
{
    struct http_opinion o = {.body = malloc(size + 1)};
    size_t names = 0, values = 0;

    http_oracle(data, size, &o);
    for (size_t i = 0; i < r->request.nheaders; i++) {
        names += r->request.headers[i].name.len;
        values += r->request.headers[i].value.len;
    }
    require(o.accepted && o.done == (r->status == HTTP_DONE));
    require(str_eq(http_method_name(r->request.method), str_from(o.method)));
    require(o.fields == r->request.nheaders && o.name_bytes == names);
    require(o.value_bytes >= values); /* it keeps blanks at the end */
    if (o.done) {
        require(o.end == r->end && o.body_len == r->body_end - r->head.length);
        require(memcmp(o.body, r->bytes + r->head.length, o.body_len) == 0);
    }
    free(o.body);
}
#else
static void consult(const struct reading *r, const uint8_t *data, size_t size)
{
    (void)r, (void)data, (void)size;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 7};
    struct reading whole, pieces;

    read_message(&whole, data, size, size);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        read_message(&pieces, data, size, steps[i]);
        check_same(&whole, &pieces);
        free(pieces.bytes);
    }
    if (is_head(&whole)) {
        check_promises(&whole);
        check_url(&whole.request);
        if (whole.status == HTTP_DONE || whole.status == HTTP_MORE)
            consult(&whole, data, size);
    }
    free(whole.bytes);
    return 0;
}

#include "text/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

/* Trees are made of these, so that a value leads to its line. */
struct located {
    struct json json; /* first, so that a pointer to it is a pointer to both */
    int line;
};

struct reader {
    yaml_parser_t parser;
    struct arena *arena;
    struct error *err;
    size_t nodes;
    int depth;
};

static bool read_value(struct reader *r, const yaml_event_t *event, struct json **out);

#define complain(r, mark, ...) complain_at((r), (mark), ERROR_HERE, __VA_ARGS__)

__attribute__((format(printf, 4, 5))) static bool complain_at(struct reader *r, yaml_mark_t mark,
    const char *origin, const char *fmt, ...)
{
    char what[160];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return fail_at(r->err, origin, ERROR_MALFORMED, "line %zu, column %zu: %s", mark.line + 1,
        mark.column + 1, what);
}

static bool next(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return true;
    *event = (yaml_event_t){0};
    const char *problem = r->parser.problem ? r->parser.problem : "not readable";
    /* The reader of bytes reports an offset instead of a mark. */
    if (r->parser.error == YAML_READER_ERROR)
        return fail(r->err, MALFORMED, "at byte %zu: %s", r->parser.problem_offset, problem);
    return complain(r, r->parser.problem_mark, "%s", problem);
}

static size_t digits(struct str s, size_t from)
{
    while (from < s.len && s.ptr[from] >= '0' && s.ptr[from] <= '9')
        from++;
    return from;
}

/* As RFC 8259 writes numbers. */
static bool is_number(struct str s)
{
    size_t i = s.len && s.ptr[0] == '-', from = i;

    i = digits(s, i);
    if (i == from || (i > from + 1 && s.ptr[from] == '0'))
        return false;
    if (i < s.len && s.ptr[i] == '.') {
        from = i + 1;
        i = digits(s, from);
        if (i == from)
            return false;
    }
    if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
        from = i + 1 + (i + 1 < s.len && (s.ptr[i + 1] == '+' || s.ptr[i + 1] == '-'));
        i = digits(s, from);
        if (i == from)
            return false;
    }
    return i == s.len;
}

static enum json_type plain_type(struct str s)
{
    static const struct {
        const char *text;
        enum json_type type;
    } words[] = {
        {"", JSON_NULL}, {"~", JSON_NULL}, {"null", JSON_NULL}, {"Null", JSON_NULL},
        {"NULL", JSON_NULL}, {"true", JSON_TRUE}, {"True", JSON_TRUE}, {"TRUE", JSON_TRUE},
        {"false", JSON_FALSE}, {"False", JSON_FALSE}, {"FALSE", JSON_FALSE},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_from(words[i].text)))
            return words[i].type;
    return is_number(s) ? JSON_NUMBER : JSON_STRING;
}

static bool read_text(struct reader *r, const yaml_event_t *event, struct str *out)
{
    struct str s = {(const char *)event->data.scalar.value, event->data.scalar.length};

    if (str_find(s, '\0') < s.len)
        return complain(r, event->start_mark, "a text holds the character U+0000");
    *out = str_copy(r->arena, s);
    return true;
}

static bool read_scalar(struct reader *r, const yaml_event_t *event, struct json *v)
{
    v->type = JSON_STRING;
    if (!read_text(r, event, &v->text))
        return false;
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        v->type = plain_type(v->text);
    if (v->type != JSON_STRING && v->type != JSON_NUMBER)
        v->text = STR_NONE;
    return true;
}

static bool read_list(struct reader *r, struct json *list)
{
    list->type = JSON_ARRAY;
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event;
        struct json *v;

        if (!next(r, &event))
            return false;
        if (event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        if (!read_value(r, &event, &v))
            return false;
        json_push(list, v);
    }
}

/* What a short configuration does without. */
static bool plain_node(struct reader *r, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;

    if (event->type == YAML_ALIAS_EVENT)
        return complain(r, event->start_mark, "aliases are not supported");
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    }
    if (anchor)
        return complain(r, event->start_mark, "anchors are not supported");
    if (tag)
        return complain(r, event->start_mark, "tags are not supported");
    return true;
}

static bool read_key(struct reader *r, const struct json *mapping, const yaml_event_t *event,
    struct str *key)
{
    if (!plain_node(r, event))
        return false;
    if (event->type != YAML_SCALAR_EVENT)
        return complain(r, event->start_mark, "a key is not a scalar");
    if (!read_text(r, event, key))
        return false;
    if (key->len == 0)
        return complain(r, event->start_mark, "a key is empty");
    if (mapping->count == YAML_MAX_KEYS)
        return complain(r, event->start_mark, "more than %u keys in a mapping", YAML_MAX_KEYS);
    if (json_get(mapping, *key))
        return complain(r, event->start_mark, "the key '%.*s' is there twice", STR(*key));
    return true;
}

static bool read_mapping(struct reader *r, struct json *mapping)
{
    mapping->type = JSON_OBJECT;
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event = {0};
        CLEANUP(yaml_event_delete) yaml_event_t value = {0};
        struct str key;
        struct json *v;

        if (!next(r, &event))
            return false;
        if (event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!read_key(r, mapping, &event, &key) || !next(r, &value) || !read_value(r, &value, &v))
            return false;
        ((struct located *)(void *)v)->line = (int)event.start_mark.line + 1;
        json_set(mapping, key, v);
    }
}

static bool read_value(struct reader *r, const yaml_event_t *event, struct json **out)
{
    struct located *v = arena_new(r->arena, struct located);
    bool ok;

    *out = &v->json;
    v->line = (int)event->start_mark.line + 1;
    if (!plain_node(r, event))
        return false;
    if (r->nodes++ == YAML_MAX_NODES)
        return complain(r, event->start_mark, "more than %u values", YAML_MAX_NODES);
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(r, event, &v->json);
    if (r->depth == YAML_MAX_DEPTH)
        return complain(r, event->start_mark, "nested deeper than %d", YAML_MAX_DEPTH);
    r->depth++;
    ok = event->type == YAML_MAPPING_START_EVENT ? read_mapping(r, &v->json)
                                                 : read_list(r, &v->json);
    r->depth--;
    return ok;
}

/* Of stream start, document start, value, document end, stream end. */
static bool read_stream(struct reader *r, struct json **out)
{
    *out = NULL;
    for (;;) {
        CLEANUP(yaml_event_delete) yaml_event_t event;

        if (!next(r, &event))
            return false;
        if (event.type == YAML_STREAM_END_EVENT)
            return *out || fail(r->err, MALFORMED, "line 1, column 1: the document is empty");
        if (event.type == YAML_DOCUMENT_START_EVENT && *out)
            return complain(r, event.start_mark, "there is a second document");
        if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
            event.type != YAML_DOCUMENT_END_EVENT && !read_value(r, &event, out))
            return false;
    }
}

bool yaml_parse(struct arena *a, struct str in, struct json **out, struct error *err)
{
    struct reader r = {.arena = a, .err = err};

    if (in.len > YAML_MAX_BYTES)
        return fail(err, MALFORMED, "the document is longer than %u bytes", YAML_MAX_BYTES);
    if (!yaml_parser_initialize(&r.parser))
        return fail(err, INTERNAL, "out of memory");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(in.ptr ? in.ptr : ""), in.len);
    bool ok = read_stream(&r, out);
    yaml_parser_delete(&r.parser);
    return ok;
}

int yaml_line(const struct json *value)
{
    return ((const struct located *)(const void *)value)->line;
}

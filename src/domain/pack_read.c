/* The reader: it walks a document and a shape side by side. */
#include "domain/pack_shape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/time.h"
#include "domain/pack.h"

bool pack_complain_at(struct pack_reader *r, const char *origin, const struct json *value,
    struct str path, const char *fmt, ...)
{
    char what[160], where[32] = "";
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (r->line)
        snprintf(where, sizeof where, "line %d: ", r->line(value));
    return fail_at(r->err, origin, ERROR_INVALID, "%s%.*s%s%s", where, STR(path),
        path.len ? ": " : "", what);
}

static bool read_part(struct pack_reader *r, const struct pack_shape *shape,
    const struct json *value, struct str path, char *out);

static bool read_text(struct pack_reader *r, const struct pack_member *m, const struct json *value,
    struct str path, struct str *out)
{
    bool body = m->kind == PACK_BODY;
    size_t most = body ? PACK_MAX_BODY : PACK_MAX_TEXT;

    if (!json_is(value, JSON_STRING))
        return pack_complain(
            r, value, path, "must be a text (numbers and true, false need quotes)");
    *out = value->text;
    if (str_trim(*out).len == 0)
        return pack_complain(r, value, path, "must not be empty");
    if (out->len > most)
        return pack_complain(r, value, path, "must not be longer than %zu bytes", most);
    for (size_t i = 0; i < out->len; i++) {
        unsigned char c = (unsigned char)out->ptr[i];
        if ((c < 0x20 && !(body && (c == '\n' || c == '\t'))) || c == 0x7f)
            return pack_complain(r, value, path, "must be one line without control characters");
    }
    for (const char *const *c = m->choices; c; c++) {
        if (!*c)
            return pack_complain(r, value, path, "'%.*s' is not one of its values", STR(*out));
        if (str_eq(*out, str_from(*c)))
            break;
    }
    return true;
}

static bool read_id(struct pack_reader *r, const struct pack_member *m, const struct json *value,
    struct str path, struct str *out)
{
    if (!read_text(r, m, value, path, out))
        return false;
    for (size_t i = 0; i < out->len; i++) {
        char c = out->ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                c == '-' || c == '_'))
            return pack_complain(r, value, path, "must be made of letters, digits, - and _");
    }
    return out->len <= 40 || pack_complain(r, value, path, "must not be longer than 40 characters");
}

static bool read_duration(struct pack_reader *r, const struct pack_member *m,
    const struct json *value, struct str path, int64_t *out)
{
    struct str s = json_str(value);

    if (m->kind == PACK_RESPONSE && str_eq(s, S("next business day"))) {
        *out = PACK_NEXT_BUSINESS_DAY;
        return true;
    }
    if (!duration_parse(s, out) || *out <= 0)
        return pack_complain(r, value, path, "must be a duration such as 30m, 48h or 1w");
    return true;
}

static bool read_range(struct pack_reader *r, const struct json *value, struct str path,
    int64_t *most, int64_t *least)
{
    struct str from = json_str(value), to = from;

    for (size_t i = 0; i + 4 <= from.len; i++)
        if (str_eq(str_slice(from, i, i + 4), S(" to "))) {
            to = str_slice(from, i + 4, from.len);
            from = str_slice(from, 0, i);
        }
    if (!duration_parse(from, least) || !duration_parse(to, most) || *least <= 0 || *least > *most)
        return pack_complain(
            r, value, path, "must be a duration such as 30m, or a range such as 15m to 30m");
    return true;
}

static bool read_ranks(
    struct pack_reader *r, const struct json *value, struct str path, int64_t *out)
{
    if (!json_is(value, JSON_ARRAY))
        return pack_complain(r, value, path, "must be a list of severities");
    *out = 0;
    for (const struct json *v = value->first; v; v = v->next) {
        const struct pack_severity *s = pack_severity_find(r->pack, json_str(v));
        if (!s)
            return pack_complain(r, v, path, "there is no severity '%.*s'", STR(json_str(v)));
        *out |= INT64_C(1) << s->rank;
    }
    return true;
}

static bool check_list(struct pack_reader *r, const struct json *value, struct str path)
{
    if (!json_is(value, JSON_ARRAY))
        return pack_complain(r, value, path, "must be a list");
    if (value->count > PACK_MAX_LIST)
        return pack_complain(r, value, path, "must not have more than %d entries", PACK_MAX_LIST);
    return true;
}

static struct str indexed(struct pack_reader *r, struct str path, size_t i)
{
    return str_printf(r->arena, "%.*s[%zu]", STR(path), i);
}

static bool read_texts(
    struct pack_reader *r, const struct json *value, struct str path, struct str **out, size_t *n)
{
    static const struct pack_member line = {.kind = PACK_TEXT};

    if (!check_list(r, value, path))
        return false;
    *out = arena_array(r->arena, struct str, value->count);
    for (const struct json *v = value->first; v; v = v->next, ++*n)
        if (!read_text(r, &line, v, indexed(r, path, *n), &(*out)[*n]))
            return false;
    return true;
}

static bool read_int(
    struct pack_reader *r, const struct json *value, struct str path, int64_t *out)
{
    return (json_int(value, out) && *out >= 0 && *out <= 100) ||
        pack_complain(r, value, path, "must be a whole number from 0 to 100");
}

static bool read_ints(
    struct pack_reader *r, const struct json *value, struct str path, int64_t **out, size_t *n)
{
    if (!check_list(r, value, path))
        return false;
    *out = arena_array(r->arena, int64_t, value->count);
    for (const struct json *v = value->first; v; v = v->next, ++*n)
        if (!read_int(r, v, indexed(r, path, *n), &(*out)[*n]))
            return false;
    return true;
}

/* `out` is the member that points to the parts: of any struct, hence the copying of pointers. */
static bool read_list(struct pack_reader *r, const struct pack_shape *shape,
    const struct json *value, struct str path, char *out, size_t *n)
{
    if (!check_list(r, value, path))
        return false;
    char *parts = arena_alloc(r->arena, shape->size * value->count, _Alignof(max_align_t));
    void *list = parts;
    memcpy(out, &list, sizeof list);
    for (const struct json *v = value->first; v; v = v->next, ++*n) {
        char *part = parts + *n * shape->size;
        struct str where = indexed(r, path, *n);
        if (!read_part(r, shape, v, where, part))
            return false;
        struct str id, other;
        for (size_t i = 0; shape->has_id && i < *n; i++) {
            memcpy(&id, part + shape->members[0].offset, sizeof id);
            memcpy(&other, parts + i * shape->size + shape->members[0].offset, sizeof other);
            if (str_eq(id, other))
                return pack_complain(r, v, where, "'%.*s' is there twice", STR(id));
        }
    }
    return true;
}

static bool read_value(struct pack_reader *r, const struct pack_member *m, const struct json *value,
    struct str path, char *part)
{
    void *out = part + m->offset;

    switch (m->kind) {
    case PACK_TEXT:
    case PACK_BODY:
        return read_text(r, m, value, path, out);
    case PACK_ID:
        return read_id(r, m, value, path, out);
    case PACK_INT:
        return read_int(r, value, path, out);
    case PACK_INTS:
        return read_ints(r, value, path, out, (size_t *)(void *)(part + m->count_offset));
    case PACK_BOOL:
        *(bool *)out = json_is(value, JSON_TRUE);
        return *(bool *)out || json_is(value, JSON_FALSE) ||
            pack_complain(r, value, path, "must be true or false");
    case PACK_DURATION:
    case PACK_RESPONSE:
        return read_duration(r, m, value, path, out);
    case PACK_RANGE:
        return read_range(r, value, path, out, (int64_t *)(void *)(part + m->count_offset));
    case PACK_RANKS:
        return read_ranks(r, value, path, out);
    case PACK_TEXTS:
        return read_texts(r, value, path, out, (size_t *)(void *)(part + m->count_offset));
    case PACK_LIST:
        return read_list(r, m->shape, value, path, out,
            (size_t *)(void *)(part + m->count_offset));
    case PACK_OBJECT:
        return read_part(r, m->shape, value, path, out);
    }
    return false;
}

bool pack_check_keys(struct pack_reader *r, const struct pack_shape *shape,
    const struct json *value, struct str path)
{
    if (!json_is(value, JSON_OBJECT))
        return pack_complain(r, value, path, "must be a mapping");
    for (const struct json *v = value->first; v; v = v->next) {
        const struct pack_member *m = shape->members;
        while (m->key && !str_eq(v->key, str_from(m->key)))
            m++;
        if (!m->key)
            return pack_complain(r, v, path, "unknown key '%.*s'", STR(v->key));
    }
    return true;
}

/* A set of ranks that is not written is all of them. */
static void default_ranks(const struct pack_reader *r, const struct pack_shape *shape, char *out)
{
    int64_t ranks = 0;

    for (size_t i = 0; i < r->pack->nseverities; i++)
        ranks |= INT64_C(1) << r->pack->severities[i].rank;
    for (const struct pack_member *m = shape->members; m->key; m++)
        if (m->kind == PACK_RANKS)
            *(int64_t *)(void *)(out + m->offset) = ranks;
}

bool pack_read_member(struct pack_reader *r, const struct pack_member *m, const struct json *value,
    struct str path, char *out)
{
    const struct json *v = json_get(value, str_from(m->key));

    if (!v)
        return !m->required || pack_complain(r, value, path, "'%s' is missing", m->key);
    path = str_printf(r->arena, "%.*s%s%s", STR(path), path.len ? "." : "", m->key);
    return read_value(r, m, v, path, out);
}

static bool read_part(struct pack_reader *r, const struct pack_shape *shape,
    const struct json *value, struct str path, char *out)
{
    /* Severities have no sets of ranks, so these are only computed from ranks that are sound. */
    default_ranks(r, shape, out);
    if (shape->shorthand && json_is(value, JSON_STRING))
        return read_value(r, &shape->members[0], value, path, out);
    if (!pack_check_keys(r, shape, value, path))
        return false;
    for (const struct pack_member *m = shape->members; m->key; m++)
        if (!pack_read_member(r, m, value, path, out))
            return false;
    return true;
}

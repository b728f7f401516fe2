/* The way back: a pack as a document with every key of the shapes, and what differs between two. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/time.h"
#include "domain/pack.h"
#include "domain/pack_diff.h"
#include "domain/pack_shape.h"

static struct json *write_part(
    struct arena *a, const struct pack *p, const struct pack_shape *shape, const char *part);

static struct json *write_duration(struct arena *a, int64_t us)
{
    if (us == PACK_NEXT_BUSINESS_DAY)
        return json_string(a, S("next business day"));
    return json_string(a, us ? duration_text(a, us) : STR_NONE);
}

static struct json *write_range(struct arena *a, int64_t least, int64_t most)
{
    return least == most
        ? write_duration(a, most)
        : json_string(a, str_printf(a, "%.*s to %.*s", STR(duration_text(a, least)), STR(duration_text(a, most))));
}

/* Null for what would be the same if it were left out: all of them. */
static struct json *write_ranks(struct arena *a, const struct pack *p, int64_t ranks, bool required)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < p->nseverities; i++)
        if (pack_applies(ranks, p->severities[i].rank))
            json_push(list, json_string(a, p->severities[i].id));
    return list->count == p->nseverities && !required ? json_string(a, STR_NONE) : list;
}

static struct json *write_texts(struct arena *a, const struct str *v, size_t n)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < n; i++)
        json_push(list, json_string(a, v[i]));
    return list;
}

static struct json *write_ints(struct arena *a, const int64_t *v, size_t n)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < n; i++)
        json_push(list, json_number(a, v[i]));
    return list;
}

static struct json *write_list(
    struct arena *a, const struct pack *p, const struct pack_shape *shape, const char *v, size_t n)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < n; i++)
        json_push(list, write_part(a, p, shape, v + i * shape->size));
    return list;
}

/* An object that the file left out is all zeroes: every shape of one has something it needs. */
static bool absent(const struct pack_shape *shape, const char *part)
{
    for (size_t i = 0; i < shape->size; i++)
        if (part[i])
            return false;
    return true;
}

static struct json *write_value(
    struct arena *a, const struct pack *p, const struct pack_member *m, const char *part)
{
    const void *at = part + m->offset, *more = part + m->count_offset, *list;

    switch (m->kind) {
    case PACK_TEXT:
    case PACK_ID:
    case PACK_BODY:
        return json_string(a, *(const struct str *)at);
    case PACK_INT:
        return *(const int64_t *)at || m->required ? json_number(a, *(const int64_t *)at)
                                                    : json_string(a, STR_NONE);
    case PACK_INTS:
        memcpy(&list, at, sizeof list);
        return write_ints(a, list, *(const size_t *)more);
    case PACK_BOOL:
        return json_boolean(a, *(const bool *)at);
    case PACK_DURATION:
    case PACK_RESPONSE:
        return write_duration(a, *(const int64_t *)at);
    case PACK_RANGE:
        return write_range(a, *(const int64_t *)more, *(const int64_t *)at);
    case PACK_RANKS:
        return write_ranks(a, p, *(const int64_t *)at, m->required);
    case PACK_TEXTS:
        memcpy(&list, at, sizeof list);
        return write_texts(a, list, *(const size_t *)more);
    case PACK_LIST:
        memcpy(&list, at, sizeof list);
        return write_list(a, p, m->shape, list, *(const size_t *)more);
    case PACK_OBJECT:
        return absent(m->shape, at) ? json_string(a, STR_NONE) : write_part(a, p, m->shape, at);
    }
    return NULL;
}

static struct json *write_part(
    struct arena *a, const struct pack *p, const struct pack_shape *shape, const char *part)
{
    struct json *o = json_object(a);

    for (const struct pack_member *m = shape->members; m->key; m++)
        json_set(o, str_from(m->key), write_value(a, p, m, part));
    return o;
}

struct json *pack_json(struct arena *a, const struct pack *p)
{
    return write_part(a, p, &pack_shape, (const char *)p);
}

/* --- differences --- */

struct differ {
    struct arena *arena;
    struct pack_change *v;
    size_t n;
};

static void differ(struct differ *d, const struct json *from, const struct json *to, struct str path);

static struct str shown(struct arena *a, const struct json *v)
{
    static const char *const words[] = {"name", "title", "text", "gap", "metric", "note", NULL};

    if (!v || json_is(v, JSON_NULL) || ((json_is(v, JSON_ARRAY) || json_is(v, JSON_OBJECT)) && !v->count))
        return STR_NONE;
    if (json_is(v, JSON_STRING))
        return v->text;
    for (const char *const *w = words; *w && json_is(v, JSON_OBJECT); w++)
        if (json_get_str(v, str_from(*w)).len)
            return json_get_str(v, str_from(*w));
    return json_text(a, v);
}

static void note(struct differ *d, struct str path, const struct json *from, const struct json *to)
{
    struct pack_change c = {.path = path, .from = shown(d->arena, from), .to = shown(d->arena, to)};

    if (d->n < PACK_MAX_CHANGES && !str_eq(c.from, c.to))
        d->v[d->n++] = c;
}

/* What an entry of a list is known by: its id, or the words people know it by. */
static struct str handle(const struct json *v)
{
    static const char *const keys[] = {"id", "status", "name", "text", NULL};

    if (json_is(v, JSON_STRING))
        return v->text;
    for (const char *const *k = keys; *k; k++)
        if (json_get_str(v, str_from(*k)).len)
            return json_get_str(v, str_from(*k));
    return STR_NONE;
}

static const struct json *same_in(const struct json *list, const struct json *v, size_t i)
{
    struct str h = handle(v);
    const struct json *other = list->first;

    while (other && (h.ptr ? !str_eq(handle(other), h) : i-- > 0))
        other = other->next;
    return other;
}

static void differ_lists(struct differ *d, const struct json *from, const struct json *to, struct str path)
{
    size_t i = 0;

    for (const struct json *v = from->first; v; v = v->next, i++) {
        struct str h = json_is(v, JSON_OBJECT) ? handle(v) : STR_NONE;
        struct str where = json_is(v, JSON_STRING) ? path
            : h.ptr ? str_printf(d->arena, "%.*s[%.*s]", STR(path), STR(h))
                    : str_printf(d->arena, "%.*s[%zu]", STR(path), i);
        const struct json *other = same_in(to, v, i);
        if (!other)
            note(d, where, v, NULL);
        else
            differ(d, v, other, where);
    }
    i = 0;
    for (const struct json *v = to->first; v; v = v->next, i++)
        if (!same_in(from, v, i))
            note(d, path, NULL, v);
}

static void differ(struct differ *d, const struct json *from, const struct json *to, struct str path)
{
    if (json_is(from, JSON_OBJECT) && json_is(to, JSON_OBJECT)) {
        for (const struct json *v = from->first; v; v = v->next)
            differ(d, v, json_get(to, v->key),
                str_printf(d->arena, "%.*s%s%.*s", STR(path), path.len ? "." : "", STR(v->key)));
    } else if (json_is(from, JSON_ARRAY) && json_is(to, JSON_ARRAY)) {
        differ_lists(d, from, to, path);
    } else {
        note(d, path, from, to);
    }
}

struct pack_change *pack_diff(struct arena *a, const struct pack *from, const struct pack *to, size_t *n)
{
    struct differ d = {.arena = a, .v = arena_array(a, struct pack_change, PACK_MAX_CHANGES)};

    differ(&d, pack_json(a, from), pack_json(a, to), S(""));
    *n = d.n;
    return d.v;
}

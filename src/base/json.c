#include "base/json.h"

#include "base/arena.h"
#include "base/buf.h"

struct json *json_get(const struct json *object, struct str key)
{
    if (!json_is(object, JSON_OBJECT))
        return NULL;
    for (struct json *m = object->first; m; m = m->next)
        if (m->key.len == key.len && str_eq(m->key, key))
            return m;
    return NULL;
}

struct str json_str(const struct json *v)
{
    return json_is(v, JSON_STRING) ? v->text : STR_NONE;
}

struct str json_get_str(const struct json *object, struct str key)
{
    return json_str(json_get(object, key));
}

bool json_int(const struct json *v, int64_t *out)
{
    return json_is(v, JSON_NUMBER) && str_int(v->text, out);
}

bool json_bool(const struct json *v, bool absent)
{
    return json_is(v, JSON_TRUE) || (absent && !json_is(v, JSON_FALSE));
}

bool json_is(const struct json *v, enum json_type type)
{
    return v && v->type == type;
}

static struct json *make(struct arena *a, enum json_type type, struct str text)
{
    struct json *v = arena_new(a, struct json);

    v->type = type;
    v->text = text;
    return v;
}

struct json *json_object(struct arena *a)
{
    return make(a, JSON_OBJECT, STR_NONE);
}

struct json *json_array(struct arena *a)
{
    return make(a, JSON_ARRAY, STR_NONE);
}

struct json *json_string(struct arena *a, struct str s)
{
    return make(a, s.ptr ? JSON_STRING : JSON_NULL, s);
}

struct json *json_number(struct arena *a, int64_t v)
{
    struct buf b;

    buf_init(&b, a, 20);
    buf_int(&b, v);
    return make(a, JSON_NUMBER, buf_str(&b));
}

struct json *json_boolean(struct arena *a, bool v)
{
    return make(a, v ? JSON_TRUE : JSON_FALSE, STR_NONE);
}

struct json *json_push(struct json *array, struct json *v)
{
    *(array->last ? &array->last->next : &array->first) = v;
    array->last = v;
    array->count++;
    return v;
}

struct json *json_set(struct json *object, struct str key, struct json *v)
{
    v->key = key;
    return json_push(object, v);
}

struct json *json_set_str(struct arena *a, struct json *object, struct str key, struct str v)
{
    return json_set(object, key, json_string(a, v));
}

struct json *json_set_int(struct arena *a, struct json *object, struct str key, int64_t v)
{
    return json_set(object, key, json_number(a, v));
}

struct json *json_set_bool(struct arena *a, struct json *object, struct str key, bool v)
{
    return json_set(object, key, json_boolean(a, v));
}

#include "base/field.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"

static const void *member(const struct field *f, const void *obj)
{
    return (const char *)obj + f->offset;
}

const struct field *field_find(const struct field *fields, struct str name)
{
    for (const struct field *f = fields; f->name; f++)
        if (str_eq(str_from(f->name), name))
            return f;
    return NULL;
}

static struct json *text_view(struct arena *a, const struct field *f, struct str s)
{
    struct error err;
    struct json *v;

    /* A column that should hold JSON and does not is shown as it is rather than lost. */
    if (s.ptr && (f->flags & FIELD_JSON) && json_parse(a, s, &v, &err))
        return v;
    return json_string(a, s);
}

static struct json *field_view(struct arena *a, const struct field *f, const void *obj)
{
    switch (f->type) {
    case FIELD_TEXT:
        return text_view(a, f, *(const struct str *)member(f, obj));
    case FIELD_INT: {
        int64_t v = *(const int64_t *)member(f, obj);
        if (v == INT_NONE)
            return json_string(a, STR_NONE);
        return f->flags & FIELD_DURATION ? json_string(a, duration_text(a, v)) : json_number(a, v);
    }
    case FIELD_BOOL:
        return json_boolean(a, *(const bool *)member(f, obj));
    case FIELD_TIME:
        return json_string(a, time_text(a, *(const instant *)member(f, obj)));
    }
    return NULL;
}

struct json *fields_view(struct arena *a, const struct field *fields, const void *obj)
{
    struct json *view = json_object(a);

    for (const struct field *f = fields; f->name; f++)
        if (!(f->flags & (FIELD_SECRET | FIELD_HIDDEN)))
            json_set(view, str_from(f->name), field_view(a, f, obj));
    return view;
}

struct str field_text(struct arena *a, const struct field *f, const void *obj)
{
    struct str s = STR_NONE;

    switch (f->type) {
    case FIELD_TEXT:
        s = *(const struct str *)member(f, obj);
        break;
    case FIELD_INT:
        s = field_view(a, f, obj)->text;
        break;
    case FIELD_BOOL:
        s = *(const bool *)member(f, obj) ? S("true") : S("false");
        break;
    case FIELD_TIME:
        s = time_text(a, *(const instant *)member(f, obj));
        break;
    }
    return s.ptr ? s : S("");
}

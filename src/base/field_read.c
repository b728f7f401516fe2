#include "base/field.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"

#define DEFAULT_MAX_TEXT 200

/* One value on its way into the struct. */
struct input {
    struct arena *a;
    const struct field *f;
    const struct json *v;
    enum field_source source;
    void *to; /* the member */
    struct error *err;
};

#define refuse(in, ...) fail_name((in)->err, str_from((in)->f->name), __VA_ARGS__)

static bool null_given(const struct input *in)
{
    return json_is(in->v, JSON_NULL) ||
        (in->source == FIELD_FROM_FORM && str_trim(json_str(in->v)).len == 0);
}

static void set_null(const struct input *in)
{
    switch (in->f->type) {
    case FIELD_TEXT:
        *(struct str *)in->to = STR_NONE;
        break;
    case FIELD_INT:
        *(int64_t *)in->to = INT_NONE;
        break;
    case FIELD_BOOL:
        *(bool *)in->to = false;
        break;
    case FIELD_TIME:
        *(instant *)in->to = (instant){0};
        break;
    }
}

/* C0, DEL and C1, but for what a text of several lines is made of. */
static bool has_control(struct str s, bool multiline)
{
    uint32_t cp = 0;

    for (size_t i = 0, n; i < s.len; i += n) {
        n = utf8_decode(str_slice(s, i, s.len), &cp);
        if (multiline && (cp == '\n' || cp == '\t'))
            continue;
        if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
            return true;
    }
    return false;
}

/* A copy in which CR LF and lone CR are LF: browsers send the former. */
static struct str with_line_feeds(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        bool cr = s.ptr[i] == '\r';
        p[n++] = cr ? '\n' : s.ptr[i];
        i += cr && i + 1 < s.len && s.ptr[i + 1] == '\n';
    }
    return (struct str){p, n};
}

static bool check_choice(const struct input *in, struct str s)
{
    struct buf names;

    for (const char *const *c = in->f->choices; *c; c++)
        if (str_eq(s, str_from(*c)))
            return true;
    buf_init(&names, in->a, 4096);
    for (const char *const *c = in->f->choices; *c; c++)
        buf_printf(&names, "%s%s", names.len ? ", " : "", *c);
    return refuse(in, "must be one of %.*s", STR(buf_str(&names)));
}

static bool check_length(const struct input *in, struct str s)
{
    int64_t max = in->f->max ? in->f->max : DEFAULT_MAX_TEXT;
    int64_t n = (int64_t)utf8_length(s);

    if (str_trim(s).len == 0 && (in->f->flags & FIELD_REQUIRED))
        return refuse(in, "must not be empty");
    if (n < in->f->min)
        return refuse(in, "at least %lld characters (this has %lld)", (long long)in->f->min,
            (long long)n);
    if (n > max)
        return refuse(in, "at most %lld characters (this has %lld)", (long long)max, (long long)n);
    return true;
}

static bool read_json(const struct input *in)
{
    const struct json *v = in->v;
    struct json *parsed;
    struct error why;

    if (in->source == FIELD_FROM_FORM) {
        if (!json_parse(in->a, json_str(v), &parsed, &why))
            return refuse(in, "must be JSON: %s", why.message);
        v = parsed;
    }
    struct str s = json_text(in->a, v);
    if (!check_length(in, s))
        return false;
    *(struct str *)in->to = s;
    return true;
}

static bool read_text(const struct input *in)
{
    bool multiline = in->f->flags & FIELD_MULTILINE;
    struct str s = json_str(in->v);

    if (!s.ptr)
        return refuse(in, "must be text");
    if (!utf8_valid(s))
        return refuse(in, "must be UTF-8");
    s = multiline ? with_line_feeds(in->a, s) : str_copy(in->a, str_trim(s));
    if (has_control(s, multiline))
        return multiline ? refuse(in, "must not have control characters")
                         : refuse(in, "must not have control characters or line breaks");
    if (in->f->choices ? !check_choice(in, s) : !check_length(in, s))
        return false;
    *(struct str *)in->to = s;
    return true;
}

static bool read_int(const struct input *in)
{
    const struct field *f = in->f;
    int64_t v;
    bool ok = in->source == FIELD_FROM_FORM ? str_int(str_trim(json_str(in->v)), &v)
                                            : json_int(in->v, &v);

    if (!ok || v == INT_NONE)
        return refuse(in, "must be a whole number");
    if (f->max > f->min && (v < f->min || v > f->max))
        return refuse(in, "must be from %lld to %lld", (long long)f->min, (long long)f->max);
    *(int64_t *)in->to = v;
    return true;
}

static bool read_duration(const struct input *in)
{
    const struct field *f = in->f;
    int64_t v;

    if (!duration_parse(str_trim(json_str(in->v)), &v))
        return refuse(in, "must be a duration such as 30s, 5m or 1h30m");
    if (f->max > f->min && (v < f->min || v > f->max))
        return refuse(in, "must be from %.*s to %.*s", STR(duration_text(in->a, f->min)),
            STR(duration_text(in->a, f->max)));
    *(int64_t *)in->to = v;
    return true;
}

static bool read_bool(const struct input *in)
{
    struct str s = str_trim(json_str(in->v));
    bool form = in->source == FIELD_FROM_FORM;

    if (form ? str_eq(s, S("true")) || str_eq(s, S("on")) || str_eq(s, S("1"))
             : json_is(in->v, JSON_TRUE))
        *(bool *)in->to = true;
    else if (form ? str_eq(s, S("false")) || str_eq(s, S("0")) || !s.len
                  : json_is(in->v, JSON_FALSE))
        *(bool *)in->to = false;
    else
        return refuse(in, "must be true or false");
    return true;
}

/* A browser's datetime-local control sends neither zone nor, on the full minute, seconds. */
static bool parse_local_as_utc(struct str s, instant *out)
{
    char p[20];

    if (s.len != 16 && s.len != 19)
        return false;
    memcpy(p, "0000-00-00T00:00:00Z", sizeof p);
    memcpy(p, s.ptr, s.len);
    return time_parse((struct str){p, sizeof p}, out);
}

static bool read_time(const struct input *in)
{
    struct str s = str_trim(json_str(in->v));
    instant at;

    if (!time_parse(s, &at) &&
        !(in->source == FIELD_FROM_FORM && parse_local_as_utc(s, &at)))
        return refuse(in, "must be a time such as 2026-11-21T12:00:00Z");
    if (!instant_is_set(at))
        return refuse(in, "must not be the start of 1970, which means unset");
    *(instant *)in->to = at;
    return true;
}

static bool read_value(const struct input *in)
{
    unsigned flags = in->f->flags;
    /* An empty form value is a value of its own for text and for bools. */
    bool has_empty = (in->f->type == FIELD_TEXT && !(flags & FIELD_JSON)) ||
        in->f->type == FIELD_BOOL;

    if (null_given(in)) {
        if ((flags & FIELD_NULLABLE) && !(flags & FIELD_REQUIRED)) {
            set_null(in);
            return true;
        }
        if (!has_empty || in->source == FIELD_FROM_JSON)
            return refuse(in, "must not be empty");
    }
    switch (in->f->type) {
    case FIELD_TEXT:
        return flags & FIELD_JSON ? read_json(in) : read_text(in);
    case FIELD_INT:
        return flags & FIELD_DURATION ? read_duration(in) : read_int(in);
    case FIELD_BOOL:
        return read_bool(in);
    case FIELD_TIME:
        return read_time(in);
    }
    return false;
}

/* An unknown name comes from outside and is kept whole characters long in the error. */
static struct str clip(struct str name)
{
    size_t n = sizeof((struct error_field *)0)->name - 1;

    if (name.len <= n)
        return name;
    while (n && ((unsigned char)name.ptr[n] & 0xc0) == 0x80)
        n--;
    return str_slice(name, 0, n);
}

bool fields_read(struct arena *a, const struct field *fields, const struct json *in,
    enum field_source source, bool partial, void *out, uint64_t *seen, struct error *err)
{
    uint64_t given = 0;
    bool ok = true;

    if (!json_is(in, JSON_OBJECT))
        return fail(err, MALFORMED, "expected an object with fields");
    for (const struct json *v = in->first; v; v = v->next) {
        const struct field *f = field_find(fields, v->key);
        if (!f || (f->flags & FIELD_HIDDEN)) {
            ok = fail_name(err, clip(v->key), "is not a field here");
            continue;
        }
        if (f->flags & (FIELD_READONLY | FIELD_VIEW)) {
            ok = fail_name(err, v->key, "is set by the server");
            continue;
        }
        struct input one = {a, f, v, source, (char *)out + f->offset, err};
        ok &= read_value(&one);
        assert(f - fields < 64);
        given |= UINT64_C(1) << (f - fields);
    }
    for (const struct field *f = fields; f->name && !partial; f++)
        if ((f->flags & FIELD_REQUIRED) && !(given >> (f - fields) & 1))
            ok = fail_name(err, str_from(f->name), "must be given");
    if (seen)
        *seen = given;
    return ok;
}

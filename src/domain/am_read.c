#include "domain/am_read.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "domain/alert.h"
#include "domain/am.h"
#include "domain/uri.h"

/* How much text the complaints about single alerts may take together, about. */
#define COMPLAINTS_MAX 4096

#define PARSING "parsing alerts body from \"\" failed, because "

struct reader {
    struct arena *arena;
    enum am_names names;
    struct am_error *err;
};

/* The framework decodes into Go structs; its complaints name Go's types. */
static bool wrong_type(struct reader *r, const struct json *v, const char *where, const char *want)
{
    static const char *const names[] = {[JSON_NULL] = "null", [JSON_FALSE] = "bool",
        [JSON_TRUE] = "bool", [JSON_NUMBER] = "number", [JSON_STRING] = "string",
        [JSON_ARRAY] = "array", [JSON_OBJECT] = "object"};

    return am_code(r->arena, r->err, 400, 400,
        PARSING "json: cannot unmarshal %s into Go %s of type %s", names[v->type], where, want);
}

/* Null is as good as absent, in an alert and as a label's value. */
static const struct json *member(const struct json *object, struct str key)
{
    const struct json *v = json_get(object, key);

    return v && v->type != JSON_NULL ? v : NULL;
}

static bool read_labels(struct reader *r, const struct json *v, const char *where,
    struct labels *out)
{
    *out = (struct labels){0};
    if (!v)
        return true;
    if (v->type != JSON_OBJECT)
        return wrong_type(r, v, where, "models.LabelSet");
    out->v = arena_array(r->arena, struct label, v->count);
    for (const struct json *m = v->first; m; m = m->next) {
        if (m->type != JSON_STRING && m->type != JSON_NULL)
            return wrong_type(r, m, where, "string");
        out->v[out->n++] = (struct label){m->key, m->text};
    }
    return true;
}

static bool read_text(struct reader *r, const struct json *v, const char *where, struct str *out)
{
    *out = S("");
    if (!v)
        return true;
    if (v->type != JSON_STRING)
        return wrong_type(r, v, where, "string");
    *out = v->text;
    return true;
}

/* Go's client library also takes a time without a zone, with a space for the T, without seconds. */
static bool parse_local_time(struct str s, instant *out)
{
    char text[40];
    size_t n = s.len;

    if (n < 16 || n > 29 || (s.ptr[10] != 'T' && s.ptr[10] != ' '))
        return false;
    memcpy(text, s.ptr, n);
    text[10] = 'T';
    if (n == 16) {
        memcpy(text + n, ":00", 3);
        n += 3;
    }
    text[n++] = 'Z';
    return time_parse((struct str){text, n}, out);
}

static bool read_time(struct reader *r, const struct json *v, const char *where, instant *out)
{
    struct str s;

    if (!read_text(r, v, where, &s))
        return false;
    if (!s.len)
        return true;
    if (!time_parse(s, out) && !parse_local_time(s, out)) {
        struct str shown = am_quote(r->arena, s);
        if (s.ptr[0] >= '0' && s.ptr[0] <= '9')
            return am_code(r->arena, r->err, 400, 400, PARSING "parsing time %.*s: not in RFC 3339",
                STR(shown));
        return am_code(r->arena, r->err, 400, 400,
            PARSING "parsing time %.*s as \"2006-01-02 15:04:05\": cannot parse %.*s as \"2006\"",
            STR(shown), STR(shown));
    }
    if (out->us == GO_ZERO_TIME_US)
        *out = (instant){0};
    else if (!instant_is_set(*out))
        out->us = 1; /* 1970 to the microsecond is a time that was given */
    return true;
}

/* What must hold before any alert of the body is looked at: types, and times that are times. */
static bool read_alert(struct reader *r, const struct json *v, struct alert_in *in)
{
    if (v->type != JSON_OBJECT && v->type != JSON_NULL)
        return wrong_type(r, v, "value", "models.PostableAlert");
    return read_labels(r, member(v, S("annotations")), "struct field .annotations",
               &in->annotations) &&
        read_time(r, member(v, S("endsAt")), "struct field .endsAt", &in->ends_at) &&
        read_time(r, member(v, S("startsAt")), "struct field .startsAt", &in->starts_at) &&
        read_text(r, member(v, S("generatorURL")), "struct field Alert.generatorURL",
            &in->generator_url) &&
        read_labels(r, member(v, S("labels")), "struct field Alert.labels", &in->labels);
}

/* What the framework validates next: one such fault refuses the whole body. */
static bool check_shape(struct reader *r, size_t i, const struct alert_in *in)
{
    if (in->generator_url.len && !uri_valid(in->generator_url)) {
        struct str shown = am_quote(r->arena, in->generator_url);
        return am_code(r->arena, r->err, 422, 601,
            "%zu.generatorURL in body must be of type uri: %.*s", i, STR(shown));
    }
    if (!in->labels.v)
        return am_code(r->arena, r->err, 422, 602, "%zu.labels in body is required", i);
    return true;
}

/* What is wrong with one set, or STR_NONE. */
static struct str labels_complaint(struct reader *r, const struct labels *ls, const char *what,
    const char *set, size_t value_max)
{
    for (size_t i = 0; i < ls->n; i++) {
        struct label l = ls->v[i];
        struct str shown;
        bool named = r->names == AM_NAMES_CLASSIC ? label_name_classic(l.name) : l.name.len > 0;
        if (named && l.name.len <= LABEL_NAME_MAX && l.value.len <= value_max)
            continue;
        shown = am_quote(r->arena, l.name);
        if (!named)
            return str_printf(r->arena, "invalid %s: invalid name %.*s", set, STR(shown));
        if (l.name.len > LABEL_NAME_MAX)
            return str_printf(r->arena, "invalid %s: the name %.*s is longer than %d bytes", set,
                STR(shown), LABEL_NAME_MAX);
        return str_printf(r->arena, "invalid %s: the value of %s %.*s is longer than %zu bytes",
            set, what, STR(shown), value_max);
    }
    return STR_NONE;
}

/* What refuses this alert alone, or STR_NONE. Sets are not sorted before their size is known. */
static struct str complaint(struct reader *r, struct alert_in *in)
{
    struct str wrong;

    if (instant_is_set(in->starts_at) && instant_is_set(in->ends_at) &&
        in->ends_at.us < in->starts_at.us)
        return S("start time must be before end time");
    if (in->labels.n > LABELS_MAX)
        return str_printf(r->arena, "invalid label set: more than %d labels", LABELS_MAX);
    labels_normalize(&in->labels);
    wrong = labels_complaint(r, &in->labels, "label", "label set", LABEL_VALUE_MAX);
    if (wrong.ptr)
        return wrong;
    if (!in->labels.n)
        return S("at least one label pair required");
    if (in->annotations.n > LABELS_MAX)
        return str_printf(r->arena, "invalid annotations: more than %d", LABELS_MAX);
    wrong = labels_complaint(r, &in->annotations, "annotation", "annotations",
        ANNOTATION_VALUE_MAX);
    if (!wrong.ptr && in->generator_url.len > GENERATOR_URL_MAX)
        wrong = str_printf(r->arena, "generatorURL is longer than %d bytes", GENERATOR_URL_MAX);
    return wrong;
}

/* Completes the valid alerts, moves them to the front and reports the others together. */
static bool sift(struct reader *r, struct alert_in *all, size_t *n, instant now, int64_t timeout_us)
{
    struct buf said;
    size_t kept = 0, unsaid = 0, count = *n;

    buf_init(&said, r->arena, 2 * COMPLAINTS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct str wrong = complaint(r, &all[i]);
        if (!wrong.ptr) {
            if (kept != i)
                all[kept] = all[i];
            alert_in_finish(r->arena, &all[kept++], now, timeout_us);
        } else if (said.len < COMPLAINTS_MAX) {
            buf_add(&said, said.len ? S("; ") : S(""));
            buf_add(&said, wrong);
        } else {
            unsaid++;
        }
    }
    *n = kept;
    if (!said.len)
        return true;
    if (unsaid)
        buf_printf(&said, "; and %zu more", unsaid);
    return am_say(r->arena, r->err, 400, "%s", buf_str(&said).ptr);
}

static bool read_body(struct reader *r, struct str body, const struct json **array)
{
    struct json *root;
    struct error err = {0};

    *array = NULL;
    if (!str_trim(body).len)
        return am_code(r->arena, r->err, 422, 602, "alerts in body is required");
    if (!json_parse(r->arena, body, &root, &err)) {
        int status = err.kind == ERROR_TOO_LARGE ? 413 : 400;
        return am_code(r->arena, r->err, status, status, PARSING "%s", err.message);
    }
    if (root->type == JSON_NULL)
        return true;
    if (root->type != JSON_ARRAY)
        return wrong_type(r, root, "value", "models.PostableAlerts");
    *array = root;
    return true;
}

bool alerts_read_am(struct arena *a, struct str body, enum am_names names, instant now,
    int64_t resolve_timeout_us, struct alert_in **out, size_t *n, struct am_error *err)
{
    struct reader r = {a, names, err};
    const struct json *array;
    struct alert_in *all;
    size_t i = 0;
    bool sound = true;

    *out = NULL;
    *n = 0;
    if (!read_body(&r, body, &array))
        return false;
    if (!array)
        return true;
    all = arena_array(a, struct alert_in, array->count);
    for (const struct json *v = array->first; v; v = v->next, i++) {
        if (!read_alert(&r, v, &all[i]))
            return false;
        sound = sound && check_shape(&r, i, &all[i]); /* the first fault; wrong types come before */
    }
    if (!sound)
        return false;
    *out = all;
    *n = array->count;
    return sift(&r, all, n, now, resolve_timeout_us);
}

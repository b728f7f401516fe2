#include "web/internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/zone.h"
#include "net/url.h"

#define MAX_FORM_FIELDS 500

static bool media_is(struct str type, struct str want)
{
    struct str head;

    str_cut(type, ';', &head);
    return str_eq_nocase(str_trim(head), want);
}

static bool decode_form(struct request *req, struct error *err)
{
    struct str rest = req->x->request.body, name, value;

    while (rest.len) {
        if (!url_next_param(req->arena, &rest, &name, &value))
            return fail(err, MALFORMED, "the form is not valid UTF-8 in percent-encoding");
        if (json_get(req->input, name))
            return fail_name(err, name, "is given twice");
        if (req->input->count == MAX_FORM_FIELDS)
            return fail(err, MALFORMED, "more than %d form fields", MAX_FORM_FIELDS);
        json_set_str(req->arena, req->input, name, value);
    }
    return true;
}

bool web_decode(struct request *req, struct error *err)
{
    struct str type = http_header(&req->x->request, S("Content-Type"));
    struct json *v;

    req->input = json_object(req->arena);
    req->source = FIELD_FROM_JSON;
    if (req->x->request.body.len == 0)
        return true;
    if (media_is(type, S("application/x-www-form-urlencoded"))) {
        req->source = FIELD_FROM_FORM;
        return decode_form(req, err);
    }
    if (!media_is(type, S("application/json")))
        return fail(err, UNSUPPORTED, "send application/json or application/x-www-form-urlencoded");
    if (!json_parse(req->arena, req->x->request.body, &v, err))
        return false;
    if (!json_is(v, JSON_OBJECT))
        return fail(err, MALFORMED, "the body must be a JSON object");
    req->input = v;
    return true;
}

/* 2026-11-21T03:14 or …:14:05, as <input type="datetime-local"> sends it. */
static bool local_time(struct str s, struct civil *c)
{
    int64_t v[6] = {0};
    static const size_t from[] = {0, 5, 8, 11, 14, 17}, to[] = {4, 7, 10, 13, 16, 19};

    if ((s.len != 16 && s.len != 19) || s.ptr[10] != 'T')
        return false;
    for (size_t i = 0; i < 6 && from[i] < s.len; i++)
        if (!str_int(str_slice(s, from[i], to[i]), &v[i]) || v[i] < 0)
            return false;
    *c = (struct civil){(int)v[0], (int)v[1], (int)v[2], (int)v[3], (int)v[4], (int)v[5], 0};
    return date_of_days(days_of_date((struct date){c->year, c->month, c->day})).day == c->day && v[3] < 24 && v[4] < 60 && v[5] < 60;
}

/* A form's local times are in the zone its page showed: the reader's. */
static void localize(struct request *req)
{
    struct error ignored = {0};
    const struct zone *zone;
    struct civil c;

    if (req->source != FIELD_FROM_FORM || !req->signed_in || !zone_load(req->arena, req->user.zone, &zone, &ignored))
        return;
    for (const struct field *f = req->route->takes; f->name; f++) {
        struct json *v = f->type == FIELD_TIME ? json_get(req->input, str_from(f->name)) : NULL;
        if (v && local_time(json_str(v), &c))
            v->text = time_text(req->arena, zone_instant(zone, c, NULL, NULL));
    }
}

bool web_input(struct request *req, void *out, uint64_t *given, struct error *err)
{
    localize(req);
    return fields_read(req->arena, req->route->takes, req->input, req->source,
        req->route->flags & WEB_PARTIAL, out, given, err);
}

struct str web_query(const struct request *req, const char *name)
{
    struct str rest = req->x->request.query, key, value;

    while (rest.len && url_next_param(req->arena, &rest, &key, &value))
        if (str_eq(key, str_from(name)))
            return value;
    return STR_NONE;
}

bool web_query_int(const struct request *req, const char *name, int64_t absent, int64_t min, int64_t max,
    int64_t *out, struct error *err)
{
    struct str text = web_query(req, name);

    *out = absent;
    if (!text.len)
        return true;
    if (!str_int(text, out) || *out < min || *out > max)
        return fail_name(err, str_from(name), "must be a whole number from %lld to %lld", (long long)min, (long long)max);
    return true;
}

__attribute__((format(printf, 2, 0)))
static struct str vprint(struct arena *a, const char *fmt, va_list ap)
{
    char text[1024];
    int n = vsnprintf(text, sizeof text, fmt, ap);

    return str_copy(a, (struct str){text, n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1});
}

void reply_created(struct request *req, struct reply *out, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    out->location = vprint(req->arena, fmt, ap);
    va_end(ap);
    out->status = 201;
}

void reply_see(struct request *req, struct reply *out, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    out->location = vprint(req->arena, fmt, ap);
    va_end(ap);
}

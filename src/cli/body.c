/* From options and words to what the API takes. */
#include "cli/api.h"

#include "base/utf8.h"
#include "cli/text.h"

static bool time_value(
    struct cli *c, struct str name, struct str text, struct json **out, struct error *err)
{
    int64_t ago;
    instant at;

    if (duration_parse(text, &ago))
        at = instant_add(c->now, -ago);
    else if (!time_parse(text, &at))
        return fail_name(
            err, name, "must be a time such as 2026-11-21T12:00:00Z, or how long ago: 10m");
    *out = json_string(c->arena, time_text(c->arena, at));
    return true;
}

static bool option_value(struct cli *c, const struct field *f, struct str name, struct str text,
    struct json **out, struct error *err)
{
    int64_t n;

    switch (f->type) {
    case FIELD_TEXT:
        *out = json_string(c->arena, text);
        return true;
    case FIELD_INT:
        if (f->flags & FIELD_DURATION)
            *out = json_string(c->arena, text);
        else if (str_int(text, &n))
            *out = json_number(c->arena, n);
        else
            return fail_name(err, name, "must be a whole number");
        return true;
    case FIELD_BOOL:
        *out = json_boolean(c->arena, true);
        return true;
    case FIELD_TIME:
        return time_value(c, name, text, out, err);
    }
    return false;
}

bool api_body(struct cli *c, struct json **out, struct error *err)
{
    *out = json_object(c->arena);
    for (size_t i = 0; c->command->options[i].name; i++) {
        const struct cli_option *o = &c->command->options[i];
        const struct field *f = cli_option_field(c->command, o);
        struct json *v;
        if (!f || !c->values[i].ptr)
            continue;
        if (!option_value(c, f, str_from(o->name), c->values[i], &v, err))
            return false;
        json_set(*out, str_from(f->name), v);
    }
    return true;
}

static bool means(struct cli *c, const struct json *e, struct str folded)
{
    static const char *const names[] = {"name", "email"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str s = json_get_str(e, str_from(names[i]));
        if (s.ptr && str_eq(utf8_fold(c->arena, s), folded))
            return true;
    }
    return false;
}

static struct str names_of(struct cli *c, const struct json *list)
{
    struct buf out;

    buf_init(&out, c->arena, 150);
    for (const struct json *e = list ? list->first : NULL; e && !out.full; e = e->next) {
        struct str name = cli_clean(c->arena, json_get_str(e, S("name")));
        if (out.len + name.len + 8 > out.max) {
            buf_add(&out, S(", …"));
            break;
        }
        buf_printf(&out, "%s%.*s", out.len ? ", " : "", STR(name));
    }
    return out.len ? buf_str(&out) : S("none at all");
}

bool api_resolve(struct cli *c, const struct json *list, struct str word, const char *what,
    struct str *id, struct error *err)
{
    struct str folded = utf8_fold(c->arena, word);
    size_t found = 0;

    for (const struct json *e = list ? list->first : NULL; e; e = e->next) {
        if (str_eq(json_get_str(e, S("id")), word)) {
            *id = word;
            return true;
        }
        if (means(c, e, folded)) {
            *id = json_get_str(e, S("id"));
            found++;
        }
    }
    if (found == 1)
        return true;
    if (found)
        return fail_name(err, str_from(what), "%zu have the name %.*s: give the id", found,
            STR(cli_fit(c->arena, cli_clean(c->arena, word), 60)));
    return fail_name(err, str_from(what), "there is no %.*s; there is: %.*s",
        STR(cli_fit(c->arena, cli_clean(c->arena, word), 40)), STR(names_of(c, list)));
}

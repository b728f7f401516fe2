#include "domain/am_query.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/regex.h"
#include "domain/am.h"
#include "domain/matcher.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* False if a percent sign is not followed by two hexadecimal digits. */
static bool decode(struct arena *a, struct str s, struct str *out)
{
    char *to = arena_alloc(a, s.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != '%') {
            to[n++] = s.ptr[i] == '+' ? ' ' : s.ptr[i];
            continue;
        }
        int high = i + 2 < s.len ? hex_digit(s.ptr[i + 1]) : -1;
        int low = i + 2 < s.len ? hex_digit(s.ptr[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        to[n++] = (char)(high << 4 | low);
        i += 2;
    }
    *out = (struct str){to, n};
    return true;
}

bool am_yes(struct str word)
{
    static const char *const words[] = {
        "true", "1", "yes", "ok", "y", "on", "selected", "checked", "t", "enabled"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(word, str_from(words[i])))
            return true;
    return false;
}

static bool add_filter(struct arena *a, struct str text, struct am_query *q, struct am_error *err)
{
    struct error wrong = {0};

    if (q->nfilters == AM_FILTERS_MAX)
        return am_say(a, err, 400, "more than %d filters", AM_FILTERS_MAX);
    if (!q->filters)
        q->filters = arena_array(a, struct matcher, AM_FILTERS_MAX);
    if (!matcher_parse(a, text, &q->filters[q->nfilters], &wrong))
        return am_say(a, err, 400, "%s", wrong.message);
    q->nfilters++;
    return true;
}

static bool set_receiver(struct arena *a, struct str text, struct am_query *q,
    struct am_error *err)
{
    struct error wrong = {0};

    q->receiver = NULL;
    if (!text.len || regex_compile(a, text, &q->receiver, &wrong))
        return true;
    return am_say(a, err, 400, "failed to parse receiver param: %s", wrong.message);
}

static bool take_pair(struct arena *a, struct str name, struct str value, struct am_query *q,
    struct am_error *err)
{
    const struct {
        const char *name;
        bool *out;
    } flags[] = {
        {"active", &q->active},
        {"silenced", &q->silenced},
        {"inhibited", &q->inhibited},
        {"unprocessed", &q->unprocessed},
        {"muted", &q->muted},
    };

    if (str_eq(name, S("filter")))
        return add_filter(a, value, q, err);
    if (str_eq(name, S("receiver")))
        return set_receiver(a, value, q, err);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (str_eq(name, str_from(flags[i].name)))
            *flags[i].out = !value.len || am_yes(value); /* the last one given counts */
    return true;
}

bool am_query_read(struct arena *a, struct str query, struct am_query *out, struct am_error *err)
{
    struct str rest = query;

    *out = (struct am_query){
        .active = true, .silenced = true, .inhibited = true, .unprocessed = true, .muted = true};
    while (rest.ptr) {
        struct str pair, raw_name, name, value;
        rest = str_cut(rest, '&', &pair);
        struct str raw_value = str_cut(pair, '=', &raw_name);
        if (str_find(pair, ';') < pair.len || !decode(a, raw_name, &name) ||
            !decode(a, raw_value, &value))
            continue;
        if (!take_pair(a, name, value, out, err))
            return false;
    }
    return true;
}

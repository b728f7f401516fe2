#include "web/filters.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/zone.h"

static bool when(const struct json *v, instant *out)
{
    return time_parse(json_str(v), out);
}

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void as_time(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    struct civil c = zone_civil(r->zone, t, NULL, NULL);
    buf_printf(out, "%02d:%02d", c.hour, c.minute);
}

static void as_date(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    struct str text = json_str(v);
    instant t;

    if (text.len == 10) /* a day, not an instant */
        text = str_printf(r->arena, "%.*sT00:00:00Z", STR(text));
    if (!time_parse(text, &t))
        return;
    struct civil c = zone_civil(json_str(v).len == 10 ? r->utc : r->zone, t, NULL, NULL);
    buf_printf(out, "%d %s %d", c.day, months[c.month - 1], c.year);
}

static void as_datetime(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    struct civil c = zone_civil(r->zone, t, NULL, NULL);
    buf_printf(out, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

/* 27m 41s, 3h 5m, 2d 4h: the two largest units. */
static void span(struct buf *out, int64_t us)
{
    static const struct {
        int64_t us;
        const char *name;
    } units[] = {{DAY_US, "d"}, {HOUR_US, "h"}, {MINUTE_US, "m"}, {SECOND_US, "s"}};
    int shown = 0;

    if (us < 0)
        us = -us;
    for (size_t i = 0; i < 4 && shown < 2; i++) {
        int64_t n = us / units[i].us;
        if (n == 0 && !shown && i < 3)
            continue;
        if (n || !shown)
            buf_printf(out, "%s%lld%s", shown ? " " : "", (long long)n, units[i].name);
        us -= n * units[i].us;
        shown++;
    }
}

static void as_duration(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    (void)ctx;
    if (json_int(v, &us))
        span(out, us);
}

static void clock_of(struct buf *out, int64_t us)
{
    int64_t s = us / SECOND_US;

    if (s < 0) {
        buf_add(out, S("−"));
        s = -s;
    }
    if (s >= 86400)
        buf_printf(out, "%lldd ", (long long)(s / 86400));
    if (s >= 3600)
        buf_printf(out, "%02lld:%02lld:%02lld", (long long)(s % 86400 / 3600), (long long)(s % 3600 / 60), (long long)(s % 60));
    else
        buf_printf(out, "%02lld:%02lld", (long long)(s / 60), (long long)(s % 60));
}

static void as_clock(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    (void)ctx;
    if (json_int(v, &us))
        clock_of(out, us);
}

static void as_elapsed(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (when(v, &t))
        clock_of(out, r->now.us - t.us);
}

static void as_remaining(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (when(v, &t))
        clock_of(out, t.us - r->now.us);
}

static void as_ago(void *ctx, const struct json *v, struct buf *out)
{
    const struct reader *r = ctx;
    instant t;

    if (!when(v, &t))
        return;
    int64_t us = r->now.us - t.us;
    if (us < 0) {
        buf_add(out, S("in "));
        span(out, us);
    } else if (us < MINUTE_US) {
        buf_add(out, S("just now"));
    } else if (us < HOUR_US) {
        buf_printf(out, "%lld min ago", (long long)(us / MINUTE_US));
    } else if (us < DAY_US) {
        buf_printf(out, "%lld h ago", (long long)(us / HOUR_US));
    } else {
        buf_printf(out, "%lld d ago", (long long)(us / DAY_US));
    }
}

/* T+25 min since the incident began. */
static void as_offset(void *ctx, const struct json *v, struct buf *out)
{
    int64_t us;

    (void)ctx;
    if (!json_int(v, &us))
        return;
    buf_add(out, us < 0 ? S("T−") : S("T+"));
    span(out, us);
}

static void as_count(void *ctx, const struct json *v, struct buf *out)
{
    char digits[24];
    int64_t n;

    (void)ctx;
    if (!json_int(v, &n))
        return;
    int len = snprintf(digits, sizeof digits, "%lld", (long long)(n < 0 ? -n : n));
    if (n < 0)
        buf_add(out, S("−"));
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_add(out, S("\u202f"));
        buf_addc(out, digits[i]);
    }
}

/* A machine's word as a person's: in_progress → In progress. */
static void as_name(void *ctx, const struct json *v, struct buf *out)
{
    struct str s = json_str(v);

    (void)ctx;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i] == '_' ? ' ' : s.ptr[i];
        buf_addc(out, i == 0 && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
}

static void as_initials(void *ctx, const struct json *v, struct buf *out)
{
    struct str rest = str_trim(json_str(v)), word;
    struct str first = STR_NONE, last = STR_NONE;

    (void)ctx;
    while (rest.ptr) {
        rest = str_cut(rest, ' ', &word);
        if (!word.len)
            continue;
        if (!first.len)
            first = word;
        else
            last = word;
    }
    buf_add(out, utf8_truncate(first, 1));
    buf_add(out, utf8_truncate(last, 1));
}

const struct template_filter_entry web_filters[] = {
    {"ago", as_ago},
    {"clock", as_clock},
    {"count", as_count},
    {"date", as_date},
    {"datetime", as_datetime},
    {"duration", as_duration},
    {"elapsed", as_elapsed},
    {"initials", as_initials},
    {"name", as_name},
    {"offset", as_offset},
    {"remaining", as_remaining},
    {"time", as_time},
    {0},
};

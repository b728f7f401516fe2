#include "base/zone_rule.h"

#include "base/time.h"

#define DAY_S 86400

/* The day of a change, in days since 1970. */
static int64_t change_day(const struct zone_change *c, int year)
{
    int64_t first = days_of_date((struct date){year, 1, 1});

    if (c->form == 'D')
        return first + c->day;
    if (c->form == 'J') {
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return first + c->day - 1 + (leap && c->day >= 60);
    }
    first = days_of_date((struct date){year, c->month, 1});
    int64_t next = days_of_date((struct date){year + c->month / 12, c->month % 12 + 1, 1});
    int64_t day = first + (c->day - weekday_of_days(first) + 7) % 7 + 7 * (c->week - 1);
    return day < next ? day : day - 7;
}

/* The instant of a change, by the clock that it changes. */
static int64_t change_at(const struct zone_rule *rule, bool begins, int year)
{
    const struct zone_change *c = begins ? &rule->begin : &rule->end;
    const struct zone_setting *before = begins ? &rule->standard : &rule->summer;

    return change_day(c, year) * DAY_S + c->time_s - before->offset_s;
}

struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t t, int64_t least)
{
    int year = date_of_days(floor_div(t, DAY_S)).year;
    struct zone_span s = {INT64_MIN, INT64_MAX, &rule->standard};

    /* Two years either side hold a change before and one after `t`, however far the time of a
     * change reaches outside of its day. */
    for (int i = 0; i < 10 && rule->has_summer; i++) {
        /* Ends come before begins: where both fall together, it is summer all year. */
        bool begins = i % 2;
        int64_t at = change_at(rule, begins, year - 2 + i / 2);
        if (at <= t && at >= s.from) {
            s.from = at;
            s.set = begins ? &rule->summer : &rule->standard;
        }
        if (at > t && at < s.until)
            s.until = at;
    }
    if (s.from < least)
        s.from = least;
    return s;
}

/* Up to `most` digits. */
static bool read_digits(struct str *s, size_t most, int *out)
{
    size_t n = 0;

    *out = 0;
    while (n < most && n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9')
        *out = *out * 10 + (s->ptr[n++] - '0');
    *s = str_slice(*s, n, s->len);
    return n > 0;
}

static bool read_char(struct str *s, char c)
{
    if (!s->len || s->ptr[0] != c)
        return false;
    *s = str_slice(*s, 1, s->len);
    return true;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool read_time(struct str *s, int max_hours, int *out)
{
    bool negative = read_char(s, '-');
    int h, m = 0, sec = 0;

    if (!negative)
        read_char(s, '+');
    if (!read_digits(s, 3, &h) || h > max_hours)
        return false;
    if (read_char(s, ':') && (!read_digits(s, 2, &m) || m > 59))
        return false;
    if (read_char(s, ':') && (!read_digits(s, 2, &sec) || sec > 59))
        return false;
    *out = (h * 3600 + m * 60 + sec) * (negative ? -1 : 1);
    return true;
}

/* "CET", "<+0330>", then the offset, which POSIX counts west of Greenwich. */
static bool read_abbrev(struct str *s, struct str *out)
{
    bool quoted = read_char(s, '<');
    size_t n = 0;

    for (; n < s->len; n++) {
        char c = s->ptr[n], lower = (char)(c | 0x20);
        bool letter = lower >= 'a' && lower <= 'z';
        if (!letter && !(quoted && (c == '+' || c == '-' || (c >= '0' && c <= '9'))))
            break;
    }
    *out = str_slice(*s, 0, n);
    *s = str_slice(*s, n, s->len);
    return n >= 3 && (!quoted || read_char(s, '>'));
}

/* ",M3.5.0/2", ",J60", ",59/-1:30" */
static bool read_change(struct str *s, struct zone_change *c)
{
    *c = (struct zone_change){.form = 'D', .time_s = 2 * 3600};
    if (!read_char(s, ','))
        return false;
    if (read_char(s, 'M')) {
        c->form = 'M';
        if (!read_digits(s, 2, &c->month) || c->month < 1 || c->month > 12 ||
            !read_char(s, '.') || !read_digits(s, 1, &c->week) || c->week < 1 || c->week > 5 ||
            !read_char(s, '.') || !read_digits(s, 1, &c->day) || c->day > 6)
            return false;
    } else {
        if (read_char(s, 'J'))
            c->form = 'J';
        if (!read_digits(s, 3, &c->day) || c->day > 365 || (c->form == 'J' && c->day < 1))
            return false;
    }
    return !read_char(s, '/') || read_time(s, 167, &c->time_s);
}

bool zone_rule_parse(struct str s, struct zone_rule *rule)
{
    int west;

    *rule = (struct zone_rule){0};
    if (!read_abbrev(&s, &rule->standard.abbrev) || !read_time(&s, 24, &west))
        return false;
    rule->standard.offset_s = -west;
    if (!s.len)
        return true;
    if (!read_abbrev(&s, &rule->summer.abbrev))
        return false;
    rule->has_summer = true;
    rule->summer.offset_s = rule->standard.offset_s + 3600;
    if (s.len && s.ptr[0] != ',') {
        if (!read_time(&s, 24, &west))
            return false;
        rule->summer.offset_s = -west;
    }
    return read_change(&s, &rule->begin) && read_change(&s, &rule->end) && !s.len;
}

#include "base/time.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999: what four digits can say. */
#define MIN_US GO_ZERO_TIME_US
#define MAX_US INT64_C(253402300799999999)
#define YEAR_US (365 * DAY_US)
#define WEEK_US (7 * DAY_US)
#define MAX_DURATION_US (100 * YEAR_US)

/* Both conversions count years from March, so that the leap day is the last day of its year and
 * month m (March = 0) begins at day (153 m + 2) / 5; 400 years are always 146097 days. */
struct date date_of_days(int64_t days)
{
    int64_t since_march_0 = days + 719468;
    int64_t cycle = floor_div(since_march_0, 146097);
    int64_t day = since_march_0 - cycle * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    return (struct date){
        .year = (int)(cycle * 400 + year + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(of_year - (153 * month + 2) / 5 + 1),
    };
}

int64_t days_of_date(struct date d)
{
    int64_t year = (int64_t)d.year - (d.month <= 2);
    int64_t cycle = floor_div(year, 400);
    int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
    int64_t of_cycle = year - cycle * 400;

    return cycle * 146097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 +
        (153 * month + 2) / 5 + d.day - 1 - 719468;
}

int weekday_of_days(int64_t days)
{
    int64_t sunday_first = days + 4; /* 1970-01-01 was a Thursday */

    return (int)(sunday_first - floor_div(sunday_first, 7) * 7);
}

static void put(char *p, int64_t v, int width)
{
    while (width--) {
        p[width] = (char)('0' + v % 10);
        v /= 10;
    }
}

/* Writes 19 bytes, up to the seconds, and returns the microseconds that are left. */
static int64_t write_seconds(char *p, instant t)
{
    int64_t us = t.us < MIN_US ? MIN_US : t.us > MAX_US ? MAX_US : t.us;
    int64_t days = floor_div(us, DAY_US);
    struct date d = date_of_days(days);

    us -= days * DAY_US;
    memcpy(p, "0000-00-00T00:00:00", 19);
    put(p, d.year, 4);
    put(p + 5, d.month, 2);
    put(p + 8, d.day, 2);
    put(p + 11, us / HOUR_US, 2);
    put(p + 14, us / MINUTE_US % 60, 2);
    put(p + 17, us / SECOND_US % 60, 2);
    return us % SECOND_US;
}

void time_write_ms(char *p, instant t)
{
    int64_t us = write_seconds(p, t);

    p[19] = '.';
    put(p + 20, us / 1000, 3);
    p[23] = 'Z';
}

struct str time_text(struct arena *a, instant t)
{
    if (!instant_is_set(t))
        return STR_NONE;
    char *p = arena_alloc(a, sizeof "2026-11-21T12:00:00.000000Z", 1);
    int64_t us = write_seconds(p, t);
    size_t n = 19;
    if (us) {
        p[n] = '.';
        put(p + n + 1, us, 6);
        n += 7;
    }
    p[n++] = 'Z';
    return (struct str){p, n};
}

struct str time_text_ms(struct arena *a, instant t)
{
    if (!instant_is_set(t))
        return STR_NONE;
    char *p = arena_alloc(a, 25, 1);
    time_write_ms(p, t);
    return (struct str){p, 24};
}

static bool digits(const char *p, int n, int *out)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

/* ".5" and the like; false unless one to nine digits follow the point. */
static bool parse_fraction(struct str *s, int64_t *us)
{
    size_t n = 1;

    *us = 0;
    if (!s->len || s->ptr[0] != '.')
        return true;
    while (n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9') {
        if (n <= 6)
            *us = *us * 10 + (s->ptr[n] - '0');
        n++;
    }
    for (size_t i = n; i <= 6; i++)
        *us *= 10;
    *s = str_slice(*s, n, s->len);
    return n > 1 && n <= 10;
}

/* "Z", "+05:30": the whole of what is left. */
static bool parse_offset(struct str s, int64_t *us)
{
    int h, m;

    *us = 0;
    if (s.len == 1)
        return s.ptr[0] == 'Z' || s.ptr[0] == 'z';
    if (s.len != 6 || (s.ptr[0] != '+' && s.ptr[0] != '-') || s.ptr[3] != ':' ||
        !digits(s.ptr + 1, 2, &h) || !digits(s.ptr + 4, 2, &m) || h > 23 || m > 59)
        return false;
    *us = (h * HOUR_US + m * MINUTE_US) * (s.ptr[0] == '-' ? -1 : 1);
    return true;
}

bool time_parse(struct str s, instant *out)
{
    struct date d;
    int h, m, sec;
    int64_t fraction, offset;
    const char *p = s.ptr;

    if (s.len < 20 || p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != 't') ||
        p[13] != ':' || p[16] != ':')
        return false;
    if (!digits(p, 4, &d.year) || !digits(p + 5, 2, &d.month) || !digits(p + 8, 2, &d.day) ||
        !digits(p + 11, 2, &h) || !digits(p + 14, 2, &m) || !digits(p + 17, 2, &sec))
        return false;
    if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > days_in_month(d.year, d.month) ||
        h > 23 || m > 59 || sec > 60)
        return false;
    s = str_slice(s, 19, s.len);
    if (!parse_fraction(&s, &fraction) || !parse_offset(s, &offset))
        return false;

    int64_t us = days_of_date(d) * DAY_US + h * HOUR_US + m * MINUTE_US + sec * SECOND_US - offset;
    /* Leap seconds are inserted at the end of a UTC month and nowhere else. */
    if (sec == 60 && (us % DAY_US != 0 || date_of_days(us / DAY_US).day != 1))
        return false;
    if (us + fraction < MIN_US || us + fraction > MAX_US)
        return false;
    *out = (instant){us + fraction};
    return true;
}

/* Largest first: the order in which they may appear. */
static const struct unit {
    const char *name;
    int64_t us;
    bool alone; /* written only when nothing remains: 90d is easier to read than 12w6d */
} units[] = {
    {"y", YEAR_US, true},
    {"w", WEEK_US, true},
    {"d", DAY_US, false},
    {"h", HOUR_US, false},
    {"m", MINUTE_US, false},
    {"s", SECOND_US, false},
    {"ms", MILLISECOND_US, false},
};
#define UNITS (sizeof units / sizeof *units)

bool duration_parse(struct str s, int64_t *us)
{
    int64_t total = 0;
    size_t next = 0;

    if (str_eq(s, S("0"))) {
        *us = 0;
        return true;
    }
    if (!s.len)
        return false;
    while (s.len) {
        size_t nd = 0, nu, u = next;
        int64_t v;
        while (nd < s.len && s.ptr[nd] >= '0' && s.ptr[nd] <= '9')
            nd++;
        nu = nd;
        while (nu < s.len && s.ptr[nu] >= 'a' && s.ptr[nu] <= 'z')
            nu++;
        while (u < UNITS && !str_eq(str_slice(s, nd, nu), str_from(units[u].name)))
            u++;
        if (u == UNITS || !str_int(str_slice(s, 0, nd), &v) || v > MAX_DURATION_US / units[u].us)
            return false;
        total += v * units[u].us;
        if (total > MAX_DURATION_US)
            return false;
        next = u + 1;
        s = str_slice(s, nu, s.len);
    }
    *us = total;
    return true;
}

struct str duration_text(struct arena *a, int64_t us)
{
    struct buf b;
    uint64_t left = us < 0 ? 0 - (uint64_t)us : (uint64_t)us;

    buf_init(&b, a, 64);
    left -= left % (uint64_t)MILLISECOND_US;
    if (left == 0)
        return S("0s");
    if (us < 0)
        buf_addc(&b, '-');
    for (size_t i = 0; i < UNITS; i++) {
        uint64_t unit = (uint64_t)units[i].us;
        if (left < unit || (units[i].alone && left % unit))
            continue;
        buf_int(&b, (int64_t)(left / unit));
        buf_add(&b, str_from(units[i].name));
        left %= unit;
    }
    return buf_str(&b);
}

/* Instants and durations. An instant is UTC microseconds since 1970; zero means "unset". Durations
 * are int64_t microseconds in variables that end in `_us`. Nothing here reads a clock: `now` is an
 * argument everywhere below the edge (base/clock.h is the edge). Civil time is base/zone's. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;

typedef struct {
    int64_t us;
} instant;

#define MILLISECOND_US INT64_C(1000)
#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define DAY_US (24 * HOUR_US)
/* 0001-01-01T00:00:00Z, which Go senders write for "unset". */
#define GO_ZERO_TIME_US INT64_C(-62135596800000000)

static inline bool instant_is_set(instant t)
{
    return t.us != 0;
}

static inline instant instant_add(instant t, int64_t us)
{
    return (instant){t.us + us};
}

/* Rounds down, where C rounds towards zero; b > 0. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The proleptic Gregorian calendar in UTC. */
struct date {
    int year, month, day; /* month 1–12, day 1–31 */
};
struct date date_of_days(int64_t days); /* days since 1970-01-01 */
int64_t days_of_date(struct date d);
int weekday_of_days(int64_t days); /* 0 = Sunday … 6 = Saturday */

/* RFC 3339. `time_text` writes microseconds only if there are any: 2026-11-21T12:00:00Z. An unset
 * instant gives STR_NONE. `time_text_ms` always writes three decimals (Alertmanager's form). */
struct str time_text(struct arena *a, instant t);
struct str time_text_ms(struct arena *a, instant t);
/* Writes exactly 24 bytes `2026-11-21T12:00:00.000Z` at p; for the hot paths. */
void time_write_ms(char *p, instant t);
/* Strict RFC 3339 with any offset; up to nine decimals (truncated to µs); years 0001–9999; a leap
 * second is read as the following second. False leaves *out alone. */
bool time_parse(struct str s, instant *out);

/* Prometheus's durations: 1h30m, 5m, 250ms, 1d, 1w. False on anything else, or past 100 years. */
bool duration_parse(struct str s, int64_t *us);
struct str duration_text(struct arena *a, int64_t us); /* shortest such text: 90 s gives 1m30s */

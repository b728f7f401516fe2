/* POSIX's text for a zone, "CET-1CEST,M3.5.0,M10.5.0/3": the clock of all years to come. It ends
 * every file of the tz database; base/zone is its only user. All times are in seconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define ZONE_MAX_OFFSET_S (26 * 3600) /* no clock is this far from UTC (RFC 8536 §3.2) */

/* What the clocks are set to for a while. */
struct zone_setting {
    int offset_s; /* east of UTC */
    struct str abbrev;
};

/* A stretch of time with one setting. */
struct zone_span {
    int64_t from, until;
    const struct zone_setting *set;
};

/* When a change happens each year, in local time before the change. */
struct zone_change {
    char form;            /* 'M': month.week.day; 'J': day 1–365 without 29 February; 'D': 0–365 */
    int month, week, day; /* week 5 is the last */
    int time_s;           /* after midnight; -167 to 167 hours */
};

struct zone_rule {
    struct zone_setting standard, summer;
    bool has_summer;
    struct zone_change begin, end; /* of summer */
};

/* The names are slices of `s`. */
bool zone_rule_parse(struct str s, struct zone_rule *rule);

/* The span that holds `t`, but beginning no earlier than `least`. */
struct zone_span zone_rule_span(const struct zone_rule *rule, int64_t t, int64_t least);

/* Civil time: what the clock on the wall shows somewhere. The only module that knows zones.
 *
 * Zones are read from the system's tz database ($TZDIR or /usr/share/zoneinfo, RFC 8536 version 2
 * and later), with the POSIX rule at the end of each file for all times to come. Nothing here
 * touches the C library's notion of a zone, which belongs to the whole process. */
#pragma once

#include <stdbool.h>

#include "base/str.h"
#include "base/time.h"

struct arena;
struct error;
struct zone;

struct civil {
    int year, month, day; /* month 1–12, day 1–31 */
    int hour, minute, second;
    int weekday; /* 0 = Sunday … 6 = Saturday; only an answer, never looked at */
};

/* By IANA name, "Europe/Berlin"; "UTC" needs no database. INVALID if there is no such zone. The
 * zone lives in `a` and is never changed, so threads may share it. */
bool zone_load(struct arena *a, struct str name, const struct zone **out, struct error *err);

/* The same from the bytes of a TZif file, which must live as long as the zone; INTERNAL if they are
 * none, or too many. */
#define ZONE_MAX_FILE 65536 /* the largest of the database has 4 KiB */
bool zone_parse(struct arena *a, struct str file, const struct zone **out, struct error *err);

/* Instant → local; fractions of a second are dropped. `offset_s` (seconds east of UTC) and `abbrev`
 * ("CEST") may be NULL. */
struct civil zone_civil(const struct zone *z, instant t, int *offset_s, struct str *abbrev);

/* Local → instant. A time that the clock skips gives the first instant after the gap, a time that
 * it shows twice the first occurrence; `gap` and `fold`, which may be NULL, say so. Fields out of
 * range carry over: day 0 is the last of the month before, so a caller may add days and months. */
instant zone_instant(const struct zone *z, struct civil local, bool *gap, bool *fold);

/* The next instant at which the offset from UTC changes; false if it never does again. */
bool zone_next_transition(const struct zone *z, instant after, instant *out);

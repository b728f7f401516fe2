/* Measures: differences of an incident's timestamps and nothing else.
 *   MTTD = detected − started, MTTA = acknowledged − detected, MTTR = resolved − detected (seed 1).
 * Incidents without both timestamps do not count; neither do negative differences (they are reported,
 * not hidden). Declined and cancelled incidents are left out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct arena;
struct incident;

enum measure { MEASURE_MTTD, MEASURE_MTTA, MEASURE_MTTR, MEASURES };
extern const char *const measure_names[]; /* "mttd", "mtta", "mttr" */

struct measure_summary {
    size_t count;
    size_t negative; /* anomalies left out */
    int64_t mean_us, median_us, p90_us; /* 0 without any */
};

/* True and the difference if the incident has it (it may be negative). */
bool measure_of(const struct incident *i, enum measure m, int64_t *us);
/* True unless the incident was declined, merged or cancelled. */
bool measure_counts(const struct incident *i);

/* Over the incidents of this severity's rank (0: all) declared in [from, to). The median of an even
 * number is the mean of the middle two; p90 is the nearest rank. */
struct measure_summary measure_summarize(struct arena *a, const struct incident *v, size_t n, enum measure m,
    int64_t rank, instant from, instant to);

/* First instant of the UTC month `back` months before the one that holds `now`; back 0 = this one. */
instant month_start(instant now, int back);
/* "2026-11" */
struct str month_name(struct arena *a, instant start);

/* Text for terminals. What people and senders wrote may hold escape sequences and overriding
 * directions; none of it reaches a terminal as it is. */
#pragma once

#include "base/str.h"
#include "base/time.h"

struct arena;

/* One line: control characters and what reorders text become "�", white space a space. */
struct str cli_clean(struct arena *a, struct str s);
/* The same, but line feeds stay. */
struct str cli_clean_lines(struct arena *a, struct str s);

/* Columns a clean text takes: two for wide East Asian characters and emoji, none for combining
 * ones. */
size_t cli_width(struct str s);
/* At most `width` columns, ending with "…" if something was cut. */
struct str cli_fit(struct arena *a, struct str s, size_t width);

/* "12m ago", "in 5m", "now": two units at most, none below a minute but seconds. */
struct str cli_ago(struct arena *a, instant at, instant now);
/* "2026-11-21 03:09Z (12m ago)"; "-" if unset. */
struct str cli_time(struct arena *a, instant at, instant now);
/* For a column: "03:09Z (12m ago)" of today, "2026-11-20 (1d 2h ago)" of another day. */
struct str cli_time_short(struct arena *a, instant at, instant now);
/* "1h 5m", "42s": as precise as people need. */
struct str cli_span(struct arena *a, int64_t us);

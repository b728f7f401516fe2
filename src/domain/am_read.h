/* Reads the body of POST /api/v2/alerts as Alertmanager does, defaults and refusals included. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct alert_in;
struct am_error;
struct arena;

/* Which label names are taken: Prometheus's classic ones, as up to 0.26, or all but "". */
enum am_names { AM_NAMES_CLASSIC, AM_NAMES_UTF8 };

/* True: all alerts are in *out, complete. False: *err is the answer, and *out holds the alerts that
 * are valid all the same and must be kept: some, if others were refused one by one (wrong names,
 * limits, end before start); none, if the body as a whole cannot be read. Text points into `body`
 * or is in the arena.
 *
 * Where we differ on purpose: an alert that is null is refused, not a crash; duplicate keys and
 * anything after the array are refused; an empty time is unset, not 1970; a start that lies ahead
 * needs no end; annotations without text are dropped like labels; names and values have limits. */
bool alerts_read_am(struct arena *a, struct str body, enum am_names names, instant now,
    int64_t resolve_timeout_us, struct alert_in **out, size_t *n, struct am_error *err);

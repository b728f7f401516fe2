/* The query parameters of GET /api/v2/alerts and /alerts/groups, as lenient as Alertmanager:
 * a pair that cannot be decoded is skipped, an unknown name is ignored, a word that is not a known
 * yes is a no, and an empty value is the default. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct am_error;
struct arena;
struct matcher;
struct regex;

#define AM_FILTERS_MAX 64

struct am_query {
    bool active, silenced, inhibited, unprocessed, muted;
    struct matcher *filters; /* all must hold */
    size_t nfilters;
    struct regex *receiver; /* NULL: any */
};

/* `query` is what follows the '?'. False: *err is the answer. */
bool am_query_read(struct arena *a, struct str query, struct am_query *out, struct am_error *err);

/* "true", "yes", "on", "1", … in any case. */
bool am_yes(struct str word);

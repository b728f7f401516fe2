/* The filters of templates: how values look to people. */
#pragma once

#include "base/time.h"
#include "text/mustache.h"

struct language;
struct pack;
struct zone;

/* What a filter needs to know of the reader. */
struct reader {
    instant now;
    const struct zone *zone, *utc;
    struct arena *arena;
    const struct language *language;
    const struct pack *pack; /* whose words the statuses have */
};

/* "27m 41s" */
struct str duration_words(const struct language *l, struct arena *a, int64_t us);
/* "Nov" */
struct str month_short(const struct language *l, int month);

extern const struct template_filter_entry web_filters[];

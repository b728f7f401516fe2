/* The filters of templates: how values look to people. */
#pragma once

#include "base/time.h"
#include "text/mustache.h"

struct zone;

/* What a filter needs to know of the reader. */
struct reader {
    instant now;
    const struct zone *zone, *utc;
    struct arena *arena;
};

extern const struct template_filter_entry web_filters[];

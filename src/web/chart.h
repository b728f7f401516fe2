/* Charts, drawn here as SVG: no script, readable without colour (line ends and bars are labelled),
 * and always beside a table with the same numbers. Classes are styled by assets/app.css. */
#pragma once

#include "base/str.h"

struct arena;
struct language;

#define CHART_MAX_POINTS 24
#define CHART_MAX_SERIES 9

/* A median line inside a band up to the 90th percentile. Values below zero mean "no value": the line
 * is broken there. `target` below zero: none. */
struct chart_trend {
    struct str title, unit; /* for screen readers: "Time to restore", "minutes" */
    const struct str *labels;
    const double *median, *p90;
    size_t n;
    double target;
    const struct language *language;
};
struct str chart_trend_svg(struct arena *a, const struct chart_trend *c);

/* Stacked bars; series 0 is the most severe and lies on top. values[point * nseries + series]. */
struct chart_bars {
    struct str title;
    const struct str *labels, *names;
    const int64_t *values;
    size_t n, nseries;
    const struct language *language;
};
struct str chart_bars_svg(struct arena *a, const struct chart_bars *c);

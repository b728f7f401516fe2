#include "web/chart.h"

#include "base/arena.h"
#include "base/buf.h"
#include "text/html.h"
#include "web/language.h"

#define LEFT 36.0
#define RIGHT 440.0
#define TOP 16.0
#define BOTTOM 150.0
#define MAX_SVG 65536

static void open_svg(struct buf *b, struct str title, struct str says)
{
    buf_add(b, S("<svg class=\"chart\" viewBox=\"0 0 520 176\" role=\"img\" aria-label=\""));
    html_escape(b, title);
    html_escape(b, says);
    buf_add(b, S("\">"));
}

/* A step of 1, 2 or 5 times a power of ten that gives at most four lines above zero. */
static double nice_step(double most)
{
    double step = 1;

    while (step * 40 < most)
        step *= 10;
    static const double factors[] = {1, 2, 5, 10};
    for (int i = 0; i < 4; i++)
        if (step * factors[i] * 4 >= most)
            return step * factors[i];
    return step * 10;
}

static double height(double v, double top)
{
    return BOTTOM - v / top * (BOTTOM - TOP);
}

/* Horizontal lines with their values; returns the value at the upper edge. */
static double grid(struct buf *b, double most)
{
    double step = nice_step(most), top = step;

    while (top < most)
        top += step;
    for (double v = 0; v <= top + step / 2; v += step)
        buf_printf(b, "<path class=\"gr\" d=\"M%g %.1fH%g\"/><text x=\"29\" y=\"%.1f\" text-anchor=\"end\">%g</text>",
            LEFT, height(v, top), RIGHT, height(v, top) + 4, v);
    return top;
}

static double across(size_t i, size_t n)
{
    return n < 2 ? (LEFT + RIGHT) / 2 : LEFT + (RIGHT - LEFT) * (double)i / (double)(n - 1);
}

static void line(struct buf *b, const char *class, const double *v, size_t n, double top)
{
    bool down = false;

    buf_printf(b, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < n; i++) {
        if (v[i] < 0) {
            down = false;
            continue;
        }
        buf_printf(b, "%c%.1f %.1f", down ? 'L' : 'M', across(i, n), height(v[i], top));
        down = true;
    }
    buf_add(b, S("\"/>"));
}

/* The area between the lines, run by run of points that have values. */
static void band(struct buf *b, const struct chart_trend *c, double top)
{
    for (size_t from = 0; from < c->n; from++) {
        size_t to = from;
        while (to < c->n && c->median[to] >= 0)
            to++;
        if (to - from >= 2) {
            buf_add(b, S("<path class=\"band\" d=\""));
            for (size_t i = from; i < to; i++)
                buf_printf(b, "%c%.1f %.1f", i == from ? 'M' : 'L', across(i, c->n), height(c->p90[i], top));
            for (size_t i = to; i-- > from;)
                buf_printf(b, "L%.1f %.1f", across(i, c->n), height(c->median[i], top));
            buf_add(b, S("Z\"/>"));
        }
        from = to;
    }
}

static void end_label(struct buf *b, struct str name, const double *v, size_t n, double top, double shift)
{
    if (n && v[n - 1] >= 0) /* there is room for five characters or so */
        buf_printf(b, "<text class=\"lb\" x=\"447\" y=\"%.1f\">%.*s %.*f</text>", height(v[n - 1], top) + 4 + shift, STR(name),
            v[n - 1] < 9.95 ? 1 : 0, v[n - 1]);
}

struct str chart_trend_svg(struct arena *a, const struct chart_trend *c)
{
    double most = c->target > 0 ? c->target : 1;
    struct buf b;

    buf_init(&b, a, MAX_SVG);
    for (size_t i = 0; i < c->n; i++)
        most = c->p90[i] > most ? c->p90[i] : most;
    open_svg(&b, c->title, language_format(c->language, a, ", %.*s: median and 90th percentile; the table has the numbers", STR(c->unit)));
    double top = grid(&b, most);
    band(&b, c, top);
    if (c->target > 0)
        buf_printf(&b, "<path class=\"tgt\" d=\"M%g %.1fH%g\"/><text x=\"40\" y=\"%.1f\">%.*s</text>", LEFT,
            height(c->target, top), RIGHT, height(c->target, top) - 5,
            STR(language_format(c->language, a, "target %g", c->target)));
    line(&b, "c2", c->p90, c->n, top);
    line(&b, "c1", c->median, c->n, top);
    for (size_t i = 0; i < c->n; i++) {
        if (c->median[i] >= 0)
            buf_printf(&b, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", across(i, c->n), height(c->median[i], top));
        buf_printf(&b, "<text x=\"%.1f\" y=\"168\" text-anchor=\"middle\">", across(i, c->n));
        html_escape(&b, c->labels[i]);
        buf_add(&b, S("</text>"));
    }
    /* Labels of nearly equal values would lie on each other. */
    bool close = c->n && c->median[c->n - 1] >= 0 && height(c->median[c->n - 1], top) - height(c->p90[c->n - 1], top) < 14;
    end_label(&b, language_text(c->language, "p90"), c->p90, c->n, top, close ? -7 : 0);
    end_label(&b, language_text(c->language, "med"), c->median, c->n, top, close ? 7 : 0);
    buf_add(&b, S("</svg>"));
    return buf_str(&b);
}

static void bar(struct buf *b, const struct chart_bars *c, size_t i, double top)
{
    double slot = (RIGHT - LEFT) / (double)c->n, width = slot * 0.63, x = LEFT + slot * ((double)i + 0.185), y = BOTTOM;

    for (size_t s = c->nseries; s-- > 0;) { /* the least severe at the bottom */
        int64_t v = c->values[i * c->nseries + s];
        double h = (double)v / top * (BOTTOM - TOP);
        if (v <= 0)
            continue;
        y -= h;
        buf_printf(b, "<rect class=\"f%zu\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", s + 1, x, y, width, h);
        if (s < 2 && h >= 12)
            buf_printf(b, "<text class=\"ft ft%zu\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%lld</text>", s + 1,
                x + width / 2, y + h / 2 + 4, (long long)v);
    }
    buf_printf(b, "<text x=\"%.1f\" y=\"168\" text-anchor=\"middle\">", x + width / 2);
    html_escape(b, c->labels[i]);
    buf_add(b, S("</text>"));
}

struct str chart_bars_svg(struct arena *a, const struct chart_bars *c)
{
    int64_t most = 1;
    struct buf b;

    buf_init(&b, a, MAX_SVG);
    for (size_t i = 0; i < c->n; i++) {
        int64_t sum = 0;
        for (size_t s = 0; s < c->nseries; s++)
            sum += c->values[i * c->nseries + s];
        most = sum > most ? sum : most;
    }
    open_svg(&b, c->title, language_text(c->language, "; the table below has the numbers"));
    double top = grid(&b, (double)most);
    for (size_t i = 0; i < c->n; i++)
        bar(&b, c, i, top);
    for (size_t s = 0; s < c->nseries; s++) {
        double y = 32 + 22 * (double)s;
        buf_printf(&b, "<rect class=\"f%zu\" x=\"462\" y=\"%.0f\" width=\"12\" height=\"12\"/><text class=\"lb\" x=\"479\" y=\"%.0f\">", s + 1, y, y + 10);
        html_escape(&b, c->names[s]);
        buf_add(&b, S("</text>"));
    }
    buf_add(&b, S("</svg>"));
    return buf_str(&b);
}

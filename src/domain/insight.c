#include "domain/insight.h"

#include <stdlib.h>

#include "base/arena.h"
#include "domain/incident.h"

const char *const measure_names[] = {"mttd", "mtta", "mttr", NULL};

bool measure_counts(const struct incident *i)
{
    return !str_eq(i->status, S("declined")) && !str_eq(i->status, S("merged")) && !str_eq(i->status, S("cancelled"));
}

bool measure_of(const struct incident *i, enum measure m, int64_t *us)
{
    instant from = m == MEASURE_MTTD ? i->started_at : i->detected_at;
    instant to = m == MEASURE_MTTD ? i->detected_at : m == MEASURE_MTTA ? i->acknowledged_at : i->resolved_at;

    if (!instant_is_set(from) || !instant_is_set(to))
        return false;
    *us = to.us - from.us;
    return true;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

struct measure_summary measure_summarize(struct arena *a, const struct incident *v, size_t n, enum measure m,
    int64_t rank, instant from, instant to)
{
    int64_t *values = arena_array(a, int64_t, n + 1), sum = 0;
    struct measure_summary s = {0};

    for (size_t i = 0; i < n; i++) {
        int64_t us;
        if (v[i].declared_at.us < from.us || v[i].declared_at.us >= to.us || !measure_counts(&v[i]) ||
            (rank && rank != v[i].severity_rank) || !measure_of(&v[i], m, &us))
            continue;
        if (us < 0) {
            s.negative++;
            continue;
        }
        values[s.count++] = us;
        sum += us;
    }
    if (!s.count)
        return s;
    qsort(values, s.count, sizeof *values, ascending);
    s.mean_us = sum / (int64_t)s.count;
    size_t mid = s.count / 2;
    s.median_us = s.count % 2 ? values[mid] : values[mid - 1] + (values[mid] - values[mid - 1]) / 2;
    s.p90_us = values[(s.count * 9 + 9) / 10 - 1];
    return s;
}

instant month_start(instant now, int back)
{
    struct date d = date_of_days(now.us / DAY_US);
    int months = d.year * 12 + d.month - 1 - back;

    return (instant){days_of_date((struct date){months / 12, months % 12 + 1, 1}) * DAY_US};
}

struct str month_name(struct arena *a, instant start)
{
    struct date d = date_of_days(start.us / DAY_US);

    return str_printf(a, "%04d-%02d", d.year, d.month);
}

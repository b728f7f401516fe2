#include "web/insight.h"

#include "domain/incident.h"
#include "domain/insight.h"
#include "domain/pack.h"
#include "store/incident.h"
#include "web/access.h"
#include "web/chart.h"
#include "web/filters.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/view.h"

#define MONTHS 6
#define MAX_INCIDENTS 20000
#define ENOUGH 5 /* resolved incidents before figures mean anything */

static const char *const labels[] = {N_("Time to detect"), N_("Time to acknowledge"), N_("Time to restore")};

struct figures {
    struct request *req;
    const struct incident *v;
    size_t n;
    instant starts[MONTHS + 1]; /* oldest first; the last is the end */
};

/* The pack's target for a measure, NULL if it has none. */
static const struct pack_kpi *target_of(const struct pack *p, const char *metric)
{
    for (size_t i = 0; i < p->nkpis; i++)
        if (str_eq(p->kpis[i].metric, str_from(metric)) && p->kpis[i].target_us > 0)
            return &p->kpis[i];
    return NULL;
}

static void set_or_null(struct request *req, struct json *o, const char *key, int64_t us, bool have)
{
    if (have)
        json_set_int(req->arena, o, str_from(key), us);
    else
        json_set_str(req->arena, o, str_from(key), STR_NONE);
}

static struct measure_summary over_all(struct figures *f, enum measure m, int64_t rank)
{
    return measure_summarize(f->req->arena, f->v, f->n, m, rank, f->starts[0], f->starts[MONTHS]);
}

/* A target may hold for one severity only: then those incidents are judged, and the card says so. */
static void target_view(struct figures *f, struct json *o, enum measure m)
{
    struct request *req = f->req;
    const struct pack *p = req->env->pack;
    const struct pack_kpi *kpi = target_of(p, measure_names[m]);
    const struct pack_severity *worst = NULL;

    for (size_t i = 0; kpi && kpi->ranks && i < p->nseverities && !worst; i++)
        if (pack_applies(kpi->ranks, p->severities[i].rank))
            worst = &p->severities[i];
    struct measure_summary s = over_all(f, m, worst ? worst->rank : 0);
    set_or_null(req, o, "target_us", kpi ? kpi->target_us : 0, kpi);
    json_set_str(req->arena, o, S("target_severity"), worst ? worst->id : STR_NONE);
    json_set_int(req->arena, o, S("judged"), kpi ? (int64_t)s.count : 0);
    if (kpi && s.count)
        json_set_bool(req->arena, o, S("met"), s.mean_us <= kpi->target_us);
    else
        json_set_str(req->arena, o, S("met"), STR_NONE);
}

static void summary_view(struct figures *f, struct json *o, enum measure m)
{
    struct measure_summary s = over_all(f, m, 0);
    struct request *req = f->req;

    json_set_str(req->arena, o, S("metric"), str_from(measure_names[m]));
    json_set_str(req->arena, o, S("label"), web_text(req, labels[m]));
    set_or_null(req, o, "value_us", s.mean_us, s.count);
    set_or_null(req, o, "median_us", s.median_us, s.count);
    set_or_null(req, o, "p90_us", s.p90_us, s.count);
    json_set_int(req->arena, o, S("count"), (int64_t)s.count);
    json_set_int(req->arena, o, S("negative"), (int64_t)s.negative);
    target_view(f, o, m);
}

static struct json *cards(struct figures *f)
{
    struct json *list = json_array(f->req->arena);

    for (int m = 0; m < MEASURES; m++)
        summary_view(f, json_push(list, json_object(f->req->arena)), (enum measure)m);
    return list;
}

static int64_t count_in(const struct figures *f, size_t month, int64_t rank)
{
    int64_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += f->v[i].declared_at.us >= f->starts[month].us && f->v[i].declared_at.us < f->starts[month + 1].us &&
            measure_counts(&f->v[i]) && (!rank || rank == f->v[i].severity_rank);
    return n;
}

static struct json *month_view(struct figures *f, size_t month)
{
    const struct pack *p = f->req->env->pack;
    struct arena *a = f->req->arena;
    struct json *o = json_object(a), *counts = json_array(a), *details = json_array(a);

    json_set_str(a, o, S("month"), month_name(a, f->starts[month]));
    for (size_t s = 0; s < p->nseverities; s++) {
        json_push(counts, json_number(a, count_in(f, month, p->severities[s].rank)));
        struct json *d = json_push(details, json_object(a));
        json_set_str(a, d, S("severity"), p->severities[s].id);
        for (int m = 0; m < MEASURES; m++) {
            struct measure_summary sum = measure_summarize(a, f->v, f->n, (enum measure)m, p->severities[s].rank, f->starts[month], f->starts[month + 1]);
            set_or_null(f->req, d, str_printf(a, "%s_us", measure_names[m]).ptr, sum.mean_us, sum.count);
            json_set_int(a, d, str_printf(a, "%s_count", measure_names[m]), (int64_t)sum.count);
        }
    }
    json_set(o, S("by_severity"), counts);
    json_set_int(a, o, S("count"), count_in(f, month, 0));
    for (int m = 0; m < MEASURES; m++) {
        struct measure_summary sum = measure_summarize(a, f->v, f->n, (enum measure)m, 0, f->starts[month], f->starts[month + 1]);
        set_or_null(f->req, o, str_printf(a, "%s_us", measure_names[m]).ptr, sum.mean_us, sum.count);
    }
    json_set(o, S("severities"), details);
    return o;
}

static struct str month_label(const struct figures *f, size_t i)
{
    return month_short(f->req->language, date_of_days(f->starts[i].us / DAY_US).month);
}

static struct str trend(struct figures *f, enum measure m)
{

    double median[MONTHS], p90[MONTHS];
    struct str names[MONTHS];
    struct arena *a = f->req->arena;

    for (size_t i = 0; i < MONTHS; i++) {
        struct measure_summary s = measure_summarize(a, f->v, f->n, m, 0, f->starts[i], f->starts[i + 1]);
        median[i] = s.count ? (double)s.median_us / MINUTE_US : -1;
        p90[i] = s.count ? (double)s.p90_us / MINUTE_US : -1;
        names[i] = month_label(f, i);
    }
    const struct pack_kpi *kpi = target_of(f->req->env->pack, measure_names[m]);
    struct chart_trend c = {.title = web_text(f->req, labels[m]), .unit = web_text(f->req, "minutes"), .language = f->req->language, .labels = names, .median = median,
        .p90 = p90, .n = MONTHS, .target = kpi && !kpi->ranks ? (double)kpi->target_us / MINUTE_US : -1};
    return chart_trend_svg(a, &c);
}

static struct str bars(struct figures *f)
{
    const struct pack *p = f->req->env->pack;
    struct arena *a = f->req->arena;
    struct str *names = arena_array(a, struct str, p->nseverities), months[MONTHS];
    int64_t *values = arena_array(a, int64_t, MONTHS * p->nseverities);

    for (size_t s = 0; s < p->nseverities; s++)
        names[s] = p->severities[s].id;
    for (size_t i = 0; i < MONTHS; i++) {
        months[i] = month_label(f, i);
        for (size_t s = 0; s < p->nseverities; s++)
            values[i * p->nseverities + s] = count_in(f, i, p->severities[s].rank);
    }
    struct chart_bars c = {.title = web_text(f->req, "Incidents per month by severity"), .language = f->req->language, .labels = months, .names = names,
        .values = values, .n = MONTHS, .nseries = p->nseverities};
    return chart_bars_svg(a, &c);
}

static void add_chart(struct request *req, struct json *list, struct str label, struct str svg)
{
    struct json *o = json_push(list, json_object(req->arena));

    json_set_str(req->arena, o, S("label"), label);
    json_set_str(req->arena, o, S("html_chart"), svg);
}

static size_t resolved(const struct figures *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += measure_counts(&f->v[i]) && instant_is_set(f->v[i].resolved_at);
    return n;
}

bool get_insights(struct request *req, struct reply *out, struct error *err)
{
    struct figures f = {.req = req};
    struct list incidents;

    for (int i = 0; i <= MONTHS; i++)
        f.starts[i] = month_start(req->now, MONTHS - 1 - i);
    if (!incident_between(req->db, req->arena, f.starts[0], f.starts[MONTHS], MAX_INCIDENTS, &incidents, err) ||
        !incidents_visible(req, &incidents, err))
        return false;
    f.v = incidents.v;
    f.n = incidents.n;
    struct json *v = out->view = json_object(req->arena);
    json_set_bool(req->arena, v, S("enough"), resolved(&f) >= ENOUGH);
    json_set_int(req->arena, v, S("count"), (int64_t)resolved(&f));
    json_set(v, S("cards"), cards(&f));
    json_set(v, S("severities"), severities_view(req, STR_NONE));
    struct json *months = json_set(v, S("months"), json_array(req->arena));
    for (size_t i = MONTHS; i-- > 0;)
        json_push(months, month_view(&f, i));
    if (req->html) {
        struct json *charts = json_set(v, S("charts"), json_array(req->arena));
        add_chart(req, charts, web_text(req, "Time to restore, minutes"), trend(&f, MEASURE_MTTR));
        add_chart(req, charts, web_text(req, "Incidents per month by severity"), bars(&f));
        add_chart(req, charts, web_text(req, "Time to acknowledge, minutes"), trend(&f, MEASURE_MTTA));
        add_chart(req, charts, web_text(req, "Time to detect, minutes"), trend(&f, MEASURE_MTTD));
    }
    out->title = web_text(req, "Insights");
    return true;
}

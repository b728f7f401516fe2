#include "web/ingest.h"

#include "base/clock.h"
#include "domain/alert.h"
#include "domain/am.h"
#include "domain/am_read.h"
#include "engine/ingest.h"
#include "engine/writer.h"
#include "web/internal.h"

#define RESOLVE_TIMEOUT_US (5 * MINUTE_US) /* Alertmanager's default */

/* A request for the writer, from its arrival to its answer. */
struct arrival {
    struct web *web;
    struct exchange *x;
    struct job job;
    struct ingest_job alerts;
    struct am_error refused; /* some alerts of the request were refused: status is set */
};

static void answer(struct web *w, struct exchange *x, int status, struct str type, struct str body)
{
    x->answer.status = status;
    if (type.len)
        answer_header(&x->answer, S("Content-Type"), type);
    x->answer.body = body;
    exchange_answer(w->server, x);
}

static void refuse(struct web *w, struct exchange *x, const struct am_error *e)
{
    answer(w, x, e->status, e->content_type, e->body);
}

static void written(void *arg, const struct error *err)
{
    struct arrival *r = arg;
    struct web *w = r->web;
    struct exchange *x = r->x;

    ingest_release(w->config.ingest, r->alerts.routing);
    if (err->kind == ERROR_NONE) {
        if (r->refused.status)
            refuse(w, x, &r->refused);
        else
            answer(w, x, 200, STR_NONE, STR_NONE);
        return;
    }
    answer_header(&x->answer, S("Retry-After"), S("5"));
    answer(w, x, error_http(err->kind) == 500 ? 500 : 503, S("application/json"),
        S("\"the alerts could not be stored; send them again\"\n"));
}

static void route_alerts(struct arrival *r, const struct service *own, const struct alert_in *in, size_t n)
{
    struct arena *a = &r->x->arena;
    const struct routing_route *route;

    r->alerts.items = arena_array(a, struct ingest_item, n);
    r->alerts.n = n;
    for (size_t i = 0; i < n; i++) {
        struct ingest_item *item = &r->alerts.items[i];
        item->in = &in[i];
        item->service = routing_service(r->alerts.routing, own, &in[i].labels, &route);
        if (route)
            item->severity = route->route.severity;
        item->dedup = ingest_dedup(a, item->service->id, in[i].labels_text);
        if (item->service->policy_id.len)
            item->group_key = routing_group_key(a, item->service, &in[i].labels, item->dedup);
    }
}

static void take(struct web *w, struct exchange *x, const struct service *own, struct routing *routing)
{
    struct arrival *r = arena_new(&x->arena, struct arrival);
    struct ingest *in = w->config.ingest;
    instant now = clock_now();
    struct alert_in *alerts = NULL;
    size_t n = 0;
    bool wake;

    *r = (struct arrival){.web = w, .x = x, .alerts.routing = routing};
    if (alerts_read_am(&x->arena, x->request.body, AM_NAMES_CLASSIC, now, RESOLVE_TIMEOUT_US, &alerts, &n, &r->refused))
        r->refused.status = 0;
    route_alerts(r, own, alerts, n);
    if (n == 0 || ingest_repeats(in, r->alerts.items, n, now, &wake)) {
        struct error none = {0};
        if (n && wake)
            writer_wake(w->config.writer, instant_add(now, SECOND_US));
        written(r, &none);
        return;
    }
    r->job = (struct job){.done = written, .arg = r, .alerts = &r->alerts};
    if (!writer_submit(w->config.writer, &r->job)) {
        struct error full = {0};
        fail(&full, UNAVAILABLE, "too much is waiting to be written");
        written(r, &full);
    }
}

bool web_ingest(struct web *w, struct exchange *x)
{
    const struct http_request *q = &x->request;
    struct str rest, key;
    struct am_error err = {0};

    if (q->method != HTTP_POST || !str_starts(q->path, S("/in/")))
        return false;
    rest = str_cut(str_slice(q->path, 4, q->path.len), '/', &key);
    if (!str_eq(rest, S("api/v2/alerts")) && !str_eq(rest, S("api/v2/alerts/")))
        return false;
    if (!am_is_json(http_header(q, S("Content-Type")))) {
        am_unsupported(&x->arena, &err, http_header(q, S("Content-Type")));
        refuse(w, x, &err);
        return true;
    }
    if (!am_accepts_json(http_header(q, S("Accept")))) {
        am_not_acceptable(&x->arena, &err);
        refuse(w, x, &err);
        return true;
    }
    struct routing *routing = ingest_routing(w->config.ingest);
    const struct service *own = routing_key(routing, sha256_hex(&x->arena, key));
    if (own) {
        take(w, x, own, routing);
        return true;
    }
    ingest_release(w->config.ingest, routing);
    answer(w, x, 404, S("application/json"), S("\"no such integration key\"\n"));
    return true;
}

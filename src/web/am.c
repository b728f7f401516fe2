/* Alertmanager's API v2 for reading: alerts, groups, status, receivers, health. In its own shapes, so
 * that amtool, Grafana and Karma cannot tell the difference. */
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"
#include "domain/alert.h"
#include "domain/am.h"
#include "domain/am_query.h"
#include "domain/matcher.h"
#include "engine/ingest.h"
#include "store/alert.h"
#include "web/ingest.h"
#include "web/internal.h"

#define MAX_ANSWER ((size_t)1 << 30)

static void answer(struct request *req, int status, struct str type, struct str body)
{
    struct exchange *x = req->x;

    x->answer.status = status;
    if (type.len)
        answer_header(&x->answer, S("Content-Type"), type);
    x->answer.body = body;
    exchange_answer(req->web->server, x);
}

static void refuse(struct request *req, const struct am_error *e)
{
    answer(req, e->status, e->content_type, e->body);
}

/* An alert that passed the filters, as text, and its place in the answer. */
struct hit {
    uint64_t fingerprint;
    size_t from, to;
};

static int by_fingerprint(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;

    return x->fingerprint < y->fingerprint ? -1 : x->fingerprint > y->fingerprint;
}

struct scan {
    struct request *req;
    const struct am_query *query;
    const struct routing *routing;
    struct buf text;
    struct hit *hits;
    size_t n, cap;
};

static struct str receiver_of(const struct scan *s, struct str service_id)
{
    for (size_t i = 0; i < s->routing->nservices; i++)
        if (str_eq(s->routing->services[i].id, service_id))
            return s->routing->services[i].name;
    return S("default");
}

static bool wanted(const struct scan *s, const struct alert *a, struct str receiver, struct arena *scratch)
{
    struct labels labels;

    if (s->query->receiver && regex_match(s->query->receiver, receiver) != REGEX_YES)
        return false;
    if (!s->query->nfilters)
        return true;
    if (!labels_read(scratch, a->labels, &labels))
        return false;
    for (size_t i = 0; i < s->query->nfilters; i++)
        if (matcher_match(&s->query->filters[i], &labels) != REGEX_YES)
            return false;
    return true;
}

static void add_hit(struct scan *s, const struct alert *a, struct str receiver)
{
    static const struct am_status active = {.state = AM_ACTIVE};

    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 256;
        s->hits = arena_grow(s->req->arena, s->hits, s->cap * sizeof *s->hits, cap * sizeof *s->hits);
        s->cap = cap;
    }
    struct hit *h = &s->hits[s->n++];
    h->fingerprint = (uint64_t)a->fingerprint;
    h->from = s->text.len;
    am_write_alert(&s->text, a, receiver, &active);
    h->to = s->text.len;
}

/* The value that `alertname` must have, if a filter says so: then an index finds the alerts. */
static struct str exact_name(const struct am_query *q)
{
    for (size_t i = 0; i < q->nfilters; i++)
        if (q->filters[i].op == MATCHER_EQ && str_eq(q->filters[i].name, S("alertname")) && q->filters[i].value.len)
            return q->filters[i].value;
    return STR_NONE;
}

static bool read_alerts(struct scan *s, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};
    CLEANUP(arena_deinit) struct arena row = {0};
    struct str name = exact_name(s->query);
    bool ok = name.len ? db_query(s->req->db, Q_ALERT_FIRING_NAME, &rows, ARGS(v_text(name)), err)
                       : db_query(s->req->db, Q_ALERT_FIRING_ALL, &rows, NO_ARGS, err);

    arena_init(&row, (size_t)4 << 20);
    while (ok && rows_next(&rows, err)) {
        struct alert a;
        arena_reset(&row, (size_t)4 << 20);
        if (!row_read(&rows, alert_fields, &a, &row, err))
            return false;
        struct str receiver = receiver_of(s, a.service_id);
        if (a.ends_at.us > s->req->now.us && wanted(s, &a, receiver, &row))
            add_hit(s, &a, receiver);
    }
    return ok && !rows.failed;
}

static struct str assemble(struct scan *s)
{
    struct buf out;

    if (s->n > 1)
        qsort(s->hits, s->n, sizeof *s->hits, by_fingerprint);
    buf_init(&out, s->req->arena, MAX_ANSWER);
    buf_room(&out, s->text.len + s->n + 3);
    buf_addc(&out, '[');
    for (size_t i = 0; i < s->n; i++) {
        if (i)
            buf_addc(&out, ',');
        buf_add(&out, (struct str){s->text.ptr + s->hits[i].from, s->hits[i].to - s->hits[i].from});
    }
    buf_add(&out, S("]\n"));
    return buf_str(&out);
}

static void get_alerts(struct request *req, const struct routing *routing)
{
    struct am_error refused = {0};
    struct am_query query;
    struct error err = {0};
    struct scan s = {.req = req, .query = &query, .routing = routing};

    if (!am_query_read(req->arena, req->x->request.query, &query, &refused)) {
        refuse(req, &refused);
        return;
    }
    buf_init(&s.text, req->arena, MAX_ANSWER);
    if (query.active && !read_alerts(&s, &err)) {
        answer_header(&req->x->answer, S("Retry-After"), S("5"));
        answer(req, 503, S("application/json"), S("\"the alerts cannot be read right now\"\n"));
        return;
    }
    answer(req, 200, S("application/json"), assemble(&s));
}

static void names_of(struct request *req, const struct routing *routing, struct str **names, size_t *n)
{
    *names = arena_array(req->arena, struct str, routing->nservices + 1);
    *n = 0;
    for (size_t i = 0; i < routing->nservices; i++)
        (*names)[(*n)++] = routing->services[i].name;
    if (!*n)
        (*names)[(*n)++] = S("default");
}

static void get_receivers(struct request *req, const struct routing *routing)
{
    struct str *names;
    struct buf out;
    size_t n;

    names_of(req, routing, &names, &n);
    buf_init(&out, req->arena, MAX_ANSWER);
    am_write_receivers(&out, names, n);
    answer(req, 200, S("application/json"), buf_str(&out));
}

static void get_status(struct request *req, const struct routing *routing)
{
    struct str *names;
    struct buf out;
    size_t n;

    names_of(req, routing, &names, &n);
    buf_init(&out, req->arena, MAX_ANSWER);
    am_write_status(&out, req->web->started, names, n);
    answer(req, 200, S("application/json"), buf_str(&out));
}

static const struct {
    const char *path;
    void (*get)(struct request *req, const struct routing *routing);
    const char *allowed;
} resources[] = {
    {"alerts", get_alerts, "POST,GET"},
    {"receivers", get_receivers, "GET"},
    {"status", get_status, "GET"},
};

static void serve_v2(struct request *req, struct str path, struct str rest, const struct routing *routing)
{
    const struct http_request *q = &req->x->request;
    struct am_error e = {0};

    if (rest.len && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        if (!str_eq(rest, str_from(resources[i].path)))
            continue;
        if (q->method != HTTP_GET && q->method != HTTP_HEAD)
            am_method(req->arena, &e, http_method_name(q->method), str_from(resources[i].allowed));
        else if (!am_accepts_json(http_header(q, S("Accept"))))
            am_not_acceptable(req->arena, &e);
        else {
            resources[i].get(req, routing);
            return;
        }
        refuse(req, &e);
        return;
    }
    am_not_found(req->arena, &e, path);
    refuse(req, &e);
}

void am_serve(struct request *req)
{
    struct str key, rest = str_cut(str_slice(req->path, 4, req->path.len), '/', &key);
    struct ingest *in = req->web->config.ingest;
    struct routing *routing = ingest_routing(in);
    struct str path = str_slice(req->path, 4 + key.len, req->path.len); /* as an Alertmanager would see it */
    struct am_error e = {0};

    if (!routing_key(routing, sha256_hex(req->arena, key))) {
        answer(req, 404, S("application/json"), S("\"no such integration key\"\n"));
    } else if (str_starts(rest, S("api/v1/"))) {
        am_v1_gone(req->arena, &e);
        refuse(req, &e);
    } else if (str_eq(rest, S("-/healthy")) || str_eq(rest, S("-/ready"))) {
        answer(req, 200, S("text/plain; charset=utf-8"), S("OK"));
    } else if (str_starts(rest, S("api/v2/"))) {
        serve_v2(req, path, str_slice(rest, 7, rest.len), routing);
    } else {
        am_not_found(req->arena, &e, path);
        refuse(req, &e);
    }
    ingest_release(in, routing);
}

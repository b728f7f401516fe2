#include "web/metrics.h"

#include "base/error.h"
#include "store/store.h"
#include "web/health.h"

#define MAX_METRICS (256u << 10)

/* A proxy on this machine calls from the loopback too, and says for whom. */
static bool local(const struct request *req)
{
    const struct http_request *q = &req->x->request;
    bool near = str_starts(q->peer, S("127.")) || str_eq(q->peer, S("::1")) ||
                str_starts(q->peer, S("::ffff:127."));

    return near && !http_header(q, S("X-Forwarded-For")).ptr && !http_header(q, S("Forwarded")).ptr;
}

static void label(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\n') {
            buf_add(b, S("\\n"));
            continue;
        }
        if (s.ptr[i] == '"' || s.ptr[i] == '\\')
            buf_addc(b, '\\');
        buf_addc(b, s.ptr[i]);
    }
}

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void seconds(struct buf *b, const char *name, const char *help, int64_t us)
{
    head(b, name, "gauge", help);
    buf_printf(
        b, "%s %lld.%06lld\n", name, (long long)(us / SECOND_US), (long long)(us % SECOND_US));
}

static void numbers(struct buf *b, const struct vitals *v)
{
    const struct {
        const char *name, *type, *help;
        int64_t value;
    } all[] = {
        {"tocsin_alerts_firing", "gauge", "Alerts that are firing.", v->ingest.firing},
        {"tocsin_alerts_received_total", "counter", "Alerts received since the process started.",
            v->ingest.received},
        {"tocsin_alert_repeats_total", "counter", "Of these, repeats that changed only a count.",
            v->ingest.repeats},
        {"tocsin_deliveries_waiting", "gauge", "Deliveries queued or on their way.", v->unsent},
        {"tocsin_writer_queue", "gauge", "Operations waiting for the writer.", v->writer.queue},
        {"tocsin_writer_batches_total", "counter", "Batches the writer has finished.",
            v->writer.batches},
        {"tocsin_writer_failed_batches_total", "counter",
            "Of these, batches that could not be committed.", v->writer.failed_batches},
        {"tocsin_writer_operations_total", "counter", "Operations in these batches.",
            v->writer.jobs},
        {"tocsin_writer_healthy", "gauge", "1 if the last batch was committed.", v->writer.healthy},
        {"tocsin_http_requests_total", "counter", "Requests served.", v->server.requests},
        {"tocsin_http_bad_requests_total", "counter", "Requests the server refused as malformed.",
            v->server.bad_requests},
        {"tocsin_http_timeouts_total", "counter",
            "Connections closed because a client was too slow.", v->server.timeouts},
        {"tocsin_http_connections", "gauge", "Open connections.", v->server.connections},
        {"tocsin_http_connections_accepted_total", "counter", "Connections accepted.",
            v->server.accepted_connections},
        {"tocsin_http_connections_refused_total", "counter", "Connections refused by a limit.",
            v->server.refused_connections},
        {"tocsin_http_streams", "gauge", "Open event streams.", v->server.streams},
        {"tocsin_http_received_bytes_total", "counter", "Bytes received.", v->server.bytes_in},
        {"tocsin_http_sent_bytes_total", "counter", "Bytes sent.", v->server.bytes_out},
        {"tocsin_database_size_bytes", "gauge", "Size of the database.", v->database_bytes},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        head(b, all[i].name, all[i].type, all[i].help);
        buf_printf(b, "%s %lld\n", all[i].name, (long long)all[i].value);
    }
    seconds(b, "tocsin_oldest_unsent_delivery_seconds",
        "Age of the oldest delivery that is not sent yet, 0 if all are.", v->oldest_unsent_us);
    seconds(b, "tocsin_timer_lateness_seconds",
        "How long the earliest due timer has been waiting, 0 if none is late.", v->lateness_us);
    seconds(b, "tocsin_writer_last_commit_seconds", "How long the last batch took.",
        v->writer.last_commit_us);
}

/* Rows are never deleted, so the final states only ever grow: they are counters. */
static bool deliveries(struct request *req, struct buf *b, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    head(b, "tocsin_deliveries_total", "counter", "Deliveries by channel and final state.");
    if (!db_query(req->db, Q_DELIVERY_COUNTS, &rows, NO_ARGS, err))
        return false;
    while (rows_next(&rows, err)) {
        struct str state = rows_text(&rows, 1);
        if (str_eq(state, S("queued")) || str_eq(state, S("sending")))
            continue;
        buf_add(b, S("tocsin_deliveries_total{channel=\""));
        label(b, rows_text(&rows, 0));
        buf_add(b, S("\",state=\""));
        label(b, state);
        buf_printf(b, "\"} %lld\n", (long long)rows_int(&rows, 2));
    }
    return !rows.failed;
}

static bool incidents(struct request *req, struct buf *b, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    head(b, "tocsin_incidents_open", "gauge", "Open incidents by severity.");
    if (!db_query(req->db, Q_INCIDENT_COUNT_BY_SEVERITY, &rows, NO_ARGS, err))
        return false;
    while (rows_next(&rows, err)) {
        struct str severity = rows_text(&rows, 0);
        buf_add(b, S("tocsin_incidents_open{severity=\""));
        label(b, severity.len ? severity : S("none"));
        buf_printf(b, "\"} %lld\n", (long long)rows_int(&rows, 1));
    }
    return !rows.failed;
}

bool get_metrics(struct request *req, struct reply *out, struct error *err)
{
    struct vitals v;
    struct buf b;

    if (!req->signed_in && !local(req))
        return fail(err, UNAUTHENTICATED, "send an API token, or ask from this machine");
    if (!vitals_read(req, &v, err))
        return false;
    buf_init(&b, req->arena, MAX_METRICS);
    head(&b, "tocsin_build_info", "gauge", "Always 1; the version is a label.");
    buf_printf(&b, "tocsin_build_info{version=\"%s\",database=\"%s\"} 1\n", TOCSIN_VERSION,
        db_kind(req->db) == DB_SQLITE ? "sqlite" : "postgres");
    numbers(&b, &v);
    if (!deliveries(req, &b, err) || !incidents(req, &b, err))
        return false;
    out->raw = buf_str(&b);
    out->content_type = S("text/plain; version=0.0.4; charset=utf-8");
    return true;
}

#include "web/health.h"

#include "db/migrate.h"
#include "store/store.h"
#include "web/internal.h"

static bool unsent(struct request *req, struct vitals *out, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    if (!db_query(req->db, Q_DELIVERY_OLDEST_UNSENT, &rows, NO_ARGS, err))
        return false;
    if (rows_next(&rows, err)) {
        instant oldest = rows_time(&rows, 1);
        out->unsent = rows_int(&rows, 0);
        out->oldest_unsent_us =
            instant_is_set(oldest) && oldest.us < req->now.us ? req->now.us - oldest.us : 0;
    }
    return !rows.failed;
}

bool vitals_read(struct request *req, struct vitals *out, struct error *err)
{
    const struct web_config *c = web_settings(req->web);

    *out = (struct vitals){0};
    writer_stats(c->writer, &out->writer);
    ingest_stats(c->ingest, &out->ingest);
    server_stats(web_server(req->web), &out->server);
    instant due = out->writer.oldest_due;
    out->lateness_us = instant_is_set(due) && due.us < req->now.us ? req->now.us - due.us : 0;
    return unsent(req, out, err) &&
           db_get_int(req->db, Q_DATABASE_SIZE, &out->database_bytes, NULL, NO_ARGS, err);
}

bool get_readyz(struct request *req, struct reply *out, struct error *err)
{
    struct writer_stats writer;
    struct error why = {0};
    int64_t seq;

    (void)err;
    writer_stats(web_settings(req->web)->writer, &writer);
    if (!writer.healthy)
        fail(&why, UNAVAILABLE, "the last attempt to write to the database failed");
    else if (migrate_check(req->db, &why))
        store_count(req->db, Q_EVENT_LAST_SEQ, NO_ARGS, &seq, &why);
    out->content_type = S("text/plain; charset=utf-8");
    out->status = why.kind == ERROR_NONE ? 200 : 503;
    out->raw = why.kind == ERROR_NONE ? S("ready\n")
                                      : str_printf(req->arena, "not ready: %s\n", why.message);
    return true;
}

bool web_alive(struct web *w, struct exchange *x)
{
    bool asks = x->request.method == HTTP_GET || x->request.method == HTTP_HEAD;

    if (!str_eq(x->request.path, S("/healthz")))
        return false;
    x->answer.status = asks ? 200 : 405;
    answer_header(&x->answer, S("Cache-Control"), S("no-store"));
    if (asks) {
        answer_header(&x->answer, S("Content-Type"), S("text/plain; charset=utf-8"));
        x->answer.body = S("ok\n");
    } else {
        answer_header(&x->answer, S("Allow"), S("GET, HEAD"));
    }
    exchange_answer(w->server, x);
    return true;
}

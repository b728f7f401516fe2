/* PostgreSQL through libpq. Statements are prepared under their query's name with declared types:
 * without them `$1 IS NULL OR …` has no type. Parameters travel in binary, so no text needs a NUL
 * at its end; results are text and come whole, which queries bound by LIMIT.
 *
 * A lost connection fails what was running, and comes back with the next use outside a transaction.
 * Only what certainly had no effect is repeated here: a BEGIN, and whatever a reader does. */
#include "db/postgres.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "db/query.h"

#define OID_INT8 20
#define OID_TEXT 25
#define PIPELINE_SETS 1000 /* between two waits for the server */

static const char *const control_sql[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [CONTROL_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT operation",
    [CONTROL_RELEASE] = "RELEASE SAVEPOINT operation",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO SAVEPOINT operation",
};

static struct postgres *of(const struct db *db)
{
    return (struct postgres *)db; /* `db` is its first member */
}

static void result_free(PGresult **res)
{
    PQclear(*res);
}

static bool result_ok(const PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);

    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* --- statements --- */

/* Arguments as libpq wants them. */
struct params {
    int n;
    int64_t numbers[QUERY_MAX_PARAMS]; /* in network order */
    const char *values[QUERY_MAX_PARAMS];
    int lengths[QUERY_MAX_PARAMS];
    int formats[QUERY_MAX_PARAMS];
};

static void params_set(struct params *p, const struct value *args, size_t n)
{
    p->n = (int)n;
    for (size_t i = 0; i < n; i++) {
        p->formats[i] = 1;
        p->values[i] = NULL;
        p->lengths[i] = 0;
        if (args[i].kind == VALUE_INT) {
            p->numbers[i] = (int64_t)htobe64((uint64_t)args[i].number);
            p->values[i] = (const char *)&p->numbers[i];
            p->lengths[i] = sizeof p->numbers[i];
        } else if (args[i].kind == VALUE_TEXT) {
            p->values[i] = args[i].text.ptr;
            p->lengths[i] = (int)args[i].text.len;
        }
    }
}

static bool prepare(struct postgres *p, enum query q, struct error *err)
{
    const struct query_text *text = query_text(q);
    Oid types[QUERY_MAX_PARAMS];
    int n = 0;

    if (p->prepared[q])
        return true;
    for (; text->params[n]; n++)
        types[n] = text->params[n] == 'i' ? OID_INT8 : OID_TEXT;
    CLEANUP(result_free)
    PGresult *res = PQprepare(p->conn, text->name, text->sql[DB_POSTGRES], n, types);
    p->prepared[q] = result_ok(res);
    return p->prepared[q] || postgres_fail(p, res, text->name, err);
}

static bool prepare_only(struct db *db, enum query q, struct error *err)
{
    return postgres_connected(of(db), err) && prepare(of(db), q, err);
}

static bool attempt(struct postgres *p, enum query q, const struct params *params, PGresult **out,
    struct error *err)
{
    const char *name = query_text(q)->name;

    if (!postgres_connected(p, err) || !prepare(p, q, err))
        return false;
    *out = PQexecPrepared(
        p->conn, name, params->n, params->values, params->lengths, params->formats, 0);
    if (result_ok(*out))
        return true;
    postgres_fail(p, *out, name, err);
    PQclear(*out);
    *out = NULL;
    return false;
}

static bool run(
    struct postgres *p, enum query q, const struct value *args, PGresult **out, struct error *err)
{
    struct params params;

    params_set(&params, args, strlen(query_text(q)->params));
    if (attempt(p, q, &params, out, err))
        return true;
    if (!postgres_lost(p) || p->db.mode != DB_READ || p->db.transaction != TRANSACTION_NONE)
        return false;
    return attempt(p, q, &params, out, err);
}

static bool query(
    struct db *db, enum query q, struct rows *out, const struct value *args, struct error *err)
{
    PGresult *res;

    if (!run(of(db), q, args, &res, err))
        return false;
    out->handle = res;
    out->count = PQntuples(res);
    return true;
}

static int64_t changes(PGresult *res)
{
    int64_t n;

    /* A query that only reads reports how many rows it found. */
    if (!strncmp(PQcmdStatus(res), "SELECT", strlen("SELECT")))
        return 0;
    return str_int(str_from(PQcmdTuples(res)), &n) ? n : 0;
}

static bool exec(
    struct db *db, enum query q, int64_t *changed, const struct value *args, struct error *err)
{
    CLEANUP(result_free) PGresult *res = NULL;

    if (!run(of(db), q, args, &res, err))
        return false;
    *changed = changes(res);
    return true;
}

/* --- many at once --- */

static bool send_sets(struct postgres *p, enum query q, const struct value *args, size_t nargs,
    size_t n, struct error *err)
{
    const char *name = query_text(q)->name;
    struct params params;

    for (size_t set = 0; set < n; set++) {
        params_set(&params, args + set * nargs, nargs);
        if (!PQsendQueryPrepared(
                p->conn, name, params.n, params.values, params.lengths, params.formats, 0))
            return postgres_fail(p, NULL, name, err);
    }
    return PQpipelineSync(p->conn) || postgres_fail(p, NULL, name, err);
}

/* Reads everything that was asked for, also past a failure: what follows one comes as aborted, and
 * the mode can only be left when the last answer has been read. */
static bool receive_sets(
    struct postgres *p, struct rows *r, size_t first, row_fn *row, void *ctx, struct error *err)
{
    size_t set = first;
    bool ok = true;

    for (;;) {
        CLEANUP(result_free) PGresult *res = PQgetResult(p->conn);
        ExecStatusType status = PQresultStatus(res);

        if (res && status == PGRES_PIPELINE_SYNC)
            return ok;
        if (postgres_lost(p))
            return ok ? postgres_fail(p, NULL, query_text(r->query)->name, err) : false;
        if (!res) { /* the end of one set's answer */
            set++;
            continue;
        }
        if (ok && !result_ok(res))
            ok = postgres_fail(p, res, query_text(r->query)->name, err);
        if (ok && row && PQntuples(res) > 0) {
            r->handle = res;
            r->count = PQntuples(res);
            row(ctx, set, r);
        }
    }
}

static bool exec_many(struct db *db, enum query q, const struct value *args, size_t nargs, size_t n,
    row_fn *row, void *ctx, struct error *err)
{
    struct postgres *p = of(db);
    struct rows r = {.db = db, .query = q};
    bool ok = postgres_connected(p, err) && prepare(p, q, err);

    if (!ok)
        return false;
    if (!PQenterPipelineMode(p->conn))
        return fail(err, INTERNAL, "%s: %s", query_text(q)->name, PQerrorMessage(p->conn));
    for (size_t done = 0, part; ok && done < n; done += part) {
        part = n - done < PIPELINE_SETS ? n - done : PIPELINE_SETS;
        ok = send_sets(p, q, args + done * nargs, nargs, part, err) &&
             receive_sets(p, &r, done, row, ctx, err);
    }
    if (!PQexitPipelineMode(p->conn))
        p->stale = true; /* answers are left over: this connection is of no more use */
    return ok;
}

/* --- transactions --- */

static bool simple(struct postgres *p, const char *sql, const char *what, struct error *err)
{
    CLEANUP(result_free) PGresult *res = PQexec(p->conn, sql);

    return result_ok(res) || postgres_fail(p, res, what, err);
}

static bool script(struct db *db, const char *sql, struct error *err)
{
    return postgres_connected(of(db), err) && simple(of(db), sql, "script", err);
}

/* COMMIT answers "ROLLBACK", without an error, when a statement before it had failed; and it only
 * warns when a standby did not confirm, though the promise was that it would. */
static bool commit(struct postgres *p, struct error *err)
{
    p->warned = false;
    CLEANUP(result_free) PGresult *res = PQexec(p->conn, control_sql[CONTROL_COMMIT]);

    if (!result_ok(res)) {
        postgres_fail(p, res, "commit", err);
        return !postgres_lost(p)
                   ? false
                   : fail(err, UNAVAILABLE,
                         "the connection was lost during a commit: its outcome is unknown");
    }
    if (strcmp(PQcmdStatus(res), "COMMIT") != 0)
        return fail(err, INTERNAL, "a commit after a statement that had failed");
    if (p->warned)
        return fail(
            err, UNAVAILABLE, "no standby has confirmed the commit: its outcome is unknown");
    return true;
}

static bool control(struct db *db, enum control c, struct error *err)
{
    struct postgres *p = of(db);
    const char *sql = control_sql[c];

    switch (c) {
    case CONTROL_BEGIN:
    case CONTROL_READ:
        if (!postgres_connected(p, err))
            return false;
        return simple(p, sql, sql, err) ||
               (postgres_lost(p) && postgres_connected(p, err) && simple(p, sql, sql, err));
    case CONTROL_COMMIT:
        return commit(p, err);
    case CONTROL_ROLLBACK:
    case CONTROL_SAVEPOINT:
    case CONTROL_RELEASE:
    case CONTROL_ROLLBACK_TO:
    case CONTROL_COUNT:
        break;
    }
    return simple(p, sql, sql, err);
}

static bool in_transaction(const struct db *db)
{
    PGTransactionStatusType status = PQtransactionStatus(of(db)->conn);

    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

/* --- rows --- */

static bool next(struct rows *r, struct error *err)
{
    (void)err;
    return ++r->row < r->count;
}

static void end(struct rows *r)
{
    PQclear(r->handle);
}

static int columns(const struct rows *r)
{
    return PQnfields(r->handle);
}

static const char *column_name(const struct rows *r, int column)
{
    return PQfname(r->handle, column);
}

static bool null(const struct rows *r, int column)
{
    return PQgetisnull(r->handle, r->row, column);
}

static struct str text(const struct rows *r, int column)
{
    if (null(r, column))
        return STR_NONE;
    return (struct str){
        PQgetvalue(r->handle, r->row, column), (size_t)PQgetlength(r->handle, r->row, column)};
}

static int64_t number(const struct rows *r, int column)
{
    int64_t n;

    return str_int(text(r, column), &n) ? n : INT64_MIN;
}

/* --- the connection --- */

static bool ping(struct db *db, struct error *err)
{
    struct postgres *p = of(db);
    int64_t ignored;

    if (db_get_int(db, own_query(OWN_PING), &ignored, NULL, NO_ARGS, err))
        return true;
    if (!postgres_lost(p) || db_in_transaction(db))
        return false;
    return db_get_int(db, own_query(OWN_PING), &ignored, NULL, NO_ARGS, err);
}

static void close_connection(struct db *db)
{
    PQfinish(of(db)->conn);
    free(db);
}

static const struct driver postgres_driver = {
    .close = close_connection,
    .in_transaction = in_transaction,
    .control = control,
    .script = script,
    .prepare = prepare_only,
    .query = query,
    .exec = exec,
    .exec_many = exec_many,
    .next = next,
    .end = end,
    .columns = columns,
    .column_name = column_name,
    .null = null,
    .text = text,
    .number = number,
    .ping = ping,
};

bool postgres_open(struct db **out, const char *url, enum db_mode mode, struct error *err)
{
    struct postgres *p = calloc(1, sizeof *p + (query_count + OWN_COUNT) * sizeof *p->prepared);
    struct db *db = (struct db *)p;

    if (!p)
        return fail(err, UNAVAILABLE, "out of memory");
    p->db = (struct db){.driver = &postgres_driver, .kind = DB_POSTGRES, .mode = mode};
    if (!postgres_connect(p, url, err)) {
        db_close(&db);
        return false;
    }
    *out = db;
    return true;
}

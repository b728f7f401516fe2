/* The connection to PostgreSQL: its settings, what its errors mean, and getting it back. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "db/postgres.h"
#include "db/query.h"

/* Waiting has an end for everyone. An administrator may ask for more durability than the default,
 * never for less: an answer that has left the house must not be forgotten. */
static const char common_settings[] =
    "SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '5s'; SET jit = off;"
    " SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off';";
static const char writer_settings[] = "SET statement_timeout = '60s'";
static const char reader_settings[] =
    "SET statement_timeout = '10s'; SET default_transaction_read_only = on";

/* Notices are for people at a prompt. Only that a warning came matters, and only to a commit. */
static void notice(void *ctx, const PGresult *res)
{
    struct postgres *p = ctx;
    const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

    if (severity && !strcmp(severity, "WARNING"))
        p->warned = true;
}

static bool settings(struct postgres *p, struct error *err)
{
    const char *texts[] = {
        common_settings, p->db.mode == DB_WRITE ? writer_settings : reader_settings};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        PGresult *res = PQexec(p->conn, texts[i]);
        ExecStatusType status = PQresultStatus(res);
        bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
                  postgres_fail(p, res, "settings", err);

        PQclear(res);
        if (!ok)
            return false;
    }
    return true;
}

bool postgres_connect(struct postgres *p, const char *url, struct error *err)
{
    /* What comes before the address may be overruled by it, what comes after may not. */
    const char *const names[] = {"connect_timeout", "fallback_application_name", "keepalives_idle",
        "tcp_user_timeout", "dbname", "client_encoding", NULL};
    const char *const values[] = {"5", "tocsin", "30", "15000", url, "UTF8", NULL};

    p->conn = PQconnectdbParams(names, values, 1);
    if (!p->conn)
        return fail(err, UNAVAILABLE, "out of memory");
    if (PQstatus(p->conn) != CONNECTION_OK)
        return postgres_fail(p, NULL, "connect", err);
    PQsetNoticeReceiver(p->conn, notice, p);
    return settings(p, err);
}

bool postgres_lost(const struct postgres *p)
{
    return PQstatus(p->conn) != CONNECTION_OK;
}

bool postgres_connected(struct postgres *p, struct error *err)
{
    if (!postgres_lost(p) && !p->stale)
        return true;
    if (p->db.transaction != TRANSACTION_NONE)
        return !postgres_lost(p) ||
               fail(err, UNAVAILABLE, "the connection was lost inside a transaction");
    memset(p->prepared, 0, query_count + OWN_COUNT);
    PQreset(p->conn);
    if (postgres_lost(p))
        return postgres_fail(p, NULL, "connect", err);
    p->stale = !settings(p, err);
    return !p->stale;
}

/* --- errors --- */

static const struct {
    const char *state; /* or how it begins */
    enum error_kind kind;
    bool retry;
    const char *meaning;
} meanings[] = {
    {"40001", ERROR_UNAVAILABLE, true, "another transaction came first"},
    {"40P01", ERROR_UNAVAILABLE, true, "a deadlock was broken"},
    {"55P03", ERROR_UNAVAILABLE, true, "a lock was not given in time"},
    {"23505", ERROR_CONFLICT, false, "there is one already"},
    {"23514", ERROR_CONFLICT, false, "the value is not allowed"},
    {"23503", ERROR_CONFLICT, false, "what it refers to is missing, or it is itself referred to"},
    {"22021", ERROR_INVALID, false, "a text is not UTF-8"},
    {"53100", ERROR_UNAVAILABLE, false, "the disk is full"},
    {"53", ERROR_UNAVAILABLE, false, "the database server is short of something"},
    {"57014", ERROR_UNAVAILABLE, false, "the database server took too long"},
    {"57", ERROR_UNAVAILABLE, false, "the database server is stopping or starting"},
    {"58", ERROR_UNAVAILABLE, false, "the database server has trouble with its disk"},
    {"08", ERROR_UNAVAILABLE, false, "the connection to the database server failed"},
};

/* The statement must be prepared again: a migration has changed its columns, or it was dropped. */
static bool outdated(const PGresult *res, const char *state)
{
    const char *function = PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION);

    return !strcmp(state, "26000") ||
           (!strcmp(state, "0A000") && function && !strcmp(function, "RevalidateCachedQuery"));
}

static struct str first_line(const char *message)
{
    struct str line;

    str_cut(str_from(message ? message : ""), '\n', &line);
    return str_slice(line, 0, line.len < 160 ? line.len : 160);
}

bool postgres_fail(struct postgres *p, const PGresult *res, const char *what, struct error *err)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *constraint = res ? PQresultErrorField(res, PG_DIAG_CONSTRAINT_NAME) : NULL;

    if (!state)
        return fail(err, UNAVAILABLE, "%s: the database server cannot be reached: %.*s", what,
            STR(first_line(PQerrorMessage(p->conn))));
    struct str message = first_line(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY));
    if (outdated(res, state)) {
        p->stale = true;
        fail(err, UNAVAILABLE, "%s: %.*s", what, STR(message));
        err->retry = true;
        return false;
    }
    if (!strcmp(state, "25006") && p->db.mode == DB_WRITE)
        return fail(err, UNAVAILABLE, "%s: the database is read-only", what);
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strncmp(state, meanings[i].state, strlen(meanings[i].state)) != 0)
            continue;
        if (constraint)
            fail_at(err, ERROR_HERE, meanings[i].kind, "%s (%s)", meanings[i].meaning, constraint);
        else
            fail_at(err, ERROR_HERE, meanings[i].kind, "%s: %s: %.*s", what, meanings[i].meaning,
                STR(message));
        err->retry = meanings[i].retry;
        return false;
    }
    return fail(err, INTERNAL, "%s: %.*s (%s)", what, STR(message), state);
}

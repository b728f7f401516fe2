#include "raw.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"

struct raw {
    sqlite3 *lite;
    PGconn *pg;
};

static void die(const char *sql, const char *why)
{
    fprintf(stderr, "%s: %s\n", sql, why);
    abort();
}

/* Named by the schema, as in src/db/sqlite_file.c. */
static int bytewise(void *ctx, int an, const void *a, int bn, const void *b)
{
    (void)ctx;
    return str_cmp((struct str){a, (size_t)an}, (struct str){b, (size_t)bn});
}

struct raw *raw_open(struct str url, enum db_kind kind)
{
    struct raw *r = calloc(1, sizeof *r);

    if (!r)
        abort();
    if (kind == DB_POSTGRES) {
        r->pg = PQconnectdb(url.ptr);
        if (PQstatus(r->pg) != CONNECTION_OK)
            die(url.ptr, PQerrorMessage(r->pg));
    } else if (sqlite3_open(url.ptr, &r->lite) != SQLITE_OK) {
        die(url.ptr, sqlite3_errmsg(r->lite));
    } else {
        sqlite3_busy_timeout(r->lite, 10000);
        sqlite3_create_collation(r->lite, "C", SQLITE_UTF8, NULL, bytewise);
    }
    return r;
}

void raw_close(struct raw *r)
{
    if (!r)
        return;
    PQfinish(r->pg);
    sqlite3_close(r->lite);
    free(r);
}

static void cell(struct buf *b, int column, const char *text)
{
    if (column)
        buf_addc(b, '|');
    buf_add(b, text ? str_from(text) : S("~"));
}

static void lite_rows(struct raw *r, struct buf *b, const char *sql)
{
    sqlite3_stmt *st;
    int rc;

    if (sqlite3_prepare_v2(r->lite, sql, -1, &st, NULL) != SQLITE_OK)
        die(sql, sqlite3_errmsg(r->lite));
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (int c = 0; c < sqlite3_column_count(st); c++)
            cell(b, c, (const char *)sqlite3_column_text(st, c));
        buf_addc(b, '\n');
    }
    if (rc != SQLITE_DONE)
        die(sql, sqlite3_errmsg(r->lite));
    sqlite3_finalize(st);
}

static void pg_rows(struct raw *r, struct buf *b, const char *sql)
{
    PGresult *res = PQexec(r->pg, sql);

    if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
        die(sql, PQerrorMessage(r->pg));
    for (int i = 0; i < PQntuples(res); i++) {
        for (int c = 0; c < PQnfields(res); c++)
            cell(b, c, PQgetisnull(res, i, c) ? NULL : PQgetvalue(res, i, c));
        buf_addc(b, '\n');
    }
    PQclear(res);
}

struct str raw_rows(struct raw *r, struct arena *a, const char *sql)
{
    struct buf b;

    buf_init(&b, a, (size_t)64 << 20);
    if (r->pg)
        pg_rows(r, &b, sql);
    else
        lite_rows(r, &b, sql);
    return buf_str(&b);
}

int64_t raw_int(struct raw *r, const char *sql)
{
    CLEANUP(arena_deinit) struct arena a;
    int64_t n = 0;

    arena_init(&a, 1 << 26);
    if (!str_int(str_trim(raw_rows(r, &a, sql)), &n))
        die(sql, "is not a number");
    return n;
}

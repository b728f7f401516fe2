/* One database connection, SQLite or PostgreSQL, behind one set of calls.
 *
 * Queries are named (sql/queries/NAME.sql, embedded at build, indexed by `enum query`) and written
 * once for both engines; all are prepared on first use and kept. Values are TEXT and BIGINT only.
 * A connection belongs to one thread at a time. Errors: UNAVAILABLE (disk full, connection lost,
 * locked), CONFLICT (unique, check or reference violated), INVALID (text with a NUL), INTERNAL (a
 * bug), with err->retry set for serialization failures and deadlocks. A statement that fails inside
 * a transaction spoils it on PostgreSQL up to the last savepoint: roll back to that, or all of it.
 * When an engine drops a transaction by itself (disk full, connection lost), every call fails
 * UNAVAILABLE until db_rollback or db_commit has ended it. No SQL is ever built from input. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct arena;
struct error;
struct field;
struct db;

#include "queries.h" /* generated: enum query { Q_ALERT_GET, … } */

enum db_kind { DB_SQLITE, DB_POSTGRES };
enum db_mode { DB_READ, DB_WRITE };

/* `url`: a file path for SQLite, or postgres://… Opens; the writer's SQLite file is created if
 * missing. SQLite: WAL, synchronous=FULL, foreign keys on, collation "C", double-quoted strings
 * off, own checkpoint policy (see db_checkpoint). */
bool db_open(struct db **out, struct str url, enum db_mode mode, struct error *err);
void db_close(struct db **db); /* NULL is fine; sets NULL */
enum db_kind db_kind(const struct db *db);

/* Parameters. */
enum value_kind { VALUE_END, VALUE_NULL, VALUE_INT, VALUE_TEXT };
struct value {
    enum value_kind kind;
    int64_t number;
    struct str text;
};

static inline struct value v_int(int64_t n)
{
    return (struct value){.kind = VALUE_INT, .number = n};
}
static inline struct value v_bool(bool b)
{
    return v_int(b);
}
static inline struct value v_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}
/* INT_NONE, unset instants and STR_NONE become NULL. */
static inline struct value v_opt_int(int64_t n)
{
    return n == INT64_MIN ? v_null() : v_int(n);
}
static inline struct value v_time(instant t)
{
    return t.us ? v_int(t.us) : v_null();
}
static inline struct value v_text(struct str s)
{
    return s.ptr ? (struct value){.kind = VALUE_TEXT, .text = s} : v_null();
}

/* A result being read. Zero-initialise; CLEANUP(rows_end). Text points into the driver's row and
 * dies at the next rows_next or rows_end: copy what you keep. Queries may be nested, even one in
 * itself. */
struct rows {
    struct db *db;
    void *handle;
    enum query query;
    int row, count;
    bool failed;
};

/* Arguments, in $1…$n order: db_query(db, Q_X, &rows, ARGS(v_text(id), v_time(now)), err). */
#define ARGS(...) ((const struct value[]){__VA_ARGS__, {.kind = VALUE_END}})
#define NO_ARGS ((const struct value[]){{.kind = VALUE_END}})

bool db_query(
    struct db *db, enum query q, struct rows *out, const struct value *args, struct error *err);
/* Runs a statement that returns no rows, or whose rows do not matter. *changed (may be NULL): rows
 * affected. */
bool db_exec(
    struct db *db, enum query q, int64_t *changed, const struct value *args, struct error *err);

/* True while there is a row; false at the end or on failure (then rows->failed and *err). */
bool rows_next(struct rows *r, struct error *err);
void rows_end(struct rows *r);
int64_t rows_int(const struct rows *r, int column);     /* NULL reads as INT64_MIN */
struct str rows_text(const struct rows *r, int column); /* NULL reads as STR_NONE */
static inline instant rows_time(const struct rows *r, int column)
{
    int64_t v = rows_int(r, column);
    return (instant){v == INT64_MIN ? 0 : v};
}

/* Row → struct by column name through its field table; text is copied into `a`. A column without a
 * field, or NULL in a field that is not NULLABLE, is INTERNAL (the schema and the table disagree).
 * Fields without a column keep their value. */
bool row_read(const struct rows *r, const struct field *fields, void *obj, struct arena *a,
    struct error *err);

/* Struct → parameters: the value of every field that is a column (not FIELD_VIEW), in table order.
 * Room for 48 values and the end mark. */
#define ROW_MAX_VALUES 48
void row_values(const struct field *fields, const void *obj, struct value *out);

/* Convenience: one row into obj; NOT_FOUND naming `what` if there is none, INTERNAL if several. */
bool db_get(struct db *db, enum query q, const struct field *fields, void *obj, struct arena *a,
    const char *what, const struct value *args, struct error *err);
/* One integer of one row; without a row *out is untouched and *found (may be NULL) is false. */
bool db_get_int(struct db *db, enum query q, int64_t *out, bool *found, const struct value *args,
    struct error *err);

/* The same statement for many parameter sets: SQLite steps one prepared statement, PostgreSQL uses
 * pipeline mode. `nargs` values each, `n` sets. For each set `row` (may be NULL) is called with the
 * first row the statement returned (or not called if none). Stops at the first failure; without a
 * transaction of the caller's it is one itself. */
bool db_exec_many(struct db *db, enum query q, const struct value *args, size_t nargs, size_t n,
    void (*row)(void *ctx, size_t set, const struct rows *r), void *ctx, struct error *err);

/* Transactions. SQLite: BEGIN IMMEDIATE. PostgreSQL: READ COMMITTED. A failed commit rolls back; a
 * PostgreSQL commit that only warns about synchronous replication, or whose connection is lost, is
 * reported UNAVAILABLE ("unknown"), never success. */
bool db_begin(struct db *db, struct error *err);
bool db_commit(struct db *db, struct error *err);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
/* One level of savepoint, for operations inside the writer's transaction. */
bool db_savepoint(struct db *db, struct error *err);
bool db_release(struct db *db, struct error *err);
bool db_rollback_to(struct db *db, struct error *err); /* and ends the savepoint */

/* A consistent snapshot for several reads (a page). No-op cost is small on both. */
bool db_read_begin(struct db *db, struct error *err);
void db_read_end(struct db *db);

/* Does in advance what the first commits would wait for (SQLite: 32 MiB of log, and the statements).
 * For a connection that will commit for a long time; takes some 20 ms. */
void db_reserve(struct db *db);

/* SQLite's WAL is kept bounded off the commit path: after each commit the writer calls
 * db_checkpoint(db), which is a no-op until 64 MiB of live frames; see sqlite_checkpoint.c. */
void db_checkpoint(struct db *db);

/* Liveness for /readyz and reconnect: true if the connection works (PostgreSQL reconnects). */
bool db_ping(struct db *db, struct error *err);

/* Online copy of the database to the new file `path`, by any connection and beside the writer;
 * CONFLICT if the file exists, INVALID on PostgreSQL. */
bool db_backup(struct db *db, struct str path, struct error *err);

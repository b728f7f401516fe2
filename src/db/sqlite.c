/* SQLite: the writer's connection, and read-only ones that see the last commit without ever waiting
 * for it (WAL). A commit returns when the write-ahead log has reached the disk (synchronous=FULL).
 *
 * A statement is prepared once per connection. `$1` is a *name* to SQLite, so each statement keeps
 * the index that SQLite gave to every parameter. A result is read while the statement stands on its
 * row; if the same query is run again meanwhile, that one gets a statement for itself. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "db/driver.h"
#include "db/query.h"
#include "db/sqlite.h"

struct statement {
    sqlite3_stmt *handle;
    unsigned char index[QUERY_MAX_PARAMS];
};

struct sqlite {
    struct db db;
    sqlite3 *handle;
    struct checkpoint *checkpoint; /* the writer's */
    sqlite3_stmt *control[CONTROL_COUNT];
    struct statement statements[]; /* by enum query */
};

static const char *const control_sql[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN IMMEDIATE",
    [CONTROL_READ] = "BEGIN",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT operation",
    [CONTROL_RELEASE] = "RELEASE operation",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO operation",
};

static struct sqlite *of(const struct db *db)
{
    return (struct sqlite *)db; /* `db` is its first member */
}

static sqlite3_stmt *stmt_of(const struct rows *r)
{
    return r->handle;
}

/* --- errors --- */

/* What is wrong outside the program and may pass. */
static const char *const troubles[] = {
    [SQLITE_AUTH] = "access to the database is denied",
    [SQLITE_BUSY] = "the database is locked by another program",
    [SQLITE_CANTOPEN] = "a file of the database cannot be opened",
    [SQLITE_FULL] = "the disk is full",
    [SQLITE_IOERR] = "the disk cannot be read or written",
    [SQLITE_LOCKED] = "the database is locked by another program",
    [SQLITE_NOMEM] = "out of memory",
    [SQLITE_PERM] = "access to the database is denied",
    [SQLITE_READONLY] = "the database is read-only",
};

static bool conflict(sqlite3 *handle, int rc, struct error *err)
{
    const char *message = sqlite3_errmsg(handle), *colon = strstr(message, ": ");

    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return fail(err, CONFLICT, "there is one already (%s)", colon ? colon + 2 : message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return fail(err, CONFLICT, "what it refers to is missing, or it is itself referred to");
    case SQLITE_CONSTRAINT_CHECK:
        return fail(err, CONFLICT, "the value is not allowed (%s)", colon ? colon + 2 : message);
    default:
        return fail(err, INTERNAL, "%s", message);
    }
}

bool sqlite_fail(sqlite3 *handle, int rc, const char *what, struct error *err)
{
    size_t class = (size_t)rc & 0xff;
    const char *cause = class < sizeof troubles / sizeof *troubles ? troubles[class] : NULL;
    int number = sqlite3_system_errno(handle);

    if (class == SQLITE_CONSTRAINT)
        return conflict(handle, rc, err);
    if (!cause)
        return fail(err, INTERNAL, "%s: %s", what, sqlite3_errmsg(handle));
    if (class != SQLITE_IOERR && class != SQLITE_CANTOPEN)
        number = 0; /* of an earlier call */
    fail(err, UNAVAILABLE, "%s: %s (code %d%s%s)", what, cause, rc, number ? ", " : "",
        number ? strerror(number) : "");
    err->retry = class == SQLITE_BUSY;
    return false;
}

/* --- statements --- */

static bool prepare(
    struct sqlite *s, const char *sql, const char *what, sqlite3_stmt **out, struct error *err)
{
    const char *tail;
    int rc = sqlite3_prepare_v3(s->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, out, &tail);

    if (rc != SQLITE_OK)
        return sqlite_fail(s->handle, rc, what, err);
    if (*tail)
        return fail(err, INTERNAL, "%s: more than one statement", what);
    return true;
}

/* The statement for a query, ready to be bound. `own` is a place for one that is not kept. */
static struct statement *statement(
    struct sqlite *s, enum query q, struct statement *own, struct error *err)
{
    const struct query_text *text = query_text(q);
    struct statement *st = &s->statements[q];

    if (st->handle && !sqlite3_stmt_busy(st->handle))
        return st;
    if (st->handle)
        st = own;
    if (!prepare(s, text->sql[DB_SQLITE], text->name, &st->handle, err))
        return NULL;
    for (int i = 0; text->params[i]; i++) {
        char name[16];

        snprintf(name, sizeof name, "$%d", i + 1);
        st->index[i] = (unsigned char)sqlite3_bind_parameter_index(st->handle, name);
    }
    return st;
}

/* `keep`: SQLITE_STATIC if the statement has run to its end before the caller goes on. */
static int bind(
    struct statement *st, const struct value *args, size_t n, sqlite3_destructor_type keep)
{
    int rc = SQLITE_OK;

    for (size_t i = 0; i < n && rc == SQLITE_OK; i++) {
        int at = st->index[i];

        switch (args[i].kind) {
        case VALUE_INT:
            rc = sqlite3_bind_int64(st->handle, at, args[i].number);
            break;
        case VALUE_TEXT:
            rc = sqlite3_bind_text64(
                st->handle, at, args[i].text.ptr, args[i].text.len, keep, SQLITE_UTF8);
            break;
        case VALUE_NULL:
        case VALUE_END:
            rc = sqlite3_bind_null(st->handle, at);
            break;
        }
    }
    return rc;
}

static bool prepare_only(struct db *db, enum query q, struct error *err)
{
    struct statement own = {0};
    bool ok = statement(of(db), q, &own, err);

    sqlite3_finalize(own.handle);
    return ok;
}

static bool query(
    struct db *db, enum query q, struct rows *out, const struct value *args, struct error *err)
{
    struct sqlite *s = of(db);
    struct statement own = {0}, *st = statement(s, q, &own, err);

    if (!st)
        return false;
    out->handle = st->handle;
    int rc = bind(st, args, strlen(query_text(q)->params), SQLITE_TRANSIENT);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st->handle);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return sqlite_fail(s->handle, rc, query_text(q)->name, err);
    out->count = rc == SQLITE_ROW; /* rows that were stepped to */
    return true;
}

static bool next(struct rows *r, struct error *err)
{
    if (++r->row < r->count)
        return true;
    if (r->count == 0)
        return false;
    int rc = sqlite3_step(stmt_of(r));
    if (rc == SQLITE_ROW) {
        r->count++;
        return true;
    }
    r->count = 0;
    if (rc == SQLITE_DONE)
        return false;
    r->failed = true;
    return sqlite_fail(of(r->db)->handle, rc, query_text(r->query)->name, err);
}

static void end(struct rows *r)
{
    if (r->handle == of(r->db)->statements[r->query].handle)
        sqlite3_reset(stmt_of(r));
    else
        sqlite3_finalize(stmt_of(r));
}

/* Runs a bound statement to its end; `r`, if not NULL, is called with its first row. */
static bool finish(struct sqlite *s, sqlite3_stmt *st, const char *what, row_fn *row, void *ctx,
    size_t set, struct rows *r, struct error *err)
{
    bool ok = true;
    int rc;

    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        if (row)
            row(ctx, set, r);
        row = NULL;
    }
    if (rc != SQLITE_DONE)
        ok = sqlite_fail(s->handle, rc, what, err);
    sqlite3_reset(st);
    return ok;
}

static bool exec_many(struct db *db, enum query q, const struct value *args, size_t nargs, size_t n,
    row_fn *row, void *ctx, struct error *err)
{
    struct sqlite *s = of(db);
    struct statement own = {0}, *st = statement(s, q, &own, err);
    const char *name = query_text(q)->name;
    bool ok = st;

    for (size_t set = 0; set < n && ok; set++) {
        struct rows r = {.db = db, .handle = st->handle, .query = q, .count = 1};
        int rc = bind(st, args + set * nargs, nargs, SQLITE_STATIC);

        ok = rc == SQLITE_OK ? finish(s, st->handle, name, row, ctx, set, &r, err)
                             : sqlite_fail(s->handle, rc, name, err);
    }
    sqlite3_finalize(own.handle);
    return ok;
}

static bool exec(
    struct db *db, enum query q, int64_t *changed, const struct value *args, struct error *err)
{
    struct sqlite *s = of(db);

    /* The count stays as it was when a statement changes nothing by its nature. */
    int64_t before = sqlite3_total_changes64(s->handle);
    if (!exec_many(db, q, args, strlen(query_text(q)->params), 1, NULL, NULL, err))
        return false;
    *changed = sqlite3_total_changes64(s->handle) == before ? 0 : sqlite3_changes64(s->handle);
    return true;
}

static bool control(struct db *db, enum control c, struct error *err)
{
    struct sqlite *s = of(db);

    if (!s->control[c] && !prepare(s, control_sql[c], control_sql[c], &s->control[c], err))
        return false;
    return finish(s, s->control[c], control_sql[c], NULL, NULL, 0, NULL, err);
}

static bool script(struct db *db, const char *sql, struct error *err)
{
    struct sqlite *s = of(db);
    int rc = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK || sqlite_fail(s->handle, rc, "script", err);
}

static bool in_transaction(const struct db *db)
{
    return !sqlite3_get_autocommit(of(db)->handle);
}

/* --- columns --- */

static int columns(const struct rows *r)
{
    return sqlite3_column_count(stmt_of(r));
}

static const char *column_name(const struct rows *r, int column)
{
    return sqlite3_column_name(stmt_of(r), column);
}

static bool null(const struct rows *r, int column)
{
    return sqlite3_column_type(stmt_of(r), column) == SQLITE_NULL;
}

static struct str text(const struct rows *r, int column)
{
    const char *p = (const char *)sqlite3_column_text(stmt_of(r), column);

    return p ? (struct str){p, (size_t)sqlite3_column_bytes(stmt_of(r), column)} : STR_NONE;
}

static int64_t number(const struct rows *r, int column)
{
    int64_t n;

    if (sqlite3_column_type(stmt_of(r), column) == SQLITE_INTEGER)
        return sqlite3_column_int64(stmt_of(r), column);
    return str_int(text(r, column), &n) ? n : INT64_MIN;
}

/* --- the connection --- */

static void close_handle(struct db *db)
{
    struct sqlite *s = of(db);

    checkpoint_stop(s->checkpoint);
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(s->control[i]);
    for (size_t i = 0; i < query_count + OWN_COUNT; i++)
        sqlite3_finalize(s->statements[i].handle);
    sqlite3_close(s->handle);
    free(s);
}

static bool ping(struct db *db, struct error *err)
{
    int64_t ignored;

    return db_get_int(db, own_query(OWN_PING), &ignored, NULL, NO_ARGS, err);
}

static void checkpoint(struct db *db)
{
    struct sqlite *s = of(db);

    if (s->checkpoint && !in_transaction(db))
        checkpoint_run(s->checkpoint, s->handle);
}

static void reserve(struct db *db)
{
    struct error ignored = {0};

    sqlite_log_reserve(of(db)->handle);
    for (enum query q = 0; q < query_count; q++)
        (void)prepare_only(db, q, &ignored);
}

static bool backup(struct db *db, const char *path, struct error *err)
{
    return sqlite_backup(of(db)->handle, path, err);
}

static const struct driver sqlite_driver = {
    .close = close_handle,
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
    .reserve = reserve,
    .checkpoint = checkpoint,
    .backup = backup,
};

bool sqlite_open(struct db **out, const char *path, enum db_mode mode, struct error *err)
{
    struct sqlite *s = calloc(1, sizeof *s + (query_count + OWN_COUNT) * sizeof *s->statements);
    struct db *db = (struct db *)s;

    if (!s)
        return fail(err, UNAVAILABLE, "out of memory");
    s->db = (struct db){.driver = &sqlite_driver, .kind = DB_SQLITE, .mode = mode};
    if (!sqlite_connect(path, mode, &s->handle, err) ||
        (mode == DB_WRITE && !checkpoint_start(path, s->handle, &s->checkpoint, err))) {
        db_close(&db);
        return false;
    }
    *out = db;
    return true;
}

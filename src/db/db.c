#include "db/db.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "db/driver.h"
#include "db/query.h"

static const char migration_list[] =
    "SELECT number, name, sha256 FROM schema_migration ORDER BY number";
static const char migration_add[] =
    "INSERT INTO schema_migration (number, name, sha256, applied_at) VALUES ($1, $2, $3, $4)";
static const char sqlite_exists[] =
    "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'";
static const char postgres_exists[] =
    "SELECT COUNT(*) FROM pg_tables"
    " WHERE tablename = 'schema_migration' AND schemaname = current_schema()";

static const struct query_text own_table[OWN_COUNT] = {
    [OWN_PING] = {"db.ping", "", {"SELECT COUNT(*) FROM sqlite_schema", "SELECT 1"}, "db.c", true},
    [OWN_SCHEMA_EXISTS] = {"db.schema_exists", "", {sqlite_exists, postgres_exists}, "db.c", true},
    [OWN_MIGRATION_LIST] = {"db.migrations", "", {migration_list, migration_list}, "db.c", true},
    [OWN_MIGRATION_ADD] = {"db.migrated", "itti", {migration_add, migration_add}, "db.c", false},
};

enum query own_query(enum own_query q)
{
    return (enum query)(query_count + q);
}

const struct query_text *query_text(enum query q)
{
    return q < query_count ? &query_table[q] : &own_table[q - query_count];
}

bool db_open(struct db **out, struct str url, enum db_mode mode, struct error *err)
{
    char z[4096];

    *out = NULL;
    if (!url.len || url.len >= sizeof z || memchr(url.ptr, '\0', url.len))
        return fail(err, INVALID, "the database's address is empty, too long or holds a NUL");
    memcpy(z, url.ptr, url.len);
    z[url.len] = '\0';
    if (str_starts(url, S("postgres://")) || str_starts(url, S("postgresql://")))
        return postgres_open(out, z, mode, err);
    return sqlite_open(out, z, mode, err);
}

void db_close(struct db **db)
{
    if (*db)
        (*db)->driver->close(*db);
    *db = NULL;
}

enum db_kind db_kind(const struct db *db)
{
    return db->kind;
}

/* --- statements --- */

/* After the engine has dropped a transaction by itself, statements would commit one by one. */
static bool state_check(const struct db *db, struct error *err)
{
    if (db->transaction != TRANSACTION_NONE && !db->driver->in_transaction(db))
        return fail(err, UNAVAILABLE, "the transaction was lost and must be rolled back");
    return true;
}

static bool args_check(enum query q, const struct value *args, size_t n, struct error *err)
{
    const struct query_text *text = query_text(q);
    size_t wanted = strlen(text->params);

    if (n != wanted)
        return fail(err, INTERNAL, "%s takes %zu parameters, not %zu", text->name, wanted, n);
    for (size_t i = 0; i < n; i++) {
        char letter = args[i].kind == VALUE_INT ? 'i' : 't';

        if (args[i].kind == VALUE_NULL)
            continue;
        if (letter != text->params[i])
            return fail(err, INTERNAL, "$%zu of %s has the wrong type", i + 1, text->name);
        if (letter == 't' && args[i].text.len && memchr(args[i].text.ptr, '\0', args[i].text.len))
            return fail(err, INVALID, "a text holds a NUL character");
    }
    return true;
}

static size_t args_count(const struct value *args)
{
    size_t n = 0;

    while (args[n].kind != VALUE_END)
        n++;
    return n;
}

static bool check(const struct db *db, enum query q, const struct value *args, struct error *err)
{
    return state_check(db, err) && args_check(q, args, args_count(args), err);
}

bool db_prepare(struct db *db, enum query q, struct error *err)
{
    return state_check(db, err) && db->driver->prepare(db, q, err);
}

bool db_query(
    struct db *db, enum query q, struct rows *out, const struct value *args, struct error *err)
{
    *out = (struct rows){.db = db, .query = q, .row = -1};
    if (check(db, q, args, err) && db->driver->query(db, q, out, args, err))
        return true;
    out->failed = true;
    return false;
}

bool db_exec(
    struct db *db, enum query q, int64_t *changed, const struct value *args, struct error *err)
{
    int64_t ignored;

    return check(db, q, args, err) &&
           db->driver->exec(db, q, changed ? changed : &ignored, args, err);
}

/* Without a transaction of the caller's it has one of its own, so that it is all or nothing. */
bool db_exec_many(struct db *db, enum query q, const struct value *args, size_t nargs, size_t n,
    row_fn *row, void *ctx, struct error *err)
{
    bool own = db->transaction == TRANSACTION_NONE;

    for (size_t set = 0; set < n; set++)
        if (!args_check(q, args + set * nargs, nargs, err))
            return false;
    if (!state_check(db, err) || (own && !db_begin(db, err)))
        return false;
    if (db->driver->exec_many(db, q, args, nargs, n, row, ctx, err))
        return !own || db_commit(db, err);
    if (own)
        db_rollback(db);
    return false;
}

bool db_get(struct db *db, enum query q, const struct field *fields, void *obj, struct arena *a,
    const char *what, const struct value *args, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    if (!db_query(db, q, &rows, args, err))
        return false;
    if (!rows_next(&rows, err))
        return !rows.failed ? fail(err, NOT_FOUND, "no such %s", what) : false;
    if (!row_read(&rows, fields, obj, a, err))
        return false;
    if (rows_next(&rows, err))
        return fail(err, INTERNAL, "%s found more than one row", query_text(q)->name);
    return !rows.failed;
}

bool db_get_int(struct db *db, enum query q, int64_t *out, bool *found, const struct value *args,
    struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    if (found)
        *found = false;
    if (!db_query(db, q, &rows, args, err))
        return false;
    if (rows_next(&rows, err)) {
        *out = rows_int(&rows, 0);
        if (found)
            *found = true;
    }
    return !rows.failed;
}

bool db_script(struct db *db, const char *sql, struct error *err)
{
    return state_check(db, err) && db->driver->script(db, sql, err);
}

/* --- transactions --- */

static bool begin(struct db *db, enum control how, enum transaction what, struct error *err)
{
    if (db->transaction != TRANSACTION_NONE)
        return fail(err, INTERNAL, "a transaction inside a transaction");
    if (!db->driver->control(db, how, err))
        return false;
    db->transaction = what;
    return true;
}

bool db_begin(struct db *db, struct error *err)
{
    if (db->mode != DB_WRITE)
        return fail(err, INTERNAL, "a reader's connection does not write");
    return begin(db, CONTROL_BEGIN, TRANSACTION_WRITE, err);
}

bool db_commit(struct db *db, struct error *err)
{
    if (db->transaction != TRANSACTION_WRITE)
        return fail(err, INTERNAL, "there is no transaction to commit");
    if (state_check(db, err) && db->driver->control(db, CONTROL_COMMIT, err)) {
        db->transaction = TRANSACTION_NONE;
        return true;
    }
    db_rollback(db);
    return false;
}

void db_rollback(struct db *db)
{
    struct error ignored = {0}; /* a connection that cannot even roll back has lost it all */

    if (db->driver->in_transaction(db))
        (void)db->driver->control(db, CONTROL_ROLLBACK, &ignored);
    db->transaction = TRANSACTION_NONE;
}

bool db_in_transaction(const struct db *db)
{
    return db->transaction != TRANSACTION_NONE;
}

static bool inside(struct db *db, enum control c, struct error *err)
{
    if (db->transaction != TRANSACTION_WRITE)
        return fail(err, INTERNAL, "a savepoint outside a transaction");
    return state_check(db, err) && db->driver->control(db, c, err);
}

bool db_savepoint(struct db *db, struct error *err)
{
    return inside(db, CONTROL_SAVEPOINT, err);
}

bool db_release(struct db *db, struct error *err)
{
    return inside(db, CONTROL_RELEASE, err);
}

bool db_rollback_to(struct db *db, struct error *err)
{
    return inside(db, CONTROL_ROLLBACK_TO, err) && inside(db, CONTROL_RELEASE, err);
}

bool db_read_begin(struct db *db, struct error *err)
{
    return begin(db, CONTROL_READ, TRANSACTION_READ, err);
}

void db_read_end(struct db *db)
{
    if (db->transaction == TRANSACTION_READ)
        db_rollback(db);
}

/* --- the rest --- */

void db_reserve(struct db *db)
{
    if (db->driver->reserve)
        db->driver->reserve(db);
}

void db_checkpoint(struct db *db)
{
    if (db->driver->checkpoint)
        db->driver->checkpoint(db);
}

bool db_ping(struct db *db, struct error *err)
{
    return db->driver->ping(db, err);
}

bool db_backup(struct db *db, struct str path, struct error *err)
{
    char z[4096];

    if (!db->driver->backup)
        return fail(
            err, INVALID, "PostgreSQL is backed up with its own tools (pg_basebackup, pg_dump)");
    if (!path.len || path.len >= sizeof z || memchr(path.ptr, '\0', path.len))
        return fail(err, INVALID, "the backup's path is empty, too long or holds a NUL");
    memcpy(z, path.ptr, path.len);
    z[path.len] = '\0';
    return db->driver->backup(db, z, err);
}

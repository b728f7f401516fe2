/* Migrations run one by one, each in a transaction of its own that also records it. The list is
 * read again inside each transaction, so nodes that start together take turns and none runs one
 * twice. */
#include "db/migrate.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/secret.h"
#include "db/driver.h"
#include "db/query.h"

#define NUMBER_DIGITS 4
#define SCHEMA_MAX (4u << 20)

static const char create_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL,"
    " applied_at BIGINT NOT NULL)";
/* SQLite's BEGIN IMMEDIATE is lock enough. Another node may take longer than a query should. */
static const char postgres_lock[] = "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;"
                                    " SELECT pg_advisory_xact_lock(6067135)";

/* "0001_init.sql" → 1; 0 if it is not of that form. */
static int64_t number_of(const struct embedded *file)
{
    int64_t n = 0;

    if (file->name.len > NUMBER_DIGITS + sizeof "_.sql" - 1 &&
        file->name.ptr[NUMBER_DIGITS] == '_' && file->name.ptr[0] != '-' &&
        str_ends(file->name, S(".sql")))
        (void)str_int(str_slice(file->name, 0, NUMBER_DIGITS), &n);
    return n;
}

static struct str stem(const struct embedded *file)
{
    return str_slice(file->name, 0, file->name.len - (sizeof ".sql" - 1));
}

/* The text without the lines of the other engine. */
static const char *text_for(struct arena *a, enum db_kind kind, struct str text)
{
    struct str other = kind == DB_SQLITE ? S("-- only postgres") : S("-- only sqlite");
    struct buf out;

    buf_init(&out, a, SCHEMA_MAX);
    while (text.ptr) {
        struct str line;

        text = str_cut(text, '\n', &line);
        if (!str_ends(str_trim(line), other)) {
            buf_add(&out, line);
            buf_addc(&out, '\n');
        }
    }
    return out.full ? NULL : str_z(a, buf_str(&out));
}

/* Compares what is recorded with the files, whose numbers rise; *next is the first file that is not
 * recorded, the end of the table if none. Features that are built side by side reserve numbers, so
 * one may be missing; a file that turns up below one that has run is refused like a changed one. */
static bool compare(struct db *db, struct arena *a, const struct embedded *files,
    const struct embedded **next, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};
    int64_t number = 0;

    for (const struct embedded *f = files; f->name.ptr; number = number_of(f++))
        if (number_of(f) <= number)
            return fail(err, INTERNAL, "%.*s has no number above %d", STR(f->name), (int)number);
    *next = files;
    if (!db_query(db, own_query(OWN_MIGRATION_LIST), &rows, NO_ARGS, err))
        return false;
    while (rows_next(&rows, err)) {
        struct str name = rows_text(&rows, 1);

        if (!(*next)->name.ptr)
            return fail(err, CONFLICT,
                "the database is newer than this program: it has had migration"
                " %.*s; run the newer program",
                STR(name));
        if (rows_int(&rows, 0) != number_of(*next) || !str_eq(name, stem(*next)) ||
            !str_eq(rows_text(&rows, 2), sha256_hex(a, (*next)->data)))
            return fail(err, CONFLICT,
                "migration %.*s of the database is not the %.*s of this program:"
                " the file was changed after it had run",
                STR(name), STR(stem(*next)));
        (*next)++;
    }
    return !rows.failed;
}

static bool apply(
    struct db *db, struct arena *a, const struct embedded *file, instant now, struct error *err)
{
    const char *sql = text_for(a, db_kind(db), file->data);

    if (!sql)
        return fail(err, INTERNAL, "%.*s is too long", STR(file->name));
    if (!db_script(db, sql, err) || !db_exec(db, own_query(OWN_MIGRATION_ADD), NULL,
                                        ARGS(v_int(number_of(file)), v_text(stem(file)),
                                            v_text(sha256_hex(a, file->data)), v_int(now.us)),
                                        err))
        return error_prefix(err, "migration %.*s", STR(stem(file)));
    return true;
}

/* One transaction; *done when there was nothing left to do. */
static bool step(struct db *db, struct arena *a, const struct embedded *files, instant now,
    bool *done, struct error *err)
{
    const struct embedded *next;

    if (!db_begin(db, err))
        return false;
    if ((db_kind(db) == DB_POSTGRES && !db_script(db, postgres_lock, err)) ||
        !db_script(db, create_table, err) || !compare(db, a, files, &next, err) ||
        (next->name.ptr && !apply(db, a, next, now, err))) {
        db_rollback(db);
        return false;
    }
    *done = !next->name.ptr;
    return db_commit(db, err);
}

bool migrate_files(
    struct db *db, const struct embedded *files, instant now, int *applied, struct error *err)
{
    struct arena a;
    bool ok = true, done = false;

    if (applied)
        *applied = 0;
    arena_init(&a, 4 * SCHEMA_MAX);
    while (ok && !done) {
        ok = step(db, &a, files, now, &done, err);
        if (ok && !done && applied)
            ++*applied;
        arena_reset(&a, 0);
    }
    arena_deinit(&a);
    return ok;
}

bool migrate_files_check(struct db *db, const struct embedded *files, struct error *err)
{
    const struct embedded *next = files;
    struct arena a;
    int64_t exists = 0;

    if (!db_get_int(db, own_query(OWN_SCHEMA_EXISTS), &exists, NULL, NO_ARGS, err))
        return false;
    arena_init(&a, SCHEMA_MAX);
    bool ok = !exists || compare(db, &a, files, &next, err);
    arena_deinit(&a);
    if (ok && next->name.ptr)
        return fail(err, UNAVAILABLE, "the database lacks migration %.*s; run the migrations",
            STR(stem(next)));
    return ok;
}

bool migrate(struct db *db, instant now, int *applied, struct error *err)
{
    return migrate_files(db, schema_table, now, applied, err);
}

bool migrate_check(struct db *db, struct error *err)
{
    return migrate_files_check(db, schema_table, err);
}

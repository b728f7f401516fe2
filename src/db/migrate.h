/* Schema migrations: sql/schema/NNNN_name.sql, embedded, in order of their numbers, transactional, forward-only.
 * The table schema_migration records number, name, SHA-256 and time. A recorded checksum that
 * differs from the embedded file is an error that names it; a database newer than the binary too.
 * A line ending in `-- only sqlite` or `-- only postgres` is kept on that engine only. */
#pragma once

#include "base/embedded.h"
#include "base/time.h"

struct db;
struct error;

/* Applies what is missing; `applied` (may be NULL) counts. PostgreSQL: under an advisory lock. */
bool migrate(struct db *db, instant now, int *applied, struct error *err);
/* True if nothing is missing (serve --no-migrate, readyz). */
bool migrate_check(struct db *db, struct error *err);

/* The same with any table of files; the two above take the program's own. */
bool migrate_files(
    struct db *db, const struct embedded *files, instant now, int *applied, struct error *err);
bool migrate_files_check(struct db *db, const struct embedded *files, struct error *err);

/* What the files sqlite*.c share. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "db/db.h"

#define SQLITE_BUSY_MS 5000 /* only other programs lock us out: a shell, a backup */

/* Fills *err from a result code that is not success; false. */
bool sqlite_fail(sqlite3 *handle, int rc, const char *what, struct error *err);

/* A connection with our settings; the writer makes a missing file. On failure *out may be set too
 * and is then still to be closed. */
bool sqlite_connect(const char *path, enum db_mode mode, sqlite3 **out, struct error *err);
bool sqlite_backup(sqlite3 *from, const char *path, struct error *err);

/* Keeps the write-ahead log short beside the writer; see sqlite_checkpoint.c. */
struct checkpoint;
bool checkpoint_start(
    const char *path, sqlite3 *writer, struct checkpoint **out, struct error *err);
void checkpoint_run(struct checkpoint *c, sqlite3 *writer);
void checkpoint_stop(struct checkpoint *c); /* before the writer is closed; NULL is fine */

/* The VFS that gathers the writes of a commit; see sqlite_log.c. */
const char *sqlite_log_vfs(void);
/* Makes the log long, so that no commit need lengthen it. What fails here (a disk too full for it)
 * costs speed only. The log is removed when the last connection closes, and begun again. */
void sqlite_log_reserve(sqlite3 *handle);

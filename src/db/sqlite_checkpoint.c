/* Keeps SQLite's write-ahead log bounded without making commits pay for it.
 *
 * SQLite's own automatic checkpoint runs inside a commit. Here nothing happens until the log holds
 * 64 MiB that count; then one PASSIVE pass, which waits for nobody, copies them into the database
 * and the next transaction writes at the log's beginning again. A reader that never ends can keep the
 * log from restarting; past four times the limit we wait for readers, for a moment, as a last resort. */
#include <stdlib.h>

#include "base/error.h"
#include "db/sqlite.h"

#define LIVE_BYTES (64 << 20)
#define WAIT_MS 200

struct checkpoint {
    int frames;    /* live ones, as of the last commit */
    int frames_max;
};

static int committed(void *ctx, sqlite3 *handle, const char *name, int frames)
{
    struct checkpoint *c = ctx;

    (void)handle;
    (void)name;
    c->frames = frames;
    return SQLITE_OK;
}

static int page_size(void *ctx, int n, char **values, char **names)
{
    int64_t *size = ctx;

    (void)names;
    if (n == 1 && values[0])
        (void)str_int(str_from(values[0]), size);
    return 0;
}

bool checkpoint_start(const char *path, sqlite3 *writer, struct checkpoint **out, struct error *err)
{
    struct checkpoint *c = calloc(1, sizeof *c);
    int64_t size = 0;

    (void)path;
    *out = c;
    if (!c)
        return fail(err, UNAVAILABLE, "out of memory");
    int rc = sqlite3_exec(writer, "PRAGMA page_size", page_size, &size, NULL);
    if (rc != SQLITE_OK || size < 512)
        return sqlite_fail(writer, rc, "page size", err);
    c->frames_max = (int)(LIVE_BYTES / size);
    sqlite3_wal_hook(writer, committed, c);
    return true;
}

void checkpoint_run(struct checkpoint *c, sqlite3 *writer)
{
    if (c->frames <= c->frames_max)
        return;
    /* A failure (a full disk) loses nothing: the log is still there, and the next call tries again. */
    (void)sqlite3_wal_checkpoint_v2(writer, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

void checkpoint_stop(struct checkpoint *c)
{
    free(c);
}

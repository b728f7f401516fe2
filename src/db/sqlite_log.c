/* The file of SQLite's write-ahead log.
 *
 * SQLite writes a commit page by page, by two calls each, and then syncs. Here the pages are gathered
 * and written by one call at the sync: paging for one alert writes some 30 of them, and the calls
 * took longer than the statements. That is safe because a commit is shown to others only after its
 * sync (synchronous=FULL), and because whoever reads, measures or cuts the file through this handle
 * has what was gathered written first.
 *
 * And the server makes the file long in advance: a sync then waits for data only, not also for the
 * file's new length in the file system's journal, which halves its time. Zeros behind the last commit
 * are to SQLite what a file's end is: no valid frame. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "db/sqlite.h"

#define GATHER_BYTES (127 << 10) /* the file system's object writes less than 128 KiB at once */
#define RESERVED_BYTES (32 << 20)

/* Lies behind the file system's own object, in the memory that SQLite gives for both. */
struct log {
    sqlite3_io_methods own;
    const sqlite3_io_methods *methods; /* the file system's */
    char *gathered;                    /* GATHER_BYTES, from the first write on */
    sqlite3_int64 at;                  /* where its first byte belongs */
    int len;
};

/* Set once, by make_vfs(), and read only since. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static sqlite3_vfs *file_system, vfs;
static size_t log_offset;

static struct log *of(sqlite3_file *f)
{
    return (struct log *)((char *)f + log_offset);
}

static int write_out(sqlite3_file *f)
{
    struct log *l = of(f);
    int len = l->len;

    /* Also if it fails: SQLite then takes the commit back, and writes another in its place. */
    l->len = 0;
    return len ? l->methods->xWrite(f, l->gathered, len, l->at) : SQLITE_OK;
}

static int log_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
    struct log *l = of(f);
    int rc = SQLITE_OK;

    if (!l->gathered && !(l->gathered = malloc(GATHER_BYTES)))
        return SQLITE_IOERR_NOMEM;
    if (l->len && (at != l->at + l->len || n > GATHER_BYTES - l->len))
        rc = write_out(f);
    if (rc != SQLITE_OK)
        return rc;
    if (n > GATHER_BYTES)
        return l->methods->xWrite(f, data, n, at);
    if (l->len == 0)
        l->at = at;
    memcpy(l->gathered + l->len, data, (size_t)n);
    l->len += n;
    return SQLITE_OK;
}

static int log_sync(sqlite3_file *f, int flags)
{
    int rc = write_out(f);

    return rc == SQLITE_OK ? of(f)->methods->xSync(f, flags) : rc;
}

static int log_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
    int rc = write_out(f);

    return rc == SQLITE_OK ? of(f)->methods->xRead(f, out, n, at) : rc;
}

static int log_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc = write_out(f);

    return rc == SQLITE_OK ? of(f)->methods->xTruncate(f, size) : rc;
}

static int log_size(sqlite3_file *f, sqlite3_int64 *size)
{
    int rc = write_out(f);

    return rc == SQLITE_OK ? of(f)->methods->xFileSize(f, size) : rc;
}

static int log_close(sqlite3_file *f)
{
    struct log *l = of(f);
    int rc = write_out(f), closed = l->methods->xClose(f);

    free(l->gathered);
    l->gathered = NULL;
    return rc == SQLITE_OK ? closed : rc;
}

/* The file system's object answers for itself; of a log only the methods above are ours. */
static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *got)
{
    (void)v;
    int rc = file_system->xOpen(file_system, name, f, flags, got);

    if (rc != SQLITE_OK || !(flags & SQLITE_OPEN_WAL))
        return rc;
    struct log *l = of(f);
    *l = (struct log){.methods = f->pMethods, .own = *f->pMethods};
    l->own.xClose = log_close;
    l->own.xRead = log_read;
    l->own.xWrite = log_write;
    l->own.xTruncate = log_truncate;
    l->own.xSync = log_sync;
    l->own.xFileSize = log_size;
    f->pMethods = &l->own;
    return rc;
}

static void make_vfs(void)
{
    file_system = sqlite3_vfs_find(NULL);
    if (!file_system)
        return;
    log_offset = ((size_t)file_system->szOsFile + 15) / 16 * 16;
    vfs = *file_system;
    vfs.zName = "tocsin";
    vfs.szOsFile = (int)(log_offset + sizeof(struct log));
    vfs.xOpen = open_file;
    if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK)
        vfs.zName = NULL;
}

const char *sqlite_log_vfs(void)
{
    pthread_once(&once, make_vfs);
    return vfs.zName; /* NULL is SQLite's own way, which is correct too */
}

/* Zeros from the log's end to its reserved length. Only under SQLite's lock for writing. */
static int lengthen(sqlite3_file *f)
{
    static const char zeros[64 << 10];
    sqlite3_int64 size = 0;
    int rc = f->pMethods->xFileSize(f, &size);

    if (rc != SQLITE_OK || size >= RESERVED_BYTES)
        return rc;
    while (rc == SQLITE_OK && size < RESERVED_BYTES) {
        rc = f->pMethods->xWrite(f, zeros, sizeof zeros, size);
        size += (sqlite3_int64)sizeof zeros;
    }
    return rc == SQLITE_OK ? f->pMethods->xSync(f, SQLITE_SYNC_NORMAL) : rc;
}

void sqlite_log_reserve(sqlite3 *handle)
{
    sqlite3_file *f = NULL;

    if (sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return;
    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f) == SQLITE_OK && f &&
        f->pMethods)
        (void)lengthen(f);
    (void)sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
}

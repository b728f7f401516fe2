/* SQLite's files: opening them with our settings, and copying them while they are in use. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "db/sqlite.h"

/* "C": bytewise, as PostgreSQL's. */
static int compare(void *ctx, int an, const void *a, int bn, const void *b)
{
    int c = memcmp(a, b, (size_t)(an < bn ? an : bn));

    (void)ctx;
    return c ? c : (an > bn) - (an < bn);
}

/* Makes the folder's entry for a new file last. */
static bool sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[4096] = ".";

    if (slash) {
        size_t n = (size_t)(slash - path);

        if (n >= sizeof folder)
            return false;
        memcpy(folder, path, n ? n : 1); /* of "/x" the folder is "/" */
        folder[n ? n : 1] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

/* An empty file, which is an empty database, readable by its owner only. */
static bool create(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return fail(err, UNAVAILABLE, "%s: %s", path, strerror(errno));
    bool ok = fsync(fd) == 0 && sync_folder(path);
    if (!ok) {
        fail(err, UNAVAILABLE, "%s: %s", path, strerror(errno));
        unlink(path);
    }
    close(fd);
    return ok;
}

static int pragma_is(void *ctx, int n, char **values, char **names)
{
    const char **wanted = ctx;

    (void)names;
    if (n == 1 && values[0] && *wanted && !strcmp(values[0], *wanted))
        *wanted = NULL; /* seen */
    return 0;
}

static bool settings(sqlite3 *handle, enum db_mode mode, struct error *err)
{
    static const char writer[] = "PRAGMA page_size = 2048; PRAGMA journal_mode = WAL;";
    static const char common[] = "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                                 " PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;"
                                 " PRAGMA secure_delete = OFF; PRAGMA trusted_schema = OFF;";
    const char *wanted = "wal";
    int rc = SQLITE_OK;

    sqlite3_extended_result_codes(handle, 1);
    /* A plan depends on the query only, so a new argument never has one made anew. */
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    sqlite3_busy_timeout(handle, SQLITE_BUSY_MS);
    if (mode == DB_WRITE) {
        rc = sqlite3_exec(handle, writer, pragma_is, &wanted, NULL);
        if (rc == SQLITE_OK && wanted)
            return fail(
                err, UNAVAILABLE, "the file system of the database cannot hold a shared log");
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(handle, common, NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(handle,
            mode == DB_WRITE ? "PRAGMA cache_size = -32768"
                             : "PRAGMA cache_size = -4096; PRAGMA query_only = ON",
            NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_create_collation(handle, "C", SQLITE_UTF8, NULL, compare);
    return rc == SQLITE_OK || sqlite_fail(handle, rc, "settings", err);
}

bool sqlite_connect(const char *path, enum db_mode mode, sqlite3 **out, struct error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (mode == DB_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);

    if (mode == DB_WRITE && access(path, F_OK) != 0 && errno == ENOENT && !create(path, err))
        return false;
    int rc = sqlite3_open_v2(path, out, flags, sqlite_log_vfs());
    if (rc != SQLITE_OK)
        return sqlite_fail(*out, rc, path, err);
    return settings(*out, mode, err);
}

/* One pass, inside one read transaction: a consistent copy, while the writer goes on. */
static bool copy(sqlite3 *from, sqlite3 *to, struct error *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

    if (b)
        sqlite3_backup_step(b, -1);
    int rc = b ? sqlite3_backup_finish(b) : sqlite3_errcode(to);
    /* The copy says that it has a log beside it; let it be one file. */
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    return rc == SQLITE_OK || sqlite_fail(to, rc, "backup", err);
}

bool sqlite_backup(sqlite3 *from, const char *path, struct error *err)
{
    sqlite3 *to = NULL;

    if (access(path, F_OK) == 0)
        return fail(err, CONFLICT, "%s exists; a backup replaces nothing", path);
    if (!create(path, err))
        return false;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE, NULL);
    bool ok = rc == SQLITE_OK ? copy(from, to, err) : sqlite_fail(to, rc, path, err);
    sqlite3_close(to);
    if (!ok)
        unlink(path);
    return ok;
}

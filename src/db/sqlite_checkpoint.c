/* Keeps SQLite's write-ahead log short without making commits pay for it.
 *
 * SQLite's own checkpoint runs inside a commit, whenever the log has 1000 pages. Here nothing
 * happens until the log holds 64 MiB that the database lacks. Then a helper with a connection of
 * its own copies them, in two passes, while the writer goes on; the little that was committed
 * meanwhile the writer copies itself, between two commits, and that is when the log is all copied
 * for a moment and the next transaction begins it anew. A helper alone would never see that moment.
 *
 * A log also cannot begin anew while somebody reads from it. Readers that relieve each other could
 * prevent it for ever, so at four times the size the writer waits for them, for an instant. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/error.h"
#include "db/sqlite.h"

#define LIVE_BYTES (64 << 20)
#define WAIT_MS 200

struct checkpoint {
    int limit;  /* in pages */
    int frames; /* pages in the log as of the last commit */
    int copied; /* of these are in the database */

    sqlite3 *handle; /* the helper's */
    pthread_t thread;
    pthread_mutex_t lock; /* guards `state` */
    pthread_cond_t changed;
    enum { IDLE, WANTED, DONE, STOPPING } state;
};

static int committed(void *ctx, sqlite3 *handle, const char *name, int frames)
{
    struct checkpoint *c = ctx;

    (void)handle;
    (void)name;
    if (frames < c->frames) /* the log has begun anew */
        c->copied = 0;
    c->frames = frames;
    return SQLITE_OK;
}

static int pass(sqlite3 *handle, int how, int *copied)
{
    int in_log = 0;

    return sqlite3_wal_checkpoint_v2(handle, "main", how, &in_log, copied);
}

/* Failures (a full disk) lose nothing: the log is still there, and the next turn tries again. */
static void *help(void *arg)
{
    struct checkpoint *c = arg;
    int ignored;

    pthread_mutex_lock(&c->lock);
    while (c->state != STOPPING) {
        if (c->state != WANTED) {
            pthread_cond_wait(&c->changed, &c->lock);
            continue;
        }
        pthread_mutex_unlock(&c->lock);
        (void)pass(c->handle, SQLITE_CHECKPOINT_PASSIVE, &ignored);
        (void)pass(c->handle, SQLITE_CHECKPOINT_PASSIVE, &ignored);
        pthread_mutex_lock(&c->lock);
        if (c->state == WANTED)
            c->state = DONE;
        pthread_cond_broadcast(&c->changed);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

/* Asks the helper, or learns that it has done its part. A writer that outruns it by far waits. */
static bool helped(struct checkpoint *c)
{
    bool done;

    pthread_mutex_lock(&c->lock);
    if (c->state == IDLE) {
        c->state = WANTED;
        pthread_cond_broadcast(&c->changed);
    }
    while (c->state == WANTED && c->frames - c->copied > 3 * c->limit)
        pthread_cond_wait(&c->changed, &c->lock);
    done = c->state == DONE;
    if (done)
        c->state = IDLE;
    pthread_mutex_unlock(&c->lock);
    return done;
}

void checkpoint_run(struct checkpoint *c, sqlite3 *writer)
{
    int copied = 0;

    if (c->frames - c->copied <= c->limit || !helped(c))
        return;
    if (pass(writer, SQLITE_CHECKPOINT_PASSIVE, &copied) == SQLITE_OK)
        c->copied = copied;
    if (c->frames > 4 * c->limit) {
        sqlite3_busy_timeout(writer, WAIT_MS);
        (void)pass(writer, SQLITE_CHECKPOINT_RESTART, &copied);
        sqlite3_busy_timeout(writer, SQLITE_BUSY_MS);
    }
}

static int page_size(void *ctx, int n, char **values, char **names)
{
    int64_t *size = ctx;

    (void)names;
    if (n == 1 && values[0])
        (void)str_int(str_from(values[0]), size);
    return 0;
}

/* Signals are the business of the program's other threads. */
static bool start_thread(struct checkpoint *c)
{
    sigset_t all, old;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int rc = pthread_create(&c->thread, NULL, help, c);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return rc == 0;
}

bool checkpoint_start(const char *path, sqlite3 *writer, struct checkpoint **out, struct error *err)
{
    struct checkpoint *c = calloc(1, sizeof *c);
    int64_t size = 4096;

    if (!c)
        return fail(err, UNAVAILABLE, "out of memory");
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->changed, NULL);
    (void)sqlite3_exec(writer, "PRAGMA page_size", page_size, &size, NULL);
    c->limit = (int)(LIVE_BYTES / size);
    bool ok = sqlite_connect(path, DB_WRITE, &c->handle, err);
    if (ok && !start_thread(c))
        ok = fail(err, UNAVAILABLE, "no thread for checkpoints");
    if (!ok) {
        sqlite3_close(c->handle);
        free(c);
        return false;
    }
    sqlite3_wal_hook(writer, committed, c);
    *out = c;
    return true;
}

void checkpoint_stop(struct checkpoint *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->state = STOPPING;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    pthread_join(c->thread, NULL);
    sqlite3_close(c->handle);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

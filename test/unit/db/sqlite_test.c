/* What SQLite alone can do, and what can happen to its files. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/migrate.h"
#include "engines.h"
#include "thing.h"

static struct db *open_at(struct test *t, const char *path, enum db_mode mode)
{
    struct error err = {0};
    struct db *db = NULL;

    if (!db_open(&db, str_from(path), mode, &err) ||
        (mode == DB_WRITE && !migrate(db, (instant){1}, NULL, &err))) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        db_close(&db);
    }
    return db;
}

static off_t size_of(struct arena *a, const char *path, const char *suffix)
{
    struct stat st;

    return stat(str_printf(a, "%s%s", path, suffix).ptr, &st) == 0 ? st.st_size : -1;
}

/* A transaction with one row of about a megabyte. */
static bool add_large(struct db *db, struct arena *a, int i, struct error *err)
{
    char *note = arena_alloc(a, 1 << 20, 1);
    struct str id = str_printf(a, "large%d", i);
    struct thing thing = {.id = id, .name = id, .note = {note, 1 << 20}};

    memset(note, 'n', 1 << 20);
    if (!db_begin(db, err))
        return false;
    if (!thing_add(db, &thing, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

/* Fills the disk, sees a clean refusal, makes room, and goes on with the same connection. */
static void full_and_back(struct test *t, struct arena *a, struct db *db, bool (*room)(void *),
    void *ctx, const char *cause)
{
    struct error err = {0};
    int64_t before = 0, after = 0;
    int n = 0;

    while (n < 64 && add_large(db, a, n, &err))
        n++;
    REQUIRE(n > 0 && n < 64);
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    if (!strstr(err.message, cause))
        test_fail(t, __FILE__, __LINE__, "\"%s\" does not say \"%s\"", err.message, cause);
    CHECK(!db_in_transaction(db));
    CHECK(!add_large(db, a, n, &err));
    REQUIRE_OK(db_get_int(db, Q_THING_COUNT, &before, NULL, NO_ARGS, &err));
    CHECK_INT(before, n);
    db_checkpoint(db);
    REQUIRE(room(ctx));
    REQUIRE_OK(add_large(db, a, n, &err));
    REQUIRE_OK(db_get_int(db, Q_THING_COUNT, &after, NULL, NO_ARGS, &err));
    CHECK_INT(after, n + 1);
}

static bool lift_limit(void *ctx)
{
    return setrlimit(RLIMIT_FSIZE, ctx) == 0;
}

/* Writing fails with EFBIG: any error of the file system looks like this one. */
TEST(write_error_and_back)
{
    const char *path = scratch(a, "limited.db");
    struct rlimit old, tight = {.rlim_cur = 8 << 20, .rlim_max = RLIM_INFINITY};
    struct db *db = open_at(t, path, DB_WRITE);

    REQUIRE(db);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    tight.rlim_max = old.rlim_max;
    REQUIRE(setrlimit(RLIMIT_FSIZE, &tight) == 0);
    full_and_back(t, a, db, lift_limit, &old, "File too large");
    setrlimit(RLIMIT_FSIZE, &old);
    db_close(&db);
}

static bool remove_ballast(void *ctx)
{
    return unlink(ctx) == 0;
}

/* The real thing, where we may mount a small file system. It is the child's alone. */
static int on_small_disk(struct test *t, struct arena *a, const char *folder)
{
    const char *path = str_printf(a, "%s/x.db", folder).ptr;
    const char *ballast = str_printf(a, "%s/ballast", folder).ptr;

    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mkdir(folder, 0700) != 0 || mount("none", folder, "tmpfs", 0, "size=16m") != 0)
        return 77;
    FILE *f = fopen(ballast, "w");
    for (int i = 0; f && i < 8 << 10; i++)
        fprintf(f, "%1023d\n", i);
    if (!f || fclose(f) != 0)
        return 1;
    struct db *db = open_at(t, path, DB_WRITE);
    if (db)
        full_and_back(t, a, db, remove_ballast, (void *)ballast, "the disk is full");
    db_close(&db);
    return t->failures ? 1 : 0;
}

TEST(disk_full_and_back)
{
    const char *folder = scratch(a, "small");
    int status = 0;

    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        status = on_small_disk(t, a, folder);
        fflush(stdout);
        _exit(status);
    }
    REQUIRE(waitpid(pid, &status, 0) == pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        SKIP("no right to mount a file system");
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(missing_or_forbidden_files_are_unavailable)
{
    struct error err = {0};
    struct db *db = NULL;

    CHECK(!db_open(&db, str_from(scratch(a, "none.db")), DB_READ, &err));
    CHECK(!db);
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(!db_open(&db, str_from(scratch(a, "no/such/folder.db")), DB_WRITE, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(strstr(err.message, "No such file"));
    CHECK(!db_open(&db, S(""), DB_WRITE, &err));
    CHECK_INT(err.kind, ERROR_INVALID);
}

TEST(other_files_are_no_databases)
{
    const char *path = scratch(a, "text.db");
    struct error err = {0};
    struct db *db = NULL;
    FILE *f = fopen(path, "w");

    for (int i = 0; i < 1000; i++)
        fputs("not a database\n", f);
    fclose(f);
    CHECK(!db_open(&db, str_from(path), DB_WRITE, &err));
    CHECK(!db);
    CHECK_INT(err.kind, ERROR_INTERNAL);
}

TEST(new_files_are_their_owners)
{
    const char *path = scratch(a, "private.db");
    struct db *db = open_at(t, path, DB_WRITE);
    struct stat st;

    REQUIRE(db);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    CHECK(stat(str_printf(a, "%s-wal", path).ptr, &st) == 0 && (st.st_mode & 0777) == 0600);
    db_close(&db);
}

/* When SQLite drops a transaction by itself, later statements must not commit one by one. */
TEST(a_lost_transaction_takes_no_more)
{
    const char *path = scratch(a, "lost.db");
    struct error err = {0};
    struct db *db = open_at(t, path, DB_WRITE);
    int64_t n = -1;

    REQUIRE(db);
    REQUIRE_OK(db_begin(db, &err));
    REQUIRE_OK(db_savepoint(db, &err));
    /* The same state that a full disk leaves behind. */
    REQUIRE_OK(db_exec(db, Q_SQLITE_ROLLBACK, NULL, NO_ARGS, &err));
    CHECK(db_in_transaction(db));
    CHECK(!thing_add(db, &(struct thing){.id = S("a"), .name = S("a")}, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(!db_rollback_to(db, &err) && err.kind == ERROR_UNAVAILABLE);
    CHECK(!db_commit(db, &err) && err.kind == ERROR_UNAVAILABLE);
    CHECK(!db_in_transaction(db));
    REQUIRE_OK(db_get_int(db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    CHECK_INT(n, 0);
    db_close(&db);
}

TEST(another_writer_locks_us_out_for_a_while)
{
    const char *path = scratch(a, "locked.db");
    struct error err = {0};
    struct db *db = open_at(t, path, DB_WRITE), *other = open_at(t, path, DB_WRITE);

    REQUIRE(db && other);
    REQUIRE_OK(db_begin(other, &err));
    CHECK(!db_begin(db, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(err.retry);
    db_rollback(other);
    REQUIRE_OK(db_begin(db, &err));
    db_rollback(db);
    db_close(&other);
    db_close(&db);
}

TEST(backups_are_whole_and_alone)
{
    const char *path = scratch(a, "source.db"), *copy = scratch(a, "copy.db");
    struct error err = {0};
    struct db *db = open_at(t, path, DB_WRITE), *reader = open_at(t, path, DB_READ), *other;
    int64_t n = 0;

    REQUIRE(db && reader);
    for (int i = 0; i < 5; i++)
        REQUIRE_OK(add_large(db, a, i, &err));
    REQUIRE_OK(db_backup(reader, str_from(copy), &err));
    CHECK(size_of(a, copy, "") > 5 << 20);
    CHECK(size_of(a, copy, "-wal") < 0);
    CHECK(!db_backup(reader, str_from(copy), &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!db_backup(reader, str_from(scratch(a, "no/folder")), &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    REQUIRE_OK(add_large(db, a, 5, &err)); /* the source goes on */

    other = open_at(t, copy, DB_WRITE);
    REQUIRE(other);
    REQUIRE_OK(migrate_check(other, &err));
    REQUIRE_OK(db_get_int(other, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    CHECK_INT(n, 5);
    db_close(&other);
    db_close(&reader);
    db_close(&db);
}

/* Two readers relieve each other, so that at every moment one of them reads. */
struct relay {
    struct db *readers[2];
    _Atomic bool stop;
    bool ok;
};

static void *relay_run(void *arg)
{
    struct relay *relay = arg;
    struct error err = {0};
    int64_t n;

    relay->ok = db_read_begin(relay->readers[0], &err);
    for (int i = 1; relay->ok && !relay->stop; i ^= 1) {
        relay->ok = db_read_begin(relay->readers[i], &err) &&
                    db_get_int(relay->readers[i], Q_THING_COUNT, &n, NULL, NO_ARGS, &err);
        sched_yield();
        db_read_end(relay->readers[i ^ 1]);
    }
    db_read_end(relay->readers[0]);
    db_read_end(relay->readers[1]);
    return NULL;
}

/* 600 MB go through a log that may hold 64 of them. */
TEST(the_log_stays_short)
{
    const char *path = scratch(a, "log.db");
    struct error err = {0};
    struct db *db = open_at(t, path, DB_WRITE);
    struct relay relay = {.readers = {open_at(t, path, DB_READ), open_at(t, path, DB_READ)}};
    pthread_t thread;
    off_t longest = 0;

    REQUIRE(db && relay.readers[0] && relay.readers[1]);
    REQUIRE(pthread_create(&thread, NULL, relay_run, &relay) == 0);
    for (int i = 0; i < 600; i++) {
        struct arena mine = *a;
        off_t size = size_of(a, path, "-wal");

        CHECK(add_large(db, &mine, i % 20, &err));
        CHECK(db_exec(db, Q_THING_CLEAR, NULL, NO_ARGS, &err));
        db_checkpoint(db);
        longest = size > longest ? size : longest;
    }
    relay.stop = true;
    pthread_join(thread, NULL);
    CHECK(relay.ok);
    CHECK(longest > 64 << 20);
    CHECK(longest < (off_t)5 * (64 << 20));
    db_close(&relay.readers[0]);
    db_close(&relay.readers[1]);
    db_close(&db);
    CHECK(size_of(a, path, "-wal") < 0);
}

static bool copy_file(struct arena *a, const char *from, const char *to, const char *suffix)
{
    FILE *in = fopen(str_printf(a, "%s%s", from, suffix).ptr, "rb");
    FILE *out = fopen(str_printf(a, "%s%s", to, suffix).ptr, "wb");
    static char block[1 << 20];
    bool ok = in && out;
    size_t n;

    while (ok && (n = fread(block, 1, sizeof block, in)) > 0)
        ok = fwrite(block, 1, n, out) == n;
    if (in)
        fclose(in);
    if (out)
        ok &= fclose(out) == 0;
    return ok;
}

/* What a machine that lost its power would find: the two files as they are, without the index. */
static int64_t count_in_copy(struct test *t, struct arena *a, const char *path, int number)
{
    const char *copy = scratch(a, str_printf(a, "found%d.db", number).ptr);
    struct error err = {0};
    int64_t n = -1;

    if (!copy_file(a, path, copy, "") || !copy_file(a, path, copy, "-wal"))
        return -1;
    struct db *db = open_at(t, copy, DB_WRITE);
    if (db && !db_get_int(db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err))
        n = -1;
    db_close(&db);
    return n;
}

/* Commits smaller and larger than what the log gathers, and one that is taken back after parts of it
 * were written because the cache was full. */
TEST(a_log_made_long_in_advance_holds_each_commit)
{
    const char *path = scratch(a, "long.db");
    struct error err = {0};
    struct db *db = open_at(t, path, DB_WRITE), *reader = open_at(t, path, DB_READ);
    struct thing small = {.id = S("small"), .name = S("small")};
    int64_t seen = 0;

    REQUIRE(db && reader);
    db_reserve(db);
    CHECK(size_of(a, path, "-wal") >= 32 << 20);
    REQUIRE_OK(thing_add(db, &small, &err));
    CHECK_INT(count_in_copy(t, a, path, 0), 1);
    REQUIRE_OK(add_large(db, a, 0, &err));
    CHECK_INT(count_in_copy(t, a, path, 1), 2);

    REQUIRE_OK(db_begin(db, &err));
    for (int i = 0; i < 50; i++) {
        char *note = arena_alloc(a, 1 << 20, 1);
        memset(note, 'x', 1 << 20);
        struct str id = str_printf(a, "undone%d", i);
        struct thing undone = {.id = id, .name = id, .note = {note, 1 << 20}};
        REQUIRE_OK(thing_add(db, &undone, &err));
    }
    REQUIRE_OK(db_get_int(db, Q_THING_COUNT, &seen, NULL, NO_ARGS, &err));
    CHECK_INT(seen, 52);
    CHECK(size_of(a, path, "-wal") > 32 << 20);
    db_rollback(db);
    CHECK_INT(count_in_copy(t, a, path, 2), 2);
    REQUIRE_OK(add_large(db, a, 1, &err));
    REQUIRE_OK(db_get_int(reader, Q_THING_COUNT, &seen, NULL, NO_ARGS, &err));
    CHECK_INT(seen, 3);
    CHECK_INT(count_in_copy(t, a, path, 3), 3);
    db_close(&reader);
    db_close(&db);
}

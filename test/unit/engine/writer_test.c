/* The writer with real threads, on a real clock and disk. */
#include "engine/writer.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "db/migrate.h"
#include "raw.h"
#include "scratch.h"
#include "store/store.h"
#include "test.h"

#define SUBMITTERS 8
#define EACH 1000

static struct env no_env = {.base_url = {"https://t", 9}, .node = {"node", 4}};

static void committed(void *ctx, const struct effects *fx)
{
    (void)fx;
    if (ctx)
        atomic_fetch_add((atomic_int *)ctx, 1);
}

static struct writer *start(
    struct test *t, struct str url, size_t max_queue, bool run, atomic_int *commits)
{
    struct db *db = NULL;
    struct writer *w = NULL;
    struct error err = {0};
    struct writer_config config = {.url = url,
        .env = &no_env,
        .seed = 1,
        .max_queue = max_queue,
        .committed = committed,
        .ctx = commits};

    if (!db_open(&db, url, DB_WRITE, &err) || !migrate(db, (instant){1}, NULL, &err) ||
        (db_close(&db), !writer_open(&w, &config, &err)) || (run && !writer_run(w, &err)))
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
    return w;
}

/* --- a job that counts, or fails --- */

struct counted {
    struct job job;
    struct str name;
    bool fails;
    atomic_int *good, *bad, *unavailable;
};

static bool count_up(struct op *op, void *arg, struct error *err)
{
    struct counted *c = arg;
    int64_t n;

    if (!counter_add(op->db, c->name, 1, &n, err))
        return false;
    return !c->fails || fail(err, INVALID, "on purpose");
}

static void count_done(void *arg, const struct error *err)
{
    struct counted *c = arg;

    if (err->kind == ERROR_NONE)
        atomic_fetch_add(c->good, 1);
    else if (err->kind == ERROR_UNAVAILABLE && c->unavailable)
        atomic_fetch_add(c->unavailable, 1);
    else
        atomic_fetch_add(c->bad, 1);
}

struct submitter {
    struct writer *w;
    struct counted *jobs;
};

static void *submit_all(void *arg)
{
    struct submitter *s = arg;

    for (int i = 0; i < EACH; i++)
        if (!writer_submit(s->w, &s->jobs[i].job))
            abort();
    return NULL;
}

TEST(many_threads_and_jobs_that_fail_alone)
{
    struct str url = scratch_database(a);
    atomic_int good = 0, bad = 0, commits = 0;
    struct writer *w = start(t, url, 0, true, &commits);
    struct submitter s[SUBMITTERS];
    pthread_t threads[SUBMITTERS];

    for (int i = 0; i < SUBMITTERS; i++) {
        s[i] = (struct submitter){w, arena_array(a, struct counted, EACH)};
        for (int k = 0; k < EACH; k++) {
            struct counted *c = &s[i].jobs[k];
            *c = (struct counted){
                .name = S("test"), .fails = k % 10 == 7, .good = &good, .bad = &bad};
            c->job =
                (struct job){.run = count_up, .done = count_done, .arg = c, .actor = actor_system};
        }
        REQUIRE(pthread_create(&threads[i], NULL, submit_all, &s[i]) == 0);
    }
    for (int i = 0; i < SUBMITTERS; i++)
        pthread_join(threads[i], NULL);
    writer_stop(w); /* finishes what is queued */
    CHECK_INT(atomic_load(&good), SUBMITTERS * EACH * 9 / 10);
    CHECK_INT(atomic_load(&bad), SUBMITTERS * EACH / 10);
    CHECK(atomic_load(&commits) >= 1 && atomic_load(&commits) < SUBMITTERS * EACH);
    struct raw *raw = raw_open(url, DB_SQLITE);
    CHECK_INT(
        raw_int(raw, "SELECT value FROM counter WHERE name = 'test'"), SUBMITTERS * EACH * 9 / 10);
    raw_close(raw);
}

TEST(a_full_queue_refuses)
{
    enum { ROOM = 5 };
    atomic_int good = 0, bad = 0;
    struct writer *w = start(t, scratch_database(a), ROOM, false, NULL); /* nobody takes them yet */
    struct counted c[ROOM + 1];
    struct writer_stats stats;
    struct error err = {0};

    for (int i = 0; i <= ROOM; i++) {
        c[i] = (struct counted){.name = S("test"), .good = &good, .bad = &bad};
        c[i].job =
            (struct job){.run = count_up, .done = count_done, .arg = &c[i], .actor = actor_system};
        CHECK(writer_submit(w, &c[i].job) == (i < ROOM));
    }
    writer_stats(w, &stats);
    CHECK_INT(stats.queue, ROOM);
    CHECK(!writer_call(w, count_up, &c[0], actor_system, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    REQUIRE_OK(writer_run(w, &err));
    err = (struct error){0};
    while (!writer_call(w, count_up, &c[0], actor_system, &err)) /* room again, without a restart */
        CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    writer_stop(w);
    CHECK_INT(atomic_load(&good), ROOM);
    CHECK_INT(atomic_load(&bad), 0);
}

/* --- a disk that is full --- */

static bool write_much(struct op *op, void *arg, struct error *err)
{
    struct str name = str_printf(op->arena, "much %d", *(int *)arg);
    char *text = arena_alloc(op->arena, 1 << 20, 1);

    __builtin_memset(text, 'x', 1 << 20);
    return setting_put(op->db, name, (struct str){text, 1 << 20}, err);
}

static bool write_much_counted(struct op *op, void *arg, struct error *err)
{
    int n = 0;

    return count_up(op, arg, err) && write_much(op, &n, err);
}

static bool write_little(struct op *op, void *arg, struct error *err)
{
    (void)arg;
    return setting_put(op->db, S("little"), S("x"), err);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit l;

    getrlimit(RLIMIT_FSIZE, &l);
    l.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &l);
}

TEST(a_full_disk_fails_the_batch_and_heals)
{
    struct str url = scratch_database(a);
    struct writer *w = start(t, url, 0, true, NULL);
    struct writer_stats stats;
    struct error err = {0};
    struct rlimit before;
    int n = 0;

    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    REQUIRE_OK(writer_call(w, write_little, NULL, actor_system, &err));
    limit_files(2 << 20);
    while (n < 50 && writer_call(w, write_much, &n, actor_system, &err))
        n++;
    CHECK(n < 50);
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    struct raw *raw = raw_open(url, DB_SQLITE);
    /* Exactly what was acknowledged is there. */
    CHECK_INT(raw_int(raw, "SELECT COUNT(*) FROM setting WHERE name LIKE 'much %'"), n);
    limit_files(before.rlim_cur);
    err = (struct error){0};
    n++;
    REQUIRE_OK(writer_call(w, write_much, &n, actor_system, &err));
    CHECK_INT(raw_int(raw, "SELECT COUNT(*) FROM setting WHERE name LIKE 'much %'"), n);
    writer_stats(w, &stats);
    CHECK(stats.healthy);
    raw_close(raw);
    writer_stop(w);
}

/* Small jobs that share a batch with one that does not fit: none of them is acknowledged. */
TEST(a_commit_that_fails_fails_every_job)
{
    struct str url = scratch_database(a);
    struct writer *w = start(t, url, 0, false, NULL);
    atomic_int good = 0, bad = 0, unavailable = 0;
    struct counted c[8];
    struct error err = {0};
    struct rlimit before;

    for (int i = 0; i < 8; i++) {
        c[i] = (struct counted){
            .name = S("test"), .good = &good, .bad = &bad, .unavailable = &unavailable};
        c[i].job = (struct job){.run = i == 5 ? write_much_counted : count_up,
            .done = count_done,
            .arg = &c[i],
            .actor = actor_system};
        REQUIRE(writer_submit(w, &c[i].job));
    }
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(1 << 20);
    REQUIRE_OK(writer_run(w, &err));
    while (atomic_load(&good) + atomic_load(&bad) + atomic_load(&unavailable) < 8)
        sched_yield();
    limit_files(before.rlim_cur);
    CHECK_INT(atomic_load(&unavailable), 8);
    struct raw *raw = raw_open(url, DB_SQLITE);
    CHECK_INT(raw_int(raw, "SELECT COUNT(*) FROM counter WHERE name = 'test'"), 0);
    REQUIRE_OK(writer_call(w, count_up, &c[0], actor_system, &err));
    CHECK_INT(raw_int(raw, "SELECT value FROM counter WHERE name = 'test'"), 1);
    raw_close(raw);
    writer_stop(w);
}

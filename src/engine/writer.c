#include "engine/writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "engine/engine.h"
#include "engine/ingest.h"
#include "engine/pack.h"
#include "store/delivery.h"

#define MAX_RETRIES 5
#define RECOVERY_US (1 * SECOND_US) /* pause after a batch that could not be committed */
#define LOOK_US (10 * SECOND_US)    /* how often what another node configured is looked for */

struct writer {
    struct writer_config config;
    struct db *db;
    struct arena arena; /* of the batch */
    struct rand rng;
    int64_t last_number;
    instant now;  /* never goes back */
    instant wake; /* when the engine has to run next */
    instant looked; /* for what another node configured */

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    struct job *queue, **tail; /* guarded by lock, like what follows */
    size_t waiting;
    instant asked; /* writer_wake; unset if nobody asked */
    bool stopping;
    struct writer_stats stats;
};

static void op_init(struct writer *w, struct op *op, struct effects *fx, const struct job *job)
{
    *op = (struct op){
        .db = w->db,
        .arena = job && job->arena ? job->arena : &w->arena,
        .now = w->now,
        .rng = &w->rng,
        .last_number = &w->last_number,
        .actor = job ? job->actor : actor_system,
        .env = w->config.env,
        .fx = fx,
    };
}

/* One job, or all ingest jobs, or the engine: whatever `run` does, in a savepoint. *broken: the
 * transaction itself is lost. */
static bool in_savepoint(struct writer *w, struct op *op, bool (*run)(struct op *, void *, struct error *),
    void *arg, struct error *err, bool *broken)
{
    struct effects mark = *op->fx;
    struct error undo = {0};

    *err = (struct error){0};
    if (db_savepoint(w->db, err)) {
        if (run(op, arg, err))
            return db_release(w->db, err) || !(*broken = true);
        effects_rollback(op->fx, &mark);
        if (!err->retry && db_rollback_to(w->db, &undo))
            return false;
    }
    *broken = true;
    return false;
}

/* All alerts that wait, first in the transaction and without a savepoint: under one, SQLite keeps a
 * journal of every page touched and walks it after each statement, which cost 3/4 of the time of large
 * batches. If they fail the transaction begins anew without them. */
static bool try_ingest(struct writer *w, struct job *jobs, struct effects *fx, struct error *err)
{
    struct effects mark = *fx;
    struct op op;

    op_init(w, &op, fx, NULL);
    if (ingest_apply(w->config.ingest, &op, err))
        return true;
    ingest_discard(w->config.ingest);
    effects_rollback(fx, &mark);
    db_rollback(w->db);
    if (err->retry)
        return false;
    log_write(ERROR, "alerts could not be stored", LOG_STR("reason", str_from(err->message)),
        LOG_STR("origin", str_from(err->origin)));
    for (struct job *j = jobs; j; j = j->next)
        if (j->alerts)
            j->err = *err;
    *err = (struct error){0};
    return db_begin(w->db, err);
}

static bool run_engine(struct op *op, void *arg, struct error *err)
{
    struct writer *w = arg;

    return engine_run(op, w->config.ingest, &w->wake, err);
}

/* Everything in one transaction. False: nothing of it happened. */
static bool try_batch(struct writer *w, struct job *jobs, struct effects *fx, struct error *err)
{
    bool broken = false;
    struct op op;

    if (!db_begin(w->db, err))
        return false;
    if (w->config.ingest && ingest_collect(w->config.ingest, jobs) && !try_ingest(w, jobs, fx, err))
        return false;
    for (struct job *j = jobs; j && !broken; j = j->next) {
        if (j->alerts)
            continue;
        op_init(w, &op, fx, j);
        in_savepoint(w, &op, j->run, j->arg, &j->err, &broken);
        if (broken)
            *err = j->err;
    }
    if (!broken && (w->wake.us <= w->now.us || (instant_is_set(fx->wake) && fx->wake.us <= w->now.us))) {
        struct error failed;
        op_init(w, &op, fx, NULL);
        if (!in_savepoint(w, &op, run_engine, w, &failed, &broken)) {
            log_write(ERROR, "the engine could not run", LOG_STR("reason", str_from(failed.message)),
                LOG_STR("origin", str_from(failed.origin)));
            w->wake = instant_add(w->now, RECOVERY_US);
        }
        if (broken)
            *err = failed;
    }
    if (broken || !db_commit(w->db, err)) {
        db_rollback(w->db);
        if (w->config.ingest)
            ingest_discard(w->config.ingest);
        return false;
    }
    return true;
}

static void count(struct writer *w, struct job *jobs, bool ok, int64_t took_us)
{
    int64_t n = 0;

    for (struct job *j = jobs; j; j = j->next)
        n++;
    pthread_mutex_lock(&w->lock);
    w->stats.batches++;
    w->stats.jobs += n;
    w->stats.last_batch_jobs = n;
    w->stats.last_commit_us = took_us;
    w->stats.failed_batches += !ok;
    w->stats.healthy = ok;
    w->stats.oldest_due = w->wake;
    pthread_mutex_unlock(&w->lock);
}

static void follow_pack(struct writer *w)
{
    struct error err = {0};

    if (!packs_follow(w->config.env, w->db, &err))
        log_write(ERROR, "the policy pack cannot be used", LOG_STR("reason", str_from(err.message)),
            LOG_STR("origin", str_from(err.origin)));
}

/* What is kept in memory of services, routes, keys and the policy pack is read again. */
static void follow_config(struct writer *w)
{
    w->looked = w->now;
    if (w->config.ingest)
        ingest_reload(w->config.ingest, w->db);
    follow_pack(w);
}

static void run_batch(struct writer *w, struct job *jobs)
{
    struct effects fx;
    struct error err;
    int64_t started = clock_mono_us();
    bool ok = false;

    for (int tries = 0; tries < MAX_RETRIES && !ok; tries++) {
        instant now = clock_now();
        w->now = now.us > w->now.us ? now : w->now;
        arena_reset(&w->arena, 1 << 18);
        effects_init(&fx, &w->arena);
        err = (struct error){0};
        for (struct job *j = jobs; j; j = j->next)
            j->err = (struct error){0};
        ok = try_batch(w, jobs, &fx, &err);
        if (!ok && !err.retry)
            break;
    }
    count(w, jobs, ok, clock_mono_us() - started);
    if (ok) {
        if (w->config.ingest)
            ingest_committed(w->config.ingest);
        if (instant_is_set(fx.wake) && fx.wake.us < w->wake.us)
            w->wake = fx.wake;
        if (fx.config_changed)
            follow_config(w);
        w->config.committed(w->config.ctx, &fx);
        /* What another node changed: once the pages of this batch are on their way. */
        if (db_kind(w->db) == DB_POSTGRES && w->now.us - w->looked.us >= LOOK_US)
            follow_config(w);
    } else {
        log_write(ERROR, "a batch could not be written", LOG_STR("reason", str_from(err.message)),
            LOG_STR("origin", str_from(err.origin)));
        w->wake = instant_add(w->now, RECOVERY_US);
    }
    for (struct job *j = jobs, *next; j; j = next) {
        next = j->next; /* done() may release the job */
        j->done(j->arg, ok ? &j->err : &err);
    }
    if (ok)
        db_checkpoint(w->db);
}

/* Takes what is waiting; blocks until there is a job, the engine is due, or it is time to stop. */
static struct job *take(struct writer *w, bool *stop)
{
    pthread_mutex_lock(&w->lock);
    while (!w->queue && !w->stopping) {
        if (instant_is_set(w->asked) && w->asked.us < w->wake.us)
            w->wake = w->asked;
        w->asked = (instant){0};
        int64_t left = w->wake.us - clock_now().us;
        if (left <= 0)
            break;
        left = left > 60 * SECOND_US ? 60 * SECOND_US : left; /* wall clock steps are noticed */
        int64_t end = clock_mono_us() + left;
        struct timespec until = {.tv_sec = end / SECOND_US, .tv_nsec = end % SECOND_US * 1000};
        pthread_cond_timedwait(&w->ready, &w->lock, &until);
    }
    struct job *jobs = w->queue;
    w->queue = NULL;
    w->tail = &w->queue;
    w->waiting = 0;
    *stop = w->stopping && !jobs;
    pthread_mutex_unlock(&w->lock);
    return jobs;
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;
    bool stop = false;

    while (!stop) {
        struct job *jobs = take(w, &stop);
        if (!stop)
            run_batch(w, jobs);
    }
    if (w->config.ingest) { /* counts not written yet */
        w->wake = (instant){0};
        run_batch(w, NULL);
    }
    return NULL;
}

bool writer_open(struct writer **out, const struct writer_config *config, struct error *err)
{
    struct writer *w = calloc(1, sizeof *w);
    pthread_condattr_t attr;

    if (!w)
        return fail(err, INTERNAL, "out of memory");
    w->config = *config;
    if (!w->config.max_queue)
        w->config.max_queue = 20000;
    if (!db_open(&w->db, config->url, DB_WRITE, err)) {
        free(w);
        return false;
    }
    if (config->ingest)
        db_reserve(w->db);
    w->tail = &w->queue;
    w->rng.state = config->seed;
    w->stats.healthy = true;
    arena_init(&w->arena, (size_t)4 << 30);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->ready, &attr);
    pthread_condattr_destroy(&attr);
    /* On SQLite the data folder is ours alone, so no other process can hold a lease. */
    if (config->ingest && db_kind(w->db) == DB_SQLITE && !delivery_recover(w->db, clock_now(), err)) {
        writer_stop(w);
        return false;
    }
    if (config->ingest && !ingest_load(config->ingest, w->db, err)) {
        writer_stop(w);
        return false;
    }
    follow_pack(w); /* the routing has just been read */
    *out = w;
    return true;
}

bool writer_run(struct writer *w, struct error *err)
{
    return pthread_create(&w->thread, NULL, writer_main, w) == 0 ||
        fail(err, INTERNAL, "cannot start the writer's thread");
}

bool writer_submit(struct writer *w, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    bool taken = !w->stopping && w->waiting < w->config.max_queue;
    if (taken) {
        bool first = !w->queue;
        *w->tail = job;
        w->tail = &job->next;
        w->waiting++;
        if (first)
            pthread_cond_signal(&w->ready);
    }
    pthread_mutex_unlock(&w->lock);
    return taken;
}

void writer_wake(struct writer *w, instant at)
{
    pthread_mutex_lock(&w->lock);
    if (!instant_is_set(w->asked) || at.us < w->asked.us)
        w->asked = at;
    pthread_cond_signal(&w->ready);
    pthread_mutex_unlock(&w->lock);
}

struct call {
    pthread_mutex_t lock;
    pthread_cond_t finished;
    bool over;
    struct error err;
    bool (*run)(struct op *op, void *arg, struct error *err);
    void *arg;
};

static bool call_run(struct op *op, void *arg, struct error *err)
{
    struct call *c = arg;

    return c->run(op, c->arg, err);
}

static void call_done(void *arg, const struct error *err)
{
    struct call *c = arg;

    pthread_mutex_lock(&c->lock);
    c->err = *err;
    c->over = true;
    pthread_cond_signal(&c->finished);
    pthread_mutex_unlock(&c->lock);
}

bool writer_call(struct writer *w, bool (*run)(struct op *op, void *arg, struct error *err), void *arg,
    struct actor actor, struct error *err)
{
    struct call c = {.lock = PTHREAD_MUTEX_INITIALIZER, .finished = PTHREAD_COND_INITIALIZER, .run = run,
        .arg = arg};
    struct job job = {.run = call_run, .done = call_done, .arg = &c, .actor = actor};

    if (!writer_submit(w, &job))
        return fail(err, UNAVAILABLE, "too much is waiting to be written");
    pthread_mutex_lock(&c.lock);
    while (!c.over)
        pthread_cond_wait(&c.finished, &c.lock);
    pthread_mutex_unlock(&c.lock);
    if (c.err.kind == ERROR_NONE)
        return true;
    *err = c.err;
    return false;
}

void writer_stop(struct writer *w)
{
    if (w->thread) {
        pthread_mutex_lock(&w->lock);
        w->stopping = true;
        pthread_cond_signal(&w->ready);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    db_close(&w->db);
    arena_deinit(&w->arena);
    pthread_cond_destroy(&w->ready);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void writer_stats(struct writer *w, struct writer_stats *out)
{
    pthread_mutex_lock(&w->lock);
    *out = w->stats;
    out->queue = (int64_t)w->waiting;
    pthread_mutex_unlock(&w->lock);
}

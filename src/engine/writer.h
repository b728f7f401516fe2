/* The writer: the only thread that writes, and the engine's clock.
 *
 * It takes every job that is waiting, runs each in a savepoint of one transaction, commits once, then
 * completes them all: durability costs one synced commit per batch, not per job. A job that fails
 * rolls back alone. Between jobs it sleeps until the next timer is due and then runs the engine, in
 * the same kind of batch. Nothing is completed before COMMIT has returned. */
#pragma once

#include <stddef.h>

#include "engine/op.h"

struct writer;
struct ingest;
struct ingest_job;

struct job {
    /* Runs on the writer's thread, inside a savepoint. May run more than once (serialization failures
     * on PostgreSQL), so it must not change anything but the database and what it overwrites. */
    bool (*run)(struct op *op, void *arg, struct error *err);
    /* Runs on the writer's thread once the outcome is final; err->kind is ERROR_NONE if committed. */
    void (*done)(void *arg, const struct error *err);
    void *arg;
    struct arena *arena; /* for what run() makes; NULL: the batch's, gone after done() */
    struct actor actor;
    struct ingest_job *alerts; /* an ingest job: run is NULL, the whole batch is applied at once */
    struct job *next;
    struct error err;
};

struct writer_config {
    struct str url;
    struct env *env; /* its pack is replaced after commits that changed what is in use */
    uint64_t seed;       /* of the ids */
    size_t max_queue;    /* jobs waiting; more are refused UNAVAILABLE; default 20000 */
    struct ingest *ingest; /* may be NULL (tools) */
    /* After each commit, on the writer's thread: publish events, hand deliveries to the notifier. */
    void (*committed)(void *ctx, const struct effects *fx);
    void *ctx;
};

/* Opens the database and reads what the ingest keeps in memory; nothing runs until writer_run, so
 * that what `committed` needs can be made in between. */
bool writer_open(struct writer **out, const struct writer_config *config, struct error *err);
bool writer_run(struct writer *w, struct error *err);
/* Queues a job; false (and nothing happens) when the queue is full or the writer is stopping. */
bool writer_submit(struct writer *w, struct job *job);
/* Makes the engine run no later than `at`. */
void writer_wake(struct writer *w, instant at);
/* For callers without a loop to block (CLI, tests): submits and waits. */
bool writer_call(struct writer *w, bool (*run)(struct op *op, void *arg, struct error *err), void *arg,
    struct actor actor, struct error *err);
/* Finishes what is queued, flushes, closes. */
void writer_stop(struct writer *w);

struct writer_stats {
    int64_t queue, batches, jobs, failed_batches, last_batch_jobs, last_commit_us;
    instant oldest_due; /* how late the engine is: the earliest timer not fired, unset if none */
    bool healthy;       /* the last attempt to write worked */
};
void writer_stats(struct writer *w, struct writer_stats *out);

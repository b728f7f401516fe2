/* A whole server in virtual time, for scenarios and properties: the real store and the real engine
 * on a database of its own, without threads. It stands for the writer (one batch per call), the
 * notifier (deliveries are "sent" into a list, or fail, or hang, as told) and the clock. */
#pragma once

#include "db/db.h"
#include "domain/service.h"
#include "engine/op.h"
#include "raw.h"
#include "test.h"

struct ingest;

/* What the recipient's provider does with what is sent to it. */
enum provider { PROVIDER_UP, PROVIDER_DOWN, PROVIDER_REFUSES, PROVIDER_HOLDS };

struct world_rule {
    struct str whom; /* a channel or a recipient's name */
    enum provider how;
};

/* One message that left the house. */
struct world_sent {
    instant at;
    struct str delivery_id, kind, channel, recipient, incident_id;
    int64_t loop, step, attempt;
    bool expected; /* a scenario has asked for it */
};

struct world_held {
    struct str delivery_id;
    int64_t fence;
};

#define WORLD_MAX_SENT 4096
#define WORLD_MAX_HELD 512
#define WORLD_MAX_RULES 16

struct world {
    struct test *t;
    struct arena arena; /* lives as long as the world */
    struct arena batch; /* of one batch */
    struct str url;
    enum db_kind kind;
    bool shared; /* several nodes: alerts always go through the database */
    struct db *db;
    struct raw *raw;
    struct ingest *ingest;
    struct env env;
    struct rand rng;
    int64_t last_number;
    instant now, wake;
    struct world_rule rules[WORLD_MAX_RULES];
    size_t nrules;
    struct world_sent sent[WORLD_MAX_SENT];
    size_t nsent;
    struct world_held held[WORLD_MAX_HELD]; /* leased and not answered */
    size_t nheld;
    int64_t attempts, failures, batches;
    int crashes;
    bool crash_after_commit; /* the next batch's deliveries are never handed over */
};

/* 2026-11-21T12:00:00Z, when every world begins. */
#define WORLD_BEGIN ((instant){INT64_C(1795262400000000)})

/* A new world on an empty database; NULL with the test marked skipped or failed. */
struct world *world_new(struct test *t, struct arena *a, enum db_kind kind);
/* Another node on the same database. */
struct world *world_join(struct world *first, const char *node);
void world_free(struct world *w);
/* kill -9 and start again: memory is gone, what was in flight is unknown. */
bool world_crash(struct world *w);

typedef bool world_run(struct op *op, void *arg, struct error *err);
/* One job in a batch of its own, and then whatever it set off. */
bool world_do(struct world *w, struct actor actor, world_run *run, void *arg, struct error *err);
/* The same without sending what it set off: *fx lists it, until the next batch. */
bool world_batch(struct world *w, struct actor actor, world_run *run, void *arg, struct effects *fx,
    struct error *err);

/* One report of one alert, as it would come with the service's key: labels "name=value,…". */
struct world_alert {
    struct str labels, summary, url;
    instant starts, ends; /* unset: not given */
};
bool world_alerts(
    struct world *w, struct str service, const struct world_alert *v, size_t n, struct error *err);

/* Lets time pass: everything that is due happens at its own time. False when the engine failed. */
bool world_until(struct world *w, instant at);
/* The clock alone: what is due happens late. */
bool world_jump(struct world *w, int64_t us);
void world_provider(struct world *w, struct str whom, enum provider how);

/* What must hold after every batch; reports to the test and returns false if it does not. */
bool world_check(struct world *w);
/* Every chain of events is whole. */
bool world_chains(struct world *w);
/* All rows of all tables as text, random secrets left out: equal for equal histories on any engine.
 */
struct str world_dump(struct world *w, struct arena *a);

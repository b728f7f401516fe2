/* The engine: everything that must happen at a time.
 *
 * engine_run does all that is due at op->now — timers in the order (due, id), alerts past their end,
 * deliveries whose retry or lease is due — and says when it wants to be called next. It never sleeps,
 * reads no clock and sends nothing: what leaves the process is in the operation's effects. */
#pragma once

#include "engine/op.h"

struct ingest;

/* `in` may be NULL (no alerts kept in memory). *wake: when to call again; never unset. */
bool engine_run(struct op *op, struct ingest *in, instant *wake, struct error *err);

/* The outcome of one attempt, from the notifier. Retries pages for ever, other kinds a day long. */
struct delivery_outcome {
    struct str id;
    int64_t fence;
    bool ok, permanent;
    struct str receipt, error;
    int64_t retry_after_us; /* asked for by the provider, 0 if not */
    uint64_t jitter; /* random bits for the back-off */
};
bool engine_delivery_done(struct op *op, const struct delivery_outcome *outcome, struct error *err);

/* Events in the store: appending to a subject's chain, reading it, proving it. */
#pragma once

#include "store/store.h"
#include "domain/event.h"

/* Fills seq, number and hash, and writes the row and the chain's head. */
bool event_append(struct db *db, struct arena *a, struct event *e, struct error *err);
bool event_list(struct db *db, struct arena *a, struct str subject, int64_t after, int64_t limit,
    struct list *out, struct error *err);
bool event_since(struct db *db, struct arena *a, int64_t after_seq, int64_t limit, struct list *out,
    struct error *err);
bool event_last_seq(struct db *db, int64_t *out, struct error *err);

/* Walks every chain; calls `bad` for each finding with a sentence that names the row: altered,
 * missing, reordered, or past the head. *checked counts the events read. */
bool event_verify(struct db *db, void (*bad)(void *ctx, struct str finding), void *ctx,
    int64_t *checked, struct error *err);

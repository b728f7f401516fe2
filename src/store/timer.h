/* Timers: what must happen at a time. One per (kind, subject): putting it again moves it. */
#pragma once

#include "store/store.h"

struct timer {
    int64_t id;
    struct str kind;
    struct str subject;
    instant due_at;
    struct str data; /* JSON */
};
extern const struct field timer_fields[];

bool timer_put(struct db *db, const struct timer *t, struct error *err);
bool timer_cancel(struct db *db, struct str kind, struct str subject, struct error *err);
/* Due at `now`, in the one order (due, id). */
bool timer_due(struct db *db, struct arena *a, instant now, int64_t limit, struct list *out, struct error *err);
/* Takes the timer away so that it fires once, whoever else is looking; *mine false if it was moved
 * or taken meanwhile. */
bool timer_claim(struct db *db, const struct timer *t, bool *mine, struct error *err);
/* Unset if there is none. */
bool timer_next(struct db *db, instant *out, struct error *err);

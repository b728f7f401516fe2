/* Deadlines: a timer wheel of 16 ms ticks. Setting, moving and cancelling cost a few stores, and
 * moving a deadline away costs one: a timer found too early goes back to its place. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WHEEL_TICK_US INT64_C(16384)
#define WHEEL_SLOTS 4096 /* 67 s around; later deadlines are looked at once per turn */

struct wheel_timer {
    struct wheel_timer *prev, *next; /* NULL while not set */
    int64_t due_us;
    int64_t tick; /* at or before that of due_us */
};

struct wheel {
    int64_t tick; /* the next to be looked at */
    struct wheel_timer slots[WHEEL_SLOTS];
    uint64_t busy[WHEEL_SLOTS / 64]; /* slots that hold something */
};

void wheel_init(struct wheel *w, int64_t now_us);
void wheel_set(struct wheel *w, struct wheel_timer *t, int64_t due_us);
void wheel_cancel(struct wheel *w, struct wheel_timer *t);
/* Takes out one timer whose time has come (at most a tick late); NULL when there is none. */
struct wheel_timer *wheel_due(struct wheel *w, int64_t now_us);
/* Milliseconds until wheel_due() is worth calling, rounded up; -1 if nothing is set. */
int wheel_wait_ms(const struct wheel *w, int64_t now_us);

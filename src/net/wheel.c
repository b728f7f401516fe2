#include "net/wheel.h"

#include "base/time.h"

static unsigned slot_of(int64_t tick)
{
    return (unsigned)(tick & (WHEEL_SLOTS - 1));
}

void wheel_init(struct wheel *w, int64_t now_us)
{
    w->tick = now_us / WHEEL_TICK_US;
    for (unsigned i = 0; i < WHEEL_SLOTS; i++)
        w->slots[i].prev = w->slots[i].next = &w->slots[i];
    for (unsigned i = 0; i < WHEEL_SLOTS / 64; i++)
        w->busy[i] = 0;
}

static void put(struct wheel *w, struct wheel_timer *t)
{
    int64_t tick = (t->due_us + WHEEL_TICK_US - 1) / WHEEL_TICK_US;
    int64_t last = w->tick + WHEEL_SLOTS - 1;

    t->tick = tick < w->tick ? w->tick : tick > last ? last : tick;
    unsigned slot = slot_of(t->tick);
    struct wheel_timer *head = &w->slots[slot];
    t->next = head;
    t->prev = head->prev;
    head->prev->next = t;
    head->prev = t;
    w->busy[slot / 64] |= UINT64_C(1) << slot % 64;
}

void wheel_cancel(struct wheel *w, struct wheel_timer *t)
{
    unsigned slot = slot_of(t->tick);

    if (!t->next)
        return;
    t->prev->next = t->next;
    t->next->prev = t->prev;
    t->prev = t->next = NULL;
    if (w->slots[slot].next == &w->slots[slot])
        w->busy[slot / 64] &= ~(UINT64_C(1) << slot % 64);
}

void wheel_set(struct wheel *w, struct wheel_timer *t, int64_t due_us)
{
    t->due_us = due_us;
    if (t->next && t->tick * WHEEL_TICK_US <= due_us)
        return; /* it is found early enough where it is */
    wheel_cancel(w, t);
    put(w, t);
}

/* Ticks from w->tick to the first slot in use; WHEEL_SLOTS if none is. */
static int64_t distance(const struct wheel *w)
{
    unsigned from = slot_of(w->tick);

    for (unsigned i = 0; i <= WHEEL_SLOTS / 64; i++) {
        unsigned word = (from / 64 + i) % (WHEEL_SLOTS / 64);
        uint64_t bits = w->busy[word];
        if (i == 0)
            bits &= ~UINT64_C(0) << from % 64;
        if (bits)
            return slot_of(word * 64 + (unsigned)__builtin_ctzll(bits) + WHEEL_SLOTS - from);
    }
    return WHEEL_SLOTS;
}

struct wheel_timer *wheel_due(struct wheel *w, int64_t now_us)
{
    int64_t now = now_us / WHEEL_TICK_US;

    while (w->tick <= now) {
        int64_t skip = distance(w);
        if (w->tick + skip > now) {
            w->tick = now + 1;
            break;
        }
        w->tick += skip;
        struct wheel_timer *head = &w->slots[slot_of(w->tick)], *t;
        while ((t = head->next) != head) {
            wheel_cancel(w, t);
            if (t->due_us <= now_us)
                return t;
            put(w, t);
        }
        w->tick++;
    }
    return NULL;
}

int wheel_wait_ms(const struct wheel *w, int64_t now_us)
{
    int64_t d = distance(w);

    if (d == WHEEL_SLOTS)
        return -1;
    int64_t us = (w->tick + d) * WHEEL_TICK_US - now_us;
    return us <= 0 ? 0 : (int)((us + MILLISECOND_US - 1) / MILLISECOND_US);
}

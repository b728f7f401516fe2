#include "net/wheel.h"

#include <stdlib.h>

#include "base/rand.h"
#include "base/time.h"
#include "test.h"

TEST(nothing_set)
{
    struct wheel *w = arena_new(a, struct wheel);

    wheel_init(w, 12345);
    CHECK_INT(wheel_wait_ms(w, 12345), -1);
    CHECK(wheel_due(w, 12345 + HOUR_US) == NULL);
    CHECK_INT(wheel_wait_ms(w, 12345 + HOUR_US), -1);
}

TEST(due_never_early_and_at_most_a_tick_late)
{
    struct wheel *w = arena_new(a, struct wheel);
    struct rand rng = {7};
    int64_t now = 5 * HOUR_US + 77;
    enum { N = 300 };
    struct wheel_timer timers[N] = {0};
    bool set[N] = {0};

    wheel_init(w, now);
    for (int turn = 0; turn < 20000; turn++) {
        size_t i = rand_below(&rng, N);
        uint64_t dice = rand_below(&rng, 10);
        if (dice < 6) {
            wheel_set(w, &timers[i], now + (int64_t)rand_below(&rng, 200 * SECOND_US));
            set[i] = true;
        } else if (dice == 6) {
            wheel_cancel(w, &timers[i]);
            set[i] = false;
        }
        now += (int64_t)rand_below(&rng, dice == 9 ? 3 * SECOND_US : 20000);
        for (struct wheel_timer *due; (due = wheel_due(w, now));) {
            CHECK(set[due - timers]);
            CHECK(due->due_us <= now);
            set[due - timers] = false;
        }
        for (size_t k = 0; k < N; k++)
            if (set[k] && timers[k].due_us < now - WHEEL_TICK_US)
                test_fail(
                    t, __FILE__, __LINE__, "%lld µs late", (long long)(now - timers[k].due_us));
    }
}

TEST(waits_until_the_first)
{
    struct wheel *w = arena_new(a, struct wheel);
    struct wheel_timer one = {0}, two = {0};
    int64_t now = 1000 * WHEEL_TICK_US;

    wheel_init(w, now);
    wheel_set(w, &one, now + 10 * SECOND_US);
    wheel_set(w, &two, now + SECOND_US);
    int ms = wheel_wait_ms(w, now);
    CHECK(ms >= 1000 && ms <= 1000 + WHEEL_TICK_US / MILLISECOND_US + 1);
    CHECK(wheel_due(w, now + ms * MILLISECOND_US) == &two);
    CHECK(wheel_due(w, now + ms * MILLISECOND_US) == NULL);
    wheel_cancel(w, &one);
    wheel_cancel(w, &one);
    CHECK_INT(wheel_wait_ms(w, now), -1);
    wheel_set(w, &one, now - SECOND_US);
    CHECK(wheel_due(w, now + SECOND_US + 3 * WHEEL_TICK_US) == &one);
}

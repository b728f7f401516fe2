#include "notify/backoff.h"

int64_t backoff_us(int64_t attempts, uint64_t random_bits, int64_t asked_us)
{
    int64_t pause = BACKOFF_FIRST_US;

    for (int64_t i = 1; i < attempts && pause < BACKOFF_MOST_US; i++)
        pause *= 2;
    if (pause > BACKOFF_MOST_US)
        pause = BACKOFF_MOST_US;
    int64_t spread = pause / 5;
    pause += (int64_t)(random_bits % (uint64_t)(2 * spread + 1)) - spread;
    if (asked_us > BACKOFF_MOST_ASKED_US)
        asked_us = BACKOFF_MOST_ASKED_US;
    return asked_us > pause ? asked_us : pause;
}

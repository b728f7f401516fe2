#include "base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return ts.tv_sec * SECOND_US + ts.tv_nsec / 1000;
}

instant clock_now(void)
{
    return (instant){read_us(CLOCK_REALTIME)};
}

int64_t clock_mono_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

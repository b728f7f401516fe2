/* The edge where time enters: only main, the event loops and the CLI may call these (lint). */
#pragma once

#include "base/time.h"

instant clock_now(void);       /* the wall clock, UTC */
int64_t clock_mono_us(void);   /* monotonic, for deadlines and measurements */

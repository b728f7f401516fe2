/* Slows down guessing of passwords: failures are counted per address signed in to and per network
 * address, in memory, and forgotten after a while. */
#pragma once

#include "base/str.h"
#include "base/time.h"

#define THROTTLE_FAILURES 10             /* per account and peer within… */
#define THROTTLE_WINDOW_US (10 * MINUTE_US)

bool throttle_allows(struct str account, struct str peer, instant now);
void throttle_count(struct str account, struct str peer, instant now);
void throttle_forget(struct str account, struct str peer);

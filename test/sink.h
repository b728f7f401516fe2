/* An HTTP server for tests, on loopback, on its own thread. The path says how it behaves:
 *     /status/NNN  answers with that status and the body "status NNN\n"
 *     /redirect    302 to /status/200         /retry  503 with Retry-After: 7
 *     /big/N       200 with N bytes           /cut    200, promises 100 bytes, sends 3 and closes
 *     /silent      never answers              /drop   closes without an answer
 * and anything else is 200 "ok\n". Connections are kept alive. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct arena;
struct sink;

struct sink *sink_start(void);
void sink_stop(struct sink *s);
int sink_port(const struct sink *s);
int64_t sink_requests(const struct sink *s);
int64_t sink_connections(const struct sink *s);
/* CLOCK_MONOTONIC in µs when the last request was complete. */
int64_t sink_last_us(const struct sink *s);
/* The last whole request, head and body. */
struct str sink_last(struct sink *s, struct arena *a);

/* A server to be tested, whose handler does what the path says:
 *     /park     keeps the exchange until the test takes it
 *     /stream   begins an event stream with "hello\n"
 *     /big/N    N bytes, the letters a to z again and again
 *     /split    tries to inject a header       /none    204
 * and anything else answers "METHOD target body", echoing the request. */
#pragma once

#include <stdatomic.h>
#include <pthread.h>

#include "net/server.h"

struct stand {
    struct server *server;
    int port;
    size_t body_limit;
    atomic_int handled, closed_streams;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct exchange *parked, **parked_end;
    struct ticket stream; /* the last one begun */
    struct ticket closed; /* the last one that ended */
};

/* Serves on a free port of 127.0.0.1. Aborts if that fails. */
void stand_start(struct stand *s, struct server_config config);
void stand_stop(struct stand *s, int64_t drain_us);
/* The oldest exchange that is parked; waits for one. NULL after some seconds. */
struct exchange *stand_take(struct stand *s);
/* Waits until so many streams have been closed. */
bool stand_streams_closed(struct stand *s, int n);
/* Waits until the server has received so many bytes in all. */
bool stand_received(struct stand *s, int64_t bytes);
/* Waits until so many connections are open. */
bool stand_connections(struct stand *s, int64_t n);

/* The HTTP/1.1 server: epoll loops, strict heads, absolute deadlines, parked requests, streams.
 *
 * One loop per thread (SO_REUSEPORT); a loop reads a whole request, then hands its *exchange* to
 * the handler. The exchange (arena, request, answer) is owned by whoever holds it, never by the
 * connection: it names its connection by (loop, slot, generation), so a client that went away is
 * noticed when the answer comes back, and nothing dangles. A handler may answer at once or pass the
 * exchange to another thread; somebody calls exchange_answer() exactly once.
 *
 * Strictness follows RFC 9112 and refuses what enables request smuggling; see http_parse.h.
 * Requests on one connection are handled one after the other. What the server refuses by itself
 * (400, 408, 413, 414, 417, 431, 501, 503, 505) is answered with a small problem+json and the
 * connection is closed, unread bytes drained for a moment so that the client gets to see the
 * answer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "net/http.h"

struct error;
struct server;

#define ANSWER_MAX_HEADERS 16

/* Content-Length, Date and Connection are the server's. Headers that would split the answer
 * (control characters, names that are not names) turn it into a 500. HEAD gets no body, 204 and 304
 * neither. */
struct answer {
    int status;
    size_t nheaders;
    struct http_header headers[ANSWER_MAX_HEADERS];
    struct str body; /* in the exchange's arena, or static */
    /* An event stream: the head goes out without a length, then `body` if any, then what
     * server_stream_send() brings, until either side closes the connection. */
    bool stream;
};

struct ticket {
    uint32_t loop, slot;
    uint64_t generation;
};

struct exchange {
    struct arena arena;
    struct http_request request;
    struct answer answer;
    instant received;      /* wall clock when the request was complete */
    int64_t started_us;    /* monotonic, the same moment */
    uint64_t id;           /* unique per process run: the request id's source */
    void *user;            /* free for the handler's side */
    struct exchange *next; /* for queues of whoever owns it */
    struct ticket ticket;
};

/* Texts are not copied. At most ANSWER_MAX_HEADERS; one more is a programming error and aborts. */
void answer_header(struct answer *a, struct str name, struct str value);

struct server_config {
    struct str listen;            /* "127.0.0.1:8080", "[::]:443", ":8080"; port 0 picks one */
    struct str tls_cert, tls_key; /* PEM files; both or neither */
    int loops;                    /* 0: one less than the processors, at least one */
    size_t max_connections;       /* default 10000; lowered to what the file limit allows */
    size_t max_per_address;       /* default 1000 (a proxy in front is one address) */
    size_t exchange_memory;       /* address space of an arena, default 64 MiB; a body takes half */
    int64_t head_deadline_us;   /* absolute, from the first byte; default 10 s; TLS handshake too */
    int64_t body_deadline_us;   /* absolute, from the end of the head; default 30 s */
    int64_t idle_timeout_us;    /* keep-alive; default 75 s */
    int64_t write_deadline_us;  /* no progress for this long; default 30 s */
    int64_t parked_deadline_us; /* an exchange not answered by then gets 503 on the wire; 30 s */

    /* Called on the loop thread when the head is complete: the largest body this request may have
     * (413 above). NULL: 1 MiB. */
    size_t (*body_limit)(void *ctx, const struct http_request *head);
    /* Called on the loop thread with a whole request; takes ownership of the exchange. */
    void (*handle)(void *ctx, struct exchange *x);
    /* Called on the loop thread once for every exchange answered with `stream`, when its connection
     * is gone (or was, before the answer came). May be NULL. */
    void (*stream_closed)(void *ctx, struct ticket t);
    void *ctx;
};

/* Binds and listens, so that the port is known, but serves nothing yet: handlers may need the
 * server's pointer before the first request arrives. */
bool server_open(struct server **out, const struct server_config *config, struct error *err);
/* Starts the loops. Their threads take no signals. */
bool server_run(struct server *s, struct error *err);
int server_port(const struct server *s);

/* Answers and gives the exchange back; any thread, once. */
void exchange_answer(struct server *s, struct exchange *x);
/* Sends more bytes on a stream (any thread; copies; in order with exchange_answer() of the same
 * thread). A stream whose unsent bytes would pass STREAM_MAX_UNSENT is closed: the client
 * reconnects and resumes. A ticket whose connection is gone is ignored. */
void server_stream_send(struct server *s, struct ticket t, struct str bytes);
void server_stream_close(struct server *s, struct ticket t);
#define STREAM_MAX_UNSENT 65536

/* Graceful: stops accepting, closes idle connections and streams, waits for requests in flight up
 * to the deadline, then closes all. Blocks; joins the loops; frees everything. Exchanges must still
 * be answered, however late: it returns when all of them have come back. */
void server_stop(struct server *s, int64_t drain_us);

struct server_stats {
    int64_t connections, streams; /* now */
    int64_t requests, accepted_connections, refused_connections, timeouts, bad_requests, bytes_in,
        bytes_out; /* so far */
};
void server_stats(const struct server *s, struct server_stats *out);

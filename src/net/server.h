/* The HTTP/1.1 server: epoll loops, strict heads, absolute deadlines, parked requests, streams.
 *
 * One loop per thread (SO_REUSEPORT); a loop reads a whole request, then hands its *exchange* to the
 * handler. The exchange (arena, head, body, answer) is owned by whoever holds it, never by the
 * connection: it names its connection by (loop, slot, generation), so a client that went away is
 * noticed when the answer comes back, and nothing dangles. A handler may answer at once or pass the
 * exchange to another thread; somebody calls exchange_answer() exactly once.
 *
 * Strictness follows RFC 9112 and refuses what enables request smuggling; see http_parse.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

struct error;
struct server;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS };
struct str http_method_name(enum http_method m);

#define HTTP_MAX_HEADERS 64
#define HTTP_MAX_HEAD 16384

struct http_header {
    struct str name, value; /* name as sent; compare without case; value trimmed */
};

struct http_request {
    enum http_method method;
    struct str target;  /* as sent: path and query */
    struct str path;    /* as sent, still percent-encoded */
    struct str query;   /* after '?', or STR_NONE */
    struct http_header headers[HTTP_MAX_HEADERS];
    size_t nheaders;
    struct str body;    /* whole, de-chunked */
    struct str peer;    /* address text, "127.0.0.1" or "::1" */
    bool tls;
};

/* First header of that name, STR_NONE if absent. */
struct str http_header(const struct http_request *r, struct str name);

#define ANSWER_MAX_HEADERS 16

struct answer {
    int status;
    struct http_header headers[ANSWER_MAX_HEADERS]; /* Content-Length, Date, Connection are the server's */
    size_t nheaders;
    struct str body;  /* in the exchange's arena, or static */
    bool stream;      /* keep the connection open after the head: an event stream (no length) */
};

struct exchange {
    struct arena arena;
    struct http_request request;
    struct answer answer;
    instant received;   /* wall clock when the head was complete */
    int64_t started_us; /* monotonic */
    uint64_t id;        /* unique per process run: the request id's source */
    void *user;         /* free for the handler's side */
    struct exchange *next; /* for queues of whoever owns it */
    struct ticket {
        uint32_t loop, slot;
        uint64_t generation;
    } ticket;
};

void answer_header(struct answer *a, struct str name, struct str value);

struct server_config {
    struct str listen;          /* "127.0.0.1:8080", "[::]:443", ":8080"; port 0 picks one */
    struct str tls_cert, tls_key; /* PEM files; both or neither */
    int loops;                  /* 0: one less than the processors, at least one */
    size_t max_connections;     /* default 10000 */
    size_t max_per_address;     /* default 1000 (a proxy in front is one address) */
    int64_t head_deadline_us;   /* absolute, from the first byte; default 10 s */
    int64_t body_deadline_us;   /* absolute, from the end of the head; default 30 s */
    int64_t idle_timeout_us;    /* keep-alive; default 75 s */
    int64_t write_deadline_us;  /* no progress for this long; default 30 s */
    int64_t parked_deadline_us; /* an exchange not answered by then gets 503 on the wire; default 30 s */

    /* Called on the loop thread when the head is complete: the largest body this request may have
     * (413 above). */
    size_t (*body_limit)(void *ctx, const struct http_request *head);
    /* Called on the loop thread with a whole request; takes ownership of the exchange. */
    void (*handle)(void *ctx, struct exchange *x);
    /* Called on the loop thread when a stream's connection is gone. May be NULL. */
    void (*stream_closed)(void *ctx, struct ticket t);
    void *ctx;
};

bool server_start(struct server **out, const struct server_config *config, struct error *err);
int server_port(const struct server *s);
/* Answers and gives the exchange back; any thread, once. */
void exchange_answer(struct server *s, struct exchange *x);
/* Sends more bytes on a stream (any thread; copies). A stream whose unsent bytes would pass 64 KiB
 * is closed: the client reconnects and resumes. */
void server_stream_send(struct server *s, struct ticket t, struct str bytes);
void server_stream_close(struct server *s, struct ticket t);
/* Graceful: stops accepting, closes idle connections and streams, waits for answers in flight up to
 * the deadline, then closes all. Blocks; joins the loops; frees everything. */
void server_stop(struct server *s, int64_t drain_us);

struct server_stats {
    int64_t connections, requests, refused_connections, timeouts, bad_requests, bytes_in, bytes_out, streams;
};
void server_stats(const struct server *s, struct server_stats *out);

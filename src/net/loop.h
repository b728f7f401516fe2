/* Inside the server: a loop, its connections and the exchanges it lends. Included by server.c,
 * loop.c and conn.c only.
 *
 * Everything here belongs to the loop's thread, except `mail` (any thread puts in), `eventfd` and
 * the counters (any thread reads). A connection that fails is marked CONN_DEAD and reaped after the
 * batch of events, so nothing that the batch still names is freed under it. */
#pragma once

#include <openssl/types.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "net/address.h"
#include "net/http_parse.h"
#include "net/reply.h"
#include "net/server.h"
#include "net/wheel.h"

struct gate;
struct loop;

/* What other threads (and handlers on this one) ask of a loop. */
enum mail_kind { MAIL_ANSWER, MAIL_STREAM_SEND, MAIL_STREAM_CLOSE };

struct mail {
    struct mail *next;
    enum mail_kind kind;
    struct ticket ticket;
    struct str bytes; /* MAIL_STREAM_SEND; behind the mail itself */
};

/* An exchange, and what the loop needs to read its request into its arena. */
struct held {
    struct exchange x; /* first: a handler's pointer leads back here */
    struct mail mail;  /* its way home; as good as allocated */
    struct held *next_free;
    struct http_head head;
    struct http_chunks chunks;
    size_t filled;  /* bytes at the beginning of the arena */
    size_t decoded; /* of them: head and de-chunked body */
    size_t body_limit;
    char peer[ADDRESS_MAX_TEXT];
};

enum conn_state {
    CONN_FREE,
    CONN_HANDSHAKE,
    CONN_IDLE, /* before the first byte of a request */
    CONN_HEAD,
    CONN_BODY,
    CONN_PARKED, /* the handler has the exchange */
    CONN_ANSWER, /* an answer is being written */
    CONN_STREAM,
    CONN_LINGER, /* answered and shut down; what still comes is thrown away for a moment */
    CONN_DEAD,
};

struct conn {
    struct wheel_timer timer; /* first: a timer that is due leads back here */
    struct loop *loop;
    uint64_t generation;
    int fd;
    enum conn_state state;
    bool readable;  /* the kernel may have something; edge-triggered, so we remember */
    bool ended;     /* the peer sends no more */
    bool keep;      /* open after this answer */
    bool head_only; /* this answer is for HEAD */
    bool refused;   /* this answer leaves input unread */
    bool streaming; /* somebody waits for stream_closed */
    bool again;     /* on the loop's list of those with more to do */
    SSL *ssl;
    struct held *in;             /* being read */
    const struct exchange *lent; /* parked */
    struct held *out;            /* being written: */
    struct str pieces[2];
    char *unsent; /* of a stream: STREAM_MAX_UNSENT bytes while there are any */
    size_t nunsent;
    size_t drained;
    struct conn *next; /* free, or dead */
    struct conn *next_again;
    struct address address;
    struct str peer; /* the address as text */
    char peer_text[ADDRESS_MAX_TEXT];
};

struct counters {
    _Atomic int64_t connections, streams, requests, accepted, refused, timeouts, bad_requests,
        bytes_in, bytes_out;
};

#define LOOP_EVENTS 256

struct loop {
    struct server *server;
    uint32_t index;
    pthread_t handle; /* for whoever joins it */
    pthread_t thread; /* the same, set by the thread itself: those it lent to may compare */
    int epoll, eventfd, listener;
    _Atomic(struct mail *) mail; /* a stack, newest first */
    atomic_int posting;          /* threads inside loop_post() */
    struct mail *local, **local_end;
    struct conn *conns; /* max_connections slots; the generation tells who uses one now */
    uint32_t used;      /* slots that ever were */
    struct conn *free, *dead, *again, **again_end;
    size_t open, lent;
    uint64_t generation, exchanges;
    struct held *pool;
    size_t pooled;
    int64_t now_us;      /* monotonic, of this turn */
    instant wall;        /* of this turn */
    int64_t accept_us;   /* no accepting before: out of file descriptors */
    int64_t date_second; /* what `date` shows */
    char date[REPLY_DATE_LENGTH + 1];
    bool stopping;
    struct counters counters;
    struct wheel wheel;
    struct epoll_event events[LOOP_EVENTS]; /* here, so that no turn has to clear it */
};

struct server {
    struct server_config config;
    struct gate *gate;
    SSL_CTX *tls;
    int port, nloops, running;
    atomic_bool stopping;
    _Atomic int64_t stop_us; /* when draining ends */
    struct loop *loops;
};

static inline void count(_Atomic int64_t *counter, int64_t n)
{
    /* One writer: no locked instruction needed. */
    atomic_store_explicit(
        counter, atomic_load_explicit(counter, memory_order_relaxed) + n, memory_order_relaxed);
}

/* Event data of the listener; a connection's is generation << 32 | slot. */
#define LOOP_LISTENER UINT64_MAX

/* --- loop.c --- */
void loop_open(struct loop *l, struct server *s, uint32_t index, int listener); /* *l is zero */
void *loop_main(void *loop);
void loop_close(struct loop *l);
void loop_wake(struct loop *l);                  /* any thread */
void loop_post(struct loop *l, struct mail *m);  /* any thread */
void loop_again(struct loop *l, struct conn *c); /* step it once more after this batch */
struct str loop_date(struct loop *l);

/* --- accept.c --- */
void loop_accept(struct loop *l);
void loop_watch_listener(struct loop *l, uint32_t events);

/* --- held.c --- */
struct held *loop_take(struct loop *l); /* an exchange to read into */
void loop_give(struct loop *l, struct held *h);
void held_free(struct held *h);

/* --- conn.c, conn_write.c --- */
void conn_open(struct conn *c, int fd, const struct address *address);
void conn_event(struct conn *c, uint32_t events);
void conn_run(struct conn *c);
void conn_expire(struct conn *c);
void conn_answer(struct conn *c, struct held *h);
void conn_stream_send(struct conn *c, struct str bytes);
void conn_kill(struct conn *c);
void conn_reap(struct conn *c); /* of a dead one: closes and frees what it has */

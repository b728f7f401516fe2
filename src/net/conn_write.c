/* A connection writes: answers, refusals, streams; and how it ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/log.h"
#include "net/conn.h"
#include "net/tls.h"

/* After a refusal input is thrown away for so long, and so much of it. */
#define LINGER_US (2 * SECOND_US)
#define LINGER_BYTES (1024 * 1024)

/* Turns the exchange's answer into bytes and begins to write them. */
static void begin_answer(struct conn *c, struct held *h)
{
    struct loop *l = c->loop;
    struct answer *a = &h->x.answer;
    bool stream = a->stream;
    struct reply_frame frame = {.head_only = c->head_only, .date = loop_date(l)};

    c->keep &= !l->stopping && !stream;
    frame.connection = !c->keep           ? REPLY_CLOSE
                       : h->head.http_1_0 ? REPLY_SAY_KEEP_ALIVE
                                          : REPLY_KEEP;
    if (!reply_build(&h->x.arena, a, &frame, c->pieces)) {
        log_write(ERROR, "answer refused: unsafe header or status",
            LOG_STR("path", h->x.request.path), LOG_INT("status", a->status));
        *a = (struct answer){.status = 500};
        c->keep = false;
        frame.connection = REPLY_CLOSE;
        reply_build(&h->x.arena, a, &frame, c->pieces);
    }
    if (stream) { /* even if it came to nothing: stream_closed is promised */
        c->streaming = true;
        count(&l->counters.streams, 1);
    }
    c->out = h;
    c->state = CONN_ANSWER;
    conn_deadline(c, l->server->config.write_deadline_us);
}

void conn_answer(struct conn *c, struct held *h)
{
    c->lent = NULL;
    begin_answer(c, h);
    conn_run(c);
}

bool conn_refuse(struct conn *c, int status)
{
    struct loop *l = c->loop;
    struct held *h = c->in ? c->in : loop_take(l);
    struct answer *a = &h->x.answer;
    struct str reason = http_reason(status);

    c->in = NULL;
    c->lent = NULL;
    c->keep = false;
    c->refused = true;
    h->x.arena.used = h->filled;
    *a = (struct answer){.status = status};
    answer_header(a, S("Content-Type"), S("application/problem+json"));
    if (status == 503)
        answer_header(a, S("Retry-After"), S("5"));
    a->body = str_printf(&h->x.arena, "{\"title\":\"%.*s\",\"status\":%d}", STR(reason), status);
    begin_answer(c, h);
    return true;
}

bool conn_refuse_request(struct conn *c, int status)
{
    struct counters *n = &c->loop->counters;

    count(status == 408 ? &n->timeouts : &n->bad_requests, 1);
    c->head_only = c->in->x.request.method == HTTP_HEAD;
    return conn_refuse(c, status);
}

/* --- after the answer --- */

/* Closing with unread input would reset the connection and may destroy the answer on its way, so
 * when there is or may be any, we only say that we are done and wait for the peer to say so. */
static bool hang_up(struct conn *c)
{
    if (c->ssl)
        tls_say_goodbye(c->ssl);
    if (!c->refused && !c->in && !c->readable) {
        conn_kill(c);
        return false;
    }
    shutdown(c->fd, SHUT_WR);
    c->state = CONN_LINGER;
    conn_deadline(c, LINGER_US);
    return true;
}

bool conn_step_linger(struct conn *c)
{
    char scratch[8192];
    ssize_t n = recv(c->fd, scratch, sizeof scratch, 0);

    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0 || (c->drained += (size_t)n) > LINGER_BYTES) {
        conn_kill(c);
        return false;
    }
    return true;
}

static void advance(struct str pieces[2], size_t n)
{
    for (int i = 0; i < 2; i++) {
        size_t part = n < pieces[i].len ? n : pieces[i].len;
        pieces[i] = str_slice(pieces[i], part, pieces[i].len);
        n -= part;
    }
}

/* False while something is left to send. */
static bool write_pieces(struct conn *c, struct str pieces[2])
{
    bool progress = false;

    while (pieces[0].len + pieces[1].len) {
        ssize_t n = conn_transmit(c, pieces);
        if (n <= 0) {
            if (progress)
                conn_deadline(c, c->loop->server->config.write_deadline_us);
            return false;
        }
        progress = true;
        advance(pieces, (size_t)n);
    }
    return true;
}

bool conn_step_answer(struct conn *c)
{
    struct loop *l = c->loop;

    if (!write_pieces(c, c->pieces))
        return false;
    bool stream = c->out->x.answer.stream && !c->head_only && !l->stopping;
    loop_give(l, c->out);
    c->out = NULL;
    if (stream) {
        c->state = CONN_STREAM;
        return true;
    }
    if (!c->keep || l->stopping)
        return hang_up(c);
    c->state = CONN_IDLE;
    conn_deadline(c, l->server->config.idle_timeout_us);
    if (c->in || c->readable)
        loop_again(l, c); /* others first: one request per connection and turn */
    return false;
}

/* --- streams --- */

bool conn_step_stream(struct conn *c)
{
    struct str pieces[2] = {{c->unsent, c->nunsent}};

    if (c->ended) {
        conn_kill(c);
        return false;
    }
    bool done = write_pieces(c, pieces);
    if (pieces[0].len)
        memmove(c->unsent, pieces[0].ptr, pieces[0].len);
    c->nunsent = pieces[0].len;
    if (done) {
        free(c->unsent);
        c->unsent = NULL;
        wheel_cancel(&c->loop->wheel, &c->timer); /* a silent stream may stay */
    }
    return false;
}

void conn_stream_send(struct conn *c, struct str bytes)
{
    struct str pieces[2] = {bytes};

    if (c->state == CONN_STREAM && !c->unsent) {
        if (write_pieces(c, pieces))
            return;
        conn_deadline(c, c->loop->server->config.write_deadline_us);
    }
    if (c->state != CONN_STREAM && c->state != CONN_ANSWER)
        return;
    if (pieces[0].len > STREAM_MAX_UNSENT - c->nunsent) {
        conn_kill(c);
        return;
    }
    if (!c->unsent && !(c->unsent = malloc(STREAM_MAX_UNSENT)))
        abort();
    memcpy(c->unsent + c->nunsent, pieces[0].ptr, pieces[0].len);
    c->nunsent += pieces[0].len;
}

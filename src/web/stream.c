/* The live stream: every committed event as a server-sent event, with resume by Last-Event-ID.
 *
 * A subscriber is a connection (its ticket), the last event it was sent, and who is looking at what.
 * Opening replays what it missed and then adds it to the set under one lock, which publishing takes
 * too: no event falls between. A subscriber too far behind is told to load anew instead. Events of a
 * restricted incident go to its members only; when that cannot be found out, everybody is told to load
 * anew. A page about one incident hears of that one only, and those who have such a page open are
 * present at it: that is known here, in memory, and nowhere else. */
#include "web/internal.h"

#include <string.h>

#include "base/utf8.h"
#include "store/access.h"
#include "store/event.h"
#include "web/statuspage_site.h"

#define MAX_STREAMS 2000
#define MAX_REPLAY 500
#define HEARTBEAT_US (15 * SECOND_US)

#define PRESENT_MAX 200 /* people counted at one incident */
#define ID_BYTES 40
#define NAME_BYTES 128

struct subscriber {
    struct ticket ticket;
    int64_t last_seq;
    char user_id[ID_BYTES], name[NAME_BYTES];
    char about[ID_BYTES]; /* the incident; empty: everything */
};

struct stream_set {
    pthread_mutex_t lock;
    struct db *db; /* of web_publish, to ask who may know */
    struct subscriber *v;
    size_t n;
    int64_t beat_us;
};

bool streams_new(struct arena *a, struct str db_url, struct stream_set **out, struct error *err)
{
    struct stream_set *s = *out = arena_new(a, struct stream_set);

    s->v = arena_array(a, struct subscriber, MAX_STREAMS);
    pthread_mutex_init(&s->lock, NULL);
    return db_open(&s->db, db_url, DB_READ, err);
}

void streams_free(struct stream_set *s)
{
    db_close(&s->db);
    pthread_mutex_destroy(&s->lock);
}

/* A copy that ends with a NUL; what is too long is cut between characters. */
static void keep(char *to, size_t size, struct str text)
{
    if (text.len >= size)
        text = utf8_truncate(text, (size - 1) / 4);
    if (text.len)
        memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
}

static bool hears(const struct subscriber *s, struct str subject)
{
    return !s->about[0] || str_eq(str_from(s->about), subject);
}

static void frame(struct buf *b, int64_t seq, struct str subject, struct str kind)
{
    buf_printf(b, "id: %lld\nevent: %s\ndata: {\"seq\":%lld,\"subject\":", (long long)seq,
        str_starts(subject, S("inc_")) ? "incident" : "change", (long long)seq);
    json_write_string(b, subject);
    buf_add(b, S(",\"kind\":"));
    json_write_string(b, kind);
    buf_add(b, S("}\n\n"));
}

static const char reload[] = "event: reload\ndata: {}\n\n";

/* Who may be told of what happens to a subject. */
enum audience { EVERYBODY, MEMBERS, UNKNOWN };

static enum audience audience_of(struct db *db, struct str subject)
{
    struct error ignored = {0};
    bool restricted;

    if (!str_starts(subject, S("inc_")))
        return EVERYBODY;
    return !access_restricted(db, subject, &restricted, &ignored) ? UNKNOWN : restricted ? MEMBERS : EVERYBODY;
}

static bool may_know(struct db *db, enum audience who, struct str subject, struct str user_id)
{
    struct error ignored = {0};
    bool sees = false;

    return who == EVERYBODY || (access_sees(db, subject, user_id, &sees, &ignored) && sees);
}

/* What was missed, or one `reload` when it is too much. */
static struct str replay(struct request *req, struct str about, int64_t *after)
{
    struct error ignored = {0};
    struct list missed;
    struct buf b;
    int64_t last = 0;

    buf_init(&b, req->arena, 60000);
    buf_add(&b, S("retry: 2000\n\n"));
    if (!event_last_seq(req->db, &last, &ignored))
        return buf_str(&b);
    if (*after < 0 || *after > last)
        *after = last;
    if (last - *after > MAX_REPLAY) {
        buf_printf(&b, "id: %lld\nevent: reload\ndata: {}\n\n", (long long)last);
    } else if (event_since(req->db, req->arena, *after, MAX_REPLAY, &missed, &ignored)) {
        const struct event *e = missed.v;
        for (size_t i = 0; i < missed.n; i++) {
            if ((!about.len || str_eq(about, e[i].subject)) &&
                may_know(req->db, audience_of(req->db, e[i].subject), e[i].subject, req->user.id))
                frame(&b, e[i].seq, e[i].subject, e[i].kind);
            last = e[i].seq;
        }
    }
    *after = last;
    return buf_str(&b);
}

void stream_open(struct web *w, struct request *req, int64_t after_seq, struct str about)
{
    struct stream_set *s = w->streams;
    struct answer *a = &req->x->answer;
    struct ticket ticket = req->x->ticket;
    struct error full = {0};

    /* The read began before the lock: end it, so that the replay sees every committed event. */
    db_read_end(req->db);
    pthread_mutex_lock(&s->lock);
    if (s->n == MAX_STREAMS) {
        pthread_mutex_unlock(&s->lock);
        fail(&full, UNAVAILABLE, "too many live pages are open");
        web_answer_error(req, &full);
        return;
    }
    struct str first = replay(req, about, &after_seq);
    struct subscriber *added = &s->v[s->n++];
    *added = (struct subscriber){.ticket = ticket, .last_seq = after_seq};
    keep(added->user_id, sizeof added->user_id, req->user.id);
    keep(added->name, sizeof added->name, req->user.name);
    keep(added->about, sizeof added->about, about);
    a->status = 200;
    a->stream = true;
    answer_header(a, S("Content-Type"), S("text/event-stream"));
    answer_header(a, S("Cache-Control"), S("no-store"));
    answer_header(a, S("X-Accel-Buffering"), S("no"));
    a->body = first;
    exchange_answer(w->server, req->x);
    pthread_mutex_unlock(&s->lock);
}

void web_publish(struct web *w, const struct effects *fx)
{
    struct stream_set *s = w->streams;
    char text[4096];

    if (fx->status_changed)
        site_publisher_wake(w->sites);
    if (!fx->events)
        return;
    pthread_mutex_lock(&s->lock);
    for (const struct effect_event *e = fx->events; e && s->n; e = e->next) {
        struct buf b = {.arena = fx->arena, .ptr = text, .cap = sizeof text, .max = sizeof text - 1};
        frame(&b, e->seq, e->subject, e->kind);
        enum audience who = audience_of(s->db, e->subject);
        for (size_t i = 0; i < s->n; i++) {
            if (e->seq <= s->v[i].last_seq || !hears(&s->v[i], e->subject))
                continue;
            if (who == UNKNOWN)
                server_stream_send(w->server, s->v[i].ticket, str_from(reload));
            else if (may_know(s->db, who, e->subject, str_from(s->v[i].user_id)))
                server_stream_send(w->server, s->v[i].ticket, buf_str(&b));
            s->v[i].last_seq = e->seq;
        }
    }
    pthread_mutex_unlock(&s->lock);
}

struct json *web_present(struct web *w, struct arena *a, struct str incident_id, size_t most, int64_t *count)
{
    struct stream_set *s = w->streams;
    struct json *list = json_array(a);
    struct str seen[PRESENT_MAX];
    size_t n = 0;

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n && n < PRESENT_MAX; i++) {
        struct str who = str_from(s->v[i].user_id);
        bool counted = !s->v[i].about[0] || !hears(&s->v[i], incident_id);
        for (size_t k = 0; k < n && !counted; k++)
            counted = str_eq(seen[k], who);
        if (counted)
            continue;
        seen[n++] = str_copy(a, who);
        if (n <= most)
            json_push(list, json_string(a, str_copy(a, str_from(s->v[i].name))));
    }
    *count = (int64_t)n;
    pthread_mutex_unlock(&s->lock);
    return list;
}

void web_stream_closed(void *ctx, struct ticket t)
{
    struct web *w = ctx;
    struct stream_set *s = w->streams;

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].ticket.loop == t.loop && s->v[i].ticket.slot == t.slot &&
            s->v[i].ticket.generation == t.generation) {
            s->v[i] = s->v[--s->n];
            break;
        }
    pthread_mutex_unlock(&s->lock);
}

void web_tick(struct web *w, int64_t mono_us)
{
    struct stream_set *s = w->streams;

    pthread_mutex_lock(&s->lock);
    if (mono_us - s->beat_us >= HEARTBEAT_US) {
        s->beat_us = mono_us;
        for (size_t i = 0; i < s->n; i++)
            server_stream_send(w->server, s->v[i].ticket, S("event: hb\ndata: {}\n\n"));
    }
    pthread_mutex_unlock(&s->lock);
}

#include "engine/notifier.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/sign.h"
#include "base/zone.h"
#include "domain/alert.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/service.h"
#include "domain/update.h"
#include "domain/user.h"
#include "engine/engine.h"
#include "engine/notice.h"
#include "engine/subscriber.h"
#include "engine/writer.h"
#include "net/client.h"
#include "notify/channels.h"
#include "store/access.h"
#include "store/alert.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/service.h"
#include "store/update.h"
#include "store/user.h"
#include "text/language.h"

#define DRAIN_US (5 * SECOND_US)
#define LINK_LIFE_US (7 * DAY_US)
#define ARENA_SIZE ((size_t)16 << 20)

/* One attempt, from the lease to the recorded outcome. Arenas are pooled with it. */
struct attempt {
    struct notifier *notifier;
    struct arena arena;
    char id[64];
    int64_t fence;
    struct client_job send;
    struct job record;
    struct delivery_outcome outcome;
    struct attempt *next;
};

struct notifier {
    struct notifier_config config;
    struct client *client;
    struct db *db;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ready, idle;
    struct attempt *queue, **tail;
    struct attempt *pool;
    size_t busy; /* attempts taken and not yet recorded */
    bool stopping;
    struct rand rng; /* guarded by lock */
};

static struct attempt *attempt_new(struct notifier *n)
{
    struct attempt *a = n->pool;

    if (a) {
        n->pool = a->next;
        arena_reset(&a->arena, 1 << 14);
    } else {
        a = calloc(1, sizeof *a);
        if (!a)
            abort();
        arena_init(&a->arena, ARENA_SIZE);
    }
    a->notifier = n;
    a->next = NULL;
    a->outcome = (struct delivery_outcome){0};
    return a;
}

static void attempt_free(struct attempt *a)
{
    struct notifier *n = a->notifier;

    pthread_mutex_lock(&n->lock);
    a->next = n->pool;
    n->pool = a;
    if (--n->busy == 0)
        pthread_cond_broadcast(&n->idle);
    pthread_mutex_unlock(&n->lock);
}

static bool record(struct op *op, void *arg, struct error *err)
{
    return engine_delivery_done(op, &((struct attempt *)arg)->outcome, err);
}

static void recorded(void *arg, const struct error *err)
{
    struct attempt *a = arg;

    /* Not recorded: the lease ends and it is sent again, with the same id. */
    if (err->kind != ERROR_NONE)
        log_write(ERROR, "an attempt could not be recorded", LOG_STR("delivery", str_from(a->id)),
            LOG_STR("reason", str_from(err->message)));
    attempt_free(a);
}

static void finish(struct attempt *a, bool ok, bool permanent, struct str receipt, struct str problem)
{
    struct notifier *n = a->notifier;

    pthread_mutex_lock(&n->lock);
    uint64_t jitter = rand_u64(&n->rng);
    pthread_mutex_unlock(&n->lock);
    a->outcome = (struct delivery_outcome){.id = str_from(a->id), .fence = a->fence, .ok = ok,
        .permanent = permanent, .receipt = receipt, .error = problem,
        .retry_after_us = a->outcome.retry_after_us, .jitter = jitter};
    a->record = (struct job){.run = record, .done = recorded, .arg = a, .actor = actor_system};
    if (!writer_submit(n->config.writer, &a->record)) {
        struct error full = {0};
        fail(&full, UNAVAILABLE, "the writer's queue is full");
        recorded(a, &full);
    }
}

/* On the client's thread. */
static void sent(void *ctx, struct client_job *job, const struct client_result *result)
{
    struct attempt *a = ctx;
    struct str text = str_copy(&a->arena, str_from(result->text));

    (void)job;
    bool ok = result->outcome == CLIENT_OK;
    a->outcome.retry_after_us = result->retry_after_us;
    finish(a, ok, result->outcome == CLIENT_PERMANENT, text, ok ? STR_NONE : text);
}

static enum message_kind kind_of(struct str kind)
{
    static const struct {
        const char *kind;
        enum message_kind message;
    } kinds[] = {{"page", MESSAGE_PAGE}, {"resolved", MESSAGE_RESOLVED}, {"update", MESSAGE_UPDATE}, {"nag", MESSAGE_NAG},
        {"notice", MESSAGE_UPDATE}, {"status", MESSAGE_STATUS}, {"subscribe", MESSAGE_SUBSCRIBE}};

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (str_eq(kind, str_from(kinds[k].kind)))
            return kinds[k].message;
    return MESSAGE_TEST;
}

static bool add_alerts(struct notifier *n, struct arena *a, struct str incident_id, struct message *m, struct error *err)
{
    struct list list;

    if (!alert_list(n->db, a, Q_ALERT_OF_INCIDENT, ARGS(v_text(incident_id), v_int(MESSAGE_MAX_ALERTS)), &list, err))
        return false;
    struct message_alert *out = arena_array(a, struct message_alert, list.n + 1);
    const struct alert *v = list.v;
    for (size_t i = 0; i < list.n; i++)
        out[i] = (struct message_alert){.labels = v[i].labels, .annotations = v[i].annotations,
            .fingerprint = str_printf(a, "%016llx", (unsigned long long)v[i].fingerprint), .starts_at = v[i].starts_at};
    m->alerts = out;
    m->nalerts = list.n;
    m->alert_count = (int64_t)list.n;
    return true;
}

/* The words of engine/notice, in the reader's language; returns the request they belong to, if any. */
static struct str add_notice(struct arena *a, const struct delivery *d, struct message *m)
{
    struct str values[NOTICE_VALUES];
    struct json *why = NULL;
    struct error none = {0};
    size_t n = 0;

    if ((!str_eq(d->kind, S("page")) && !str_eq(d->kind, S("notice"))) || !json_parse(a, d->reason, &why, &none))
        return STR_NONE;
    struct str lead = json_get_str(why, S("lead")), text = json_get_str(why, S("text"));
    const struct json *list = json_get(why, S("values"));
    for (const struct json *v = json_is(list, JSON_ARRAY) ? list->first : NULL; v && n < NOTICE_VALUES; v = v->next)
        values[n++] = json_str(v);
    if (lead.len)
        lead = language_fill(m->language, a, str_z(a, lead), values, n);
    if (lead.len || text.len)
        m->update = str_printf(a, "%.*s%s%.*s", STR(lead), lead.len && text.len ? "\n\n" : "", STR(text));
    return json_get_str(why, S("request"));
}

static bool add_incident(struct notifier *n, struct arena *a, const struct delivery *d, struct message *m,
    bool *wanted, struct error *err)
{
    const struct env *env = n->config.env;
    struct incident i = {0};
    struct service s = {0};

    if (!incident_get(n->db, a, d->incident_id, &i, err))
        return false;
    *wanted = !delivery_superseded(d, i.is_open, instant_is_set(i.acknowledged_at));
    if (i.service_id.len && !service_get(n->db, a, i.service_id, &s, err))
        return false;
    bool sees = !i.restricted;
    if (!sees && !access_sees(n->db, i.id, d->user_id, &sees, err))
        return false;
    if (!sees) { /* a webhook, or somebody who has been let out since */
        i.title = S("Restricted incident");
        i.summary = S("");
    }
    m->incident_id = i.id;
    m->number = i.number;
    m->title = i.title;
    m->severity = i.severity;
    m->status = i.status;
    const struct pack_status *status = pack_status_find(env->pack, i.status);
    m->status_name = status ? status->name : STR_NONE;
    m->summary = i.summary.len ? i.summary : STR_NONE;
    m->service = s.name;
    m->started_at = instant_is_set(i.started_at) ? i.started_at : i.detected_at;
    m->incident_url = str_printf(a, "%.*s/incidents/%.*s", STR(env->base_url), STR(i.id));
    struct str request = sees ? add_notice(a, d, m) : STR_NONE;
    if (m->kind == MESSAGE_PAGE && request.len) {
        struct link link = {.subject = request, .user = d->user_id, .action = S("respond"),
            .expires = {(m->now.us + LINK_LIFE_US) / SECOND_US * SECOND_US}};
        m->respond_url = str_printf(a, "%.*s/r/%.*s", STR(env->base_url), STR(link_make(a, &env->links, &link)));
    } else if (m->kind == MESSAGE_PAGE) {
        struct link link = {.subject = i.id, .user = d->user_id.len ? d->user_id : d->endpoint_id,
            .action = S("ack"), .expires = {(m->now.us + LINK_LIFE_US) / SECOND_US * SECOND_US}};
        m->acknowledge_url = str_printf(a, "%.*s/a/%.*s", STR(env->base_url), STR(link_make(a, &env->links, &link)));
    }
    return !sees || add_alerts(n, a, i.id, m, err);
}

/* To people outside: the text that was approved for them, and nothing of the incident, not even its
 * number. Its mails still form one thread, under a name that says nothing. */
static void hide_incident(struct arena *a, const struct update *u, struct message *m)
{
    struct str thread = sha256_hex(a, str_printf(a, "%.*s\n%.*s", STR(u->incident_id), STR(u->audience)));

    m->incident_id = str_printf(a, "thread_%.26s", thread.ptr);
    m->title = u->service;
    m->number = m->severity = m->summary = m->service = m->status_name = m->incident_url = STR_NONE;
    m->status = u->status;
    m->started_at = (instant){0};
    m->alerts = NULL;
    m->nalerts = 0;
    m->alert_count = 0;
}

static bool add_update(struct notifier *n, struct arena *a, const struct delivery *d, struct message *m, bool *wanted,
    struct error *err)
{
    struct update u = {0};

    if (!update_get(n->db, a, d->subject, &u, err))
        return false;
    *wanted = str_eq(u.state, S("published"));
    m->update = u.text;
    if (!d->user_id.len)
        m->language = language_find(n->config.env->languages, u.language);
    if (u.external)
        hide_incident(a, &u, m);
    return true;
}

static void add_nag(struct arena *a, const struct delivery *d, struct message *m)
{
    struct error ignored = {0};
    struct json *why = NULL;

    if (json_parse(a, d->reason, &why, &ignored))
        m->update = json_get_str(why, S("text"));
}

/* One line for people out of the causal chain. */
static struct str reason_line(struct arena *a, const struct delivery *d, const struct message *m)
{
    if (m->kind == MESSAGE_UPDATE || m->kind == MESSAGE_NAG)
        return STR_NONE;
    if (m->kind == MESSAGE_TEST)
        return language_text(m->language, "somebody asked for a test message");
    if (m->kind == MESSAGE_PAGE && d->step < 0) {
        struct json *reason = NULL;
        struct error ignored = {0};
        json_parse(a, d->reason, &reason, &ignored);
        struct str why = json_get_str(reason, S("why"));
        return why.len ? why : language_text(m->language, "asked for by hand");
    }
    struct str service = m->service.len ? m->service : language_text(m->language, "declared by hand");
    long long step = (long long)d->step + 1;
    return d->loop && m->kind == MESSAGE_PAGE
        ? language_format(m->language, a, "%.*s, step %lld of the escalation, repeated", STR(service), step)
        : language_format(m->language, a, "%.*s, step %lld of the escalation", STR(service), step);
}

/* A person reads their own language, or else that of the policy pack, on their own clock; machines
 * get English. */
static bool add_reader(struct notifier *n, struct arena *a, const struct delivery *d, struct message *m, struct error *err)
{
    const struct env *env = n->config.env;
    struct error unknown = {0};
    struct user u = {0};

    if (!d->user_id.len)
        return true;
    if (!user_get(n->db, a, d->user_id, &u, err))
        return false;
    m->language = language_find(env->languages, u.language.len ? u.language : env->pack->language);
    if (!zone_load(a, u.zone, &m->zone, &unknown)) /* it was known when it was chosen; UTC is better than no page */
        m->zone = NULL;
    return true;
}

static bool compose(struct notifier *n, struct arena *a, const struct delivery *d, struct message *m, bool *wanted,
    struct error *err)
{
    struct endpoint e = {0};

    *wanted = true;
    *m = (struct message){.kind = kind_of(d->kind), .delivery_id = d->id, .recipient_id = d->user_id.len ? d->user_id : d->endpoint_id,
        .recipient_name = d->recipient, .address = d->address, .now = clock_now()};
    if (!add_reader(n, a, d, m, err) || (d->incident_id.len && !add_incident(n, a, d, m, wanted, err)) ||
        (m->kind == MESSAGE_UPDATE && !add_update(n, a, d, m, wanted, err)))
        return false;
    if (m->kind == MESSAGE_NAG)
        add_nag(a, d, m);
    if (m->kind == MESSAGE_STATUS || m->kind == MESSAGE_SUBSCRIBE)
        return subscriber_message(n->db, a, n->config.env, d, m, wanted, err);
    m->reason = reason_line(a, d, m);
    if (!d->endpoint_id.len)
        return true;
    return endpoint_get(n->db, a, d->endpoint_id, &e, err) &&
        seal_open(a, &n->config.env->seals, e.id, e.secret, &m->secret, err);
}

/* One snapshot for all that a message says. */
static bool read_all(struct attempt *a, struct delivery *d, struct message *m, bool *wanted, struct error *err)
{
    struct notifier *n = a->notifier;
    bool ok = db_ping(n->db, err) && db_read_begin(n->db, err);

    ok = ok && delivery_get(n->db, &a->arena, str_from(a->id), d, err) && compose(n, &a->arena, d, m, wanted, err);
    db_read_end(n->db);
    return ok;
}

static void attempt_run(struct attempt *a)
{
    struct notifier *n = a->notifier;
    struct delivery d = {0};
    struct message m;
    struct error err = {0};
    struct client_result at_once = {0};
    bool wanted;

    if (!read_all(a, &d, &m, &wanted, &err)) {
        finish(a, false, err.kind == ERROR_NOT_FOUND, STR_NONE, str_copy(&a->arena, str_from(err.message)));
        return;
    }
    const struct channel *channel = channel_find(d.channel);
    if (!wanted) {
        finish(a, false, true, STR_NONE, S("not wanted any more"));
    } else if (!channel) {
        finish(a, false, true, STR_NONE, S("this channel is not known"));
    } else if (channel->deliver) {
        channel->deliver(&m, n->config.channels, &at_once);
        sent(a, &a->send, &at_once);
    } else if (a->send = (struct client_job){0}, !channel->build(&a->arena, &m, n->config.channels, &a->send, &err)) {
        finish(a, false, true, STR_NONE, str_copy(&a->arena, str_from(err.message)));
    } else {
        a->send.done = sent;
        a->send.ctx = a;
        client_send(n->client, &a->send);
    }
}

static void *notifier_main(void *arg)
{
    struct notifier *n = arg;

    for (;;) {
        pthread_mutex_lock(&n->lock);
        while (!n->queue && !n->stopping)
            pthread_cond_wait(&n->ready, &n->lock);
        struct attempt *all = n->queue;
        n->queue = NULL;
        n->tail = &n->queue;
        pthread_mutex_unlock(&n->lock);
        if (!all)
            return NULL;
        for (struct attempt *next; all; all = next) {
            next = all->next;
            attempt_run(all);
        }
    }
}

void notifier_take(struct notifier *n, const struct effects *fx)
{
    if (!fx->deliveries)
        return;
    pthread_mutex_lock(&n->lock);
    for (const struct effect_delivery *e = fx->deliveries; e && !n->stopping; e = e->next) {
        struct attempt *a = attempt_new(n);
        size_t len = e->id.len < sizeof a->id ? e->id.len : sizeof a->id - 1;
        memcpy(a->id, e->id.ptr, len);
        a->id[len] = '\0';
        a->fence = e->fence;
        *n->tail = a;
        n->tail = &a->next;
        n->busy++;
    }
    pthread_cond_signal(&n->ready);
    pthread_mutex_unlock(&n->lock);
}

bool notifier_start(struct notifier **out, const struct notifier_config *config, struct error *err)
{
    struct notifier *n = calloc(1, sizeof *n);

    if (!n)
        return fail(err, INTERNAL, "out of memory");
    n->config = *config;
    n->tail = &n->queue;
    n->rng.state = config->seed;
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->ready, NULL);
    pthread_cond_init(&n->idle, NULL);
    if (!db_open(&n->db, config->db_url, DB_READ, err) || !client_start(&n->client, config->client, err)) {
        notifier_free(n);
        return false;
    }
    if (pthread_create(&n->thread, NULL, notifier_main, n) != 0) {
        notifier_free(n);
        return fail(err, INTERNAL, "cannot start the notifier's thread");
    }
    *out = n;
    return true;
}

void notifier_drain(struct notifier *n)
{
    pthread_mutex_lock(&n->lock);
    n->stopping = true;
    pthread_cond_signal(&n->ready);
    pthread_mutex_unlock(&n->lock);
    if (n->thread)
        pthread_join(n->thread, NULL);
    n->thread = 0;
    if (n->client)
        client_stop(n->client, DRAIN_US);
    n->client = NULL;
    pthread_mutex_lock(&n->lock);
    while (n->busy)
        pthread_cond_wait(&n->idle, &n->lock);
    pthread_mutex_unlock(&n->lock);
}

void notifier_free(struct notifier *n)
{
    if (!n)
        return;
    notifier_drain(n);
    for (struct attempt *a = n->pool, *next; a; a = next) {
        next = a->next;
        arena_deinit(&a->arena);
        free(a);
    }
    db_close(&n->db);
    pthread_cond_destroy(&n->idle);
    pthread_cond_destroy(&n->ready);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

#include "engine/ingest.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "domain/alert.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/firing.h"
#include "engine/incident.h"
#include "engine/verification.h"
#include "engine/writer.h"
#include "store/alert.h"

#define FLUSH_US SECOND_US            /* how long a repeat may wait to be written */
#define FLUSH_BATCH 5000
#define OVERDUE_BATCH 500
#define END_GRACE_US SECOND_US        /* longer than a repeat may wait */
#define BOOT_GRACE_US (2 * MINUTE_US) /* for alerts that ended while we were not listening */

/* What becomes of the table of firing alerts once the transaction has committed. */
struct change {
    uint64_t key[2];
    enum { CHANGE_PUT, CHANGE_REMOVE, CHANGE_FLUSHED } kind;
    struct firing_entry entry; /* PUT: the new state; FLUSHED: what was written */
    struct change *next;
};

struct ingest {
    pthread_mutex_t lock;
    struct routing *routing;
    struct firing firing;
    bool shared;
    bool dirty;      /* some entry has repeats to write */
    instant booted;  /* when the engine ran first */
    struct job *jobs; /* of the batch; writer's thread only, like `changes` */
    struct change *changes;
    struct change *before_run; /* what was staged before the engine's part */
    struct ingest_stats stats;
};

bool ingest_new(struct ingest **out, bool shared_database, struct error *err)
{
    struct ingest *in = calloc(1, sizeof *in);

    if (!in)
        return fail(err, INTERNAL, "out of memory");
    in->shared = shared_database;
    pthread_mutex_init(&in->lock, NULL);
    firing_init(&in->firing);
    *out = in;
    return true;
}

void ingest_free(struct ingest *in)
{
    if (!in)
        return;
    routing_free(in->routing);
    firing_deinit(&in->firing);
    pthread_mutex_destroy(&in->lock);
    free(in);
}

static uint64_t content_hash(struct str annotations, struct str url)
{
    return str_hash(annotations) * 31 + str_hash(url);
}

bool ingest_load(struct ingest *in, struct db *db, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    if (!routing_load(db, &in->routing, err))
        return false;
    if (in->shared)
        return true;
    if (!db_query(db, Q_ALERT_CACHE_LOAD, &rows, NO_ARGS, err))
        return false;
    while (rows_next(&rows, err)) {
        uint64_t key[2];
        firing_key(rows_text(&rows, 1), key);
        struct firing_entry *e = firing_put(&in->firing, key);
        e->id = rows_int(&rows, 0);
        e->timeout = rows_int(&rows, 2);
        e->starts_us = rows_int(&rows, 3);
        e->ends_us = rows_int(&rows, 4);
        e->content = content_hash(rows_text(&rows, 5), rows_text(&rows, 6));
    }
    in->stats.firing = (int64_t)in->firing.n;
    return !rows.failed;
}

/* --- routing snapshots --- */

struct routing *ingest_routing(struct ingest *in)
{
    pthread_mutex_lock(&in->lock);
    struct routing *r = in->routing;
    r->references++;
    pthread_mutex_unlock(&in->lock);
    return r;
}

void ingest_release(struct ingest *in, struct routing *r)
{
    pthread_mutex_lock(&in->lock);
    bool last = --r->references == 0;
    pthread_mutex_unlock(&in->lock);
    if (last)
        routing_free(r);
}

void ingest_reload(struct ingest *in, struct db *db)
{
    struct routing *fresh, *old;
    struct error err = {0};

    if (!routing_load(db, &fresh, &err)) {
        log_write(ERROR, "routing could not be read again", LOG_STR("reason", str_from(err.message)));
        return;
    }
    pthread_mutex_lock(&in->lock);
    old = in->routing;
    in->routing = fresh;
    pthread_mutex_unlock(&in->lock);
    ingest_release(in, old);
}

/* --- on the loop threads --- */

struct str ingest_dedup(struct arena *a, struct str service_id, struct str labels)
{
    hash128 h = HASH_128(NULL, service_id, labels);

    return hex_text(a, h.bytes, sizeof h.bytes);
}

/* A repeat changes nothing but counts: same content, not earlier, not over, not shortened. What has
 * passed its end may be resolved at this very moment, so that is for the writer to say. */
static bool repeats(const struct firing_entry *e, const struct alert_in *in, instant now)
{
    return e && in->ends_at.us > now.us && e->ends_us > now.us && in->starts_at.us >= e->starts_us && in->timeout == e->timeout &&
        in->ends_at.us >= e->ends_us && e->more < UINT32_MAX &&
        content_hash(in->annotations_text, in->generator_url) == e->content;
}

bool ingest_repeats(struct ingest *in, const struct ingest_item *items, size_t n, instant now, bool *wake)
{
    bool all = !in->shared;
    uint64_t key[2];

    *wake = false;
    pthread_mutex_lock(&in->lock);
    for (size_t i = 0; i < n && all; i++) {
        firing_key(items[i].dedup, key);
        all = repeats(firing_find(&in->firing, key), items[i].in, now);
    }
    for (size_t i = 0; i < n && all; i++) {
        firing_key(items[i].dedup, key);
        struct firing_entry *e = firing_find(&in->firing, key);
        e->ends_us = items[i].in->ends_at.us;
        e->more++;
        e->dirty = true;
    }
    in->stats.received += (int64_t)n;
    if (all && n) {
        in->stats.repeats += (int64_t)n;
        *wake = !in->dirty;
        in->dirty = true;
    }
    pthread_mutex_unlock(&in->lock);
    return all;
}

/* --- a batch, on the writer's thread --- */

/* An episode that the batch touches. */
struct slot {
    uint64_t key[2];
    const struct ingest_item *item; /* the latest report */
    struct alert alert;
    bool have;   /* alert is filled */
    bool insert, update, resolved;
    int64_t count_before;
};

struct batch {
    struct op *op;
    struct ingest *in;
    struct slot *slots;
    size_t n;
    uint32_t *index; /* key → slot + 1 */
    size_t mask;
    /* Incidents met in this batch, the latest first: group key → id, alerts that joined. */
    struct met {
        struct str group_key, id, first;
        size_t joined;
        bool soaking; /* it was in monitoring */
        struct met *next;
    } *met;
};

bool ingest_collect(struct ingest *in, struct job *jobs)
{
    in->jobs = jobs;
    in->changes = NULL;
    for (struct job *j = jobs; j; j = j->next)
        if (j->alerts)
            return true;
    return false;
}

static struct change *stage(struct ingest *in, struct op *op, const uint64_t key[2])
{
    struct change *c = arena_new(op->fx->arena, struct change);

    c->key[0] = key[0];
    c->key[1] = key[1];
    c->next = in->changes;
    in->changes = c;
    return c;
}

static bool known(struct ingest *in, const uint64_t key[2])
{
    pthread_mutex_lock(&in->lock);
    bool found = firing_find(&in->firing, key) != NULL;
    pthread_mutex_unlock(&in->lock);
    return found;
}

static int64_t unwritten(struct ingest *in, const uint64_t key[2])
{
    pthread_mutex_lock(&in->lock);
    const struct firing_entry *e = firing_find(&in->firing, key);
    int64_t more = e ? e->more : 0;
    pthread_mutex_unlock(&in->lock);
    return more;
}

/* The slot of the item's episode, with the stored row when there is one. */
static bool slot_of(struct batch *b, const struct ingest_item *item, struct slot **out, struct error *err)
{
    uint64_t key[2];

    firing_key(item->dedup, key);
    size_t i = key[0] & b->mask;
    for (; b->index[i]; i = (i + 1) & b->mask) {
        struct slot *s = &b->slots[b->index[i] - 1];
        if (s->key[0] != key[0] || s->key[1] != key[1])
            continue;
        if (s->resolved) /* fired again in the same batch: a new episode in a slot of its own */
            break;
        *out = s;
        return true;
    }
    bool again = b->index[i];
    struct slot *s = *out = &b->slots[b->n++];
    b->index[i] = (uint32_t)b->n;
    s->key[0] = key[0];
    s->key[1] = key[1];
    if (again || (!b->in->shared && !known(b->in, key)))
        return true;
    s->have = alert_open(b->op->db, b->op->arena, item->dedup, &s->alert, err);
    s->count_before = s->alert.count;
    if (!s->have && err->kind != ERROR_NOT_FOUND)
        return false;
    *err = (struct error){0};
    return true;
}

static bool take_item(struct batch *b, const struct ingest_item *item, struct error *err)
{
    struct slot *s;

    if (!slot_of(b, item, &s, err))
        return false;
    s->item = item;
    switch (alert_merge(s->have ? &s->alert : NULL, item->in, b->op->now, &s->alert)) {
    case ALERT_NEW:
        s->have = s->insert = true;
        s->alert.service_id = item->service->id;
        s->alert.dedup = item->dedup;
        s->alert.incident_id = STR_NONE;
        break;
    case ALERT_REPEAT:
    case ALERT_UPDATE:
        s->update = true;
        break;
    case ALERT_RESOLVE:
        s->update = s->resolved = true;
        if (!s->insert) /* what memory has counted goes with the entry */
            s->alert.count += unwritten(b->in, s->key);
        break;
    case ALERT_STALE:
        break;
    }
    return true;
}

static const struct pack_severity *pack_severity_at(const struct pack *p, int rank)
{
    return (size_t)rank <= p->nseverities ? &p->severities[rank - 1] : &p->severities[p->nseverities - 1];
}

/* What the label calls a severity of the pack: the pack's own word for one before the usual words, for P1 is the
 * worst in one method and the second in another. NULL if it is no severity. */
static const struct pack_severity *labelled(const struct pack *p, struct str label)
{
    int rank = severity_rank_of_label(label);

    for (size_t k = 0; k < p->nseverities; k++)
        if (str_eq_nocase(label, p->severities[k].id))
            return &p->severities[k];
    return rank ? pack_severity_at(p, rank) : NULL;
}

/* The severity its incident gets: the route's, the label's, or the service's; *pages false when that
 * severity pages nobody. */
static struct str severity_for(const struct pack *pack, const struct slot *s, bool *pages)
{
    const struct pack_severity *sev = labelled(pack, s->alert.severity);

    if (s->item->severity.len)
        sev = pack_severity_find(pack, s->item->severity);
    else if (!sev && s->item->service->default_severity.len)
        sev = pack_severity_find(pack, s->item->service->default_severity);
    *pages = !sev || sev->pages;
    return sev ? sev->id : STR_NONE;
}

static bool join_incident(struct batch *b, struct slot *s, struct error *err)
{
    struct incident i = {0};
    bool pages, fresh;
    struct str severity = severity_for(b->op->env->pack, s, &pages);

    if (!s->item->service->policy_id.len || !pages)
        return true;
    for (struct met *m = b->met; m; m = m->next)
        if (str_eq(m->group_key, s->item->group_key)) {
            s->alert.incident_id = m->id;
            if (m->joined++ == 0)
                m->first = s->alert.name;
            return true;
        }
    if (!engine_alert_incident(b->op, s->item->service, s->item->group_key, severity, &s->alert, &i, &fresh, err))
        return false;
    struct met *m = arena_new(b->op->arena, struct met);
    *m = (struct met){.group_key = s->item->group_key, .id = i.id, .first = s->alert.name, .joined = !fresh,
        .soaking = str_eq(i.status, S("monitoring")), .next = b->met};
    b->met = m;
    s->alert.incident_id = i.id;
    return true;
}

static bool tell_joined(struct batch *b, struct error *err)
{
    for (struct met *m = b->met; m; m = m->next) {
        if (!m->joined)
            continue;
        bool said = m->joined == 1
            ? op_say(b->op, m->id, "alert", err, "Alert joined: %.*s", STR(m->first))
            : op_say(b->op, m->id, "alert", err, "%zu alerts joined, the first is %.*s", m->joined, STR(m->first));
        if (!said || (m->soaking && !verification_fired(b->op, m->id, err)))
            return false;
    }
    return true;
}

struct inserted {
    const int64_t *ids;
    bool taken; /* another node was faster with the same alert */
};

static void on_inserted(void *ctx, size_t set, const struct rows *r)
{
    struct inserted *i = ctx;

    if (rows_int(r, 0) != i->ids[set])
        i->taken = true;
}

static int by_key(const void *a, const void *b)
{
    const struct slot *x = *(struct slot *const *)a, *y = *(struct slot *const *)b;

    return x->key[0] < y->key[0] ? -1 : x->key[0] > y->key[0];
}

/* In the order of the unique index, so that a large batch walks it once instead of jumping about. */
static bool write_inserts(struct batch *b, struct error *err)
{
    struct arena *a = b->op->arena;
    size_t width = alert_width(), n = 0;
    struct slot **order = arena_array(a, struct slot *, b->n + 1);

    for (size_t i = 0; i < b->n; i++)
        if (b->slots[i].insert)
            order[n++] = &b->slots[i];
    if (!n)
        return true;
    qsort(order, n, sizeof *order, by_key);
    struct value *values = arena_array(a, struct value, n * width + ROW_MAX_VALUES + 1);
    int64_t *ids = arena_array(a, int64_t, n);
    struct inserted seen = {.ids = ids};
    for (size_t i = 0; i < n; i++) {
        ids[i] = order[i]->alert.id = op_number(b->op);
        row_values(alert_fields, &order[i]->alert, values + i * width);
    }
    if (!db_exec_many(b->op->db, Q_ALERT_INSERT, values, width, n, on_inserted, &seen, err)) {
        err->retry = err->retry || err->kind == ERROR_CONFLICT; /* another node has drawn the same number */
        return false;
    }
    if (seen.taken) {
        fail(err, UNAVAILABLE, "another node took the same alert");
        err->retry = true;
        return false;
    }
    return true;
}

static bool write_updates(struct batch *b, struct error *err)
{
    for (size_t i = 0; i < b->n; i++) {
        struct slot *s = &b->slots[i];
        if (s->update && !s->insert && !alert_update(b->op->db, &s->alert, s->alert.count - s->count_before, err))
            return false;
    }
    return true;
}

static bool tell_over(struct batch *b, struct error *err)
{
    for (size_t i = 0; i < b->n; i++) {
        struct slot *s = &b->slots[i];
        if (s->resolved && s->alert.incident_id.len && !alert_episode_over(b->op, s->alert.incident_id, err))
            return false;
    }
    return true;
}

bool alert_episode_over(struct op *op, struct str incident_id, struct error *err)
{
    int64_t firing;

    return store_count(op->db, Q_ALERT_INCIDENT_FIRING, ARGS(v_text(incident_id)), &firing, err) &&
        (firing > 0 || engine_alerts_over(op, incident_id, err));
}

static void stage_slots(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct slot *s = &b->slots[i];
        if (!s->insert && !s->update)
            continue;
        struct change *c = stage(b->in, b->op, s->key);
        c->kind = s->resolved ? CHANGE_REMOVE : CHANGE_PUT;
        c->entry = (struct firing_entry){.id = s->alert.id, .starts_us = s->alert.starts_at.us,
            .ends_us = s->alert.ends_at.us, .timeout = s->alert.timeout,
            .content = content_hash(s->alert.annotations, s->alert.generator_url)};
        if (!s->resolved)
            effects_wake(b->op->fx, instant_add(s->alert.ends_at, END_GRACE_US));
    }
}

static bool build(struct batch *b, struct error *err)
{
    size_t items = 0, cap = 16;

    for (struct job *j = b->in->jobs; j; j = j->next)
        items += j->alerts ? j->alerts->n : 0;
    while (cap < items * 2)
        cap *= 2;
    b->mask = cap - 1;
    b->index = arena_array(b->op->arena, uint32_t, cap);
    b->slots = arena_array(b->op->arena, struct slot, items + 1);
    for (struct job *j = b->in->jobs; j; j = j->next)
        for (size_t i = 0; j->alerts && i < j->alerts->n; i++)
            if (!take_item(b, &j->alerts->items[i], err))
                return false;
    return true;
}

bool ingest_apply(struct ingest *in, struct op *op, struct error *err)
{
    struct batch b = {.op = op, .in = in};

    op->actor = (struct actor){S("sender"), S("alert"), S("Alert")};
    if (!build(&b, err))
        return false;
    for (size_t i = 0; i < b.n; i++)
        if (b.slots[i].insert && !b.slots[i].resolved && !join_incident(&b, &b.slots[i], err))
            return false;
    /* What ends is written before what begins: an alert may end and fire again within one batch. */
    if (!tell_joined(&b, err) || !write_updates(&b, err) || !write_inserts(&b, err) || !tell_over(&b, err))
        return false;
    stage_slots(&b);
    return true;
}

/* Counts that were not written after all have to be written later. */
static void undo(struct ingest *in, struct change *until)
{
    pthread_mutex_lock(&in->lock);
    for (const struct change *c = in->changes; c != until; c = c->next)
        in->dirty = in->dirty || c->kind == CHANGE_FLUSHED;
    pthread_mutex_unlock(&in->lock);
    in->changes = until;
}

void ingest_discard(struct ingest *in)
{
    undo(in, NULL);
}

void ingest_forget(struct ingest *in)
{
    undo(in, in->before_run);
}

static void apply_change(struct ingest *in, const struct change *c)
{
    struct firing_entry *e;

    switch (c->kind) {
    case CHANGE_PUT:
        e = firing_put(&in->firing, c->key);
        e->id = c->entry.id;
        e->starts_us = c->entry.starts_us;
        e->ends_us = c->entry.ends_us > e->ends_us || !e->dirty ? c->entry.ends_us : e->ends_us;
        e->timeout = c->entry.timeout;
        e->content = c->entry.content;
        break;
    case CHANGE_REMOVE:
        firing_remove(&in->firing, c->key);
        break;
    case CHANGE_FLUSHED:
        e = firing_find(&in->firing, c->key);
        if (e && e->id == c->entry.id) {
            e->more -= c->entry.more;
            e->dirty = e->more > 0 || e->ends_us != c->entry.ends_us;
        }
        break;
    }
}

/* Changes were pushed in front; they have to be applied in the order they were made. */
static struct change *reversed(struct change *c)
{
    struct change *out = NULL;

    while (c) {
        struct change *next = c->next;
        c->next = out;
        out = c;
        c = next;
    }
    return out;
}

void ingest_committed(struct ingest *in)
{
    pthread_mutex_lock(&in->lock);
    for (struct change *c = reversed(in->changes); c; c = c->next)
        if (!in->shared)
            apply_change(in, c);
    in->stats.firing = (int64_t)in->firing.n;
    pthread_mutex_unlock(&in->lock);
    in->changes = NULL;
}

/* --- the engine's part --- */

/* Writes what repeats have counted. Entries stay dirty until the commit. */
static bool flush(struct ingest *in, struct op *op, bool *more, struct error *err)
{
    struct value *values = NULL;
    size_t n = 0;

    pthread_mutex_lock(&in->lock);
    bool any = in->dirty;
    in->dirty = false;
    if (any)
        values = arena_array(op->arena, struct value, FLUSH_BATCH * 4);
    for (size_t i = 0; any && i < in->firing.cap; i++) {
        const struct firing_entry *e = &in->firing.v[i];
        if (!e->dirty)
            continue;
        if (n == FLUSH_BATCH) {
            in->dirty = *more = true;
            break;
        }
        struct value *v = values + n++ * 4;
        v[0] = v_int(e->id);
        v[1] = v_int(e->ends_us);
        v[2] = v_int(op->now.us);
        v[3] = v_int(e->more);
        struct change *c = stage(in, op, e->key);
        c->kind = CHANGE_FLUSHED;
        c->entry = *e;
    }
    pthread_mutex_unlock(&in->lock);
    if (!n || db_exec_many(op->db, Q_ALERT_TOUCH, values, 4, n, NULL, NULL, err))
        return true;
    pthread_mutex_lock(&in->lock);
    in->dirty = true;
    pthread_mutex_unlock(&in->lock);
    return false;
}

/* Alerts whose end has come without anybody repeating them. */
static bool expire(struct ingest *in, struct op *op, bool *more, struct error *err)
{
    struct list due;
    instant until = instant_add(op->now, -END_GRACE_US);

    if (!store_list(op->db, op->arena, Q_ALERT_OVERDUE, ARGS(v_int(until.us), v_int(OVERDUE_BATCH)),
            alert_fields, sizeof(struct alert), &due, err))
        return false;
    struct alert *a = due.v;
    *more |= due.n == OVERDUE_BATCH;
    for (size_t i = 0; i < due.n; i++) {
        uint64_t key[2];
        if (a[i].ends_at.us < in->booted.us && op->now.us < in->booted.us + BOOT_GRACE_US) {
            *more = false; /* the oldest come first: nothing after them is reached yet */
            continue;
        }
        bool ended;
        if (!alert_expire(op->db, a[i].id, until, op->now, &ended, err) ||
            (ended && a[i].incident_id.len && !alert_episode_over(op, a[i].incident_id, err)))
            return false;
        firing_key(a[i].dedup, key);
        stage(in, op, key)->kind = CHANGE_REMOVE;
    }
    return true;
}

bool ingest_run(struct ingest *in, struct op *op, instant *wake, bool *more, struct error *err)
{
    instant end = {0};

    in->before_run = in->changes;
    if (!instant_is_set(in->booted))
        in->booted = op->now;
    if (!flush(in, op, more, err) || !expire(in, op, more, err) ||
        !db_get_int(op->db, Q_ALERT_NEXT_END, &end.us, NULL, NO_ARGS, err))
        return false;
    if (instant_is_set(end)) {
        end = instant_add(end, END_GRACE_US);
        *wake = end.us > op->now.us ? end : instant_add(op->now, FLUSH_US);
    }
    return true;
}

void ingest_stats(struct ingest *in, struct ingest_stats *out)
{
    pthread_mutex_lock(&in->lock);
    *out = in->stats;
    pthread_mutex_unlock(&in->lock);
}

#include "text/language.h"
#include "world.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/embedded.h"
#include "db/migrate.h"
#include "domain/alert.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "engine/engine.h"
#include "engine/ingest.h"
#include "engine/probe.h"
#include "engine/pack.h"
#include "engine/writer.h"
#include "notify/backoff.h"
#include "pg.h"
#include "scratch.h"
#include "store/alert.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/probe.h"
#include "store/service.h"
#include "store/timer.h"

#define MAX_RETRIES 5
#define WORLD_MAX_PROBES 100
#define END_GRACE_US SECOND_US
#define RESOLVE_TIMEOUT_US (5 * MINUTE_US)

static bool complain(struct world *w, const char *what, const struct error *err)
{
    test_fail(w->t, __FILE__, __LINE__, "%s: %s (%s)", what, err->message,
        err->origin ? err->origin : "?");
    return false;
}

/* --- making and ending --- */

static bool start(struct world *w, struct error *err)
{
    return db_open(&w->db, w->url, DB_WRITE, err) && migrate(w->db, WORLD_BEGIN, NULL, err) &&
           packs_follow(&w->env, w->db, err) && ingest_new(&w->ingest, w->shared, err) && ingest_load(w->ingest, w->db, err);
}

static bool read_packs(struct world *w, struct error *err)
{
    static const char *const names[] = {
        "ics-ru.yaml", "manager.yaml", "p0-p3.yaml", "p0-p4.yaml", "sev.yaml", NULL};
    struct embedded *table = arena_array(&w->arena, struct embedded, sizeof names / sizeof *names);

    for (size_t i = 0; names[i]; i++)
        table[i] = (struct embedded){.name = str_from(names[i]),
            .data = test_read_file(&w->arena, str_printf(&w->arena, "packs/%s", names[i]).ptr)};
    struct languages *languages = arena_new(&w->arena, struct languages);
    w->env.languages = languages;
    return languages_open(&w->arena, locale_table, languages, err) && packs_open(&w->env, table, err);
}

static struct world *make(struct test *t, struct str url, enum db_kind kind, const char *node)
{
    struct world *w = calloc(1, sizeof *w);
    struct error err = {0};

    if (!w)
        abort();
    arena_init(&w->arena, (size_t)1 << 30);
    arena_init(&w->batch, (size_t)1 << 30);
    w->t = t;
    w->url = str_copy(&w->arena, url);
    w->kind = kind;
    w->shared = kind == DB_POSTGRES;
    w->now = w->wake = WORLD_BEGIN;
    w->rng.state = str_hash(str_from(node));
    w->env = (struct env){
        .base_url = S("https://tocsin.test"), .node = str_from(node)};
    if (secret_init(&err) && read_packs(w, &err) && start(w, &err)) {
        w->raw = raw_open(w->url, kind);
        return w;
    }
    complain(w, "a world cannot be made", &err);
    world_free(w);
    return NULL;
}

/* Making a database takes PostgreSQL half a second: all worlds of a program have the same in turn.
 */
static struct str fresh_postgres(struct test *t, struct arena *a)
{
    static char kept[256];

    if (*kept) {
        struct raw *r = raw_open(str_from(kept), DB_POSTGRES);
        raw_rows(r, a,
            "SET client_min_messages = warning;"
            " DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        raw_close(r);
    } else {
        snprintf(kept, sizeof kept, "%.*s", STR(test_postgres(t, a)));
    }
    return *kept ? str_from(kept) : STR_NONE;
}

struct world *world_new(struct test *t, struct arena *a, enum db_kind kind)
{
    struct str url = kind == DB_POSTGRES ? fresh_postgres(t, a) : scratch_database(a);

    return url.ptr ? make(t, url, kind, "node-a") : NULL;
}

struct world *world_join(struct world *first, const char *node)
{
    struct world *w = make(first->t, first->url, first->kind, node);

    if (w)
        w->now = w->wake = first->now;
    return w;
}

static void stop(struct world *w)
{
    db_close(&w->db);
    ingest_free(w->ingest);
    w->ingest = NULL;
    w->nheld = 0;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    stop(w);
    raw_close(w->raw);
    packs_close(&w->env);
    arena_deinit(&w->batch);
    arena_deinit(&w->arena);
    free(w);
}

bool world_crash(struct world *w)
{
    struct error err = {0};

    stop(w);
    w->last_number = 0;
    w->wake = w->now;
    w->crashes++;
    return start(w, &err) || complain(w, "it does not start again", &err);
}

/* --- the writer --- */

static void op_init(struct world *w, struct op *op, struct effects *fx, struct actor actor)
{
    *op = (struct op){.db = w->db,
        .arena = &w->batch,
        .now = w->now,
        .rng = &w->rng,
        .last_number = &w->last_number,
        .actor = actor,
        .env = &w->env,
        .fx = fx};
}

struct work {
    struct job *alerts; /* or */
    world_run *run;
    void *arg;
    struct actor actor;
    struct error err; /* of the job alone */
};

static bool in_savepoint(
    struct world *w, struct op *op, world_run *run, void *arg, struct error *err, bool *broken)
{
    struct effects mark = *op->fx;
    struct error undo = {0};

    *err = (struct error){0};
    if (db_savepoint(w->db, err)) {
        if (run(op, arg, err))
            return db_release(w->db, err) || !(*broken = true);
        effects_rollback(op->fx, &mark);
        if (!err->retry && db_rollback_to(w->db, &undo))
            return false;
    }
    *broken = true;
    return false;
}

static bool run_engine(struct op *op, void *arg, struct error *err)
{
    struct world *w = arg;

    return engine_run(op, w->ingest, &w->wake, err);
}

/* As the writer does it: alerts, then the job, then the engine if it is due, then the commit. */
static bool try_batch(struct world *w, struct work *work, struct effects *fx, struct error *err)
{
    bool broken = false;
    struct op op;

    if (!db_begin(w->db, err))
        return false;
    op_init(w, &op, fx, actor_system);
    if (ingest_collect(w->ingest, work->alerts) && !ingest_apply(w->ingest, &op, err))
        broken = true;
    op_init(w, &op, fx, work->actor);
    if (!broken && work->run)
        in_savepoint(w, &op, work->run, work->arg, &work->err, &broken);
    if (broken && err->kind == ERROR_NONE)
        *err = work->err;
    if (!broken &&
        (w->wake.us <= w->now.us || (instant_is_set(fx->wake) && fx->wake.us <= w->now.us))) {
        op_init(w, &op, fx, actor_system);
        if (!in_savepoint(w, &op, run_engine, w, err, &broken))
            broken = true; /* in a test the engine never fails */
    }
    if (!broken && db_commit(w->db, err))
        return true;
    db_rollback(w->db);
    ingest_discard(w->ingest);
    return false;
}

static bool batch(struct world *w, struct work *work, struct effects *fx, struct error *err)
{
    bool ok = false;

    for (int tries = 0; tries < MAX_RETRIES && !ok; tries++) {
        arena_reset(&w->batch, 1 << 18);
        effects_init(fx, &w->batch);
        *err = work->err = (struct error){0};
        ok = try_batch(w, work, fx, err);
        if (!ok && !err->retry)
            break;
    }
    w->batches++;
    if (!ok) {
        *fx = (struct effects){0};
        return false;
    }
    ingest_committed(w->ingest);
    if (instant_is_set(fx->wake) && fx->wake.us < w->wake.us)
        w->wake = fx->wake;
    if (fx->config_changed) {
        ingest_reload(w->ingest, w->db);
        if (!packs_follow(&w->env, w->db, err))
            return false;
    }
    *err = work->err;
    return err->kind == ERROR_NONE;
}

/* --- the notifier --- */

void world_provider(struct world *w, struct str whom, enum provider how)
{
    struct world_rule *r = w->rules;

    while (r < w->rules + w->nrules && !str_eq(r->whom, whom))
        r++;
    if (r == w->rules + w->nrules && w->nrules++ == WORLD_MAX_RULES)
        abort();
    *r = (struct world_rule){str_copy(&w->arena, whom), how};
}

static enum provider provider_of(const struct world *w, const struct delivery *d)
{
    for (size_t i = 0; i < w->nrules; i++)
        if (w->rules[i].how != PROVIDER_UP &&
            (str_eq(w->rules[i].whom, d->channel) || str_eq(w->rules[i].whom, d->recipient)))
            return w->rules[i].how;
    return PROVIDER_UP;
}

static bool record(struct op *op, void *arg, struct error *err)
{
    return engine_delivery_done(op, arg, err);
}

/* Who never answers is asked again and again; the latest questions are kept. */
static void hold(struct world *w, struct str id, int64_t fence)
{
    if (w->nheld == WORLD_MAX_HELD)
        __builtin_memmove(w->held, w->held + 1, --w->nheld * sizeof *w->held);
    w->held[w->nheld++] = (struct world_held){str_copy(&w->arena, id), fence};
}

static void note_sent(struct world *w, const struct delivery *d)
{
    if (w->nsent == WORLD_MAX_SENT)
        abort();
    w->sent[w->nsent++] = (struct world_sent){.at = w->now,
        .delivery_id = str_copy(&w->arena, d->id),
        .kind = str_copy(&w->arena, d->kind),
        .channel = str_copy(&w->arena, d->channel),
        .recipient = str_copy(&w->arena, d->recipient),
        .incident_id = str_copy(&w->arena, d->incident_id),
        .loop = d->loop,
        .step = d->step,
        .attempt = d->attempts};
}

/* One attempt: asks once more whether it is wanted, sends, and reports. */
static bool attempt(
    struct world *w, struct str id, int64_t fence, struct effects *fx, struct error *err)
{
    CLEANUP(arena_deinit) struct arena a;
    struct delivery d = {0};
    struct incident i = {0};
    struct delivery_outcome out = {.id = id, .fence = fence, .jitter = rand_u64(&w->rng)};

    arena_init(&a, 1 << 26);
    if (!delivery_get(w->db, &a, id, &d, err) ||
        (d.incident_id.len && !incident_get(w->db, &a, d.incident_id, &i, err)))
        return false;
    enum provider how = provider_of(w, &d);
    if (how == PROVIDER_HOLDS) {
        hold(w, id, fence);
        return true;
    }
    w->attempts++;
    if (d.incident_id.len &&
        delivery_superseded(&d, i.is_open, instant_is_set(i.acknowledged_at))) {
        out.permanent = true;
        out.error = S("not wanted any more");
    } else if (how == PROVIDER_UP) {
        out.ok = true;
        out.receipt = S("250 ok");
        note_sent(w, &d);
    } else {
        w->failures++;
        out.permanent = how == PROVIDER_REFUSES;
        out.error = how == PROVIDER_REFUSES ? S("550 no such mailbox") : S("421 not now");
    }
    return batch(w, &(struct work){.run = record, .arg = &out, .actor = actor_system}, fx, err);
}

static bool record_probe(struct op *op, void *arg, struct error *err)
{
    return engine_probe_done(op, arg, err);
}

/* What it sees is what was said of the provider of its name. */
static bool run_probe(struct world *w, struct str id, struct effects *fx, struct error *err)
{
    CLEANUP(arena_deinit) struct arena a;
    struct probe p = {0};

    arena_init(&a, 1 << 20);
    if (!probe_get(w->db, &a, id, &p, err))
        return false;
    bool down = false;
    for (size_t i = 0; i < w->nrules; i++)
        down |= w->rules[i].how != PROVIDER_UP && str_eq(w->rules[i].whom, p.name);
    struct probe_outcome out = {
        .id = id, .at = w->now, .passing = !down, .detail = down ? S("no answer") : S("connected")};
    return batch(
        w, &(struct work){.run = record_probe, .arg = &out, .actor = actor_system}, fx, err);
}

/* Sends what was leased, and what sending itself set off, until nothing is left. */
static bool deliver(struct world *w, const struct effects *fx, struct error *err)
{
    struct world_held queue[WORLD_MAX_HELD];
    size_t n = 0;

    for (const struct effect_delivery *d = fx->deliveries; d; d = d->next) {
        if (n == WORLD_MAX_HELD)
            abort();
        queue[n++] = (struct world_held){str_copy(&w->arena, d->id), d->fence};
    }
    struct str probes[WORLD_MAX_PROBES];
    size_t nprobes = 0;
    for (const struct effect_probe *e = fx->probes; e && nprobes < WORLD_MAX_PROBES; e = e->next)
        probes[nprobes++] = str_copy(&w->arena, e->probe->id);
    if (w->crash_after_commit) {
        w->crash_after_commit = false;
        return world_crash(w);
    }
    for (size_t i = 0; i < n; i++) {
        struct effects more = {0};
        if (!attempt(w, queue[i].delivery_id, queue[i].fence, &more, err) ||
            !deliver(w, &more, err))
            return false;
    }
    for (size_t i = 0; i < nprobes; i++) {
        struct effects more = {0};
        if (!run_probe(w, probes[i], &more, err) || !deliver(w, &more, err))
            return false;
    }
    return true;
}

bool world_batch(struct world *w, struct actor actor, world_run *run, void *arg, struct effects *fx,
    struct error *err)
{
    return batch(w, &(struct work){.run = run, .arg = arg, .actor = actor}, fx, err);
}

static bool act(struct world *w, struct work *work, struct error *err)
{
    struct error sending = {0};
    struct effects fx = {0};
    bool ok = batch(w, work, &fx, err);

    if (!deliver(w, &fx, &sending))
        return complain(w, "a delivery could not be recorded", &sending);
    return ok;
}

bool world_do(struct world *w, struct actor actor, world_run *run, void *arg, struct error *err)
{
    return act(w, &(struct work){.run = run, .arg = arg, .actor = actor}, err);
}

/* --- time --- */

static void earlier(instant *wake, instant candidate)
{
    if (instant_is_set(candidate) && candidate.us < wake->us)
        *wake = candidate;
}

/* When something is planned: the engine also looks every half minute, which a test has no time for.
 */
static bool planned(struct world *w, instant *wake, struct error *err)
{
    instant timer, delivery, end = {0};

    if (!timer_next(w->db, &timer, err) || !delivery_next(w->db, &delivery, err) ||
        !db_get_int(w->db, Q_ALERT_NEXT_END, &end.us, NULL, NO_ARGS, err))
        return false;
    earlier(wake, timer);
    earlier(wake, delivery);
    if (instant_is_set(end))
        earlier(wake, instant_add(end, END_GRACE_US));
    return true;
}

static bool run_due(struct world *w, struct error *err)
{
    instant looked = w->now, idle = instant_add(w->now, 30 * SECOND_US);

    if (!act(w, &(struct work){.actor = actor_system}, err))
        return false;
    if (w->wake.us != idle.us || looked.us != w->now.us)
        return true;
    w->wake = instant_add(w->now, 100 * 365 * DAY_US);
    return planned(w, &w->wake, err);
}

bool world_until(struct world *w, instant at)
{
    struct error err = {0};

    for (int runs = 0; w->wake.us <= at.us; runs++) {
        if (runs > 20000) {
            test_fail(w->t, __FILE__, __LINE__, "the engine does not come to rest");
            return false;
        }
        w->now = w->wake.us > w->now.us ? w->wake : w->now;
        if (!run_due(w, &err))
            return complain(w, "the engine failed", &err);
    }
    w->now = at.us > w->now.us ? at : w->now;
    return true;
}

bool world_jump(struct world *w, int64_t us)
{
    w->now = instant_add(w->now, us);
    return world_until(w, w->now);
}

/* --- alerts --- */

static struct labels labels_of(struct arena *a, struct str text)
{
    struct labels ls = {.v = arena_array(a, struct label, LABELS_MAX)};

    while (text.len && ls.n < LABELS_MAX) {
        struct str one, name;
        text = str_cut(text, ',', &one);
        struct str value = str_cut(one, '=', &name);
        ls.v[ls.n++] = (struct label){name, value.ptr ? value : S("")};
    }
    return ls;
}

static void report(
    struct world *w, struct arena *a, const struct world_alert *v, struct alert_in *out)
{
    *out = (struct alert_in){.labels = labels_of(a, v->labels),
        .starts_at = v->starts,
        .ends_at = v->ends,
        .generator_url = v->url};
    if (v->summary.len) {
        out->annotations.v = arena_array(a, struct label, 1);
        out->annotations.v[out->annotations.n++] = (struct label){S("summary"), v->summary};
    }
    alert_in_finish(a, out, w->now, RESOLVE_TIMEOUT_US);
}

static void nothing(void *arg, const struct error *err)
{
    (void)arg, (void)err;
}

bool world_alerts(
    struct world *w, struct str service, const struct world_alert *v, size_t n, struct error *err)
{
    CLEANUP(arena_deinit) struct arena a;
    struct service own = {0};
    struct ingest_job alerts = {.routing = ingest_routing(w->ingest), .n = n};
    bool wake = false, ok = true;
    int crashes = w->crashes;

    arena_init(&a, (size_t)1 << 28);
    alerts.items = arena_array(&a, struct ingest_item, n + 1);
    if (!service_by_name(w->db, &a, service, &own, err))
        ok = false;
    for (size_t i = 0; ok && i < n; i++) {
        struct alert_in *in = arena_new(&a, struct alert_in);
        const struct routing_route *route = NULL;
        struct ingest_item *item = &alerts.items[i];
        report(w, &a, &v[i], in);
        item->in = in;
        item->service = routing_service(alerts.routing, &own, &in->labels, &route);
        item->severity = route ? route->route.severity : STR_NONE;
        item->dedup = ingest_dedup(&a, item->service->id, in->labels_text);
        if (item->service->policy_id.len)
            item->group_key = routing_group_key(&a, item->service, &in->labels, item->dedup);
    }
    if (ok && ingest_repeats(w->ingest, alerts.items, n, w->now, &wake)) {
        instant soon = instant_add(w->now, SECOND_US);
        if (wake && soon.us < w->wake.us)
            w->wake = soon;
    } else if (ok) {
        struct job job = {.alerts = &alerts, .done = nothing};
        ok = act(w, &(struct work){.alerts = &job, .actor = actor_system}, err);
    }
    if (w->crashes == crashes) /* otherwise it is gone, like everything in memory */
        ingest_release(w->ingest, alerts.routing);
    return ok;
}

/* Operations: the only way the world changes. An operation reads state, decides (a rule of domain/),
 * and writes state, events, timers and deliveries, all in the writer's transaction. What has to leave
 * the process afterwards — live events, deliveries to send — is collected in its effects and acted
 * upon only after the commit. */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/rand.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/time.h"
#include "db/db.h"
#include "domain/event.h"

struct pack;
struct packs;
struct delivery;
struct probe;
struct embedded;
struct languages;

/* What is fixed while the process runs. */
struct env {
    struct str base_url; /* how people reach us: "https://tocsin.example.org", no slash at the end */
    struct str node;     /* name of this process in leases */
    const struct pack *_Atomic pack; /* in use; the writer's thread replaces it (engine/pack.h) */
    struct packs *packs;             /* that can be in use; NULL: only `pack` */
    const struct languages *languages; /* NULL: English alone */
    const struct embedded *playbooks; /* built in, as SLUG.md; NULL: none */
    struct secret_key links; /* signs acknowledge links */
    struct secret_key seals; /* secrets at rest */
};

struct actor {
    struct str kind; /* user, system, sender, link */
    struct str id;
    struct str name;
};
extern const struct actor actor_system;

struct effect_event {
    int64_t seq;
    struct str subject, kind;
    struct effect_event *next;
};
/* A delivery leased to this node in this transaction. */
struct effect_delivery {
    struct str id;
    int64_t fence;
    struct effect_delivery *next;
};
/* A probe that is to run; see prober.h. */
struct effect_probe {
    const struct probe *probe;
    struct effect_probe *next;
};
struct effects {
    struct arena *arena; /* the batch's */
    struct effect_event *events, **events_tail;
    struct effect_delivery *deliveries, **deliveries_tail;
    struct effect_probe *probes, **probes_tail;
    instant wake;        /* earliest timer that was set; unset = none */
    bool config_changed; /* services, routes, keys or policies */
    bool status_changed; /* what a status page shows */
};
void effects_init(struct effects *fx, struct arena *a);
/* Forgets everything added since `mark` was copied from *fx. */
void effects_rollback(struct effects *fx, const struct effects *mark);
void effects_wake(struct effects *fx, instant at);

struct op {
    struct db *db;
    struct arena *arena;
    instant now;
    struct rand *rng;
    int64_t *last_number; /* for op_number */
    struct actor actor;
    const struct env *env;
    struct effects *fx;
};

struct str op_id(struct op *op, const char *prefix);
int64_t op_number(struct op *op);

/* Appends to the subject's timeline. `data` is a JSON object (its "text" is what people read); `at`
 * unset means now; `corrects` 0 means none. The event lands in *out if not NULL. */
struct json;
bool op_event(struct op *op, struct str subject, const char *kind, instant at, int64_t corrects,
    const struct json *data, struct event *out, struct error *err);
/* The common case: only a text. */
bool op_say(struct op *op, struct str subject, const char *kind, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* The same in Tocsin's own name, whoever set the operation off: what follows from a rule. */
bool op_tell(struct op *op, struct str subject, const char *kind, struct error *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

bool op_timer(struct op *op, const char *kind, struct str subject, instant due, struct error *err);
/* Puts a delivery into the outbox, leased to this node at once, so that it leaves right after the
 * commit. The same delivery is put there only once, however often it is asked for. */
bool op_deliver(struct op *op, struct delivery *d, struct error *err);
/* The same, to leave at `at`: until then it can be withdrawn. */
bool op_deliver_at(struct op *op, struct delivery *d, instant at, struct error *err);

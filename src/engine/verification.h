/* The gate before `resolved`. It begins when the incident enters `monitoring`; an alert of the incident
 * that fires during the soak sends it back; resolving is refused until everything is passed, or waived
 * by the commander. Domain rules: domain/verification.h. */
#pragma once

#include "engine/op.h"
#include "domain/verification.h"
#include "store/store.h"

struct incident;
struct pack;

/* How it stands. */
struct verification_state {
    bool gate; /* it holds for this incident; if not, the rest is what was before */
    struct verification v;
    struct list checks; /* struct task */
    struct list probes; /* struct probe */
    int64_t firing;
    struct verification_missing missing;
};
bool verification_look(struct db *db, struct arena *a, const struct pack *p, const struct incident *i, instant now,
    struct verification_state *out, struct error *err);
/* True if this person may waive it: the commander, without one whoever has acknowledged, without
 * anybody everyone. *who: the name of whom to ask, if it is somebody else. */
bool verification_may_waive(struct db *db, struct arena *a, const struct pack *p, const struct incident *i,
    struct str user_id, bool *may, struct str *who, struct error *err);

/* Asked before it is resolved: true if it may be; *verified if everything is passed. CONFLICT names
 * what is missing; with a reason to waive it only FORBIDDEN is left. */
bool verification_pass(struct op *op, const struct incident *i, struct str waive, bool *verified, struct error *err);
/* Ticks what Tocsin sees itself, or takes it back. */
bool verification_refresh(struct op *op, struct str incident_id, struct error *err);
/* An alert of the incident fires again: back to work, and whoever leads it is paged. Nothing happens
 * unless it soaks. */
bool verification_fired(struct op *op, struct str incident_id, struct error *err);
/* See follow.h. */
bool verification_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);
/* The timers' handlers. */
bool verification_soaked(struct op *op, struct str incident_id, struct error *err);
bool verification_probe(struct op *op, struct str incident_id, struct error *err);

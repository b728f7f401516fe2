/* Probes of services: making them, asking for them to run, and what came of it. They run outside of
 * any operation: see prober.h. */
#pragma once

#include "engine/op.h"
#include "domain/probe.h"

/* It runs at once, so that whoever made it sees whether it works. */
bool engine_probe_add(struct op *op, struct str service_id, struct probe *p, struct error *err);
bool engine_probe_remove(struct op *op, struct str service_id, struct str id, struct error *err);
bool engine_probe_run(struct op *op, struct str service_id, struct str id, struct probe *out, struct error *err);

/* Puts it into the effects: it runs after the commit. */
void probe_ask(struct op *op, const struct probe *p);

struct probe_outcome {
    struct str id;
    instant at;
    bool passing;
    struct str detail;
};
/* The outcome of one run; a verification that waits for it looks again. */
bool engine_probe_done(struct op *op, const struct probe_outcome *outcome, struct error *err);

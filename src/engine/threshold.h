/* Thresholds of an incident: setting them, ending them, and saying when their time is up. */
#pragma once

#include "domain/threshold.h"
#include "engine/op.h"

/* Of *t text, action, within and runbook_id are read. `ref`: the incident's id or number. */
bool engine_threshold_add(struct op *op, struct str ref, struct threshold *t, struct error *err);
/* CONFLICT when it has ended already. */
bool engine_threshold_end(struct op *op, struct str ref, struct str id, struct str state, struct threshold *out,
    struct error *err);
/* Timer "threshold". */
bool threshold_due(struct op *op, struct str id, struct error *err);

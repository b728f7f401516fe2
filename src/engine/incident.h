/* What people and alerts do to incidents. Every function runs inside an operation; `ref` is an
 * incident's id or number; the incident as it is afterwards lands in *out. */
#pragma once

#include "engine/op.h"
#include "domain/incident.h"

struct service;
struct alert;

/* Writes a changed incident with its next version; retries the operation when another was faster. */
bool incident_save(struct op *op, struct incident *i, struct error *err);

bool engine_declare(struct op *op, const struct incident_declare *in, struct incident *out, struct error *err);

/* The incident that alerts of this group belong to: the open one, or a new one in triage whose
 * escalation has begun. *fresh tells which. `first` describes a new one. */
bool engine_alert_incident(struct op *op, const struct service *service, struct str group_key,
    struct str severity, const struct alert *first, struct incident *out, bool *fresh, struct error *err);
/* The last firing alert of the incident is gone: resolves it if nobody has acknowledged it, and says
 * so on the timeline otherwise. */
bool engine_alerts_over(struct op *op, struct str incident_id, struct error *err);

/* Stops the escalation. Acknowledging again is not an error: *first tells whether this was the one. */
bool engine_acknowledge(struct op *op, struct str ref, struct str reason, struct incident *out, bool *first,
    struct error *err);
bool engine_note(struct op *op, struct str ref, const struct incident_note *in, struct incident *out,
    struct error *err);
bool engine_status(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err);
/* Pages one person now, beside the escalation. */
bool engine_page(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err);
/* Takes the next step of the escalation now; CONFLICT if none is running. */
bool engine_pass(struct op *op, struct str ref, struct incident *out, struct error *err);
bool engine_severity(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err);
/* `given`: bit i set when incident_edit_fields[i] is to be changed. */
bool engine_edit(struct op *op, struct str ref, const struct incident_edit *in, uint64_t given,
    struct incident *out, struct error *err);
bool engine_affect(struct op *op, struct str ref, struct str service_id, bool affected, struct incident *out,
    struct error *err);

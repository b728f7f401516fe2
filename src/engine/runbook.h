/* The library of runbooks, and following one in an incident. */
#pragma once

#include "domain/runbook.h"
#include "engine/op.h"

struct incident;

/* Reads a document into *out (see domain/runbook.h); complaints are about the field `body`. */
bool runbook_read(struct arena *a, struct str body, struct runbook *out, struct error *err);

/* New without `ref`; otherwise the next version of that one, CONFLICT if `version` is not its last. */
bool engine_runbook_put(struct op *op, struct str ref, struct str body, int64_t version, struct runbook *out,
    struct error *err);
/* Somebody has followed it today, and it was right. */
bool engine_runbook_tested(struct op *op, struct str ref, struct runbook *out, struct error *err);

/* The document of a playbook that comes with the pack in use, or with the program; STR_NONE. */
struct str runbook_built_in(const struct env *env, struct arena *a, struct str slug);

/* Follows a runbook in the incident: its steps become tasks, its escalation a threshold. `ref`: id or
 * slug, also of a built-in playbook, which comes into the library by it. Once is enough: again
 * changes nothing. */
bool engine_runbook_attach(struct op *op, struct str incident_ref, struct str ref, struct str reason,
    struct runbook *out, struct error *err);
/* Puts it away again: what is open of it is skipped. */
bool engine_runbook_remove(struct op *op, struct str incident_ref, struct str ref, struct error *err);
/* Attaches what the library has for the incident's alerts, services and severity, as soon as somebody
 * is there to follow it. See follow.h. */
bool runbook_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

/* Postmortems: due at the pack's time after resolution, drafted from the timeline, edited by people. */
#pragma once

#include "engine/op.h"
#include "domain/postmortem.h"

struct incident;

/* After resolution: drafts one if the severity's pack asks for it and there is none yet. */
bool engine_postmortem_due(struct op *op, const struct incident *i, struct error *err);
/* By a person's wish, whatever the pack says; returns the one that exists if there is one. */
bool engine_postmortem_start(struct op *op, struct str incident_ref, struct postmortem *out, struct error *err);
bool engine_postmortem_edit(struct op *op, struct str id, const struct postmortem_edit *in, struct postmortem *out,
    struct error *err);
/* The timer's handler: says on the incident's timeline that it is overdue. */
bool engine_postmortem_overdue(struct op *op, struct str id, struct error *err);

bool engine_action_add(struct op *op, struct str postmortem_id, struct action_item *item, struct error *err);
/* `given`: bit i set when action_item_fields[i] is to be changed. */
bool engine_action_edit(struct op *op, struct str id, const struct action_item *in, uint64_t given,
    struct action_item *out, struct error *err);

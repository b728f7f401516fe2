/* Publishing: what the public reads about incidents and maintenance, and what follows from it for the
 * components and for those who subscribed. Nothing of an incident gets out in any other way. */
#pragma once

#include "domain/statuspage.h"
#include "engine/op.h"

struct incident;

/* Publishes an update about the incident: the first makes it public and needs a title (that of the
 * incident is not taken: it is written for insiders). Says so on the incident's timeline. `in->text`
 * is final: whoever calls has had it approved. */
bool statuspage_publish(struct op *op, const struct incident *i, const struct public_input *in,
    struct public_incident *out, struct error *err);
/* Another update of what is published, a maintenance too. */
bool statuspage_update(struct op *op, struct str id, const struct public_input *in, struct public_incident *out,
    struct error *err);
/* The text for the public; an empty one withdraws it. */
bool statuspage_postmortem(struct op *op, struct str id, struct str text, struct public_incident *out,
    struct error *err);

/* Maintenance: planned here, then moved by timers if it is automatic. */
bool statuspage_plan(struct op *op, const struct public_input *in, struct public_incident *out, struct error *err);
/* `given`: bit i set when public_edit_fields[i] is to be changed. */
bool statuspage_edit(struct op *op, struct str id, const struct public_input *in, uint64_t given,
    struct public_incident *out, struct error *err);
bool maintenance_remind(struct op *op, struct str id, struct error *err);
bool maintenance_start(struct op *op, struct str id, struct error *err);
bool maintenance_end(struct op *op, struct str id, struct error *err);

/* Pages and components, as their input fields describe them; made if they have no id. */
bool statuspage_page_put(struct op *op, struct status_page *p, struct error *err);
/* A new secret link; the old one stops working. */
bool statuspage_page_link(struct op *op, struct str id, struct str *token, struct error *err);
bool statuspage_page_remove(struct op *op, struct str id, struct error *err);
bool statuspage_component_put(struct op *op, struct component *c, struct error *err);
/* CONFLICT for one that was part of something published: hide it instead. */
bool statuspage_component_remove(struct op *op, struct str id, struct error *err);

/* Used among these files: an update of `p`, which is new if it has no version yet. An empty text makes
 * every page say its own standard sentence for the status. */
bool statuspage_say(struct op *op, struct public_incident *p, const struct public_input *in, struct error *err);

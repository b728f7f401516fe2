/* Updates: writing, approving, publishing and taking them back. `ref` is an incident's id or number;
 * `which` an update's id, or audience and number as in "users-3". */
#pragma once

#include "domain/update.h"
#include "engine/op.h"

struct incident;

/* What a form begins with: from the incident for colleagues, from what they were told last for those
 * outside. Only audience, status and the texts are set. */
bool update_blanks(struct op *op, const struct incident *i, struct str audience, struct update_input *out,
    struct error *err);

/* Writes the draft of the audience's next update, or the one there is anew; an approval is void then.
 * With `publish` it goes out at once, if whoever writes it may. */
bool engine_update_write(struct op *op, struct str ref, const struct update_input *in, struct update *out,
    struct error *err);
/* FORBIDDEN unless by the commander or the communications lead (the second of two people, if the
 * audience asks for it). */
bool engine_update_approve(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err);
/* Sends it to the audience's listeners; who may approve approves with it. */
bool engine_update_publish(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err);
/* A draft is thrown away; what is published is withdrawn as far as it has not left. */
bool engine_update_retract(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err);

/* May `op`'s actor approve this update? *refusal is FORBIDDEN with the reason if not. Reads only, as
 * update_blanks does: of `op` they need db, arena, now, env and actor. */
bool update_may_approve(struct op *op, const struct incident *i, const struct update *u, struct error *refusal,
    struct error *err);

/* Shows it on the status page, once it cannot be taken back unseen any more; the timer's handler. */
bool update_out(struct op *op, struct str update_id, struct error *err);

/* When it is over, whoever has been told of it hears so: colleagues at once, others by a draft that
 * waits for approval. See follow.h. */
bool update_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

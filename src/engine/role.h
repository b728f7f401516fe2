/* Roles: giving, handing over, chasing what nobody holds; asking people to come; turns at commanding. */
#pragma once

#include "domain/role.h"
#include "engine/op.h"

struct incident;
struct incident_change;

/* Gives `in->role` to `in->user_id`: a hand-over if somebody has it. Without a person the role is taken
 * away; a commander cannot be, only replaced, as long as the incident is open. */
bool engine_role(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err);

/* Pages a person with a question: will you come, as this? One request at a time to each. */
bool engine_request(struct op *op, struct str ref, const struct request_input *in, struct responder_request *out,
    struct error *err);
/* The actor is whom the request was made to. Accepting gives the role if nobody has it. An answer that
 * came before stays: *out says which. */
bool engine_request_answer(struct op *op, struct str id, const struct request_answer *in,
    struct responder_request *out, struct error *err);
/* Timer: nobody has answered yet. */
bool engine_request_silent(struct op *op, struct str id, struct error *err);

bool engine_turn_add(struct op *op, struct str user_id, struct error *err);
bool engine_turn_remove(struct op *op, struct str user_id, struct error *err);

/* Timer: roles that the pack wants at this severity and nobody holds. */
bool engine_roles_chase(struct op *op, struct str incident_id, struct error *err);
/* Once somebody has acknowledged: proposes whose turn it is to command, and sets the chase. See follow.h. */
bool role_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

/* The war room: opening by rule or by hand, letting people in, check-ins, who works on what, closing. */
#pragma once

#include "domain/room.h"
#include "engine/op.h"

struct incident;
struct pack;

/* The pack's name for the incident's chat channel, without the #: "inc-2026-11-21-database-is-down". */
bool room_channel_name(struct arena *a, const struct pack *p, const struct incident *i, struct str *out, struct error *err);

/* By a person; also again after it was closed. Nothing happens if it is open. */
bool engine_room_open(struct op *op, struct str ref, struct war_room *out, struct error *err);
/* By the commander; by anybody while nobody commands. */
bool engine_room_close(struct op *op, struct str ref, struct war_room *out, struct error *err);

/* Whoever asks to come in, see room_admit(). */
bool engine_room_join(struct op *op, struct str ref, const struct room_join *in, struct room_person *out,
    struct error *err);
/* The commander lets somebody in, refuses them or sends them away; anybody who is in does while nobody
 * commands; everybody may leave. */
bool engine_room_person(struct op *op, struct str ref, struct str user_id, const struct room_admission *in,
    struct room_person *out, struct error *err);
/* Lets somebody in who was given a role or accepted to come; nothing happens without an open room. */
bool room_expect(struct op *op, struct str incident_id, struct str user_id, struct str name, struct error *err);

/* One entry with what was asked and answered. */
bool engine_room_check_in(struct op *op, struct str ref, const struct check_in *in, struct war_room *out,
    struct error *err);
/* Begins or ends somebody's work; *out is what they do now, or have done last. */
bool engine_resource(struct op *op, struct str ref, const struct resource_input *in, struct resource *out,
    struct error *err);

bool engine_room_settings(struct op *op, const struct room_settings *in, struct error *err);

/* Timers: the pack's rule has come true; a check-in has not come. */
bool engine_room_due(struct op *op, struct str incident_id, struct error *err);
bool engine_room_check_in_missed(struct op *op, struct str incident_id, struct error *err);
/* Plans the room that the pack wants, closes the one of an incident that is over. See follow.h. */
bool room_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

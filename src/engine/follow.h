/* What follows from a change of an incident: every feature with rules of its own is told, in the
 * transaction of the change and after the change itself has been written to the timeline. */
#pragma once

#include "engine/op.h"

struct incident;

/* `before` is empty ({0}) for a new incident. A feature that changes the incident itself reads it anew
 * and uses incident_save(). */
typedef bool follower(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

bool incident_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

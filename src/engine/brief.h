/* The living brief of an incident: written on demand, and where the policy pack has one, anew at each
 * turn of the three iterations from the moment on that somebody is there to read it. */
#pragma once

#include "domain/brief.h"
#include "engine/op.h"

struct incident;

/* Those of the policy pack in use; times are in UTC. */
bool brief_words(struct arena *a, const struct env *env, struct brief_words *out, struct error *err);
/* What the rows say now, whatever was kept before. */
bool brief_now(struct db *db, struct arena *a, const struct env *env, const struct incident *i, struct str *body,
    struct error *err);
/* Keeps a new version if anything but the clock has changed; otherwise *out is the newest there is. */
bool engine_brief_write(struct op *op, const struct incident *i, struct brief *out, bool *fresh, struct error *err);
/* See follow.h. The last of the followers, so that it sees what the others have done. */
bool brief_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

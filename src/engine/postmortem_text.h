/* Postmortems as the pack in use writes them. */
#pragma once

#include "base/error.h"
#include "domain/postmortem.h"
#include "engine/op.h"

/* The body of a new one: the pack's sections, filled from the incident and its timeline. The one of the
 * action items (`actions`) is left out: they are rows of their own. */
bool postmortem_body(const struct env *env, struct db *db, struct arena *a, const struct incident *i,
    struct str commander, struct str *out, struct error *err);
/* The whole document: the pack's title, `body`, and the action items where the pack has their section. */
struct str postmortem_document(const struct env *env, struct arena *a, const struct postmortem *pm,
    const struct incident *i, struct json *actions);

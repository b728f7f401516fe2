/* The text of an update: the pack's body, filled with its names (packs/README.md lists them). */
#pragma once

#include "domain/update.h"
#include "engine/op.h"

struct incident;
struct list;

/* `earlier`: updates of the same audience, the highest number first; those that were published are
 * told as its history. An external body sees the form of `u` and the times of the incident, nothing
 * else of it. INVALID if the pack's body is no Mustache. */
bool update_text(struct op *op, const struct incident *i, const struct update *u, const struct list *earlier,
    struct str *out, struct error *err);
/* "30 minutes", "1 hour", in the language of that code. */
struct str update_span(struct op *op, struct str language, int64_t us);
/* "14:35 UTC", or with its date when that is another than today's. */
struct str update_clock(struct op *op, instant t);

/* Translations: reads GNU .mo files (format revision 0) and evaluates their plural formula.
 * A catalogue is per language and chosen per request; nothing is process-global. The .mo bytes are
 * embedded and must outlive the catalogue. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct error;
struct catalog;

bool catalog_open(struct arena *a, struct str mo, struct catalog **out, struct error *err);
/* The translation, or msgid itself when the catalogue is NULL or has none. */
struct str catalog_text(const struct catalog *c, struct str msgid);
/* With plural forms: picks by n. Without a catalogue: English rules (one for n == 1). */
struct str catalog_plural(const struct catalog *c, struct str one, struct str many, int64_t n);

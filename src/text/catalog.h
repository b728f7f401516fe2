/* Translations: reads GNU .mo files (format revision 0, either byte order, UTF-8 only) and
 * evaluates their plural formula. A catalogue is per language and chosen per request; nothing is
 * process-global. The .mo bytes are embedded and must outlive the catalogue. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct error;
struct catalog;

#define CATALOG_MAX_BYTES (16u << 20)
#define CATALOG_MAX_FORMS 6 /* plural forms of a language: Arabic has six */
#define CATALOG_MAX_FORMULA 1000u
#define CATALOG_MAX_FORMULA_DEPTH 32

/* Everything is checked here, so that lookups cannot fail. Errors are MALFORMED. */
bool catalog_open(struct arena *a, struct str mo, struct catalog **out, struct error *err);
/* The translation, or msgid itself when the catalogue is NULL or has none. */
struct str catalog_text(const struct catalog *c, struct str msgid);
/* With plural forms: picks by n (its size: -1 is as 1). Without a translation: English rules (one
 * for n == 1). */
struct str catalog_plural(const struct catalog *c, struct str one, struct str many, int64_t n);

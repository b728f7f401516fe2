/* The plural formula of a catalogue: C's integer expressions over the one variable `n`. Private to
 * the catalogue. It is short and evaluated from its text; the catalogue tries it once when it
 * opens. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* False if it is not an expression, divides by zero, or nests deeper than
 * CATALOG_MAX_FORMULA_DEPTH. */
bool plural_form(struct str formula, uint64_t n, uint64_t *form);

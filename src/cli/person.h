/* Naming people on the command line. */
#pragma once

#include "cli/api.h"

/* The id of whom the word means: a name, an e-mail address, an id, or `me`. */
bool person_find(struct cli *c, struct str word, struct str *id, struct error *err);

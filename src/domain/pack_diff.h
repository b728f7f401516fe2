/* A pack as a document, and what differs between two packs or two versions of one. */
#pragma once

#include <stddef.h>

#include "base/str.h"

struct arena;
struct json;
struct pack;

#define PACK_MAX_CHANGES 2000 /* more are left out */

/* With every key there is: what the file left out is null, an empty list, or the default. Reading it
 * gives the same pack again, nulls left out. */
struct json *pack_json(struct arena *a, const struct pack *p);

struct pack_change {
    struct str path; /* "severities[SEV1].respond"; entries are known by id, or by their words */
    struct str from, to; /* STR_NONE: not there */
};
struct pack_change *pack_diff(struct arena *a, const struct pack *from, const struct pack *to, size_t *n);

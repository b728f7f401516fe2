/* Lists that go on: `next` is the address of the next page, null at the end. */
#pragma once

#include <stdint.h>

#include "base/str.h"

struct arena;

/* path?after=AFTER&limit=LIMIT; STR_NONE without `after`. */
struct str paging_next(struct arena *a, const char *path, struct str after, int64_t limit);

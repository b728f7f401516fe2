/* Compression of what is sent often: gzip (RFC 1952) and Brotli (RFC 7932), of a whole text at once.
 * Same input, same bytes: no time and no name goes into the header. */
#pragma once

#include "base/str.h"

struct arena;

/* STR_NONE if it would not be smaller. */
struct str compress_gzip(struct arena *a, struct str in);
struct str compress_brotli(struct arena *a, struct str in);

/* HTML escaping, in one place. */
#pragma once

#include <stddef.h>

#include "base/str.h"

struct buf;

/* & < > " ' as character references; safe in text and in quoted attributes. */
void html_escape(struct buf *out, struct str s);
/* Escapes in place what was written to `out` since it was `from` bytes long. If that does not fit,
 * `out` is full and the tail is as it was: the caller must not use it. */
void html_escape_tail(struct buf *out, size_t from);

/* Percent-encoding: path segments, query strings and forms (application/x-www-form-urlencoded).
 *
 * What comes out of decoding is UTF-8 without NUL, or decoding fails. Texts without escapes are not
 * copied: they point into the input. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct buf;

/* One piece of a URL, "%2F" and all. False leaves *out alone. */
bool url_decode(struct arena *a, struct str in, struct str *out);

/* Takes the first pair off a query or form; '+' is a space, a name alone has the value "", empty
 * pairs are skipped. False at the end (then rest->len is 0), or when the pair cannot be decoded
 * (then *rest begins with it). */
bool url_next_param(struct arena *a, struct str *rest, struct str *name, struct str *value);

/* Takes the first segment off a path: "/a/b%2Fc" gives "a", then "b/c"; "/a/" gives "a", then "".
 * False as above; an empty path has no segments. */
bool url_next_segment(struct arena *a, struct str *rest, struct str *segment);

/* Everything but letters, digits and -._~ is escaped: safe in a path, a query and a form. */
void url_encode(struct buf *out, struct str s);

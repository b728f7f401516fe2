/* Regular expressions as Alertmanager understands them: RE2's syntax, always matching the whole
 * subject, in bounded time.
 *
 * The engine is PCRE2, which could do more; what RE2 has not (backreferences, look-around,
 * possessive quantifiers, recursion, verbs and the escapes of Perl's own) is refused, so that a
 * pattern which is accepted here means the same there. `.` does not match a line feed, \d \w \s
 * are ASCII. */
#pragma once

#include "base/str.h"

struct arena;
struct error;
struct regex;

#define REGEX_MAX_PATTERN 4096 /* bytes */

/* INVALID, with the place, if the pattern cannot be used. The regex lives in `a` and is never
 * changed, so threads may share it. */
bool regex_compile(struct arena *a, struct str pattern, struct regex **out, struct error *err);

/* REGEX_LIMIT: given up, after too many steps or too much memory; the caller decides what is
 * safe. */
enum regex_result { REGEX_NO, REGEX_YES, REGEX_LIMIT };
enum regex_result regex_match(const struct regex *re, struct str subject);

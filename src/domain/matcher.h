/* Matchers: conditions on labels, in Alertmanager's two syntaxes.
 *
 *   classic:  {alertname="DiskFull", severity=~"critical|page", team!=ops}
 *   UTF-8:    the same, but names may be quoted too ("größe"="x"), a word holds no quote, brace,
 *             comma or operator, and escapes are Go's.
 *
 * A text is read as classic if it can be, else as UTF-8, as Alertmanager does by default; when it
 * is neither, the complaint is the classic reader's. A label that is absent has the value "".
 * Regular expressions match the whole value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/regex.h"
#include "base/str.h"

struct arena;
struct error;
struct labels;

#define MATCHERS_MAX 64
#define MATCHERS_TEXT_MAX 16384 /* bytes */

enum matcher_op { MATCHER_EQ, MATCHER_NE, MATCHER_RE, MATCHER_NRE };

struct matcher {
    struct str name, value;
    enum matcher_op op;
    struct regex *re; /* of RE and NRE */
};

/* A list, in braces or not; an empty text is an empty list. All failures are INVALID. */
bool matchers_parse(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err);
/* Exactly one, without braces: the `filter` parameter of Alertmanager's API. */
bool matcher_parse(struct arena *a, struct str text, struct matcher *out, struct error *err);

/* One syntax only. */
bool matchers_parse_classic(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err);
bool matcher_parse_classic(struct arena *a, struct str text, struct matcher *out,
    struct error *err);
bool matchers_parse_utf8(struct arena *a, struct str text, struct matcher **out, size_t *n,
    struct error *err);

/* Copies nothing; compiles the expression of RE and NRE. Fails on an empty name, on what
 * regex_compile refuses, and on names and values longer than labels may be. */
bool matcher_make(struct arena *a, struct str name, enum matcher_op op, struct str value,
    struct matcher *out, struct error *err);

/* name="value", which either parser above reads back as the same matcher. */
struct str matcher_text(struct arena *a, const struct matcher *m);

/* REGEX_LIMIT when an expression was given up: the caller takes that for no match, and says so. */
enum regex_result matcher_match(const struct matcher *m, const struct labels *labels);
/* Whether all hold. One that surely does not hold decides, whatever the others' limits. */
enum regex_result matchers_match(const struct matcher *v, size_t n, const struct labels *labels);

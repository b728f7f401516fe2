/* Strings by value: a pointer and a length, immutable, UTF-8 once they are past the edge.
 *
 * A `struct str` with a NULL pointer means "absent" (SQL NULL, JSON null); one with a pointer and
 * length 0 is the empty string. Copies made in an arena are also NUL-terminated for libraries. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct str {
    const char *ptr;
    size_t len;
};

#define S(lit) ((struct str){"" lit, sizeof(lit) - 1})
/* For printf("%.*s", STR(s)). */
#define STR(s) (int)(s).len, (s).len ? (s).ptr : ""
#define STR_NONE ((struct str){0})

struct str str_from(const char *cstr); /* NULL gives STR_NONE */
struct str str_copy(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* NUL-terminated copy for libraries; the caller has checked that `s` holds no NUL. */
const char *str_z(struct arena *a, struct str s);

bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII case only */
int str_cmp(struct str a, struct str b);        /* bytewise */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_contains(struct str s, struct str part);
struct str str_trim(struct str s); /* ASCII white space at both ends */
struct str str_lower(struct arena *a, struct str s); /* ASCII only */
struct str str_slice(struct str s, size_t from, size_t to);
/* Index of the first `c`, or s.len. */
size_t str_find(struct str s, char c);
/* Splits at the first `sep`: *head is what is before, the rest is returned (STR_NONE if no `sep`). */
struct str str_cut(struct str s, char sep, struct str *head);

/* Strict decimal: optional '-', digits, nothing else, in range. */
bool str_int(struct str s, int64_t *out);
uint64_t str_hash(struct str s); /* unkeyed FNV-1a; for tables of trusted keys only */

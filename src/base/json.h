/* JSON (RFC 8259): a strict parser and a writer over one tree type, all in an arena.
 *
 * The parser refuses what the grammar refuses, and also duplicate keys, invalid UTF-8, lone
 * surrogates, U+0000 (neither database stores it) and anything deeper than JSON_MAX_DEPTH. Strings
 * without escapes point into the input, which must outlive the tree. Numbers stay text, so ids
 * above 2^53 survive. Object members keep their order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct error;

#define JSON_MAX_DEPTH 64

enum json_type {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A value; members of an object and elements of an array are a list through first/next. */
struct json {
    enum json_type type;
    uint32_t count;   /* elements or members */
    struct str key;   /* when it is a member */
    struct str text;  /* string: decoded; number: as written */
    struct json *first, *last, *next;
};

/* The whole input must be one value. On failure err is MALFORMED with the byte offset in words
 * ("at byte 17: expected ':' after the key"), or TOO_LARGE if the tree would take more than half of
 * the room that is left in the arena. */
bool json_parse(struct arena *a, struct str in, struct json **out, struct error *err);

/* Reading. All accept NULL (absent) and a value of the wrong type, which read as absent. */
struct json *json_get(const struct json *object, struct str key);
struct str json_str(const struct json *v);             /* STR_NONE unless a string */
struct str json_get_str(const struct json *object, struct str key);
bool json_int(const struct json *v, int64_t *out);     /* integers only: 1, -5, 1e3 is refused */
bool json_bool(const struct json *v, bool absent);
bool json_is(const struct json *v, enum json_type type);

/* Building. Text is not copied: it must live as long as the tree. Setting appends; callers do not
 * set a key twice. Setters return the member that was made. */
struct json *json_object(struct arena *a);
struct json *json_array(struct arena *a);
struct json *json_string(struct arena *a, struct str s); /* STR_NONE gives null */
struct json *json_number(struct arena *a, int64_t v);
struct json *json_boolean(struct arena *a, bool v);
struct json *json_set(struct json *object, struct str key, struct json *v);
struct json *json_set_str(struct arena *a, struct json *object, struct str key, struct str v);
struct json *json_set_int(struct arena *a, struct json *object, struct str key, int64_t v);
struct json *json_set_bool(struct arena *a, struct json *object, struct str key, bool v);
struct json *json_push(struct json *array, struct json *v);

/* Writing, compact. `json_write_string` writes one quoted string, escaping `<`, `>` and `&` too, so
 * that the text is safe inside HTML. `json_pretty` indents by two spaces (the CLI's face). */
void json_write(struct buf *out, const struct json *v);
void json_pretty(struct buf *out, const struct json *v);
void json_write_string(struct buf *out, struct str s);
struct str json_text(struct arena *a, const struct json *v);

/* YAML, the part people write in configuration, as a JSON tree that remembers its lines.
 *
 * One document of mappings, lists and scalars. Aliases, anchors, tags, duplicate keys, keys that
 * are not scalars and a second document are refused. A plain scalar is null (null, ~ or nothing), a
 * boolean (true, false) or a number when it is written as JSON writes it; every other plain scalar,
 * `yes`, `off`, `007` and `5m` among them, and every quoted or block scalar is a string. */
#pragma once

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct error;
struct json;

#define YAML_MAX_BYTES (1u << 20)
#define YAML_MAX_DEPTH 32
#define YAML_MAX_NODES 20000u /* values; keys do not count */
#define YAML_MAX_KEYS 1000u   /* in one mapping */

/* On failure err is MALFORMED with the place in words: "line 12, column 5: …". The tree does not
 * point into `in`. */
bool yaml_parse(struct arena *a, struct str in, struct json **out, struct error *err);

/* Where a value of a tree made by yaml_parse stands (for a member: its key), counted from 1. For
 * errors found later; the value must come from yaml_parse and nowhere else. */
int yaml_line(const struct json *value);

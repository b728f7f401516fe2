/* Labels: the sorted name–value pairs that say what an alert is about. Annotations, which say it to
 * people, have the same form.
 *
 * A normal set is sorted bytewise by name, has no name twice and no empty value: an absent label
 * and an empty one are the same thing everywhere. Stored sets are canonical JSON text of a normal
 * set, so equal sets are equal bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;

/* Ours: Alertmanager has none. In bytes. */
#define LABELS_MAX 64
#define LABEL_NAME_MAX 256
#define LABEL_VALUE_MAX 4096
#define ANNOTATION_VALUE_MAX 16384

struct label {
    struct str name, value;
};

struct labels {
    struct label *v;
    size_t n;
};

/* Sorts, lets the last of equal names win and drops empty values; in place. */
void labels_normalize(struct labels *ls);
/* The value, or STR_NONE. Any order of labels will do. */
struct str labels_get(const struct labels *ls, struct str name);
/* Alertmanager's fingerprint of a normal set: FNV-1a 64 of name FF value FF for each label. */
uint64_t labels_fingerprint(const struct labels *ls);

/* A normal set as its canonical text, and back. `labels_read` reads only what `labels_write` wrote
 * (no white space, names in order): false for anything else. Values without escapes point into the
 * text. */
void labels_write(struct buf *out, const struct labels *ls);
struct str labels_text(struct arena *a, const struct labels *ls);
bool labels_read(struct arena *a, struct str json, struct labels *out);

/* [a-zA-Z_][a-zA-Z0-9_]*: a label name in every version of Prometheus. */
bool label_name_classic(struct str name);

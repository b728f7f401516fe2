/* The shapes of a pack's parts: which keys, of which kind, into which member. Private to the three
 * files that make the reader: the tables, the walk along them, and the checks between parts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct error;
struct json;
struct pack;

enum pack_kind {
    PACK_TEXT,     /* one line */
    PACK_ID,       /* letters, digits, - and _ */
    PACK_BODY,     /* any lines */
    PACK_INT,
    PACK_INTS,
    PACK_BOOL,
    PACK_DURATION, /* 90s, 5m, 1h30m, 2d */
    PACK_RANGE,    /* a duration or "15m to 30m": into a most and, at count_offset, a least */
    PACK_RESPONSE, /* a duration or "next business day" */
    PACK_RANKS,    /* a list of severity ids */
    PACK_TEXTS,
    PACK_LIST,     /* of parts with a shape */
    PACK_OBJECT,   /* one part */
};

struct pack_shape;

struct pack_member {
    const char *key;
    enum pack_kind kind;
    bool required;
    size_t offset, count_offset;
    const struct pack_shape *shape;
    const char *const *choices;
};

struct pack_shape {
    size_t size;
    const struct pack_member *members; /* ends with {0} */
    bool shorthand; /* a plain text stands for its first member */
    bool has_id;    /* the first member is an id, unique in its list */
};

extern const struct pack_shape pack_shape;

struct pack_reader {
    struct arena *arena;
    int (*line)(const struct json *value);
    struct pack *pack;
    struct error *err;
};

/* "line 12: path: …" about `value`; returns false. */
bool pack_complain_at(struct pack_reader *r, const char *origin, const struct json *value,
    struct str path, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
#define pack_complain(r, value, path, ...)                                                         \
    pack_complain_at((r), ERROR_HERE, (value), (path), __VA_ARGS__)

/* True if `value` is a mapping whose keys the shape knows. */
bool pack_check_keys(struct pack_reader *r, const struct pack_shape *shape,
    const struct json *value, struct str path);
/* Reads one member of the mapping `value` into the part at `out`. */
bool pack_read_member(struct pack_reader *r, const struct pack_member *m, const struct json *value,
    struct str path, char *out);

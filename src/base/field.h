/* Field tables: the one description of an entity.
 *
 * A plain struct plus a table of its fields drives SQL row → struct, JSON or form → struct with
 * validation and field-named errors, struct → JSON, CLI columns and flags, and the OpenAPI schema.
 * The type comes from the member itself by _Generic, so a table cannot lie about it.
 *
 * Values: text is `struct str` (STR_NONE = null), integers int64_t (INT_NONE = null), instants
 * (0 = null), bool. FIELD_JSON marks a text that holds JSON and is nested as such in views. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct arena;
struct json;
struct error;

#define INT_NONE INT64_MIN

enum field_type { FIELD_TEXT, FIELD_INT, FIELD_BOOL, FIELD_TIME };

enum field_flag {
    FIELD_REQUIRED = 1, /* must be given (and not empty) when a whole entity is read from input */
    FIELD_READONLY = 2, /* the server sets it: naming it in input is an error */
    FIELD_NULLABLE = 4, /* null is allowed in rows, input and output */
    FIELD_SECRET = 8,   /* never in a view (password hashes, keys) */
    FIELD_JSON = 16,    /* text that holds JSON */
    FIELD_HIDDEN = 32,  /* in rows, not in views: bookkeeping */
    FIELD_MULTILINE = 64, /* text may hold line breaks; other text may hold no control characters */
    FIELD_DURATION = 128, /* int64 µs in rows and structs; "5m" in input and output */
    FIELD_VIEW = 256,   /* computed for the view: not a column of the table */
};

struct field {
    const char *name;
    size_t offset;
    enum field_type type;
    unsigned flags;
    int64_t min, max;           /* text: code points (max 0 = 200); int: range if max > min */
    const char *const *choices; /* text: allowed values, NULL-terminated */
    const char *doc;
    const char *example;
};

#define FIELD_TYPE(T, m)                                                                           \
    _Generic(((T *)0)->m, struct str: FIELD_TEXT, int64_t: FIELD_INT, bool: FIELD_BOOL,            \
        instant: FIELD_TIME)
/* FIELD(struct incident, title, .flags = FIELD_REQUIRED, .doc = "…"); the rest may be left out. */
#define FIELD(T, ...) FIELD_ROW(T, __VA_ARGS__, )
#define FIELD_ROW(T, m, ...)                                                                       \
    {                                                                                              \
        .name = #m, .offset = offsetof(T, m), .type = FIELD_TYPE(T, m), __VA_ARGS__                \
    }

/* Tables end with {0}. */
const struct field *field_find(const struct field *fields, struct str name);

/* Where input comes from: in JSON every value has its type; in a form all are strings, numbers,
 * bools and times are read from them, and an empty one is null. */
enum field_source { FIELD_FROM_JSON, FIELD_FROM_FORM };

/* Input → struct. `in` is an object. Unknown, hidden and read-only names are refused, naming them.
 * With `partial` only the given fields are read (an edit); otherwise missing REQUIRED ones are
 * errors. A field that is not given keeps its value in `out`; `seen`, if not NULL, gets bit i set
 * when fields[i] was given. Text is copied into `a`: trimmed, or if it is MULTILINE with its line
 * ends made LF. Collects up to ERROR_MAX_FIELDS complaints before it returns false with kind
 * INVALID; *out is then not to be used. */
bool fields_read(struct arena *a, const struct field *fields, const struct json *in,
    enum field_source source, bool partial, void *out, uint64_t *seen, struct error *err);

/* Struct → JSON object, in table order, without SECRET and HIDDEN fields. */
struct json *fields_view(struct arena *a, const struct field *fields, const void *obj);

/* One value as text for the CLI's columns; empty for null. */
struct str field_text(struct arena *a, const struct field *f, const void *obj);

/* Errors by value: no allocation, no lifetime question.
 *
 * A function that can fail returns bool and takes `struct error *err` last; false means *err is
 * filled. Callers branch on `kind`, never on text. An error is logged exactly once, where it stops.
 * One table maps a kind to its HTTP status, its CLI exit code (sysexits.h) and whether a retry of
 * the same request may succeed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/*    kind             slug               http exit retry title */
#define ERROR_KINDS(X)                                                                             \
    X(NONE,            "none",            200, 0,  false, "No error")                              \
    X(MALFORMED,       "malformed",       400, 65, false, "The request cannot be read")            \
    X(UNAUTHENTICATED, "unauthenticated", 401, 77, false, "Sign in first")                         \
    X(FORBIDDEN,       "forbidden",       403, 77, false, "Your role does not allow this")         \
    X(NOT_FOUND,       "not-found",       404, 69, false, "There is nothing here")                 \
    X(METHOD,          "method",          405, 64, false, "This address does not take this method")\
    X(CONFLICT,        "conflict",        409, 75, false, "The state has changed meanwhile")       \
    X(TOO_LARGE,       "too-large",       413, 65, false, "The request is too large")              \
    X(UNSUPPORTED,     "unsupported",     415, 65, false, "This content type is not understood")   \
    X(INVALID,         "invalid",         422, 65, false, "Some fields are not valid")             \
    X(RATE_LIMITED,    "rate-limited",    429, 75, true,  "Too many requests")                     \
    X(INTERNAL,        "internal",        500, 70, false, "Something went wrong on our side")      \
    X(UNAVAILABLE,     "unavailable",     503, 75, true,  "Not able to serve this right now")

enum error_kind {
#define X(kind, slug, http, exit, retry, title) ERROR_##kind,
    ERROR_KINDS(X)
#undef X
};

#define ERROR_MAX_FIELDS 8

struct error_field {
    char name[64];
    char message[160];
    const char *format; /* what the message was printed with, which names it in catalogues */
};

struct error {
    enum error_kind kind;
    bool retry; /* the same operation may succeed if run again (serialization failure) */
    size_t nfields;
    struct error_field fields[ERROR_MAX_FIELDS];
    char message[256];
    const char *format; /* of the message; NULL when it was put together */
    const char *origin; /* file:line of the first fail(); for the log only */
};

const char *error_slug(enum error_kind kind);
const char *error_title(enum error_kind kind);
int error_http(enum error_kind kind);
int error_exit(enum error_kind kind);
bool error_retry(enum error_kind kind);

/* All return false, so that `return fail(…)` reads as one statement. */
bool fail_at(struct error *err, const char *origin, enum error_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds one field's complaint; the first sets kind INVALID. Up to ERROR_MAX_FIELDS are kept. */
bool fail_field_at(struct error *err, const char *origin, struct str field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Puts context before the message: "policy pol_1: …". */
bool error_prefix(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define ERROR_STRING_(x) #x
#define ERROR_STRING(x) ERROR_STRING_(x)
#define ERROR_HERE __FILE__ ":" ERROR_STRING(__LINE__)
#define fail(err, kind, ...) fail_at((err), ERROR_HERE, ERROR_##kind, __VA_ARGS__)
#define fail_field(err, field, ...) fail_field_at((err), ERROR_HERE, S(field), __VA_ARGS__)
#define fail_name(err, name, ...) fail_field_at((err), ERROR_HERE, (name), __VA_ARGS__)

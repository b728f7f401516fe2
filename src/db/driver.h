/* What an engine does for db.c: sqlite.c and postgres.c each fill one `struct driver` and put a
 * `struct db` first in a structure of their own. db.c has checked the arguments and the state. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/db.h"

enum control {
    CONTROL_BEGIN,
    CONTROL_READ,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COUNT
};

enum transaction { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };

struct db {
    const struct driver *driver;
    enum db_kind kind;
    enum db_mode mode;
    enum transaction transaction; /* what the caller has begun; the engine may have lost it since */
};

typedef void row_fn(void *ctx, size_t set, const struct rows *r);

struct driver {
    void (*close)(struct db *db);
    /* The engine's own view: it rolls back by itself when a disk is full or a server dies. */
    bool (*in_transaction)(const struct db *db);
    bool (*control)(struct db *db, enum control c, struct error *err);
    /* Trusted text of any number of statements. */
    bool (*script)(struct db *db, const char *sql, struct error *err);

    bool (*prepare)(struct db *db, enum query q, struct error *err);
    /* Runs the query; its first row, if any, is ready for rows_next. */
    bool (*query)(
        struct db *db, enum query q, struct rows *out, const struct value *args, struct error *err);
    bool (*exec)(
        struct db *db, enum query q, int64_t *changed, const struct value *args, struct error *err);
    bool (*exec_many)(struct db *db, enum query q, const struct value *args, size_t nargs, size_t n,
        row_fn *row, void *ctx, struct error *err);

    bool (*next)(struct rows *r, struct error *err);
    void (*end)(struct rows *r);
    int (*columns)(const struct rows *r);
    const char *(*column_name)(const struct rows *r, int column);
    bool (*null)(const struct rows *r, int column);
    struct str (*text)(const struct rows *r, int column); /* STR_NONE for NULL */
    int64_t (*number)(const struct rows *r, int column);  /* INT64_MIN for NULL or no number */

    bool (*ping)(struct db *db, struct error *err);
    void (*reserve)(struct db *db);                                     /* may be NULL */
    void (*checkpoint)(struct db *db);                                  /* may be NULL */
    bool (*backup)(struct db *db, const char *path, struct error *err); /* may be NULL */
};

bool sqlite_open(struct db **out, const char *path, enum db_mode mode, struct error *err);
bool postgres_open(struct db **out, const char *url, enum db_mode mode, struct error *err);

/* For migrate.c. */
bool db_script(struct db *db, const char *sql, struct error *err);

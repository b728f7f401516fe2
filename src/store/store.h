/* What every store module shares: lists of rows, compare-and-set writes, settings and counters.
 *
 * The store is SQL ↔ domain structs and nothing else: it decides nothing and reads no clock. A write
 * happens inside the caller's transaction. */
#pragma once

#include "base/field.h"
#include "db/db.h"

/* An array of structs in an arena. */
struct list {
    void *v;
    size_t n;
};

bool store_list(struct db *db, struct arena *a, enum query q, const struct value *args,
    const struct field *fields, size_t size, struct list *out, struct error *err);

/* Inserts, or updates the row whose version is one less; CONFLICT if somebody was faster. */
bool store_put(struct db *db, enum query q, const struct field *fields, const void *obj,
    const char *what, struct error *err);

/* Like store_put for rows that are only ever inserted, or have no version. */
bool store_insert(struct db *db, enum query q, const struct field *fields, const void *obj,
    struct error *err);

/* NOT_FOUND naming `what` when no row was there. */
bool store_delete(struct db *db, enum query q, const struct value *args, const char *what,
    struct error *err);

bool store_count(struct db *db, enum query q, const struct value *args, int64_t *out, struct error *err);

/* Settings: STR_NONE when absent. */
bool setting_get(struct db *db, struct arena *a, struct str name, struct str *out, struct error *err);
bool setting_put(struct db *db, struct str name, struct str value, struct error *err);
bool setting_delete(struct db *db, struct str name, struct error *err);

/* Adds and returns the new value; rows of the same name are handed out in commit order. */
bool counter_add(struct db *db, struct str name, int64_t by, int64_t *out, struct error *err);

/* The entity of this floor's tests. */
#pragma once

#include "base/field.h"

struct db;
struct error;

struct thing {
    struct str id, name;
    int64_t count;
    instant seen;
    struct str note;
    bool live;
    bool fresh; /* not a column */
};

extern const struct field thing_fields[];
bool thing_add(struct db *db, const struct thing *thing, struct error *err);

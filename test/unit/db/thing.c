#include "thing.h"

#include "db/db.h"

const struct field thing_fields[] = {
    FIELD(struct thing, id),
    FIELD(struct thing, name),
    FIELD(struct thing, count),
    FIELD(struct thing, seen, .flags = FIELD_NULLABLE),
    FIELD(struct thing, note, .flags = FIELD_NULLABLE),
    FIELD(struct thing, fresh, .flags = FIELD_VIEW),
    FIELD(struct thing, live),
    {0},
};

bool thing_add(struct db *db, const struct thing *thing, struct error *err)
{
    struct value values[ROW_MAX_VALUES + 1];

    row_values(thing_fields, thing, values);
    return db_exec(db, Q_THING_INSERT, NULL, values, err);
}

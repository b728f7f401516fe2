#include "store/store.h"

#include "base/arena.h"
#include "base/error.h"

bool store_list(struct db *db, struct arena *a, enum query q, const struct value *args,
    const struct field *fields, size_t size, struct list *out, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};
    size_t cap = 0;

    *out = (struct list){0};
    if (!db_query(db, q, &rows, args, err))
        return false;
    while (rows_next(&rows, err)) {
        if (out->n == cap) {
            size_t more = cap ? cap * 2 : 16;
            void *grown = arena_alloc(a, more * size, _Alignof(max_align_t));
            if (out->n)
                __builtin_memcpy(grown, out->v, out->n * size);
            out->v = grown;
            cap = more;
        }
        if (!row_read(&rows, fields, (char *)out->v + out->n * size, a, err))
            return false;
        out->n++;
    }
    return !rows.failed;
}

bool store_insert(struct db *db, enum query q, const struct field *fields, const void *obj,
    struct error *err)
{
    struct value values[ROW_MAX_VALUES + 1];

    row_values(fields, obj, values);
    return db_exec(db, q, NULL, values, err);
}

bool store_put(struct db *db, enum query q, const struct field *fields, const void *obj,
    const char *what, struct error *err)
{
    struct value values[ROW_MAX_VALUES + 1];
    int64_t changed = 0;

    row_values(fields, obj, values);
    if (!db_exec(db, q, &changed, values, err))
        return false;
    if (changed != 1)
        return fail(err, CONFLICT, "%s has changed meanwhile; look at it again and repeat", what);
    return true;
}

bool store_delete(struct db *db, enum query q, const struct value *args, const char *what,
    struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, q, &changed, args, err))
        return false;
    return changed > 0 || fail(err, NOT_FOUND, "no such %s", what);
}

bool store_count(struct db *db, enum query q, const struct value *args, int64_t *out, struct error *err)
{
    *out = 0;
    return db_get_int(db, q, out, NULL, args, err);
}

bool setting_get(struct db *db, struct arena *a, struct str name, struct str *out, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};

    *out = STR_NONE;
    if (!db_query(db, Q_SETTING_GET, &rows, ARGS(v_text(name)), err))
        return false;
    if (rows_next(&rows, err))
        *out = str_copy(a, rows_text(&rows, 0));
    return !rows.failed;
}

bool setting_put(struct db *db, struct str name, struct str value, struct error *err)
{
    return db_exec(db, Q_SETTING_PUT, NULL, ARGS(v_text(name), v_text(value)), err);
}

bool setting_delete(struct db *db, struct str name, struct error *err)
{
    return db_exec(db, Q_SETTING_DELETE, NULL, ARGS(v_text(name)), err);
}

bool counter_add(struct db *db, struct str name, int64_t by, int64_t *out, struct error *err)
{
    return db_get_int(db, Q_COUNTER_ADD, out, NULL, ARGS(v_text(name), v_int(by)), err);
}

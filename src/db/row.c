#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "db/db.h"
#include "db/driver.h"
#include "db/query.h"

bool rows_next(struct rows *r, struct error *err)
{
    return r->handle && !r->failed && r->db->driver->next(r, err);
}

void rows_end(struct rows *r)
{
    if (r->handle)
        r->db->driver->end(r);
    r->handle = NULL;
}

int64_t rows_int(const struct rows *r, int column)
{
    return r->db->driver->number(r, column);
}

struct str rows_text(const struct rows *r, int column)
{
    return r->db->driver->text(r, column);
}

/* One column into its member; false if the value does not fit there. */
static bool column_read(
    const struct rows *r, int column, const struct field *f, void *member, struct arena *a)
{
    bool null = r->db->driver->null(r, column);
    int64_t number = f->type == FIELD_TEXT ? 0 : rows_int(r, column);

    if (null ? !(f->flags & FIELD_NULLABLE) : number == INT_NONE)
        return false;
    switch (f->type) {
    case FIELD_TEXT:
        *(struct str *)member = null ? STR_NONE : str_copy(a, rows_text(r, column));
        return true;
    case FIELD_INT:
        *(int64_t *)member = number;
        return true;
    case FIELD_TIME:
        *(instant *)member = (instant){null ? 0 : number};
        return true;
    case FIELD_BOOL:
        *(bool *)member = number == 1;
        return number == 0 || number == 1;
    }
    return false;
}

bool row_read(
    const struct rows *r, const struct field *fields, void *obj, struct arena *a, struct error *err)
{
    const struct driver *driver = r->db->driver;
    const struct field *guess = fields; /* columns mostly come in the order of the table */
    int columns = driver->columns(r);

    for (int i = 0; i < columns; i++) {
        struct str name = str_from(driver->column_name(r, i));
        const struct field *f = guess;

        if (!f->name || !str_eq(str_from(f->name), name))
            f = field_find(fields, name);
        if (!f)
            return fail(err, INTERNAL, "%s: the column %.*s has no field",
                query_text(r->query)->name, STR(name));
        if (!column_read(r, i, f, (char *)obj + f->offset, a))
            return fail(err, INTERNAL, "%s: the value of column %s is null or not of its type",
                query_text(r->query)->name, f->name);
        guess = f + 1;
    }
    return true;
}

void row_values(const struct field *fields, const void *obj, struct value *out)
{
    size_t n = 0;

    for (const struct field *f = fields; f->name; f++) {
        const char *member = (const char *)obj + f->offset;

        if (f->flags & FIELD_VIEW)
            continue;
        if (n == ROW_MAX_VALUES) /* the query has no more either, and will refuse this */
            break;
        switch (f->type) {
        case FIELD_TEXT:
            out[n++] = v_text(*(const struct str *)member);
            break;
        case FIELD_INT:
            out[n++] = v_opt_int(*(const int64_t *)member);
            break;
        case FIELD_TIME:
            out[n++] = v_time(*(const instant *)member);
            break;
        case FIELD_BOOL:
            out[n++] = v_bool(*(const bool *)member);
            break;
        }
    }
    out[n].kind = VALUE_END;
}

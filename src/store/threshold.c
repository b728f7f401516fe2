#include "store/threshold.h"

bool threshold_put(struct db *db, const struct threshold *t, struct error *err)
{
    return store_insert(db, Q_THRESHOLD_PUT, threshold_fields, t, err);
}

bool threshold_get(struct db *db, struct arena *a, struct str id, struct threshold *out, struct error *err)
{
    return db_get(db, Q_THRESHOLD_GET, threshold_fields, out, a, "threshold", ARGS(v_text(id)), err);
}

bool threshold_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_THRESHOLD_LIST, ARGS(v_text(incident_id)), threshold_fields, sizeof(struct threshold),
        out, err);
}

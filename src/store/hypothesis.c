#include "store/hypothesis.h"

bool hypothesis_put(struct db *db, const struct hypothesis *h, struct error *err)
{
    return store_insert(db, Q_HYPOTHESIS_PUT, hypothesis_fields, h, err);
}

bool hypothesis_get(struct db *db, struct arena *a, struct str id, struct hypothesis *out, struct error *err)
{
    return db_get(db, Q_HYPOTHESIS_GET, hypothesis_fields, out, a, "hypothesis", ARGS(v_text(id)), err);
}

bool hypothesis_of_change(struct db *db, struct arena *a, struct str incident_id, struct str change_id,
    struct hypothesis *out, struct error *err)
{
    return db_get(db, Q_HYPOTHESIS_OF_CHANGE, hypothesis_fields, out, a, "hypothesis",
        ARGS(v_text(incident_id), v_text(change_id)), err);
}

bool hypothesis_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_HYPOTHESIS_LIST, ARGS(v_text(incident_id)), hypothesis_fields,
        sizeof(struct hypothesis), out, err);
}

bool finding_add(struct db *db, const struct finding *e, struct error *err)
{
    return store_insert(db, Q_FINDING_ADD, finding_fields, e, err);
}

bool finding_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_FINDING_LIST, ARGS(v_text(incident_id)), finding_fields, sizeof(struct finding),
        out, err);
}

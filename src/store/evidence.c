#include "store/evidence.h"

bool evidence_add(struct db *db, const struct evidence *v, struct error *err)
{
    return store_insert(db, Q_EVIDENCE_ADD, evidence_fields, v, err);
}

bool evidence_get(struct db *db, struct arena *a, struct str id, struct evidence *out, struct error *err)
{
    return db_get(db, Q_EVIDENCE_GET, evidence_fields, out, a, "evidence", ARGS(v_text(id)), err);
}

bool evidence_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_EVIDENCE_OF_INCIDENT, ARGS(v_text(incident_id)), evidence_fields,
        sizeof(struct evidence), out, err);
}

bool evidence_count(struct db *db, struct str incident_id, int64_t *out, struct error *err)
{
    return store_count(db, Q_EVIDENCE_COUNT, ARGS(v_text(incident_id)), out, err);
}

bool evidence_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_EVIDENCE_DELETE, ARGS(v_text(id)), "evidence", err);
}

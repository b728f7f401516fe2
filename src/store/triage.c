#include "store/triage.h"

bool assessment_put(struct db *db, const struct assessment *v, struct error *err)
{
    return store_insert(db, Q_ASSESSMENT_PUT, assessment_fields, v, err);
}

bool assessment_get(struct db *db, struct arena *a, struct str incident_id, struct assessment *out, struct error *err)
{
    return db_get(db, Q_ASSESSMENT_GET, assessment_fields, out, a, "assessment", ARGS(v_text(incident_id)), err);
}

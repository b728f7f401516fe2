#include "store/rollout.h"

bool rollout_put(struct db *db, const struct rollout *r, struct error *err)
{
    return store_put(db, Q_ROLLOUT_PUT, rollout_fields, r, "the rollout", err);
}

bool rollout_get(struct db *db, struct arena *a, struct str id, struct rollout *out, struct error *err)
{
    return db_get(db, Q_ROLLOUT_GET, rollout_fields, out, a, "rollout", ARGS(v_text(id)), err);
}

bool rollout_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_ROLLOUT_OF_INCIDENT, ARGS(v_text(incident_id)), rollout_fields, sizeof(struct rollout),
        out, err);
}

bool rollout_stage_put(struct db *db, const struct rollout_stage *s, struct error *err)
{
    return store_insert(db, Q_ROLLOUT_STAGE_PUT, rollout_stage_fields, s, err);
}

bool rollout_stage_list(struct db *db, struct arena *a, struct str rollout_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_ROLLOUT_STAGES, ARGS(v_text(rollout_id)), rollout_stage_fields,
        sizeof(struct rollout_stage), out, err);
}

#include "store/mitigation.h"

bool mitigation_add(struct db *db, const struct mitigation *m, struct error *err)
{
    return store_insert(db, Q_MITIGATION_ADD, mitigation_fields, m, err);
}

bool mitigation_judge(struct db *db, const struct mitigation *m, struct error *err)
{
    return db_exec(db, Q_MITIGATION_JUDGE, NULL,
        ARGS(v_text(m->id), v_text(m->effect), v_text(m->result), v_time(m->judged_at)), err);
}

bool mitigation_get(struct db *db, struct arena *a, struct str id, struct mitigation *out, struct error *err)
{
    return db_get(db, Q_MITIGATION_GET, mitigation_fields, out, a, "action", ARGS(v_text(id)), err);
}

bool mitigation_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_MITIGATION_OF_INCIDENT, ARGS(v_text(incident_id)), mitigation_fields,
        sizeof(struct mitigation), out, err);
}

#include "store/policy.h"

#include "base/error.h"

bool policy_get(struct db *db, struct arena *a, struct str id, struct policy *out, struct error *err)
{
    return db_get(db, Q_POLICY_GET, policy_fields, out, a, "policy", ARGS(v_text(id)), err);
}

bool policy_put(struct db *db, const struct policy *v, struct error *err)
{
    return store_put(db, Q_POLICY_PUT, policy_fields, v, "the policy", err);
}

bool policy_list(struct db *db, struct arena *a, struct str after_name, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_POLICY_LIST, ARGS(v_text(after_name), v_int(limit)), policy_fields, sizeof(struct policy), out, err);
}

bool escalation_get(struct db *db, struct arena *a, struct str incident_id, struct escalation *out, struct error *err)
{
    return db_get(db, Q_ESCALATION_GET, escalation_fields, out, a, "escalation", ARGS(v_text(incident_id)), err);
}

bool escalation_put(struct db *db, const struct escalation *v, struct error *err)
{
    return store_put(db, Q_ESCALATION_PUT, escalation_fields, v, "the escalation", err);
}

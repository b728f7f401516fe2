#include "store/verification.h"

#include "base/error.h"
#include "store/incident.h"

bool verification_put(struct db *db, const struct verification *v, struct error *err)
{
    return store_insert(db, Q_VERIFICATION_PUT, verification_fields, v, err);
}

bool verification_get(struct db *db, struct arena *a, struct str incident_id, struct verification *out,
    struct error *err)
{
    *out = (struct verification){.incident_id = incident_id};
    if (db_get(db, Q_VERIFICATION_GET, verification_fields, out, a, "verification", ARGS(v_text(incident_id)), err))
        return true;
    if (err->kind != ERROR_NOT_FOUND)
        return false;
    *err = (struct error){0};
    return true;
}

bool verification_soaking(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_VERIFICATION_SOAKING_OF_SERVICE, ARGS(v_text(service_id)), named_fields,
        sizeof(struct named), out, err);
}

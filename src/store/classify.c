#include "store/classify.h"

bool clock_put(struct db *db, const struct legal_clock *v, struct error *err)
{
    return store_insert(db, Q_CLOCK_PUT, legal_clock_fields, v, err);
}

bool clock_get(struct db *db, struct arena *a, struct str incident_id, struct str clock, struct legal_clock *out,
    struct error *err)
{
    return db_get(db, Q_CLOCK_GET, legal_clock_fields, out, a, "clock", ARGS(v_text(incident_id), v_text(clock)), err);
}

bool clock_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_CLOCK_OF_INCIDENT, ARGS(v_text(incident_id)), legal_clock_fields,
        sizeof(struct legal_clock), out, err);
}

#include "store/brief.h"

#include "base/error.h"
#include "domain/event.h"

bool brief_add(struct db *db, const struct brief *v, struct error *err)
{
    return store_insert(db, Q_BRIEF_ADD, brief_fields, v, err);
}

bool brief_get(struct db *db, struct arena *a, struct str incident_id, int64_t version, struct brief *out, struct error *err)
{
    return db_get(db, Q_BRIEF_GET, brief_fields, out, a, "brief", ARGS(v_text(incident_id), v_int(version)), err);
}

bool brief_latest(struct db *db, struct arena *a, struct str incident_id, struct brief *out, bool *found, struct error *err)
{
    struct error missing = {0};

    *found = db_get(db, Q_BRIEF_LATEST, brief_fields, out, a, "brief", ARGS(v_text(incident_id)), &missing);
    if (*found || missing.kind == ERROR_NOT_FOUND)
        return true;
    *err = missing;
    return false;
}

bool brief_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_BRIEF_LIST, ARGS(v_text(incident_id)), brief_fields, sizeof(struct brief), out, err);
}

bool brief_events(struct db *db, struct arena *a, struct str incident_id, struct str kind, struct list *out, struct error *err)
{
    return store_list(db, a, Q_BRIEF_EVENTS, ARGS(v_text(incident_id), v_text(kind)), event_fields, sizeof(struct event),
        out, err);
}

#include "store/postmortem.h"

#include "base/error.h"

bool postmortem_get(struct db *db, struct arena *a, struct str id, struct postmortem *out, struct error *err)
{
    return db_get(db, Q_POSTMORTEM_GET, postmortem_fields, out, a, "postmortem", ARGS(v_text(id)), err);
}

bool postmortem_of_incident(struct db *db, struct arena *a, struct str incident_id, struct postmortem *out, struct error *err)
{
    return db_get(db, Q_POSTMORTEM_OF_INCIDENT, postmortem_fields, out, a, "postmortem", ARGS(v_text(incident_id)), err);
}

bool postmortem_put(struct db *db, const struct postmortem *v, struct error *err)
{
    return store_put(db, Q_POSTMORTEM_PUT, postmortem_fields, v, "the postmortem", err);
}

bool postmortem_list(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_POSTMORTEM_LIST, ARGS(v_int(before.us), v_text(before_id), v_int(limit)), postmortem_fields, sizeof(struct postmortem), out, err);
}

bool action_put(struct db *db, const struct action_item *v, struct error *err)
{
    return store_insert(db, Q_ACTION_PUT, action_item_fields, v, err);
}

bool action_get(struct db *db, struct arena *a, struct str id, struct action_item *out, struct error *err)
{
    return db_get(db, Q_ACTION_GET, action_item_fields, out, a, "action item", ARGS(v_text(id)), err);
}

bool action_list(struct db *db, struct arena *a, struct str postmortem_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ACTION_LIST, ARGS(v_text(postmortem_id)), action_item_fields, sizeof(struct action_item), out, err);
}

bool action_open(struct db *db, struct arena *a, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ACTION_OPEN, ARGS(v_int(limit)), action_item_fields, sizeof(struct action_item), out, err);
}

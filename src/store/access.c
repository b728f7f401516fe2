#include "store/access.h"

static bool any(struct db *db, enum query q, const struct value *args, bool *out, struct error *err)
{
    int64_t n;

    *out = false; /* in doubt, nobody sees anything */
    if (!store_count(db, q, args, &n, err))
        return false;
    *out = n > 0;
    return true;
}

bool access_sees(struct db *db, struct str incident_id, struct str user_id, bool *out, struct error *err)
{
    return any(db, Q_ACCESS_SEES, ARGS(v_text(incident_id), v_text(user_id)), out, err);
}

bool access_restricted(struct db *db, struct str incident_id, bool *out, struct error *err)
{
    return any(db, Q_ACCESS_RESTRICTED, ARGS(v_text(incident_id)), out, err);
}

bool access_open_count(struct db *db, struct str user_id, int64_t *out, struct error *err)
{
    return store_count(db, Q_ACCESS_OPEN_COUNT, ARGS(v_text(user_id)), out, err);
}

bool access_members(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_ACCESS_MEMBERS, ARGS(v_text(incident_id)), member_fields, sizeof(struct member), out, err);
}

bool member_put(struct db *db, struct str incident_id, struct str user_id, struct str reason, struct str added_by,
    instant now, struct error *err)
{
    return db_exec(db, Q_MEMBER_PUT, NULL,
        ARGS(v_text(incident_id), v_text(user_id), v_text(reason), v_text(added_by), v_time(now)), err);
}

bool member_delete(struct db *db, struct str incident_id, struct str user_id, struct error *err)
{
    return store_delete(db, Q_MEMBER_DELETE, ARGS(v_text(incident_id), v_text(user_id)), "invitation", err);
}

#include "store/role.h"

bool role_term_add(struct db *db, const struct role_term *t, struct error *err)
{
    return store_insert(db, Q_ROLE_TERM_ADD, role_term_fields, t, err);
}

bool role_term_end(struct db *db, struct str incident_id, struct str role, instant at, struct error *err)
{
    return db_exec(db, Q_ROLE_TERM_END, NULL, ARGS(v_text(incident_id), v_text(role), v_time(at)), err);
}

bool role_term_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_ROLE_TERM_LIST, ARGS(v_text(incident_id)), role_term_fields,
        sizeof(struct role_term), out, err);
}

bool role_term_at(struct db *db, struct arena *a, struct str incident_id, instant at, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ROLE_TERM_AT, ARGS(v_text(incident_id), v_int(at.us)), role_term_fields,
        sizeof(struct role_term), out, err);
}

bool role_turn_list(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return store_list(db, a, Q_TURN_LIST, NO_ARGS, role_turn_fields, sizeof(struct role_turn), out, err);
}

bool request_add(struct db *db, const struct responder_request *r, struct error *err)
{
    return store_insert(db, Q_REQUEST_ADD, responder_request_fields, r, err);
}

bool request_get(struct db *db, struct arena *a, struct str id, struct responder_request *out, struct error *err)
{
    return db_get(db, Q_REQUEST_GET, responder_request_fields, out, a, "request", ARGS(v_text(id)), err);
}

bool request_answered(struct db *db, const struct responder_request *r, bool *first, struct error *err)
{
    int64_t changed = 0;

    if (!db_exec(db, Q_REQUEST_ANSWER, &changed,
            ARGS(v_text(r->id), v_text(r->state), v_text(r->answer), v_time(r->answered_at)), err))
        return false;
    *first = changed == 1;
    return true;
}

bool request_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_REQUEST_LIST, ARGS(v_text(incident_id)), responder_request_fields,
        sizeof(struct responder_request), out, err);
}

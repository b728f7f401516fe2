#include "store/statuspage.h"

#define LIST(q, args, T, fields) store_list(db, a, q, args, fields, sizeof(struct T), out, err)

bool status_page_put(struct db *db, const struct status_page *p, struct error *err)
{
    return store_put(db, Q_STATUS_PAGE_PUT, status_page_fields, p, "the status page", err);
}

bool status_page_get(struct db *db, struct arena *a, struct str id, struct status_page *out, struct error *err)
{
    return db_get(db, Q_STATUS_PAGE_GET, status_page_fields, out, a, "status page", ARGS(v_text(id)), err);
}

bool status_page_list(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return LIST(Q_STATUS_PAGE_LIST, NO_ARGS, status_page, status_page_fields);
}

bool component_put(struct db *db, const struct component *c, struct error *err)
{
    return store_put(db, Q_COMPONENT_PUT, component_fields, c, "the component", err);
}

bool component_get(struct db *db, struct arena *a, struct str id, struct component *out, struct error *err)
{
    return db_get(db, Q_COMPONENT_GET, component_fields, out, a, "component", ARGS(v_text(id)), err);
}

bool component_list(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return LIST(Q_COMPONENT_LIST, NO_ARGS, component, component_fields);
}

bool component_impacts(struct db *db, struct arena *a, struct str id, struct list *out, struct error *err)
{
    return LIST(Q_COMPONENT_IMPACTS, ARGS(v_text(id)), component_impact, component_impact_fields);
}

bool component_turn(struct db *db, struct str id, struct str state, struct str cause, instant now, struct error *err)
{
    return db_exec(db, Q_COMPONENT_STATE_END, NULL, ARGS(v_text(id), v_int(now.us)), err) &&
        db_exec(db, Q_COMPONENT_STATE_START, NULL, ARGS(v_text(id), v_int(now.us), v_text(state), v_text(cause)), err);
}

bool component_spans(struct db *db, struct arena *a, instant since, struct list *out, struct error *err)
{
    return LIST(Q_COMPONENT_STATES, ARGS(v_int(since.us)), component_span, component_span_fields);
}

bool public_incident_put(struct db *db, const struct public_incident *p, struct error *err)
{
    return store_put(db, Q_PUBLIC_INCIDENT_PUT, public_incident_fields, p, "what is published", err);
}

bool public_incident_get(struct db *db, struct arena *a, struct str id, struct public_incident *out, struct error *err)
{
    return db_get(db, Q_PUBLIC_INCIDENT_GET, public_incident_fields, out, a, "published incident", ARGS(v_text(id)), err);
}

bool public_incident_of(struct db *db, struct arena *a, struct str incident_id, struct public_incident *out,
    struct error *err)
{
    return db_get(db, Q_PUBLIC_INCIDENT_OF, public_incident_fields, out, a, "published incident",
        ARGS(v_text(incident_id)), err);
}

bool public_incident_list(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit,
    struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_INCIDENT_LIST, ARGS(v_int(before.us), v_text(before_id), v_int(limit)), public_incident,
        public_incident_fields);
}

bool public_incident_opened(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_INCIDENT_OPENED, NO_ARGS, public_incident, public_incident_fields);
}

bool public_component_put(struct db *db, const struct component_impact *c, struct error *err)
{
    return store_insert(db, Q_PUBLIC_COMPONENT_PUT, component_impact_fields, c, err);
}

bool public_component_of(struct db *db, struct arena *a, struct str public_id, struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_COMPONENT_OF, ARGS(v_text(public_id)), component_impact, component_impact_fields);
}

bool public_component_since(struct db *db, struct arena *a, instant since, struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_COMPONENT_SINCE, ARGS(v_int(since.us)), component_impact, component_impact_fields);
}

bool public_update_add(struct db *db, const struct public_update *u, struct error *err)
{
    return store_insert(db, Q_PUBLIC_UPDATE_ADD, public_update_fields, u, err);
}

bool public_update_get(struct db *db, struct arena *a, struct str id, struct public_update *out, struct error *err)
{
    return db_get(db, Q_PUBLIC_UPDATE_GET, public_update_fields, out, a, "published update", ARGS(v_text(id)), err);
}

bool public_update_of(struct db *db, struct arena *a, struct str public_id, struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_UPDATE_OF, ARGS(v_text(public_id)), public_update, public_update_fields);
}

bool public_update_since(struct db *db, struct arena *a, instant since, struct list *out, struct error *err)
{
    return LIST(Q_PUBLIC_UPDATE_SINCE, ARGS(v_int(since.us)), public_update, public_update_fields);
}

bool subscriber_put(struct db *db, const struct subscriber *s, struct error *err)
{
    return store_insert(db, Q_SUBSCRIBER_PUT, subscriber_fields, s, err);
}

bool subscriber_get(struct db *db, struct arena *a, struct str id, struct subscriber *out, struct error *err)
{
    return db_get(db, Q_SUBSCRIBER_GET, subscriber_fields, out, a, "subscriber", ARGS(v_text(id)), err);
}

bool subscriber_by_address(struct db *db, struct arena *a, const struct subscriber *like, struct subscriber *out,
    struct error *err)
{
    return db_get(db, Q_SUBSCRIBER_BY_ADDRESS, subscriber_fields, out, a, "subscriber",
        ARGS(v_text(like->page_id), v_text(like->kind), v_text(like->address)), err);
}

bool subscriber_after(struct db *db, struct arena *a, struct str after, int64_t limit, struct list *out,
    struct error *err)
{
    return LIST(Q_SUBSCRIBER_AFTER, ARGS(v_text(after), v_int(limit)), subscriber, subscriber_fields);
}

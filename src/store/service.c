#include "store/service.h"

#include "base/error.h"

bool service_get(struct db *db, struct arena *a, struct str id, struct service *out, struct error *err)
{
    return db_get(db, Q_SERVICE_GET, service_fields, out, a, "service", ARGS(v_text(id)), err);
}

bool service_by_name(struct db *db, struct arena *a, struct str name, struct service *out, struct error *err)
{
    return db_get(db, Q_SERVICE_BY_NAME, service_fields, out, a, "service", ARGS(v_text(name)), err);
}

bool service_put(struct db *db, const struct service *v, struct error *err)
{
    return store_put(db, Q_SERVICE_PUT, service_fields, v, "the service", err);
}

bool service_list(struct db *db, struct arena *a, struct str after_name, int64_t limit, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_SERVICE_LIST, ARGS(v_text(after_name), v_int(limit)), service_fields, sizeof(struct service), out, err);
}

bool service_of_policy(struct db *db, struct arena *a, struct str policy_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_SERVICE_OF_POLICY, ARGS(v_text(policy_id)), service_fields, sizeof(struct service), out, err);
}

bool key_insert(struct db *db, const struct integration_key *v, struct error *err)
{
    return store_insert(db, Q_KEY_INSERT, integration_key_fields, v, err);
}

bool key_get(struct db *db, struct arena *a, struct str id, struct integration_key *out, struct error *err)
{
    return db_get(db, Q_KEY_GET, integration_key_fields, out, a, "integration key", ARGS(v_text(id)), err);
}

bool key_by_hash(struct db *db, struct arena *a, struct str hash, struct integration_key *out, struct error *err)
{
    return db_get(db, Q_KEY_BY_HASH, integration_key_fields, out, a, "integration key", ARGS(v_text(hash)), err);
}

bool key_list(struct db *db, struct arena *a, struct str service_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_KEY_LIST, ARGS(v_text(service_id)), integration_key_fields, sizeof(struct integration_key), out, err);
}

bool key_all(struct db *db, struct arena *a, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_KEY_ALL, NO_ARGS, integration_key_fields, sizeof(struct integration_key), out, err);
}

bool key_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_KEY_DELETE, ARGS(v_text(id)), "integration key", err);
}

bool route_insert(struct db *db, const struct route *v, struct error *err)
{
    return store_insert(db, Q_ROUTE_INSERT, route_fields, v, err);
}

bool route_get(struct db *db, struct arena *a, struct str id, struct route *out, struct error *err)
{
    return db_get(db, Q_ROUTE_GET, route_fields, out, a, "route", ARGS(v_text(id)), err);
}

bool route_all(struct db *db, struct arena *a, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ROUTE_ALL, NO_ARGS, route_fields, sizeof(struct route), out, err);
}

bool route_of_service(struct db *db, struct arena *a, struct str service_id, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ROUTE_OF_SERVICE, ARGS(v_text(service_id)), route_fields, sizeof(struct route), out, err);
}

bool route_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_ROUTE_DELETE, ARGS(v_text(id)), "route", err);
}

bool endpoint_insert(struct db *db, const struct endpoint *v, struct error *err)
{
    return store_insert(db, Q_ENDPOINT_INSERT, endpoint_fields, v, err);
}

bool endpoint_get(struct db *db, struct arena *a, struct str id, struct endpoint *out, struct error *err)
{
    return db_get(db, Q_ENDPOINT_GET, endpoint_fields, out, a, "webhook", ARGS(v_text(id)), err);
}

bool endpoint_list(struct db *db, struct arena *a, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_ENDPOINT_LIST, NO_ARGS, endpoint_fields, sizeof(struct endpoint), out, err);
}

bool endpoint_delete(struct db *db, struct str id, struct error *err)
{
    return store_delete(db, Q_ENDPOINT_DELETE, ARGS(v_text(id)), "webhook", err);
}

#include "store/pack.h"

#include "base/error.h"

bool pack_add(struct db *db, const struct pack_version *v, struct error *err)
{
    return store_put(db, Q_PACK_ADD, pack_version_fields, v, "the pack", err);
}

bool pack_get(struct db *db, struct arena *a, struct str id, int64_t version, struct pack_version *out,
    struct error *err)
{
    return db_get(db, Q_PACK_GET, pack_version_fields, out, a, "policy pack", ARGS(v_text(id), v_int(version)), err);
}

bool pack_newest(struct db *db, struct arena *a, struct str id, struct pack_version *out, struct error *err)
{
    return db_get(db, Q_PACK_NEWEST, pack_version_fields, out, a, "policy pack", ARGS(v_text(id)), err);
}

bool pack_list(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return store_list(db, a, Q_PACK_LIST, NO_ARGS, pack_version_fields, sizeof(struct pack_version), out, err);
}

bool pack_versions(struct db *db, struct arena *a, struct str id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_PACK_VERSIONS, ARGS(v_text(id)), pack_version_fields, sizeof(struct pack_version), out, err);
}

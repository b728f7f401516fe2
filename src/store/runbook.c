#include "store/runbook.h"

#include "base/error.h"
#include "base/id.h"

const struct field attachment_fields[] = {
    FIELD(struct attachment, runbook_id, .doc = "Runbook"),
    FIELD(struct attachment, title, .doc = "Its title"),
    FIELD(struct attachment, version, .doc = "Version that was attached"),
    FIELD(struct attachment, reason, .doc = "Why it was attached"),
    FIELD(struct attachment, removed, .doc = "It was put away again"),
    FIELD(struct attachment, attached_at, .doc = "When it was attached"),
    {0},
};

bool runbook_put(struct db *db, const struct runbook *r, struct error *err)
{
    return store_put(db, Q_RUNBOOK_PUT, runbook_fields, r, "the runbook", err) &&
        db_exec(db, Q_RUNBOOK_VERSION_ADD, NULL,
            ARGS(v_text(r->id), v_int(r->version), v_text(r->body), v_text(r->updated_by), v_time(r->updated_at)), err);
}

bool runbook_get(struct db *db, struct arena *a, struct str id, struct runbook *out, struct error *err)
{
    return db_get(db, Q_RUNBOOK_GET, runbook_fields, out, a, "runbook", ARGS(v_text(id)), err);
}

bool runbook_by_slug(struct db *db, struct arena *a, struct str slug, struct runbook *out, struct error *err)
{
    return db_get(db, Q_RUNBOOK_BY_SLUG, runbook_fields, out, a, "runbook", ARGS(v_text(slug)), err);
}

bool runbook_find(struct db *db, struct arena *a, struct str ref, struct runbook *out, struct error *err)
{
    return id_is(ref, "rb") ? runbook_get(db, a, ref, out, err) : runbook_by_slug(db, a, ref, out, err);
}

bool runbook_at_version(struct db *db, struct arena *a, struct str id, int64_t version, struct runbook *out,
    struct error *err)
{
    return db_get(db, Q_RUNBOOK_VERSION_GET, runbook_fields, out, a, "version of the runbook",
        ARGS(v_text(id), v_int(version)), err);
}

bool runbook_list(struct db *db, struct arena *a, struct list *out, struct error *err)
{
    return store_list(db, a, Q_RUNBOOK_LIST, NO_ARGS, runbook_fields, sizeof(struct runbook), out, err);
}

bool attachment_put(struct db *db, struct str incident_id, const struct attachment *v, struct error *err)
{
    return db_exec(db, Q_INCIDENT_RUNBOOK_PUT, NULL,
        ARGS(v_text(incident_id), v_text(v->runbook_id), v_int(v->version), v_text(v->reason), v_bool(v->removed),
            v_time(v->attached_at)), err);
}

bool attachment_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_INCIDENT_RUNBOOK_LIST, ARGS(v_text(incident_id)), attachment_fields,
        sizeof(struct attachment), out, err);
}

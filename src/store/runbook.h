/* Runbooks in the store, and which of them an incident follows. */
#pragma once

#include "domain/runbook.h"
#include "store/store.h"

#define RUNBOOK_MAX 1000 /* in the library */

/* Writes the runbook and keeps this version of its body. */
bool runbook_put(struct db *db, const struct runbook *r, struct error *err);
bool runbook_get(struct db *db, struct arena *a, struct str id, struct runbook *out, struct error *err);
bool runbook_by_slug(struct db *db, struct arena *a, struct str slug, struct runbook *out, struct error *err);
/* By id or by slug. */
bool runbook_find(struct db *db, struct arena *a, struct str ref, struct runbook *out, struct error *err);
/* Puts body, updated_by, updated_at and version of an older one over *out. */
bool runbook_at_version(struct db *db, struct arena *a, struct str id, int64_t version, struct runbook *out,
    struct error *err);
/* All of them by title, without their bodies. */
bool runbook_list(struct db *db, struct arena *a, struct list *out, struct error *err);

struct attachment {
    struct str runbook_id;
    struct str title;
    int64_t version;   /* that was attached */
    struct str reason; /* "alert HighCPU", "by alice" */
    bool removed;
    instant attached_at;
};
extern const struct field attachment_fields[];
/* Nothing but `removed` changes in one that is there. */
bool attachment_put(struct db *db, struct str incident_id, const struct attachment *v, struct error *err);
bool attachment_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

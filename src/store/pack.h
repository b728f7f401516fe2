#pragma once

#include "domain/pack_version.h"
#include "store/store.h"

/* CONFLICT if somebody else has written this version meanwhile. */
bool pack_add(struct db *db, const struct pack_version *v, struct error *err);
bool pack_get(struct db *db, struct arena *a, struct str id, int64_t version, struct pack_version *out,
    struct error *err);
bool pack_newest(struct db *db, struct arena *a, struct str id, struct pack_version *out, struct error *err);
/* The newest version of each pack that people have made, by id. */
bool pack_list(struct db *db, struct arena *a, struct list *out, struct error *err);
/* Of one pack, newest first. */
bool pack_versions(struct db *db, struct arena *a, struct str id, struct list *out, struct error *err);

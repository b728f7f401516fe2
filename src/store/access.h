/* Who takes part in an incident; see domain/access.h. */
#pragma once

#include "domain/access.h"
#include "store/store.h"

/* True if the person is a member, whether or not the incident is restricted. */
bool access_sees(struct db *db, struct str incident_id, struct str user_id, bool *out, struct error *err);
bool access_restricted(struct db *db, struct str incident_id, bool *out, struct error *err);
/* Open incidents that the person may know of. */
bool access_open_count(struct db *db, struct str user_id, int64_t *out, struct error *err);
/* Every reason of every member; one person may have several. */
bool access_members(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool member_put(struct db *db, struct str incident_id, struct str user_id, struct str reason, struct str added_by,
    instant now, struct error *err);
/* NOT_FOUND for whoever is a member for another reason. */
bool member_delete(struct db *db, struct str incident_id, struct str user_id, struct error *err);

/* Updates in the store. */
#pragma once

#include "domain/update.h"
#include "store/store.h"

/* Inserts, or updates the row whose version is one less; CONFLICT if somebody was faster. */
bool update_put(struct db *db, const struct update *u, struct error *err);
/* Only one that was never published. */
bool update_delete(struct db *db, struct str id, struct error *err);
/* Within an incident: by id, or by audience and number as in "users-3". */
bool update_find(struct db *db, struct arena *a, struct str incident_id, struct str ref, struct update *out,
    struct error *err);
bool update_get(struct db *db, struct arena *a, struct str id, struct update *out, struct error *err);
/* All of an incident, drafts too, newest first. */
bool update_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
/* All of one audience, the highest number first. */
bool update_of_audience(struct db *db, struct arena *a, struct str incident_id, struct str audience, struct list *out,
    struct error *err);

/* What the audience can see at `now`: published, not retracted, and past the time in which it may be
 * taken back. The status page reads these, for the audiences whose shown_on is "status_page"; text,
 * status (public) and service are fit for the public. Oldest first. */
bool update_visible(struct db *db, struct arena *a, struct str incident_id, struct str audience, instant now,
    struct list *out, struct error *err);
/* The same over all incidents, since then: for histories and feeds. */
bool update_visible_since(struct db *db, struct arena *a, struct str audience, instant since, instant now,
    struct list *out, struct error *err);

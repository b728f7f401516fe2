/* Status pages in the store: pages, components, what is published, subscribers. */
#pragma once

#include "domain/statuspage.h"
#include "store/store.h"

bool status_page_put(struct db *db, const struct status_page *p, struct error *err);
bool status_page_get(struct db *db, struct arena *a, struct str id, struct status_page *out, struct error *err);
/* All, the default one first. */
bool status_page_list(struct db *db, struct arena *a, struct list *out, struct error *err);

bool component_put(struct db *db, const struct component *c, struct error *err);
bool component_get(struct db *db, struct arena *a, struct str id, struct component *out, struct error *err);
bool component_list(struct db *db, struct arena *a, struct list *out, struct error *err);
/* What open incidents and maintenance in progress do to it (struct component_impact). */
bool component_impacts(struct db *db, struct arena *a, struct str id, struct list *out, struct error *err);
/* Ends the state that lasts, if it began before, and starts another. */
bool component_turn(struct db *db, struct str id, struct str state, struct str cause, instant now, struct error *err);
/* Of all components, what lasted after `since`; by component, then time. */
bool component_spans(struct db *db, struct arena *a, instant since, struct list *out, struct error *err);

bool public_incident_put(struct db *db, const struct public_incident *p, struct error *err);
bool public_incident_get(struct db *db, struct arena *a, struct str id, struct public_incident *out, struct error *err);
/* NOT_FOUND if nothing was published about it. */
bool public_incident_of(struct db *db, struct arena *a, struct str incident_id, struct public_incident *out,
    struct error *err);
/* The newest before that, by when they began. */
bool public_incident_list(struct db *db, struct arena *a, instant before, struct str before_id, int64_t limit,
    struct list *out, struct error *err);
bool public_incident_opened(struct db *db, struct arena *a, struct list *out, struct error *err);

bool public_component_put(struct db *db, const struct component_impact *c, struct error *err);
bool public_component_of(struct db *db, struct arena *a, struct str public_id, struct list *out, struct error *err);
/* Of all that began after `since` or are open, by what they belong to. */
bool public_component_since(struct db *db, struct arena *a, instant since, struct list *out, struct error *err);
bool public_update_add(struct db *db, const struct public_update *u, struct error *err);
bool public_update_get(struct db *db, struct arena *a, struct str id, struct public_update *out, struct error *err);
/* The newest first. */
bool public_update_of(struct db *db, struct arena *a, struct str public_id, struct list *out, struct error *err);
bool public_update_since(struct db *db, struct arena *a, instant since, struct list *out, struct error *err);

bool subscriber_put(struct db *db, const struct subscriber *s, struct error *err);
bool subscriber_get(struct db *db, struct arena *a, struct str id, struct subscriber *out, struct error *err);
bool subscriber_by_address(struct db *db, struct arena *a, const struct subscriber *like, struct subscriber *out,
    struct error *err);
/* Confirmed ones of all pages, by id after `after`. */
bool subscriber_after(struct db *db, struct arena *a, struct str after, int64_t limit, struct list *out,
    struct error *err);

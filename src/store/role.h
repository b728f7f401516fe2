/* Terms of roles, turns at commanding, and requests to responders. */
#pragma once

#include "domain/role.h"
#include "store/store.h"

bool role_term_add(struct db *db, const struct role_term *t, struct error *err);
/* Ends the one that lasts, if there is one. */
bool role_term_end(struct db *db, struct str incident_id, struct str role, instant at, struct error *err);
/* All, oldest first. */
bool role_term_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
/* Those that lasted at that moment. */
bool role_term_at(struct db *db, struct arena *a, struct str incident_id, instant at, struct list *out,
    struct error *err);

bool role_turn_list(struct db *db, struct arena *a, struct list *out, struct error *err);

bool request_add(struct db *db, const struct responder_request *r, struct error *err);
bool request_get(struct db *db, struct arena *a, struct str id, struct responder_request *out, struct error *err);
/* *first is false when it was answered already. */
bool request_answered(struct db *db, const struct responder_request *r, bool *first, struct error *err);
/* Newest first. */
bool request_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

/* The outbox. */
#pragma once

#include "store/store.h"
#include "domain/delivery.h"

/* *fresh is false when the same delivery exists already: it is then left as it is. */
bool delivery_insert(struct db *db, const struct delivery *d, bool *fresh, struct error *err);
bool delivery_get(struct db *db, struct arena *a, struct str id, struct delivery *out, struct error *err);
bool delivery_due(struct db *db, struct arena *a, instant now, int64_t limit, struct list *out, struct error *err);
/* Leases it to `owner` and raises the fence in *d; *mine false if somebody else has it. */
bool delivery_claim(struct db *db, struct delivery *d, instant lease_until, struct str owner, bool *mine,
    struct error *err);
/* Records an attempt's outcome: state, next_at, sent_at, receipt, error of *d. *current false when the
 * fence has moved on: the outcome is then ignored. */
bool delivery_finish(struct db *db, const struct delivery *d, bool *current, struct error *err);
/* Queued pages of an incident that is acknowledged or over are not sent any more. */
bool delivery_supersede(struct db *db, struct str incident_id, struct error *err);
/* Nobody is told any more of this subject; what is on its way already stays so. */
bool delivery_withdraw(struct db *db, struct str subject, struct error *err);
bool delivery_next(struct db *db, instant *out, struct error *err);
bool delivery_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err);
/* At the start of the only process there is: what was leased when the last one died is due at once. */
bool delivery_recover(struct db *db, instant now, struct error *err);

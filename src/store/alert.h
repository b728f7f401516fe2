/* Alerts in the store. */
#pragma once

#include "store/store.h"
#include "domain/alert.h"

/* How many values an alert's row has. */
size_t alert_width(void);
/* The firing episode with this dedup key. */
bool alert_open(struct db *db, struct arena *a, struct str dedup, struct alert *out, struct error *err);
bool alert_get(struct db *db, struct arena *a, int64_t id, struct alert *out, struct error *err);
/* Writes what a report may change; the stored count grows by `more`. To be retried if it fires no more. */
bool alert_update(struct db *db, const struct alert *v, int64_t more, struct error *err);
/* It is over at its end unless, meanwhile, that is past `until`; *ended tells. */
bool alert_expire(struct db *db, int64_t id, instant until, instant now, bool *ended, struct error *err);
bool alert_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err);

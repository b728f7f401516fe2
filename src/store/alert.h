/* Alerts in the store. */
#pragma once

#include "store/store.h"
#include "domain/alert.h"

/* How many values an alert's row has. */
size_t alert_width(void);
/* The firing episode with this dedup key. */
bool alert_open(struct db *db, struct arena *a, struct str dedup, struct alert *out, struct error *err);
bool alert_get(struct db *db, struct arena *a, int64_t id, struct alert *out, struct error *err);
/* Writes what a report may change; the stored count grows by `more`. */
bool alert_update(struct db *db, const struct alert *v, int64_t more, struct error *err);
bool alert_list(struct db *db, struct arena *a, enum query q, const struct value *args, struct list *out,
    struct error *err);

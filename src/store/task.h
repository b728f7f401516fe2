#pragma once

#include "domain/task.h"
#include "store/store.h"

/* Nothing happens if the incident has something at this place of this list. */
bool task_add(struct db *db, const struct task *t, struct error *err);
bool task_set(struct db *db, const struct task *t, struct error *err);
bool task_get(struct db *db, struct arena *a, struct str id, struct task *out, struct error *err);
/* All of an incident, lists in the order in which they were added. */
bool task_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);
bool task_of_list(struct db *db, struct arena *a, struct str incident_id, struct str name, struct list *out,
    struct error *err);

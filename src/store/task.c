#include "store/task.h"

bool task_add(struct db *db, const struct task *t, struct error *err)
{
    return store_insert(db, Q_TASK_ADD, task_fields, t, err);
}

bool task_set(struct db *db, const struct task *t, struct error *err)
{
    return db_exec(db, Q_TASK_SET, NULL,
        ARGS(v_text(t->id), v_text(t->state), v_text(t->note), v_text(t->done_by), v_text(t->done_name),
            v_time(t->done_at)), err);
}

bool task_get(struct db *db, struct arena *a, struct str id, struct task *out, struct error *err)
{
    return db_get(db, Q_TASK_GET, task_fields, out, a, "task", ARGS(v_text(id)), err);
}

bool task_list(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err)
{
    return store_list(db, a, Q_TASK_OF_INCIDENT, ARGS(v_text(incident_id)), task_fields, sizeof(struct task), out, err);
}

bool task_of_list(struct db *db, struct arena *a, struct str incident_id, struct str name, struct list *out,
    struct error *err)
{
    return store_list(db, a, Q_TASK_OF_LIST, ARGS(v_text(incident_id), v_text(name)), task_fields,
        sizeof(struct task), out, err);
}

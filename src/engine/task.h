/* Checklists of an incident: adding a list, and moving what is on it. */
#pragma once

#include "engine/op.h"
#include "domain/task.h"

struct incident;

/* Of each item only text, command, expected and role are read. A list that is there already stays as
 * it is. Says nothing on the timeline: whoever adds a list for a reason says so. */
bool engine_tasks_add(struct op *op, struct str incident_id, struct str list, struct str list_name,
    const struct task *items, size_t n, struct error *err);
/* `ref`: the incident's id or number, to which the task must belong. */
bool engine_task_set(struct op *op, struct str ref, struct str task_id, const struct task_change *in,
    struct task *out, struct error *err);
/* Adds the checklist of the phase that the incident has entered, from the moment on that somebody is
 * there to work on it: until then a page has to leave as fast as it can. Then come the lists of what has no
 * status, and of triage, which the acknowledgement ends before anybody could have worked through it. See follow.h. */
bool task_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err);

/* Tasks: what has to be done in an incident. One mechanism for the checklists of phases and of the
 * war room, the steps of a class's special handling, of runbooks and playbooks, and the checks before
 * it may be resolved. A list is added once; what is in it stays as it was when it was added, whatever
 * becomes of the pack or the runbook it came from. */
#pragma once

#include "base/field.h"

extern const char *const task_states[];

struct task {
    struct str id;
    struct str incident_id;
    struct str list;      /* "phase:triage", "war_room", "class:data", "verify", "runbook:ID"… */
    struct str list_name; /* what people call it */
    int64_t position;     /* in the list, from 0 */
    struct str text;
    struct str command;   /* to copy and run */
    struct str expected;  /* what a good result looks like */
    struct str role;      /* whose it is, of the pack; none: anybody's */
    struct str state;     /* open, done, skipped, failed */
    struct str note;      /* what came of it */
    struct str done_by, done_name;
    instant done_at;      /* when it left `open` */
    instant created_at;
};
extern const struct field task_fields[];

struct task_change {
    struct str state, note;
};
extern const struct field task_change_fields[];

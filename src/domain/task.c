#include "domain/task.h"

const char *const task_states[] = {"open", "done", "skipped", "failed", NULL};

const struct field task_fields[] = {
    FIELD(struct task, id, .flags = FIELD_READONLY, .doc = "Task id, `task_…`"),
    FIELD(struct task, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    FIELD(struct task, list, .flags = FIELD_READONLY, .doc = "List it is in: phase:triage, war_room, class:data, verify, runbook:ID…"),
    FIELD(struct task, list_name, .flags = FIELD_READONLY, .doc = "Name of the list"),
    FIELD(struct task, position, .flags = FIELD_READONLY, .doc = "Place in the list, from 0"),
    FIELD(struct task, text, .flags = FIELD_READONLY, .max = 500, .doc = "What has to be done"),
    FIELD(struct task, command, .flags = FIELD_NULLABLE | FIELD_READONLY | FIELD_MULTILINE, .max = 4000, .doc = "Command to copy and run"),
    FIELD(struct task, expected, .flags = FIELD_NULLABLE | FIELD_READONLY | FIELD_MULTILINE, .max = 4000, .doc = "What a good result looks like"),
    FIELD(struct task, role, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Role whose task it is; null: anybody's"),
    FIELD(struct task, state, .choices = task_states, .flags = FIELD_READONLY, .doc = "open, done, skipped or failed"),
    FIELD(struct task, note, .flags = FIELD_NULLABLE | FIELD_READONLY, .max = 1000, .doc = "What came of it"),
    FIELD(struct task, done_by, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Who did it"),
    FIELD(struct task, done_name, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct task, done_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was done"),
    FIELD(struct task, created_at, .flags = FIELD_READONLY, .doc = "When the list was added"),
    {0},
};

const struct field task_change_fields[] = {
    FIELD(struct task_change, state, .flags = FIELD_REQUIRED, .choices = task_states, .doc = "open, done, skipped or failed"),
    FIELD(struct task_change, note, .flags = FIELD_NULLABLE, .max = 1000, .doc = "What came of it"),
    {0},
};

#include "domain/threshold.h"

const char *const threshold_states[] = {"armed", "reached", "dropped", NULL};
static const char *const ends[] = {"reached", "dropped", NULL};

const struct field threshold_fields[] = {
    FIELD(struct threshold, id, .flags = FIELD_READONLY, .doc = "Threshold id, `thr_…`"),
    FIELD(struct threshold, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    FIELD(struct threshold, runbook_id, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Runbook whose escalation it is"),
    FIELD(struct threshold, text, .flags = FIELD_REQUIRED, .max = 300, .doc = "The line that must not be crossed", .example = "Error rate above 5 %"),
    FIELD(struct threshold, action, .max = 300, .doc = "What is done then", .example = "Roll back"),
    FIELD(struct threshold, within, .flags = FIELD_DURATION | FIELD_NULLABLE, .min = 0, .max = 7 * DAY_US, .doc = "After that long it is reached by itself; 0s: somebody has to watch it", .example = "20m"),
    FIELD(struct threshold, due_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When its time is up"),
    FIELD(struct threshold, state, .choices = threshold_states, .flags = FIELD_READONLY, .doc = "armed, reached or dropped"),
    FIELD(struct threshold, author_name, .flags = FIELD_READONLY, .doc = "Who set it"),
    FIELD(struct threshold, created_at, .flags = FIELD_READONLY, .doc = "When it was set"),
    FIELD(struct threshold, ended_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was reached or dropped"),
    {0},
};

const struct field threshold_end_fields[] = {
    FIELD(struct threshold, state, .flags = FIELD_REQUIRED, .choices = ends, .doc = "reached: somebody saw it crossed; dropped: it does not matter any more"),
    {0},
};

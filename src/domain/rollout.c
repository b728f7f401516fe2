#include "domain/rollout.h"

#include "base/error.h"
#include "domain/pack.h"

const char *const rollout_states[] = {"running", "failing", "complete", "rolled_back", NULL};
static const char *const healths[] = {"passing", "failing", NULL};

const struct field rollout_fields[] = {
    FIELD(struct rollout, id, .flags = FIELD_READONLY, .doc = "Id of the rollout, `rol_…`"),
    FIELD(struct rollout, incident_id, .flags = FIELD_READONLY, .doc = "Incident it belongs to"),
    FIELD(struct rollout, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is rolled out", .example = "checkout 4.119"),
    FIELD(struct rollout, state, .choices = rollout_states, .flags = FIELD_READONLY, .doc = "running, failing (rolling back is recommended), complete or rolled_back"),
    FIELD(struct rollout, stage, .flags = FIELD_READONLY, .doc = "Current stage, from 0"),
    FIELD(struct rollout, held_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When the current stage has held for its time"),
    FIELD(struct rollout, started_by, .flags = FIELD_READONLY, .doc = "Who started it"),
    FIELD(struct rollout, started_name, .flags = FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct rollout, created_at, .flags = FIELD_READONLY, .doc = "When it began"),
    FIELD(struct rollout, ended_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was complete or rolled back"),
    FIELD(struct rollout, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field rollout_input_fields[] = {
    FIELD(struct rollout, title, .flags = FIELD_REQUIRED, .max = 200, .doc = "What is rolled out", .example = "checkout 4.119"),
    {0},
};

const struct field rollout_stage_fields[] = {
    FIELD(struct rollout_stage, rollout_id, .flags = FIELD_READONLY | FIELD_HIDDEN),
    FIELD(struct rollout_stage, position, .flags = FIELD_READONLY, .doc = "Place, from 0"),
    FIELD(struct rollout_stage, name, .flags = FIELD_READONLY, .doc = "Name of the stage"),
    FIELD(struct rollout_stage, percent_least, .flags = FIELD_READONLY, .doc = "Least share of traffic, per cent"),
    FIELD(struct rollout_stage, percent, .flags = FIELD_READONLY, .doc = "Share of traffic, per cent"),
    FIELD(struct rollout_stage, hold_us, .flags = FIELD_READONLY | FIELD_DURATION, .doc = "How long it has to hold at least"),
    FIELD(struct rollout_stage, hold_most_us, .flags = FIELD_READONLY | FIELD_DURATION, .doc = "How long it is watched at most"),
    FIELD(struct rollout_stage, entered_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was reached"),
    FIELD(struct rollout_stage, health, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "What the last check said: passing or failing"),
    FIELD(struct rollout_stage, note, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "What the check showed"),
    FIELD(struct rollout_stage, reason, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Why it was left before its time"),
    FIELD(struct rollout_stage, signed_by, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Who signed it off"),
    FIELD(struct rollout_stage, signed_name, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "Their name then"),
    FIELD(struct rollout_stage, signed_at, .flags = FIELD_NULLABLE | FIELD_READONLY, .doc = "When it was signed off"),
    {0},
};

const struct field rollout_check_fields[] = {
    FIELD(struct rollout_check, health, .flags = FIELD_REQUIRED, .choices = healths, .doc = "passing signs the stage off and goes on; failing stops"),
    FIELD(struct rollout_check, note, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "What the check showed"),
    FIELD(struct rollout_check, reason, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why it goes on before the stage has held for its time"),
    FIELD(struct rollout_check, stage, .flags = FIELD_NULLABLE, .min = 0, .max = ROLLOUT_MAX_STAGES, .doc = "Stage you were looking at, from 0; refused if it is another by now"),
    {0},
};

const struct field rollout_end_fields[] = {
    FIELD(struct rollout_end, reason, .flags = FIELD_NULLABLE | FIELD_MULTILINE, .max = 1000, .doc = "Why it is rolled back"),
    {0},
};

/* For packs that say nothing of it. */
#define TEXT(words) {"" words, sizeof words - 1}
static const struct pack_stage usual[] = {
    {.name = TEXT("Canary"), .percent_least = 1, .percent = 5},
    {.name = TEXT("Small"), .percent = 10, .watch_least_us = 10 * MINUTE_US, .watch_us = 15 * MINUTE_US},
    {.name = TEXT("Medium"), .percent = 25, .watch_least_us = 10 * MINUTE_US, .watch_us = 10 * MINUTE_US},
    {.name = TEXT("Large"), .percent = 50, .watch_least_us = 10 * MINUTE_US, .watch_us = 10 * MINUTE_US},
    {.name = TEXT("Full"), .percent = 100},
};

const struct pack_stage *rollout_stages(const struct pack *p, size_t *n)
{
    *n = p->nrollout ? p->nrollout : sizeof usual / sizeof *usual;
    *n = *n < ROLLOUT_MAX_STAGES ? *n : ROLLOUT_MAX_STAGES;
    return p->nrollout ? p->rollout : usual;
}

bool rollout_is_over(const struct rollout *r)
{
    return str_eq(r->state, S("complete")) || str_eq(r->state, S("rolled_back"));
}

bool rollout_check_valid(const struct rollout *r, const struct rollout_check *in, instant now, struct error *err)
{
    if (rollout_is_over(r))
        return fail(err, CONFLICT, "this rollout is over");
    if (in->stage != INT_NONE && in->stage != r->stage)
        return fail(err, CONFLICT, "the rollout has reached another stage meanwhile; look again and repeat");
    if (str_eq(in->health, S("passing")) && now.us < r->held_at.us && !in->reason.len)
        return fail_field(err, "reason", "is needed: the stage has not held for its time yet");
    return true;
}

/* Thresholds: when to stop what one is doing, decided beforehand, while heads are cool: "leave this
 * line after 20 minutes", "when the error rate passes 5 %: roll back". A runbook's escalation ("not
 * resolved in 15 minutes: call the vendor") is one as well. What has a time says so when it is up. */
#pragma once

#include "base/field.h"

extern const char *const threshold_states[];
#define THRESHOLD_MAX 100 /* of an incident */

struct threshold {
    struct str id;
    struct str incident_id;
    struct str runbook_id;  /* whose escalation it is; none: a person's */
    struct str text;        /* the line that must not be crossed */
    struct str action;      /* what is done then */
    int64_t within;         /* µs; 0: somebody has to watch it */
    instant due_at;
    struct str state;       /* armed, reached, dropped */
    struct str author_name;
    instant created_at, ended_at;
};
extern const struct field threshold_fields[];
/* {state}: reached or dropped. */
extern const struct field threshold_end_fields[];

/* The action log: what was done to stop the harm, by whom, when, with which result, and whether it
 * helped. (An "action item" is something else: what a postmortem asks for.) */
#pragma once

#include "base/field.h"

extern const char *const mitigation_kinds[], *const mitigation_effects[];

struct mitigation {
    struct str id;
    struct str incident_id;
    struct str kind;
    struct str text;    /* what exactly */
    struct str command; /* as it was run */
    struct str result;  /* what it said */
    struct str effect;  /* what it did to the incident; unknown until somebody has looked */
    instant at;         /* when it was done */
    struct str done_by, done_name;
    instant judged_at;  /* when the effect was set */
    instant created_at;
};
extern const struct field mitigation_fields[], mitigation_input_fields[];

struct mitigation_change {
    struct str effect, result;
};
extern const struct field mitigation_change_fields[];

/* "Kill switch: checkout-v2 off", for the timeline. */
struct str mitigation_line(struct arena *a, const struct mitigation *m);

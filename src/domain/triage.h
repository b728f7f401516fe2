/* Triage: is it real, and how bad is it?
 *
 * The impact assessment reads the pack's impact matrix: every factor that is known allows no severity
 * lighter than its own, the worst of them wins, and one that nobody knows yet is named, not guessed.
 * A pack without a matrix is given the one most methods agree on. */
#pragma once

#include "base/field.h"

struct pack;
struct pack_severity;

#define TRIAGE_US (5 * MINUTE_US) /* for a severity, where the pack gives its triage no time */
#define TRIAGE_MAX_FACTORS 12

extern const char *const triage_revenue[], *const triage_data[], *const triage_workaround[], *const triage_security[];

/* What was answered; STR_NONE and INT_NONE: not known. */
struct assessment {
    struct str incident_id;
    int64_t users_percent; /* rounded up */
    struct str revenue, data, workaround, security;
    struct str proposed; /* severity; none if nothing is known */
    struct str chosen;   /* the one that was taken, the proposed or another; none until then */
    struct str reason;   /* why another */
    struct str by_id, by_name;
    instant at;
};
extern const struct field assessment_fields[];

struct assessment_input {
    int64_t users_percent;
    struct str revenue, data, workaround, security;
    struct str severity, reason;
};
extern const struct field assessment_input_fields[];
/* True if one of the factors was given. */
bool assessment_factors_given(uint64_t given);

struct triage_factor {
    struct str name;  /* in the pack's words */
    struct str input; /* of pack_inputs */
    struct str level; /* the words of the matrix for what was answered; none without a matrix */
    int64_t rank;     /* of the severity it calls for; 0: not known */
};
struct triage_verdict {
    struct triage_factor v[TRIAGE_MAX_FACTORS];
    size_t n, unknown;
    const struct pack_severity *severity; /* proposed, NULL if nothing is known */
};
void triage_assess(const struct pack *p, const struct assessment *in, struct triage_verdict *out);

/* How long an incident may go without a severity once somebody is there. */
int64_t triage_time(const struct pack *p);

/* Whether it is real, and how that was found out. */
struct confirmation {
    struct str verdict; /* confirmed, unconfirmed, false_alarm */
    bool alerts, dashboards, reproduced;
    struct str text;
};
extern const struct field confirmation_fields[];

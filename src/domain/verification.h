/* The gate before `resolved`: the checks of the pack, the alerts and probes of the incident, and the
 * soak — how long it has to stay well in `monitoring`. It holds for severities that have a soak. */
#pragma once

#include "base/field.h"

struct pack;

#define VERIFICATION_LIST "verify" /* name of the checks' list of tasks */
#define VERIFICATION_MAX_MISSING 120

/* One per incident that has been in `monitoring` under the gate; each time it comes there it begins
 * anew. */
struct verification {
    struct str incident_id;
    int64_t round;      /* from 1 */
    instant started_at; /* unset while the incident is back at work */
    instant soak_until;
    bool soaked;        /* it has been said that the soak is over */
    instant passed_at;
    struct str waived_by, waived_name, waived_reason;
    instant waived_at;
};
extern const struct field verification_fields[];

/* What decides. */
struct verification_facts {
    const struct verification *now; /* NULL or not started: it was not in monitoring yet */
    instant at;
    int64_t soak_us;
    const struct str *open;         /* checks that are neither passed nor skipped with a note */
    size_t nopen;
    const struct str *bad;          /* probes that fail, or have not run since the soak began */
    size_t nbad;
    int64_t firing;                 /* alerts */
};
/* One line each; empty when the gate is open. */
struct verification_missing {
    struct str v[VERIFICATION_MAX_MISSING];
    size_t n;
};
void verification_judge(struct arena *a, const struct verification_facts *f, struct verification_missing *out);
/* All of it in one line that fits an error. */
struct str verification_line(struct arena *a, const struct verification_missing *m);

/* How long incidents of a severity soak; 0: no gate. */
int64_t verification_soak(const struct pack *p, struct str severity);
/* What says so instead of people (pack_proofs) for a check of this text; STR_NONE: people. */
struct str verification_by(const struct pack *p, struct str text);

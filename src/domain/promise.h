/* Promises: when each audience hears next. The pack says for each severity and audience how soon the
 * first word is due and how long the silence may last; a promise is one such clock. It starts with the
 * declaration or a change of severity, is settled by the next update, and is void once the incident
 * is over or its severity another. Overdue, it is told to one person after another:
 *
 *   due − 5 min  on the incident's page        due  the communications lead, else the commander, else
 *   due + 5 min  missed: the commander         whoever acknowledged
 *   due + 10 min whom the escalation names next */
#pragma once

#include "base/field.h"

struct pack;
struct pack_audience;
struct pack_severity;

#define PROMISE_WARN_US (5 * MINUTE_US)
#define PROMISE_GRACE_US (5 * MINUTE_US)

enum promise_stage { PROMISE_QUIET, PROMISE_SOON, PROMISE_DUE, PROMISE_LATE, PROMISE_ESCALATED };

struct promise {
    struct str id;
    struct str incident_id, audience;
    bool external;
    struct str severity;
    struct str kind;    /* first, next */
    instant since;      /* from when on they wait */
    instant due_at;
    instant nag_at;     /* due_at, or later if it was past when the clock started */
    int64_t stage;      /* what has been done about it: enum promise_stage */
    struct str state;   /* open, kept, missed, void */
    struct str update_id; /* that settled it */
    instant settled_at; /* unset while it runs */
    instant created_at;
};
extern const struct field promise_fields[];

/* How long an audience may wait at a severity: µs, 0 for no promise. Colleagues never wait longer than
 * the severity's own beat; when no internal audience has one, that holds for the first of them. */
int64_t promise_wait(const struct pack *p, const struct pack_severity *s, const struct pack_audience *a, bool first);
/* Not before the next working hour (Monday to Friday, 9 to 17 UTC) when the severity counts in them. */
instant promise_due(const struct pack_severity *s, instant from, int64_t wait_us);
/* When an internal audience is owed the first word; unset if none is. */
instant promise_earliest(const struct pack *p, const struct pack_severity *s, instant from);

/* The stage it has reached at `now`, and when the next one comes (unset after the last). */
enum promise_stage promise_stage_at(const struct promise *p, instant now);
instant promise_next_stage(const struct promise *p);
/* kept, or missed. */
struct str promise_verdict(const struct promise *p, instant at);

/* Alerts: what a monitoring system says is wrong, and the rules that fold repeated reports into
 * episodes. One row is one episode, from firing to resolved; the same labels firing again later are
 * a new one.
 *
 * Invariants of a stored alert: name, severity and generator_url are never null; starts_at ≤
 * ends_at; resolved_at is set exactly when it is not firing. While it fires, ends_at is when it
 * will be taken as over if nobody repeats it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/field.h"
#include "base/str.h"
#include "base/time.h"
#include "domain/labels.h"

struct arena;

/* Ours, in bytes. */
#define GENERATOR_URL_MAX 2048

/* One report, as it comes in from any protocol. */
struct alert_in {
    struct labels labels, annotations;
    struct str labels_text, annotations_text; /* canonical JSON of the two */
    struct str generator_url;                 /* "" if none */
    instant starts_at, ends_at;               /* both set */
    bool timeout;                             /* endsAt was not given: ends_at is our guess */
    int64_t fingerprint;                      /* of the labels, as signed */
};

/* Completes a report of which labels, annotations, generator_url, starts_at and ends_at are filled:
 * normalizes, writes the canonical texts, computes the fingerprint and applies the defaults for
 * times that are unset. The caller has seen to it that the end is not before the start. An alert
 * that ends now or before is resolved. */
void alert_in_finish(struct arena *a, struct alert_in *in, instant now, int64_t resolve_timeout_us);

struct alert {
    int64_t id;
    struct str service_id;
    struct str dedup; /* key text: one firing alert has it at a time */
    int64_t fingerprint;
    bool firing;
    bool timeout; /* ends_at is a guess that any report may replace */
    struct str name;     /* label alertname */
    struct str severity; /* label severity */
    struct str labels, annotations; /* canonical JSON */
    struct str generator_url;
    instant starts_at, ends_at, received_at, updated_at, resolved_at;
    int64_t count; /* reports that it folds together */
    struct str incident_id;
    int64_t previous_id; /* the episode before, if it was at hand; 0 none. Not a column */
};
extern const struct field alert_fields[];

enum alert_change {
    ALERT_NEW,     /* a new episode: `out` lacks id, service_id, dedup and incident_id */
    ALERT_REPEAT,  /* only count, updated_at and the end have moved */
    ALERT_UPDATE,  /* also start, annotations or link */
    ALERT_RESOLVE, /* the episode is over */
    ALERT_STALE,   /* a resolve for what is not firing: nothing to do, `out` is untouched */
};

/* Folds a report into the newest episode with its dedup key (NULL: there is none), as Alertmanager
 * merges: the earliest start and the newest annotations win, and a later end that a sender gave
 * beats our guess. The row's `firing` decides whether the episode is still on, not its ends_at: it
 * is over when somebody has written so. `out` may be `stored`. */
enum alert_change alert_merge(const struct alert *stored, const struct alert_in *in, instant now,
    struct alert *out);

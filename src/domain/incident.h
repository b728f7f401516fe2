/* Incidents: the core status machine, timestamps and limits.
 *
 *   triage ─▶ investigating ⇄ identified ⇄ mitigating ⇄ monitoring ─▶ resolved ─▶ learning ─▶ closed
 *      └──────────┴▶ declined      any open ─▶ cancelled      resolved, learning ─▶ investigating (reopened)
 *
 * Packs give these statuses their words; metrics are differences of the timestamps and nothing else:
 * MTTD = detected − started, MTTA = acknowledged − detected, MTTR = resolved − detected. */
#pragma once

#include "base/field.h"

extern const char *const incident_statuses[];

struct incident {
    struct str id;
    struct str number; /* INC-YYYYMMDD-NNN, the day in UTC */
    struct str title;
    struct str status;
    struct str severity; /* of the pack; none until assigned, and then chased */
    int64_t severity_rank; /* it had when it was assigned: packs change, figures compare; 0: none */
    struct str summary, cause, actions_now, next_decision;
    struct str impact_text;
    int64_t impact_users;   /* people affected, INT_NONE if unknown */
    int64_t impact_percent; /* of users or requests */
    struct str impact_revenue;
    struct str service_id;
    struct str group_key; /* alerts with this key join while it is open; none for declared ones */
    bool is_open;
    instant started_at, detected_at, declared_at, acknowledged_at;
    struct str acknowledged_by;
    instant mitigated_at, resolved_at, verified_at, closed_at, next_update_at;
    struct str class;      /* of the pack: availability, security, data… */
    bool restricted;       /* only its members may know of it; see domain/access.h */
    bool evidence_hold;    /* nothing of it may be deleted */
    instant aware_at;      /* when legal clocks began to run */
    instant confirmed_at;  /* when somebody had verified that it is real … */
    struct str confirmed_by; /* … and who */
    struct str created_by;
    instant updated_at;
    int64_t version;
};
extern const struct field incident_fields[];

/* What a person fills in to declare one, and what may be edited later. */
struct incident_declare {
    struct str title, severity, summary, service_id, impact_text;
    instant started_at;
    instant detected_at, acknowledged_at; /* for a record made afterwards: nobody is paged then */
    bool page; /* start the service's escalation, if it has one */
    struct str alert_id; /* the alert that made somebody declare it: it is linked */
};
extern const struct field incident_declare_fields[];

struct incident_edit {
    struct str title, summary, cause, actions_now, next_decision;
    struct str impact_text, impact_revenue;
    int64_t impact_users, impact_percent;
    instant started_at;
    instant at;      /* when it was found out, if not now; not of the incident itself */
    int64_t version; /* see incident_change */
};
extern const struct field incident_edit_fields[];

struct incident_note {
    struct str text;
    instant at;       /* when it happened; now if unset; never in the future */
    int64_t corrects; /* number of the entry it corrects, 0 for none */
    struct str kind;  /* note, decision, or update: that starts the clock of the next one anew */
};
extern const struct field incident_note_fields[];

struct incident_change { /* status, severity, role… with its reason or text */
    struct str status, severity, role, user_id, reason, service_id, text, cause, waive, delivery_id;
    instant at;      /* when it was so, if not now */
    int64_t version; /* of the incident the person was looking at; 0 = whichever */
};
extern const struct field incident_status_fields[], incident_resolve_fields[], incident_severity_fields[],
    incident_role_fields[], incident_service_fields[], incident_ack_fields[], incident_page_fields[],
    incident_version_fields[];

bool incident_status_known(struct str status);
bool incident_status_open(struct str status);
/* True if the machine above has the edge. */
bool incident_status_allowed(struct str from, struct str to);

/* Moves the status and stamps the timestamps that belong to it; CONFLICT if there is no such edge.
 * Reopening clears what resolution had stamped. */
bool incident_move(struct incident *i, struct str to, instant now, struct error *err);

/* First human response. Returns false (and changes nothing) if it already was acknowledged. */
bool incident_acknowledge(struct incident *i, struct str user_id, instant now);

/* "INC-20261121-003"; `n` from 1, more than three digits when a day has more. */
struct str incident_number(struct arena *a, instant now, int64_t n);
bool incident_number_valid(struct str s);
/* Name of the day's counter: "incident:20261121". */
struct str incident_counter(struct arena *a, instant now);

/* The severity label of an alert → rank 1…4 of a pack (critical 1, error 2, warning 3, info 4), or 0
 * when the word says nothing. "In doubt, the higher" is the packs' rule. */
int severity_rank_of_label(struct str label);

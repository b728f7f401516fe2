/* The public status page: pages, components, what is published about incidents and maintenance, and
 * the rules that make one out of the other.
 *
 * A component's state is never set: it is the worst of what open published incidents and maintenance
 * in progress say about it. The overall status is never set either: it is the worst of the components
 * shown, or of an open incident that names none of them. So banner and components cannot disagree. */
#pragma once

#include "base/field.h"

/* From good to bad; a component's rank is its place. */
enum component_rank {
    RANK_OPERATIONAL,
    RANK_MAINTENANCE,
    RANK_DEGRADED,
    RANK_PARTIAL,
    RANK_MAJOR,
    RANKS
};
extern const char *const component_states[]; /* by rank */
extern const char *const public_impacts[];   /* none, minor, major, critical, maintenance */
extern const char *const public_statuses[];  /* of incidents, then of maintenance */
extern const char *const page_visibilities[];

#define STATUS_MAX_COMPONENTS 500 /* as many as component_list reads */
#define STATUS_MAX_PAGES 50
#define STATUS_DAYS 90

struct status_page {
    struct str id;
    struct str slug;     /* in its address: /status/SLUG/ */
    struct str title;
    struct str about;
    struct str language; /* of its texts: en, ru */
    struct str zone;
    struct str host;     /* its own domain, served at / there */
    struct str logo_url, home_url;
    struct str visibility;
    struct str token_hash; /* of a token page's link */
    struct str components; /* JSON list of ids; empty: all that are shown */
    bool is_default;       /* served at /status/ */
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field status_page_fields[];
extern const struct field status_page_input_fields[]; /* the same struct, as people fill it in */

struct component {
    struct str id;
    struct str group_id; /* a component that is a group */
    bool is_group;
    struct str name, description;
    int64_t position;
    struct str services; /* JSON list of service ids */
    bool shown;
    struct str state;
    instant state_since;
    struct str state_cause; /* the published incident that made it so */
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field component_fields[];
extern const struct field component_input_fields[];

/* What is published: an incident, or a maintenance, which has a plan. */
struct public_incident {
    struct str id;
    struct str kind;
    struct str incident_id; /* never shown */
    struct str title;
    struct str status;
    struct str impact;
    bool is_open;
    bool automatic; /* timers move a maintenance through its plan */
    instant scheduled_for, scheduled_until;
    instant next_update_at;
    instant started_at, monitoring_at, resolved_at;
    struct str postmortem; /* Markdown, written for the public */
    instant postmortem_at;
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field public_incident_fields[];

struct public_update {
    struct str id;
    struct str public_id;
    int64_t number;
    struct str status;
    struct str body;       /* Markdown; empty: the standard sentence of the status */
    struct str components; /* JSON: [{"id","name","old","new"}] that this update changed */
    struct str created_by; /* never shown */
    instant created_at;
};
extern const struct field public_update_fields[];

struct component_impact {
    struct str public_id, component_id, state;
};
extern const struct field component_impact_fields[];

struct component_span {
    struct str component_id;
    instant started_at, ended_at; /* unset: it lasts */
    struct str state;
    struct str public_id;
};
extern const struct field component_span_fields[];

/* What a person publishes. `components` is {"ID": "state"}; what is not named keeps the state that
 * this incident gave it before. */
struct public_input {
    struct str title, status, impact, text, components;
    instant next_update_at;
    instant scheduled_for, scheduled_until;
    bool automatic;
};
extern const struct field public_input_fields[];      /* of an incident */
extern const struct field maintenance_input_fields[]; /* to plan one */
extern const struct field public_edit_fields[];       /* title and plan, later */

struct subscriber {
    struct str id;
    struct str page_id;
    struct str kind; /* email, webhook */
    struct str address;
    struct str secret; /* sealed; webhooks only */
    struct str components; /* JSON list; empty: all */
    instant confirmed_at, asked_at, created_at;
};
extern const struct field subscriber_fields[];

/* −1 if there is no such state. */
int component_rank(struct str state);
/* none, minor, major or critical by the worst state; maintenance is `none`. */
struct str impact_of_rank(int rank);
int rank_of_impact(struct str impact);

/* CONFLICT if a maintenance would go backwards, INVALID if the status is not one of that kind. */
bool public_status_check(struct str kind, struct str from, struct str to, struct error *err);
bool public_status_open(struct str status);

/* The overall status. `ranks` are those of the components shown; `loose` that of the worst open
 * incident which names none of them (RANK_OPERATIONAL without one). */
int overall_rank(const int *ranks, size_t n, int loose);

/* Uptime over the last `days` UTC days, today included. A day without data (before the component was
 * made) has rank −1. Down is the time in partial or major outage, in full; degraded performance and
 * maintenance are not down. */
struct uptime {
    int worst[STATUS_DAYS]; /* rank by day, the oldest first */
    int64_t measured_us, down_us;
    int problem_days; /* days with anything worse than maintenance */
};
/* `spans` are of one component, in order; `since`: when it began to be watched. */
void uptime_count(const struct component_span *spans, size_t n, instant since, instant now, int days,
    struct uptime *out);
/* Hundredths of a percent, rounded down: 10000 only if nothing was down. */
int64_t uptime_basis_points(const struct uptime *u);

/* A slug, a host and a URL that a page may have. */
bool status_slug_valid(struct str s);
bool status_host_valid(struct str s);
bool status_url_valid(struct str s);
/* True if the JSON list of ids (as stored) holds `id`. */
bool id_list_has(struct str list, struct str id);

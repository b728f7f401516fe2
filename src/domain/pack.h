/* Policy packs: a method of running incidents, as data (the files in packs/, whose README documents
 * every key). The core knows ranks, core statuses and categories; a pack gives them words,
 * deadlines and duties, so that an organisation can change its method and keep its metrics.
 *
 * Conventions: durations are µs with 0 for "none"; lists are a pointer and a count `n…`; `ranks` is
 * a set of severity ranks (see pack_applies), written in the file as a list of severity ids. A range
 * ("15m to 30m") has a `…_least_us` and a most; where the file gives one duration both are that.
 * Optional texts are STR_NONE. Bodies are Mustache; those of documents are Markdown as well. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct error;
struct json;

#define PACK_MAX_SEVERITIES 5 /* as many as there are shapes to tell them apart by */
#define PACK_MAX_SEVERITY_ID 16
#define PACK_MAX_LIST 100
#define PACK_MAX_TEXT 500   /* bytes of a line */
#define PACK_MAX_BODY 20000 /* bytes of a body */
#define PACK_NEXT_BUSINESS_DAY INT64_C(-1) /* a response deadline that is not a duration */

struct pack_severity {
    int64_t rank;           /* 1 is the worst; without gaps */
    struct str id, name;    /* "SEV1", "Critical" */
    struct str criteria;
    struct str *examples;
    size_t nexamples;
    bool pages;             /* high urgency: wakes people, escalates until acknowledged */
    bool business_hours;    /* its clocks run in business hours only */
    int64_t acknowledge_us; /* a human has seen it */
    int64_t respond_us;     /* somebody works on it; or PACK_NEXT_BUSINESS_DAY */
    int64_t update_us, update_least_us; /* the longest silence between status updates: clocks use it */
    int64_t soak_us, soak_most_us; /* how long it must stay well in `monitoring` before it is resolved */
    int64_t postmortem_us;  /* due after resolution; 0: none is owed */
    struct str *actions;    /* what the method sets off as soon as it is chosen */
    size_t nactions;
};

/* One row of the impact matrix: what a factor looks like at each rank. */
struct pack_factor {
    struct str name;
    struct str input;   /* what it is read from: see pack_inputs; STR_NONE: people judge */
    struct str *levels; /* one per severity, worst first */
    int64_t *at_least;  /* percent of users from which each level holds; none: the words are chosen from */
    size_t nlevels, nat_least;
};

/* The words of a core status and what the public sees meanwhile. */
struct pack_status {
    struct str status, name;
    struct str public_status; /* of pack_public_statuses; STR_NONE: nothing is shown */
};

struct pack_word { /* an id and the word shown for it */
    struct str id, name;
};

struct pack_item { /* of a checklist */
    struct str text;
    struct str group; /* heading it stands under */
    struct str role;  /* whose it is; STR_NONE: anybody's */
    int64_t ranks;
};

/* A phase of the method. It covers core statuses; the one before an incident exists and one that goes
 * on all the time cover none. */
struct pack_phase {
    struct str id, name, objective;
    int64_t from_us, within_us;   /* begins and should be over by, from the detection on */
    int64_t most_us, least_us;    /* how long it takes */
    struct str *statuses;
    size_t nstatuses;
    struct pack_item *checklist;
    size_t nchecklist;
};

struct pack_role {
    struct str id, name;
    struct str *duties;
    size_t nduties;
    int64_t ranks; /* must be filled at these */
    bool repairs;  /* whoever has it works on the fault itself, which a commander should not */
};

struct pack_war_room {
    int64_t ranks;
    int64_t after_us;    /* of an incident that still lasts; 0: at once */
    int64_t check_in_us;
    struct str *questions, *rules;
    struct pack_item *checklist; /* to open it */
    size_t nquestions, nrules, nchecklist;
};

struct pack_cadence { /* a cell of the audience matrix */
    int64_t ranks;
    int64_t first_us, every_us, every_least_us;
    struct str note;
};

struct pack_audience {
    struct str id, name;
    bool external; /* its text is written apart and approved: internals never leak to it */
    struct str shown_on; /* incident, status_page; STR_NONE: they only hear what is sent to them */
    struct str *channels;
    size_t nchannels;
    struct pack_cadence *cadence;
    size_t ncadence;
};

struct pack_template {
    struct str id, name;
    struct str audience; /* id of one */
    struct str moment;   /* initial, update or resolution; STR_NONE: any */
    int64_t ranks;
    struct str body;
};

struct pack_clock { /* a legal deadline, counted from awareness */
    struct str id, name;
    int64_t after_us;
};

struct pack_class { /* of incidents: availability, security, data… */
    struct str id, name;
    struct str *examples, *steps; /* special handling, in order */
    size_t nexamples, nsteps;
    struct str *roles; /* ids: must be filled besides */
    size_t nroles;
    bool restricted;    /* visible to its participants only */
    bool evidence_hold; /* nothing of it may be deleted */
    struct pack_clock *clocks;
    size_t nclocks;
};

/* What must hold before an incident is resolved. Who says so: people, or what Tocsin sees itself. */
struct pack_proof {
    struct str text;
    struct str by; /* of pack_proofs; STR_NONE: people */
};

struct pack_stage { /* of a staged rollout */
    struct str name;
    int64_t percent, percent_least;
    int64_t watch_us, watch_least_us;
};

/* A rule of the decision between rolling back and fixing forward, in the order of the method. A veto
 * is looked at before everything else. */
struct pack_rule {
    struct str id;      /* of the rules the core knows how to judge: see pack_rules */
    struct str text;
    struct str verdict; /* rollback, fix_forward */
    bool veto;
    int64_t ranks;
    int64_t times;      /* slow_fix: the fix takes more than this many rollbacks */
};

struct pack_decision {
    struct pack_rule *rules;
    size_t nrules;
    struct str otherwise; /* the verdict when no rule speaks */
};

struct pack_section {
    struct str id, title, body;
};

struct pack_topic {
    struct str name;
    int64_t length_us;
    struct str *points;
    size_t npoints;
};

struct pack_meeting {
    int64_t length_us; /* the sum of its agenda */
    struct str *attendees;
    size_t nattendees;
    struct pack_topic *agenda;
    size_t nagenda;
};

struct pack_postmortem {
    struct str title; /* Mustache */
    struct str *principles, *questions; /* what it must answer */
    struct pack_word *statuses;         /* words for draft, in_review, complete */
    struct pack_section *sections;
    size_t nprinciples, nquestions, nstatuses, nsections;
    struct pack_meeting meeting;
};

struct pack_kpi {
    struct str metric;     /* mttd, mtta, mttr, mtbf… */
    struct str comparison; /* below, at_most, above, at_least; or a direction: higher, lower */
    int64_t ranks;
    int64_t target_us;
    int64_t percent;       /* of a ratio */
    struct str note;
};

struct pack_step { /* of a runbook */
    struct str text;
    struct str group;    /* heading it stands under */
    struct str when;     /* only if this is so */
    struct str command, expected;
    int64_t within_us;   /* from the start of the runbook */
};

struct pack_runbook {
    struct str id, title, scenario;
    struct str category;
    struct str *symptoms;
    struct pack_step *steps; /* none: the runbook is asked for, its text is the team's */
    size_t nsymptoms, nsteps;
    int64_t escalate_us;     /* not solved after this long … */
    struct str escalate_to;  /* … goes to */
};

struct pack_check { /* before going live */
    struct str id, name;
    struct str source; /* who has to supply it; STR_NONE: a check of ours */
};

struct pack_feedback { /* a gap and to whom it is reported */
    struct str id, gap, to, example;
};

struct pack_on_call {
    struct str *tiers, *expectations, *authority; /* authority: what needs no approval */
    size_t ntiers, nexpectations, nauthority;
    bool handoff_required;
    struct str handoff; /* body */
};

struct pack_anti_pattern {
    struct str name, why;
};

struct pack_experiment {
    struct str name, tests, needs;
};

struct pack_game_day {
    int64_t every_us;
    struct str *questions, *rules;
    size_t nquestions, nrules;
    struct pack_experiment *experiments;
    size_t nexperiments;
};

struct pack {
    struct str id, name, summary, source;
    struct str language; /* of its words: en, ru */
    struct pack_severity *severities; /* by rank */
    struct pack_factor *impact;
    struct pack_status *statuses;
    struct pack_word *public_statuses;
    struct pack_phase *phases, *iterations; /* iterations: the method's larger loop, if it has one */
    struct pack_role *roles;
    struct pack_audience *audiences;
    struct pack_template *templates;
    struct pack_class *classes;
    struct pack_proof *verification; /* checks before an incident may be resolved */
    struct pack_stage *rollout;
    struct pack_decision decision;
    struct pack_kpi *kpis;
    struct pack_word *dashboard; /* what the figures' page must hold besides */
    struct pack_runbook *runbooks;
    struct str runbook_template; /* body: what a new runbook begins with */
    struct pack_check *readiness;
    struct pack_word *readiness_decisions; /* the answers a readiness review can end with */
    struct pack_feedback *feedback;
    struct pack_word *documents; /* what is exported, and to which path */
    struct pack_word *brief;     /* sections of the living brief, in order; none: no brief is kept */
    struct pack_anti_pattern *practices, *anti_patterns;
    size_t nseverities, nimpact, nstatuses, npublic_statuses, nphases, niterations, nroles, naudiences,
        ntemplates, nclasses, nverification, nrollout, nkpis, ndashboard, nrunbooks, nreadiness,
        nreadiness_decisions, nfeedback, ndocuments, nbrief, npractices, nanti_patterns;
    struct str commander; /* id of the role that owns an incident */
    struct str channel;   /* Mustache: name of an incident's chat channel */
    struct pack_war_room war_room;
    struct pack_postmortem postmortem;
    struct pack_on_call on_call;
    struct pack_game_day game_day;
    struct str kpi_review; /* when and where the figures are looked at */
};

/* What the public may be told: investigating, identified, monitoring, resolved. Ends with NULL. */
extern const char *const pack_public_statuses[];
/* What a factor of the impact matrix can be read from: users, revenue, data, workaround, security. */
extern const char *const pack_inputs[];
/* recent_deploy, slow_fix, data_at_risk, rollback_loses_data, simple_fix. */
extern const char *const pack_rules[];
/* alerts (none of the incident fires), probes (those of the affected services pass), soak (it is over). */
extern const char *const pack_proofs[];

/* Reads and checks a pack. Unknown keys are refused, so are ids that lead nowhere, gaps in the
 * ranks and core statuses without words. `line` tells where a value of `doc` stands (yaml_line), or
 * is NULL. Errors are INVALID: "line 12: severities[1].respond: …". Texts point into `doc`. */
bool pack_read(struct arena *a, const struct json *doc, int (*line)(const struct json *value),
    struct pack *out, struct error *err);

/* Every text of the pack that is Mustache, in turn: whoever can compile sees to them. Stops at the first
 * false and returns it. */
bool pack_each_template(const struct pack *p,
    bool (*each)(void *ctx, const char *what, struct str id, struct str body), void *ctx);

/* True if a set of ranks holds `rank`. A list of severities that the file leaves out is all of
 * them. */
bool pack_applies(int64_t ranks, int64_t rank);
/* By its id ("SEV1"), or NULL. */
const struct pack_severity *pack_severity_find(const struct pack *p, struct str id);
/* By its id ("commander"), or NULL. */
const struct pack_role *pack_role_find(const struct pack *p, struct str id);
/* The words of a core status, or NULL. */
const struct pack_status *pack_status_find(const struct pack *p, struct str status);

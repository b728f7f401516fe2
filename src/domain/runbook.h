/* Runbooks: what to do when something known happens, written for somebody at three in the morning.
 * A document in Markdown with front matter; what the library looks for and what an incident ticks off
 * is read out of it. A playbook is a runbook for a kind of incident, started by hand in one tap.
 *
 *     ---
 *     title: Database outage
 *     kind: playbook              # or runbook, which it is if not given
 *     alerts: [PostgresDown]      # also services, severities; one or many
 *     owner: Databases
 *     tested: 2026-10-01
 *     ---
 *     ## Diagnosis
 *     1. Look at the busiest processes: `top`
 *     ### Step 2: Is it reachable?
 *     ```sh
 *     pg_isready -h db
 *     ```
 *     Expected: accepting connections
 *     If not: go on with step 3
 *     ## Escalation
 *     If not resolved in 15 minutes:
 *     - Escalate to: the vendor's support
 *
 * Without front matter the bullets of a section "Metadata" and the first heading say the same. */
#pragma once

#include "base/field.h"

struct json;
struct pack;
struct pack_runbook;

extern const char *const runbook_kinds[];
#define RUNBOOK_MAX_BODY 100000
#define RUNBOOK_MAX_STEPS 100
#define RUNBOOK_MAX_NAMES 50 /* in a list of the front matter */

struct runbook {
    struct str id;
    struct str slug;  /* its name in addresses and commands, made from the title */
    struct str kind;  /* runbook, playbook */
    struct str title;
    struct str services, alerts, severities; /* names, comma-separated */
    struct str owner;
    struct str tested_on; /* YYYY-MM-DD, or empty */
    struct str body;
    struct str updated_by;
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field runbook_fields[];
/* {body, version}: the version the editor started from; not of a new one. */
extern const struct field runbook_input_fields[];

/* The YAML between the first two lines of dashes, empty if there are none; *text is what follows. */
struct str runbook_front(struct str body, struct str *text);
/* Fills kind to tested_on and slug from the front matter (an object, or NULL) and the text. */
bool runbook_describe(struct arena *a, const struct json *front, struct str text, struct runbook *r, struct error *err);

struct runbook_step {
    struct str section; /* heading above it, empty if there is none */
    struct str text, command, expected;
};
/* Its steps in order, at most `max`: numbered items, boxes to tick, conditions ("- If the disk is
 * full: …") and headings below a section. Sections that only tell (symptoms, impact, escalation…)
 * have none. Where nothing is found the other sections are the steps, with the code in them. */
size_t runbook_steps(struct arena *a, struct str text, struct runbook_step *out, size_t max);

struct runbook_escalation {
    int64_t after;  /* µs */
    struct str to;  /* whom, and how to reach them */
};
/* False if the runbook does not say when. */
bool runbook_escalates(struct arena *a, struct str text, struct runbook_escalation *out);

/* What an incident is known by. */
struct runbook_case {
    const struct str *alerts, *services;
    size_t nalerts, nservices;
    struct str severity;
};
enum runbook_match { RUNBOOK_NO, RUNBOOK_BY_SEVERITY, RUNBOOK_BY_SERVICE, RUNBOOK_BY_ALERT };
/* What is narrower decides: a runbook that names alerts is for these, on its services if it names
 * any; one that names services only is for these, at its severities if it names any. */
enum runbook_match runbook_matches(const struct runbook *r, const struct runbook_case *c);

/* A runbook of the pack, which has steps, as a document of its own. */
struct str runbook_of_pack(struct arena *a, const struct pack *pack, const struct pack_runbook *p);

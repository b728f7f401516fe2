/* The living brief: one Markdown document per incident, in a fixed order of sections, written anew
 * whenever the incident moves on. What it says follows from rows alone, so the same rows give the
 * same bytes; a version is kept with its difference to the one before.
 *
 * The words are those of the policy pack: its sections and iterations have the names that it gives
 * them; what it does not name is said in its language. Such texts are marked by brief_text, as
 * elsewhere by the functions of text/language.h, and come in through brief_words. */
#pragma once

#include "base/field.h"

struct action_item;
struct alert;
struct event;
struct incident;
struct pack;
struct postmortem;
struct task;

#define BRIEF_ITERATIONS 3
#define BRIEF_MAX_BODY 200000    /* bytes */
#define BRIEF_MAX_CHANGES 100000 /* bytes */
#define BRIEF_MAX_CELLS (1 << 20) /* of the table that finds what two versions share */
#define BRIEF_MAX_SLUG 60
/* Where an export puts it, as seed 3 demands. */
#define BRIEF_FOLDER "outputs/technical-support-director/skills/incident-management/"

struct brief {
    struct str incident_id;
    int64_t version;   /* from 1; INT_NONE: not kept yet */
    int64_t iteration; /* 1 diagnosis, 2 response, 3 stabilisation and after */
    struct str file;   /* the same for every version: one file lives on */
    struct str body;   /* without the last section */
    struct str changes; /* lines of brief_changes; "" of the first version */
    instant created_at;
    struct str created_by; /* name */
};
extern const struct field brief_fields[];

struct brief_words {
    const struct pack *pack;
    const void *ctx;
    struct str (*text)(const void *ctx, const char *msgid);
    struct str (*when)(const void *ctx, struct arena *a, instant t);
    struct str (*span)(const void *ctx, struct arena *a, int64_t us);
};

struct brief_role {
    struct str name, holder; /* holder: STR_NONE while nobody has it */
};

/* What one is written from. Lists may be empty; texts are raw. */
struct brief_facts {
    const struct incident *incident;
    const struct str *services;
    const struct brief_role *roles;
    const struct alert *alerts;
    const struct task *tasks;
    const struct event *decisions, *updates; /* the newest first */
    const struct str *hypotheses, *actions;  /* a line each, from the features that keep them */
    const struct postmortem *postmortem;     /* NULL: none yet */
    const struct action_item *items;
    const struct str *owners;                /* names, one for each item */
    size_t nservices, nroles, nalerts, ntasks, ndecisions, nupdates, nhypotheses, nactions, nitems;
};

/* Which of the three loops of the method a core status belongs to. */
int brief_iteration(struct str status);

/* Every section but the last. */
struct str brief_body(struct arena *a, const struct brief_facts *facts, const struct brief_words *w);
/* What has changed, line by line: "+ new", "- gone", and "@ heading" before the first of a section. */
struct str brief_changes(struct arena *a, struct str before, struct str after);
/* The whole document: body and the last section. */
struct str brief_document(struct arena *a, const struct brief *b, const struct brief_words *w);

/* "card-payments-fail": lower-case letters, digits and "-", at most BRIEF_MAX_SLUG, whatever the title. */
struct str brief_slug(struct arena *a, struct str title);
/* "20261121T031405Z_card-payments-fail.md": letters, digits, "-", "_" and "." only. */
struct str brief_file(struct arena *a, instant at, struct str title);

/* Postmortems: a document drafted from the incident's own timeline, and what must be done about it. */
#pragma once

#include "base/field.h"

struct incident;
struct event;

extern const char *const postmortem_statuses[], *const action_statuses[], *const action_priorities[];

struct postmortem {
    struct str id;
    struct str incident_id;
    struct str status; /* draft, in_review, complete */
    struct str title;
    struct str body; /* Markdown */
    instant due_at;
    struct str author_id;
    instant created_at, updated_at, completed_at;
    int64_t version;
};
extern const struct field postmortem_fields[];
#define POSTMORTEM_MAX_BODY 200000

struct postmortem_edit {
    struct str title, body, status;
    int64_t version; /* the version the editor started from */
};
extern const struct field postmortem_edit_fields[];

struct action_item {
    struct str id;
    struct str postmortem_id;
    struct str title;
    struct str owner_id;
    struct str priority;
    struct str due_on; /* YYYY-MM-DD */
    struct str status;
    instant created_at, updated_at;
};
extern const struct field action_item_fields[];

bool date_valid(struct str s); /* YYYY-MM-DD, a day that exists */

/* The first draft: title block, summary, timeline table, root cause with five whys, impact, action
 * items, what went well, poorly, and where we were lucky. Markdown; values from the incident are
 * escaped so that they cannot break the document's structure. */
struct str postmortem_draft(struct arena *a, const struct incident *i, const struct event *events,
    size_t nevents, struct str commander);

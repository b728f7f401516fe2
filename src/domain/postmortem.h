/* Postmortems: a document drafted from the incident's own timeline, and what must be done about it. */
#pragma once

#include "base/field.h"

struct incident;
struct event;
struct json;

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

/* What the draft needs to know that is not in the incident, in the words of the pack. */
struct postmortem_words {
    struct str commander, services; /* names */
    struct str incident_status, status;
    struct str duration;
};
#define POSTMORTEM_MAX_TIMELINE 120000 /* bytes of its entries; the rest is left out and counted */

/* What the pack's template of a postmortem may name: packs/README.md. Values are on one line and escaped so
 * that they cannot break the document's structure; what is not known is "_…_". */
struct json *postmortem_names(struct arena *a, const struct incident *i, const struct event *events, size_t n,
    const struct postmortem_words *w);
/* The list `actions`; owners[i] is the name of v[i]'s. */
struct json *action_names(struct arena *a, const struct action_item *v, size_t n, const struct str *owners);
/* From the beginning of the impact to the resolution; -1 while that is not known. */
int64_t incident_lasted(const struct incident *i);

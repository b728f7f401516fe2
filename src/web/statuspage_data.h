/* What status pages are made of: read once, in one snapshot of the database, and from the tables of
 * published things only. The rest is selection: what of it one page shows. */
#pragma once

#include "base/json.h"
#include "domain/statuspage.h"
#include "store/store.h"

struct language;

#define SITE_INCIDENTS 500 /* the newest; older ones have no page of their own any more */

struct site {
    instant now;
    struct str base_url;
    struct list pages, components, spans; /* of 90 days */
    struct list incidents;                /* the newest first */
    struct list impacts, updates;         /* by what they belong to; updates newest first */
};
bool site_load(struct db *db, struct arena *a, instant now, struct site *out, struct error *err);

/* One page of it. Its functions allocate in `arena`. */
struct site_page {
    const struct site *site;
    const struct status_page *page;
    const struct language *language;
    struct arena *arena;
    instant now;
    struct str url; /* no slash at the end */
};
void site_page_open(struct site_page *v, struct arena *a, const struct site *site, const struct status_page *page,
    const struct language *language);

bool site_shows_component(const struct site_page *v, const struct component *c);
/* Components that are shown, or groups that hold such a one. */
bool site_shows_part(const struct site_page *v, const struct component *c);
bool site_shows(const struct site_page *v, const struct public_incident *p);
const struct component *site_component(const struct site *s, struct str id);
const struct component_impact *site_impacts(const struct site *s, struct str public_id, size_t *n);
const struct public_update *site_updates(const struct site *s, struct str public_id, size_t *n);
const struct component_span *site_spans(const struct site *s, struct str component_id, size_t *n);

/* The worst of what is shown, and what made it so (NULL while all is well). */
int site_overall(const struct site_page *v, const struct public_incident **cause);
/* A group's: the worst of its members that are shown. */
int site_part_rank(const struct site_page *v, const struct component *c);
/* Maintenance that has not begun. */
bool site_planned(const struct public_incident *p);
/* What the update says, or the standard sentence of its status in the page's language. Markdown. */
struct str site_update_text(const struct site_page *v, const struct public_update *u);
struct str site_incident_url(const struct site_page *v, struct str id);
/* Where people find it: on its own domain, or under ours. No slash at the end. */
struct str status_page_url(struct arena *a, struct str base_url, const struct status_page *page);

/* The thread that makes the snapshots of the status pages: at start, after every commit that changes
 * what they show, and once in a while for the ages on them (and for what other nodes have committed).
 * When the database cannot be read the last snapshot stays, and says how old it is. */
#pragma once

#include "base/str.h"

struct arena;
struct error;
struct exchange;
struct pages;
struct server;
struct site_publisher;

#define SNAPSHOT_STALE_US (5 * MINUTE_US) /* a snapshot older than that is not believed any more */

struct site_config {
    struct str db_url, base_url;
    const struct pages *pages;
    const char *folder; /* where they are kept; NULL: only in memory */
};

bool site_publisher_start(struct site_publisher **out, struct arena *a, const struct site_config *config, struct error *err);
void site_publisher_stop(struct site_publisher *p);
/* Something has changed; any thread. */
void site_publisher_wake(struct site_publisher *p);
/* On a loop thread: true if it was for a status page and is answered. What belongs to a page but is no
 * file of it (subscribing, pages for the signed-in) goes on to the routes under /status/SLUG/. */
bool site_publisher_answer(struct site_publisher *p, struct server *server, struct exchange *x);
/* The same for those who may see the page because they are signed in; on a worker. NULL if there is
 * no such file. The text belongs to the arena. */
struct str site_publisher_file(struct site_publisher *p, struct arena *a, struct str slug, struct str path);

/* The JSON of the Statuspage API, version 2, and the feeds: what other people's programs read. Names,
 * types and values are those of that API. */
#pragma once

#include "web/statuspage_data.h"

/* Calls `add` for every file: "api/v2/summary.json" and so on. `stale` ones say that the state is not
 * known in the one place that API has words for it: the description. */
typedef void site_file(void *ctx, struct str path, struct str body);
void site_v2_files(const struct site_page *v, site_file *add, void *ctx);
/* history.atom, history.rss, maintenance.ics */
void site_feed_files(const struct site_page *v, site_file *add, void *ctx);

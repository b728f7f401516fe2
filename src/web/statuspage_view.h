/* The public pages as their templates want them. */
#pragma once

#include "web/statuspage_data.h"

/* `stale`: the page of a snapshot that is too old to be believed. */
struct json *site_index_view(const struct site_page *v, bool stale);
struct json *site_incident_view(const struct site_page *v, const struct public_incident *p);
/* What began in a month, "2026-11". */
struct json *site_month_view(const struct site_page *v, struct str month);
/* Months to be shown, the newest first: this one, and those in which something began. At most `max`. */
size_t site_months(const struct site_page *v, struct str *out, size_t max);

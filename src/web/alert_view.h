/* The views of alerts. */
#pragma once

#include "domain/alert.h"
#include "store/store.h"
#include "web/web.h"

/* What rows show by name: services, read at once, and incidents, as they are met. */
struct alert_incident;
struct alert_names {
    struct request *req;
    struct list services;
    struct alert_incident *met;
};
bool alert_names_load(struct alert_names *out, struct request *req, struct error *err);
struct str alert_service_name(const struct alert_names *n, struct str id);

/* One line of a list. `mine`: the signed-in person was paged for its incident, or acknowledged it.
 */
bool alert_row_view(
    struct alert_names *n, const struct alert *v, struct json **out, struct error *err);
/* Everything on the alert's page. */
bool alert_view(struct request *req, const struct alert *v, struct json **out, struct error *err);

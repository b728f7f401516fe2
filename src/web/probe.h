/* Probes on a service's page. */
#pragma once

#include "web/web.h"

web_handler post_service_probes, post_service_probe_remove, post_service_probe_run;

/* Sets `probes` and what the form needs. */
bool probes_view(struct request *req, struct str service_id, struct json *o, struct error *err);

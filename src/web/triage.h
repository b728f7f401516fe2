#pragma once

#include "web/web.h"

struct incident;

web_handler post_incident_assessment, post_incident_confirmation;
/* Assessment and verification on the incident's page. */
bool triage_room(struct request *req, const struct incident *i, struct json *o, struct error *err);

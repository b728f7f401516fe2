#pragma once

#include "web/web.h"

struct incident;

web_handler post_incident_evidence, get_incident_evidence, post_incident_evidence_remove, post_incident_hold,
    post_incident_hold_release;
bool evidence_room(struct request *req, const struct incident *i, struct json *o, struct error *err);

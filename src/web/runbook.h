/* The library of runbooks, and the runbooks of an incident. */
#pragma once

#include "web/incident_view.h"

web_handler get_runbooks, get_runbook, get_runbook_new, get_runbook_edit, post_runbooks, post_runbook, post_runbook_tested;
web_handler post_incident_runbooks, post_incident_runbook_remove;
incident_room runbook_room;

struct incident_runbook {
    struct str runbook_id;
};
extern const struct field incident_runbook_fields[];

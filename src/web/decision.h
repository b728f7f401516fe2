/* Roll back or fix forward, on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_decision, post_incident_decision_choice;
incident_room decision_room;

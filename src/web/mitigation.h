/* The action log on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_mitigation, post_incident_mitigation_change;
incident_room mitigation_room;

/* Thresholds on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_thresholds, post_incident_threshold;
incident_room threshold_room;

/* Hypotheses on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_hypotheses, post_incident_hypothesis, post_incident_finding;
incident_room hypothesis_room;

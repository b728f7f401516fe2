/* Staged rollouts on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_rollout, post_incident_rollout_check, post_incident_rollout_back;
incident_room rollout_room;

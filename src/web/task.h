/* Checklists on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_task;
incident_room task_room;

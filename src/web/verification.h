/* The gate before `resolved`, on the incident's page. */
#pragma once

#include "web/incident_view.h"

incident_room verification_room;

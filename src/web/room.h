/* The war room on the incident's page, the scribe's view, and the settings of both. */
#pragma once

#include "web/incident_view.h"

web_handler post_incident_room, post_room_close, post_room_join, post_room_person, post_room_check_in;
web_handler post_incident_resources;
web_handler get_incident_scribe, post_incident_scribe;
web_handler get_admin_room, post_admin_room, post_admin_turns, post_admin_turn_remove;
incident_room room_room;

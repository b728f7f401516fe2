/* Roles on the incident's page: yours first, who holds which, who is asked to come. */
#pragma once

#include "web/incident_view.h"

web_handler get_incident_roles, post_incident_roles, post_incident_requests, post_incident_request;
/* The page behind the link in a request: two buttons, no sign-in. */
web_handler get_respond_link, post_respond_link;
incident_room role_room;

/* Incidents: list, page, declaration, and everything that is done to one. */
#pragma once

#include "web/web.h"

web_handler get_incidents, get_incident_new, get_incident, get_incident_timeline;
web_handler post_incidents, post_incident_acknowledge, post_incident_pass, post_incident_pages,
    post_incident_status, post_incident_resolve, post_incident_reopen, post_incident_severity,
    post_incident_impact, post_incident_notes, post_incident_services,
    delete_incident_service;

/* The page behind the link in a message: one button, no sign-in. */
web_handler get_ack_link, post_ack_link;

/* The living brief on its page, as Markdown, and on the incident's page. */
#pragma once

#include "web/incident_view.h"

web_handler get_incident_brief, get_incident_brief_markdown, post_incident_brief;
incident_room brief_room;

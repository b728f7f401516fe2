/* Managing the status pages, and publishing on them. The public side is made by statuspage_site. */
#pragma once

#include "web/incident_view.h"

extern const struct field postmortem_text_fields[];

web_handler get_status_admin, post_status_pages, get_status_admin_page, post_status_admin_page, post_status_page_link,
    post_status_page_remove, post_status_components, get_status_component, post_status_component,
    post_status_component_remove, post_status_maintenance, get_status_notice, post_status_notice,
    post_status_notice_updates, post_status_notice_postmortem, post_incident_public, get_status_file;
incident_room statuspage_room;
/* A form has a control for each component, component.ID; the API has one object {"ID": state}, or where
 * only ids are wanted one `list`. Makes the former into the latter, as the field `components`. */
void statuspage_gather(struct request *req, bool list);

/* Updates: writing them, who has been told, what is due. */
#pragma once

#include "web/incident_view.h"

struct update;

web_handler get_incident_updates, get_incident_update_new, get_incident_update, post_incident_updates,
    post_incident_update_approve, post_incident_update_publish, post_incident_update_retract;
incident_room updates_room;

/* Used among these files. An update with the names its page shows. */
struct json *update_view(struct request *req, const struct update *u);
/* Every audience of the pack: what it heard last, what it waits for, who listens. */
bool told_view(struct request *req, const struct incident *i, struct json **out, struct error *err);

/* Changes: the list, the senders' doors, and what changed around an incident. */
#pragma once

#include "web/incident_view.h"

web_handler get_changes, get_change, post_changes;
/* /in/KEY/changes, /github, /gitlab: authenticated by the integration key, the latter two by its
 * signing secret besides. */
web_handler post_in_changes, post_in_github, post_in_gitlab;
incident_room change_room;

struct change;
/* A change as pages and API show it, with the name of its service. */
bool change_view(struct request *req, const struct change *c, struct json **out, struct error *err);

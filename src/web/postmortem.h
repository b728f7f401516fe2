/* Reviews: postmortems and the actions they lead to. */
#pragma once

#include "web/web.h"

web_handler get_reviews, get_postmortem, get_postmortem_edit, get_postmortem_markdown;
web_handler post_incident_postmortem, post_postmortem, post_postmortem_actions, post_action_item;

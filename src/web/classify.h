#pragma once

#include "web/web.h"

struct incident;

web_handler post_incident_class, post_incident_clock, post_admin_teams;
/* Class, special handling and legal clocks on the incident's page. */
bool class_room(struct request *req, const struct incident *i, struct json *o, struct error *err);
/* For the administrator: [{role,name,policy_id,policies}] of the roles that classes call. */
bool teams_view(struct request *req, struct json **out, struct error *err);

struct team_input {
    struct str role, policy_id;
};
extern const struct field team_fields[];

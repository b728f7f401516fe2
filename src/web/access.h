/* What whoever asks may know of; see domain/access.h. */
#pragma once

#include "store/store.h"
#include "web/web.h"

struct incident;

/* False in *out when the incident does not exist for whoever asks. */
bool incident_visible(struct request *req, const struct incident *i, bool *out, struct error *err);
/* Leaves in a list of incidents those that whoever asks may know of. */
bool incidents_visible(struct request *req, struct list *incidents, struct error *err);
/* The same for what belongs to a postmortem. */
bool postmortem_visible(struct request *req, struct str postmortem_id, bool *out, struct error *err);

/* The dispatcher's check, before any handler of an address that names an incident, a postmortem or an
 * action item: NOT_FOUND, in the words for what does not exist. */
bool access_gate(struct request *req, struct error *err);

web_handler post_incident_restriction, post_incident_restriction_lift, post_incident_members,
    post_incident_member_remove, post_incident_break_glass;
/* Who may see it, on its page, when it is restricted. */
bool access_room(struct request *req, const struct incident *i, struct json *o, struct error *err);
/* [{id,number,declared_at}] of restricted incidents whose glass an administrator may break. */
bool restricted_view(struct request *req, struct json **out, struct error *err);

/* The views of escalation policies, for their own pages and for those that say who is paged. */
#pragma once

#include "domain/policy.h"
#include "domain/user.h"
#include "web/web.h"

/* Steps with the names of their targets, and the services that use it. */
bool policy_view(struct request *req, const struct policy *p, struct json **out, struct error *err);
/* Whom the first step of a policy pages: [{id,name}]. */
bool policy_first_view(
    struct request *req, const struct policy *p, struct json **out, struct error *err);
/* Everybody and every webhook that may be a target: [{id,name}]. */
bool policy_targets_view(struct request *req, struct json **out, struct error *err);
/* Whether a page would go out to this person. */
bool policy_reaches(struct request *req, const struct user *u, bool *reaches, struct error *err);

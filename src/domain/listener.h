/* Subscribers: who hears what an audience is told, about every service or about one. */
#pragma once

#include "base/field.h"

/* A person with an account, a webhook, or a plain mail address: exactly one of the three. */
struct listener {
    struct str id;
    struct str audience;
    struct str service_id; /* only of incidents that affect it; none: of all */
    struct str user_id, endpoint_id;
    struct str name;    /* shown */
    struct str address; /* mail address or URL; of a person it is looked up when sending */
    struct str created_by;
    instant created_at;
};
extern const struct field listener_fields[];

struct listener_input {
    struct str service_id, user_id, endpoint_id, address;
};
extern const struct field listener_input_fields[];

/* What a manager may set for an audience. */
struct audience_edit {
    struct str language; /* of what it is sent; none: the policy pack's */
    bool two_people;     /* who approves an external text has not written it */
};
extern const struct field audience_edit_fields[];

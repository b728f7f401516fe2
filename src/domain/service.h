/* Services, the keys senders use for them, and the routes that lead alerts to them. */
#pragma once

#include "base/field.h"

struct service {
    struct str id;
    struct str name;
    struct str description;
    struct str policy_id;        /* who is paged; none = alerts are recorded only, loudly */
    struct str group_by;         /* label names, comma-separated; "..." = every alert on its own; "" = all together */
    int64_t group_wait;          /* µs that a new incident waits for more alerts before it pages */
    struct str default_severity; /* for alerts without a severity label that we know */
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field service_fields[];

struct integration_key {
    struct str id;
    struct str service_id;
    struct str name;
    struct str hint;
    struct str hash; /* SHA-256, hex */
    instant created_at;
};
extern const struct field integration_key_fields[];
#define INTEGRATION_KEY_MIN 16
#define INTEGRATION_KEY_MAX 128
/* URL-safe characters only, within the limits. */
bool integration_key_valid(struct str key);

struct route {
    struct str id;
    int64_t position; /* lower first; the first route that matches wins */
    struct str matchers;
    struct str service_id;
    struct str severity; /* given to the incident, whatever the label says */
    instant created_at;
};
extern const struct field route_fields[];

/* A webhook that can be a target of a policy. */
struct endpoint {
    struct str id;
    struct str name;
    struct str url;
    struct str secret; /* sealed at rest; signs what is sent */
    instant created_at;
};
extern const struct field endpoint_fields[];

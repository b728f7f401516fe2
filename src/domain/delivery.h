/* Deliveries: somebody must be told. The id is a digest of what the delivery is for, so that the same
 * step of the same escalation never makes two, and a retry carries the same id to the provider. */
#pragma once

#include "base/field.h"

struct delivery {
    struct str id; /* dlv_… */
    struct str incident_id;
    struct str kind;    /* page, resolved, test, update, nag */
    struct str channel; /* of notify/channels */
    struct str user_id, contact_id, endpoint_id;
    struct str recipient; /* name shown */
    struct str address;
    int64_t loop, step;
    struct str reason; /* JSON: the causal chain, "why was I paged" */
    struct str state;  /* queued, sending, sent, failed, superseded */
    int64_t attempts;
    instant next_at;   /* queued: when to try; sending: when the lease ends */
    struct str lease_owner;
    int64_t fence;     /* rises with every claim; a receipt with an old one is ignored */
    instant created_at, sent_at;
    struct str receipt, error;
    struct str subject; /* what it tells of besides the incident: an update, a promise */
};
extern const struct field delivery_fields[];

/* Longer than any send's own deadline, so that a lease outlives its attempt. */
#define DELIVERY_LEASE_US (60 * SECOND_US)

/* dlv_ and 26 characters from the digest of (incident, kind, loop, step, target, address, subject). */
struct str delivery_id(struct arena *a, const struct delivery *d);

/* The step of a page that a person asked for. */
#define DELIVERY_BY_HAND INT64_C(-1)
/* The step of a page about a duty that outlives the incident, as legal deadlines do. */
#define DELIVERY_REGARDLESS INT64_C(-2)

/* True if it must not be sent any more: a page of an incident that is not open, or one that the
 * escalation made and somebody has acknowledged. Who asks for help has usually acknowledged before. */
bool delivery_superseded(const struct delivery *d, bool incident_open, bool acknowledged);

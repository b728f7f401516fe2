#include "domain/delivery.h"

#include "base/arena.h"
#include "base/secret.h"

const struct field delivery_fields[] = {
    FIELD(struct delivery, id, .doc = "Delivery id, the same for every attempt"),
    FIELD(struct delivery, incident_id, .flags = FIELD_NULLABLE, .doc = "Incident it is about"),
    FIELD(struct delivery, kind, .doc = "page, resolved, test, update or nag"),
    FIELD(struct delivery, channel, .doc = "email, webhook, …"),
    FIELD(struct delivery, user_id, .flags = FIELD_NULLABLE, .doc = "Person told"),
    FIELD(struct delivery, contact_id, .flags = FIELD_NULLABLE, .doc = "Contact used"),
    FIELD(struct delivery, endpoint_id, .flags = FIELD_NULLABLE, .doc = "Webhook used"),
    FIELD(struct delivery, recipient, .doc = "Name of the person or webhook"),
    FIELD(struct delivery, address, .doc = "Address on the channel"),
    FIELD(struct delivery, loop, .doc = "Time through the policy, from 0"),
    FIELD(struct delivery, step, .doc = "Step of the policy, from 0"),
    FIELD(struct delivery, reason, .flags = FIELD_JSON, .doc = "Why: alert, route, policy, step, target"),
    FIELD(struct delivery, state, .doc = "queued, sending, sent, failed or superseded"),
    FIELD(struct delivery, attempts, .doc = "Attempts so far"),
    FIELD(struct delivery, next_at, .flags = FIELD_NULLABLE, .doc = "Next attempt, or end of the lease"),
    FIELD(struct delivery, lease_owner, .flags = FIELD_NULLABLE | FIELD_HIDDEN),
    FIELD(struct delivery, fence, .flags = FIELD_HIDDEN),
    FIELD(struct delivery, created_at, .doc = "When it was decided"),
    FIELD(struct delivery, sent_at, .flags = FIELD_NULLABLE, .doc = "When the provider took it"),
    FIELD(struct delivery, receipt, .flags = FIELD_NULLABLE, .doc = "What the provider answered"),
    FIELD(struct delivery, error, .flags = FIELD_NULLABLE, .doc = "Why the last attempt failed"),
    FIELD(struct delivery, subject, .flags = FIELD_NULLABLE, .doc = "What it tells of besides the incident: an update, a promise"),
    {0},
};

struct str delivery_id(struct arena *a, const struct delivery *d)
{
    struct str target = d->user_id.len ? d->user_id : d->endpoint_id;
    struct str text = str_printf(a, "%.*s\n%.*s\n%lld\n%lld\n%.*s\n%.*s\n%.*s", STR(d->incident_id),
        STR(d->kind), (long long)d->loop, (long long)d->step, STR(target), STR(d->channel), STR(d->address));

    if (d->subject.len)
        text = str_printf(a, "%.*s\n%.*s", STR(text), STR(d->subject));
    return str_printf(a, "dlv_%.26s", sha256_hex(a, text).ptr);
}

bool delivery_superseded(const struct delivery *d, bool incident_open, bool acknowledged)
{
    return str_eq(d->kind, S("page")) && d->step != DELIVERY_REGARDLESS &&
        (!incident_open || (acknowledged && d->step != DELIVERY_BY_HAND));
}

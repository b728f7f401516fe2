/* Events: what happened, append-only. An event's hash covers the hash before it on the same subject
 * and every field of its own, so a row that is altered, removed or moved breaks the chain at a place
 * that can be named. */
#pragma once

#include "base/field.h"

struct event {
    int64_t seq;    /* global order */
    struct str subject; /* incident id, or the id of whatever was administered */
    int64_t number; /* 1, 2, 3… on the subject */
    struct str kind;
    instant at;          /* when it happened (may be backdated) */
    instant recorded_at; /* when it was written */
    struct str actor_kind; /* user, system, sender, link */
    struct str actor_id;
    struct str actor_name; /* as it was then */
    int64_t corrects;    /* number of the entry it corrects, INT_NONE if none */
    struct str data;     /* JSON object, {"text":…} and what the kind needs */
    struct str hash;
};
extern const struct field event_fields[];

/* Hex SHA-256 over the previous hash ("" for the first) and the event, length-prefixed. */
struct str event_hash(struct arena *a, struct str previous, const struct event *e);

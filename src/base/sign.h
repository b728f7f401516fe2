/* Signatures: outgoing webhooks (Standard Webhooks, symmetric v1) and action links.
 *
 * Webhook: the headers webhook-id, webhook-timestamp (Unix seconds) and webhook-signature, a list
 * "v1,<base64>[ v1,<base64>]" of HMAC-SHA256 over "id.timestamp.body". A secret is "whsec_" and the
 * base64 of 24 to 64 bytes.
 *
 * Link: what the Acknowledge button of a mail or an SMS carries:
 *     <subject>.<user>.<action>.<expiry, Unix seconds>.<base64url of 16 bytes of keyed BLAKE2b>
 * It proves who was given the link and what it may do, without a row in a table. It can be used
 * again until it expires: that a second use does nothing is the state's business. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct arena;
struct error;
struct secret_key;

/* The bytes of a secret; false if it is not one. */
bool webhook_secret_read(struct arena *a, struct str secret, struct str *key);
struct str webhook_secret_make(struct arena *a);
/* The signature header's value. `key` is what webhook_secret_read gave. */
struct str webhook_sign(
    struct arena *a, struct str key, struct str id, int64_t timestamp, struct str body);
/* Any signature of the list may fit; the timestamp may be off by `tolerance_us` either way. */
bool webhook_verify(struct arena *a, struct str key, struct str id, struct str timestamp,
    struct str signatures, struct str body, instant now, int64_t tolerance_us, struct error *err);

#define LINK_PART_MAX 64
#define LINK_TOKEN_MAX (3 * LINK_PART_MAX + 64)

struct link {
    struct str subject; /* a delivery's or an incident's id */
    struct str user;
    struct str action; /* "ack" */
    instant expires;   /* whole seconds */
};

/* The three texts hold 1 to LINK_PART_MAX of A–Z a–z 0–9 _ -; anything else is a programming error
 * and gives STR_NONE. */
struct str link_make(struct arena *a, const struct secret_key *key, const struct link *link);
/* *out points into `token`. Fails FORBIDDEN when it was not made with this key or is damaged,
 * NOT_FOUND when it has expired (`now` ≥ expires). */
bool link_read(const struct secret_key *key, struct str token, instant now, struct link *out,
    struct error *err);

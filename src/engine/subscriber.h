/* Subscribers of a status page: asked twice (an address is confirmed by a link that is sent to it),
 * told of every update that concerns them, and gone with one click. Their links are signed and need no
 * account. */
#pragma once

#include "domain/statuspage.h"
#include "engine/op.h"

struct delivery;
struct message;

#define SUBSCRIBERS_WAITING 2000 /* of one page, not confirmed; more are refused for a while */

/* Sends a link to confirm. Says nothing about whether the address was there already; an address that
 * was asked lately is not asked again. *secret: of a new webhook's signatures; STR_NONE otherwise. */
bool subscriber_ask(struct op *op, const struct status_page *page, const struct subscriber *in, struct str *secret,
    struct error *err);
bool subscriber_confirm(struct op *op, struct str token, struct subscriber *out, struct error *err);
bool subscriber_leave(struct op *op, struct str token, struct error *err);
/* What a link is about, without doing it. `action`: confirm or leave. */
bool subscriber_link(struct db *db, struct arena *a, const struct env *env, struct str token, const char *action,
    instant now, struct subscriber *out, struct error *err);

/* The timer: tells the subscribers of an update, some at a time. `subject`: UPDATE[/remind][/AFTER]. */
bool subscriber_notify(struct op *op, struct str subject, struct error *err);
/* Forgets those who never confirmed; from housekeeping. */
bool subscriber_forget(struct op *op, struct error *err);

/* For the notifier: completes the message of a delivery of kind `subscribe` or `status`; *wanted becomes
 * false when the subscriber is gone. */
bool subscriber_message(struct db *db, struct arena *a, const struct env *env, const struct delivery *d,
    struct message *m, bool *wanted, struct error *err);

/* Channels: the ways to reach somebody, in one table.
 *
 * A message says what happened, to whom and why, and knows nothing of mail or JSON. A channel
 * either builds a job for net/client from it, or (null, ram) delivers it on the spot. Building is a
 * pure function of message and configuration: a retry with the same delivery id carries the same
 * Message-ID and webhook-id, so the receiving side can drop the second copy. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"
#include "net/client.h"

struct arena;
struct error;
struct language;
struct mail_templates;
struct ram;
struct zone;

enum message_kind {
    MESSAGE_PAGE,   /* somebody must act: has an acknowledge link */
    MESSAGE_UPDATE, /* news of an incident */
    MESSAGE_RESOLVED,
    MESSAGE_TEST,   /* "does this reach me?" */
    MESSAGE_VERIFY, /* carries a code that proves the address is theirs */
    MESSAGE_NAG,    /* an update is due; `update` says to whom */
    MESSAGE_SUBSCRIBE, /* asks whether a status page may write to this address */
    MESSAGE_STATUS,    /* what a status page has published */
};
#define MESSAGE_KINDS 8

/* Alerts shown in one message at most; the rest is a number. */
#define MESSAGE_MAX_ALERTS 20

struct message_alert {
    struct str labels, annotations; /* JSON objects as text */
    struct str fingerprint;
    instant starts_at;
};

/* Text that is absent is STR_NONE. Free text (title, summary, names, reason, update) may hold
 * anything; ids, numbers, addresses and URLs must not hold control characters. */
struct message {
    enum message_kind kind;
    struct str delivery_id; /* dlv_…; required */
    struct str incident_id, number, title, severity, status, summary, service;
    struct str status_name; /* the pack's word for the status, for people */
    instant started_at;
    struct str incident_url, acknowledge_url;
    struct str respond_url; /* a page that asks somebody to come: where they answer; instead of acknowledging */
    struct str update; /* the news, or what is asked */
    struct str reason; /* why this person, in one line: alert → policy → schedule → person */
    struct str code;   /* VERIFY */
    struct str page_title, page_url;         /* SUBSCRIBE and STATUS … */
    struct str confirm_url, unsubscribe_url; /* … their links … */
    instant scheduled_for, scheduled_until;  /* … of a maintenance … */
    struct str payload;                      /* … and the webhook's whole body, JSON */
    struct str recipient_id, recipient_name;
    struct str address;  /* of the form the channel takes */
    struct str secret;   /* webhook: "whsec_…" of the endpoint; STR_NONE: not signed */
    const struct language *language; /* of the recipient; NULL: English */
    const struct zone *zone;         /* of the recipient, for times; NULL: UTC */
    const struct message_alert *alerts;
    size_t nalerts;      /* how many are given */
    int64_t alert_count; /* how many there are */
    instant now;
};

struct channel_config {
    /* email */
    const char *smtp_url; /* smtp[s]://host[:port] */
    enum smtp_tls smtp_tls;
    const char *smtp_username, *smtp_password; /* NULL: no sign-in */
    struct str mail_from;                      /* the address mails come from */
    struct str mail_from_name;                 /* "Tocsin" */
    struct str mail_domain;                    /* for EHLO, Message-ID and List-Id */
    const struct mail_templates *mail;         /* one per language, the first is the fallback */
    size_t nmail;
    /* ram */
    struct ram *ram;
};

struct channel {
    const char *id;
    const char *takes; /* what its address is, for people */
    const char *example;
    /* Refuses with INVALID and a reason fit for a form. */
    bool (*validate)(struct str address, struct error *err);
    /* Fills what to send; the caller sets `done`, `ctx` and may set the timeout. It is never in
     * vain for a strange title: it fails (INVALID) only for ids, addresses and URLs. NULL:
     * `deliver` is set. The job points into `a`. */
    bool (*build)(struct arena *a, const struct message *m, const struct channel_config *config,
        struct client_job *job, struct error *err);
    void (*deliver)(
        const struct message *m, const struct channel_config *config, struct client_result *result);
};

extern const struct channel channels[];            /* ends with {0} */
const struct channel *channel_find(struct str id); /* NULL if there is none */

/* "incident.page", "incident.update", "incident.resolved", "test", "verify", "incident.update_due",
 * "status.subscribe", "status.update". */
struct str message_type(enum message_kind kind);
/* True if `s` holds no control characters. */
bool message_plain(struct str s);

/* Defined by the files of the same names. */
bool email_validate(struct str address, struct error *err);
bool email_build(struct arena *a, const struct message *m, const struct channel_config *config,
    struct client_job *job, struct error *err);
bool webhook_validate(struct str address, struct error *err);
bool webhook_build(struct arena *a, const struct message *m, const struct channel_config *config,
    struct client_job *job, struct error *err);
bool null_validate(struct str address, struct error *err);
void null_deliver(
    const struct message *m, const struct channel_config *config, struct client_result *result);
void ram_deliver(
    const struct message *m, const struct channel_config *config, struct client_result *result);

/* Outgoing HTTP requests and SMTP messages: one thread, one libcurl multi handle, one epoll.
 *
 * A job is the caller's; the client borrows it from client_send() until it calls `done`, exactly
 * once, on the client's thread (which must not block there). Texts that libcurl needs as C strings
 * are `const char *`. Control characters in any of them fail the job: a header or an SMTP command
 * cannot be injected through here.
 *
 * Redirects are not followed, the environment's proxy settings are ignored, TLS peers are always
 * verified. HTTP jobs, whose URLs users type in, are refused addresses that are not public unless
 * the configuration allows them; SMTP servers come from the configuration and may be anywhere.
 *
 * Jobs for one host (scheme, name and port) share `per_host` connections and wait for each other; a
 * host that hangs delays nobody else. A job ends within its time limit, waiting included. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/time.h"

struct error;
struct client;

#define CLIENT_MAX_HEADERS 16
#define CLIENT_MAX_RECIPIENTS 16
#define CLIENT_KEEP 4096        /* bytes of an answer's body kept if the job gives no room */
#define CLIENT_MAX_ANSWER 65536 /* the connection is cut beyond this, or beyond a larger room */

struct client_config {
    const struct str *allow; /* ranges allowed besides public ones: "10.0.0.0/8", "*" */
    size_t nallow;
    const char *proxy;          /* NULL: none. With one, the proxy must guard addresses */
    const char *ca_file;        /* PEM; NULL: the system's */
    int64_t connect_timeout_us; /* default 5 s */
    size_t per_host;            /* default 16 */
    size_t connections;         /* default 256 */
};

/* CLIENT_CONNECT only connects, with TLS to https://host:port/ and without to http://host:port/. */
enum client_kind { CLIENT_HTTP, CLIENT_SMTP, CLIENT_CONNECT };
enum smtp_tls {
    SMTP_TLS_NEVER,
    SMTP_TLS_OFFERED, /* STARTTLS when the server offers it */
    SMTP_TLS_REQUIRED,
};

struct client_result;

struct client_job {
    enum client_kind kind;
    const char *url;    /* http[s]://… or smtp[s]://host[:port][/name to say in EHLO] */
    int64_t timeout_us; /* default 10 s for HTTP, 30 s for SMTP */
    union {
        struct {
            const char *method;                      /* "POST" */
            const char *headers[CLIENT_MAX_HEADERS]; /* "Name: value"; NULL ends them */
            struct str body;
            char *room; /* for the answer's body; NULL: CLIENT_KEEP */
            size_t room_size;
        } http;
        struct {
            enum smtp_tls tls;
            const char *username, *password; /* NULL: no authentication */
            const char *from;                /* envelope, without brackets */
            const char *recipients[CLIENT_MAX_RECIPIENTS];
            struct str message; /* lines end with CRLF; dots are the client's business */
        } smtp;
    };
    void (*done)(void *ctx, struct client_job *job, const struct client_result *result);
    void *ctx;

    struct client_job *next; /* the client's */
    int64_t queued_us;
};

enum client_outcome {
    CLIENT_OK,
    CLIENT_TRANSIENT, /* was not accepted; a later attempt may be */
    CLIENT_PERMANENT, /* will not be accepted as it is */
    CLIENT_UNKNOWN,   /* was sent, no answer came: retry with the same id */
};

struct client_result {
    enum client_outcome outcome;
    int code;               /* HTTP status or last SMTP reply; 0 if there was none */
    struct str body;        /* of an HTTP answer: the first bytes; gone after `done` */
    char text[240];         /* one printable line: the reply, its first line, or what went wrong */
    int64_t retry_after_us; /* asked for by the server, 0 if not */
    int64_t duration_us;    /* since client_send() */
    instant certificate_ends; /* CONNECT over TLS: when the server's certificate does */
};

bool client_start(struct client **out, const struct client_config *config, struct error *err);
/* Any thread, also from within `done`. Does not block. */
void client_send(struct client *c, struct client_job *job);
/* Lets jobs finish for up to `drain_us`, fails the rest (each still gets its `done`), frees the
 * client. Nobody may send any more. */
void client_stop(struct client *c, int64_t drain_us);

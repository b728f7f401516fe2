/* Probes: small checks of a service from outside, which the verification asks for while an incident
 * soaks. Over HTTP (status, a part of the body, latency), by connecting over TCP, or by the days that
 * a TLS certificate has left. */
#pragma once

#include "base/field.h"

#define PROBE_MAX 20 /* of a service */

extern const char *const probe_kinds[], *const probe_states[];

struct probe {
    struct str id;
    struct str service_id;
    struct str name;
    struct str kind;   /* http, tcp, tls */
    struct str target; /* a URL, or host:port */
    int64_t status;    /* http: this one; 0: any 2xx */
    struct str contains; /* http: in the first 64 KiB of the body */
    int64_t latency;   /* http, tcp: at most; 0: as long as it takes */
    int64_t days;      /* tls: at least so many are left */
    struct str state;  /* unknown, passing, failing */
    struct str detail; /* what the last run showed */
    instant checked_at;
    instant created_at;
};
extern const struct field probe_fields[], probe_input_fields[];

#define PROBE_LATENCY_MAX (10 * SECOND_US)
#define PROBE_BODY 65536

/* Fails naming `target` unless it is one for the kind. Fills what was left out. */
bool probe_valid(struct probe *p, struct error *err);
/* With texts of its own. */
struct probe probe_copy(struct arena *a, const struct probe *p);
/* What the client is given: the URL itself, or http(s)://host:port to connect to. */
struct str probe_url(struct arena *a, const struct probe *p);

struct probe_seen {
    bool answered;        /* connected, and for http a status came */
    int64_t status;
    struct str body;
    int64_t took_us;
    instant certificate_ends;
    struct str problem;   /* what the client says, when nothing answered */
};
/* True if it passes; *detail is one line that says what was seen. */
bool probe_judge(struct arena *a, const struct probe *p, const struct probe_seen *seen, instant now,
    struct str *detail);

/* The wire format of Alertmanager's API v2: what its clients (amtool, Prometheus, Grafana, Karma)
 * read from us. Answers follow 0.25.0 to the byte, except that `mutedBy`, which 0.28 made required,
 * is always there.
 *
 * Writers add to a buf whose limit the caller chose. Times are written in milliseconds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/time.h"

struct alert;
struct arena;
struct buf;

/* A refusal, ready to be sent. */
struct am_error {
    int status;
    struct str body;
    struct str content_type;
};

/* The two shapes, each for printf: what a handler says is a JSON string and a newline, what the
 * framework before it says is {"code":602,"message":"…"}. Both return false. */
bool am_say(struct arena *a, struct am_error *err, int status, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool am_code(struct arena *a, struct am_error *err, int status, int code, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* A text in double quotes as Go's %q writes it, cut after 200 characters; for messages. */
struct str am_quote(struct arena *a, struct str s);
/* The framework's usual ones. `path` is without the query, `allowed` is "POST,GET". */
bool am_not_found(struct arena *a, struct am_error *err, struct str path);
bool am_method(struct arena *a, struct am_error *err, struct str method, struct str allowed);
bool am_not_acceptable(struct arena *a, struct am_error *err);
/* `type` is the Content-Type header, STR_NONE if there was none. */
bool am_unsupported(struct arena *a, struct am_error *err, struct str type);
/* 410, for everything under /api/v1. */
bool am_v1_gone(struct arena *a, struct am_error *err);
/* True if a body of this Content-Type may be JSON: "application/json", parameters ignored. */
bool am_is_json(struct str type);
/* True if the Accept header (STR_NONE if there was none) lets us answer with JSON. */
bool am_accepts_json(struct str accept);

enum am_state { AM_ACTIVE, AM_SUPPRESSED, AM_UNPROCESSED };

struct am_status {
    enum am_state state;
    const struct str *silenced_by; /* ids */
    size_t nsilenced;
    const struct str *inhibited_by; /* fingerprints */
    size_t ninhibited;
};

/* One gettableAlert; the caller writes the array around it and a newline after. Labels and
 * annotations are copied as they are stored. */
void am_write_alert(struct buf *out, const struct alert *alert, struct str receiver,
    const struct am_status *status);
/* A group around the alerts that are written between the two calls. `labels` is canonical JSON. */
void am_group_begin(struct buf *out);
void am_group_end(struct buf *out, struct str labels, struct str receiver);

/* The answers to GET /receivers and /status. There is at least one receiver; the first is the
 * default. The configuration in the status is YAML that amtool can read. */
void am_write_receivers(struct buf *out, const struct str *names, size_t n);
void am_write_status(struct buf *out, instant started, const struct str *receivers, size_t n);

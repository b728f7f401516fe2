/* The web floor: one route table, one dispatcher, one handler with two faces.
 *
 * A request's life: the loop thread hands over a whole exchange. Alerts and static files are answered
 * there. Everything else goes to a worker with its own read connection, which matches the route,
 * finds out who is asking, checks role and CSRF, decodes the body, and then
 *   GET  runs the handler on the worker's connection;
 *   POST… runs `prepare` (slow or outside work: hashing passwords) on the worker and the handler inside
 *        an operation on the writer's thread; the exchange is parked until the commit.
 * A handler reads the request, calls one function below, and sets one view: a JSON value. JSON clients
 * get it verbatim; a browser gets the template of the route rendered from it, with `page` added. */
#pragma once

#include "base/buf.h"
#include "base/error.h"
#include "base/field.h"
#include "base/json.h"
#include "domain/user.h"
#include "engine/op.h"
#include "net/server.h"

struct language;
struct web;
struct reply;

struct request {
    struct web *web;
    struct exchange *x;
    struct arena *arena; /* the exchange's */
    const struct web_route *route;
    struct str path;      /* decoded per segment by the router; as sent here */
    struct str params[4]; /* {…} of the pattern, in order, decoded */
    struct json *input;   /* the body's object (JSON or form), never NULL; without `csrf` */
    enum field_source source;
    struct db *db;        /* reads: the worker's; operations: the writer's, in the transaction */
    struct op *op;        /* operations only */
    instant now;
    const struct env *env;
    bool signed_in;
    struct user user;
    struct session session; /* when by cookie */
    bool by_cookie;
    bool html;            /* the browser's face is wanted */
    const struct language *language; /* of the page; English for API clients */
    bool fragment;        /* by htmx */
    struct str prepared;  /* what `prepare` left for the handler, e.g. a password hash */
    const struct error *failure; /* a form being shown again: its errors are in `page` */
};

struct reply {
    int status;            /* 200 unless set */
    struct json *view;     /* an object */
    struct str location;   /* 201/303 target */
    struct str cookie;     /* Set-Cookie value */
    struct str title;      /* of the page */
    struct str flash;      /* said on the page after the redirect */
    const char *template;  /* instead of the route's */
    struct str raw;        /* a body that is not a view (Markdown, CSV, metrics), with … */
    struct str content_type;
    struct str filename;   /* … as an attachment */
    bool stream;           /* an event stream: `after_seq` says from where */
    struct str about;      /* the one incident that the page or the stream is about: its events only */
    int64_t after_seq;
};

typedef bool web_handler(struct request *req, struct reply *out, struct error *err);

enum web_flag {
    WEB_LIST = 1,      /* returns {"items":[…],"next":…} of `returns` */
    WEB_PAGE = 2,      /* only a page for people, left out of the API description */
    WEB_NO_CSRF = 4,   /* unsafe, but authenticated by what it carries (a link) */
    WEB_PARTIAL = 8,   /* takes: an edit, every field optional */
    WEB_LIVE = 16,     /* the page keeps a stream open */
    WEB_RAW = 32,      /* answers something else than JSON; see `produces` */
    WEB_UNSEEN = 64,   /* about an incident that whoever asks need not be a member of */
};

struct web_route {
    enum http_method method;
    const char *pattern; /* "/incidents/{id}/notes" */
    enum role role;      /* ROLE_ANYONE: no sign-in needed */
    web_handler *run;
    const char *template;
    const struct field *takes, *returns;
    const char *form;    /* the page to show again with errors when a browser's form fails */
    web_handler *prepare;
    unsigned flags;
    const char *nav;     /* which entry of the navigation is current */
    const char *produces;
    const char *summary;
};

/* The whole API on one screen (routes.c), ordered by pattern; ends with {0}. */
extern const struct web_route web_routes[];

/* For handlers. */

/* Reads req->input through the route's `takes`; see fields_read. */
bool web_input(struct request *req, void *out, uint64_t *given, struct error *err);
/* A query parameter, STR_NONE if absent; web_query_int falls back to `absent`, and fails INVALID
 * naming the parameter when it is not a number from min to max. */
struct str web_query(const struct request *req, const char *name);
bool web_query_int(const struct request *req, const char *name, int64_t absent, int64_t min, int64_t max,
    int64_t *out, struct error *err);
/* Status 201 with Location (a browser is redirected there). */
void reply_created(struct request *req, struct reply *out, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A browser is redirected there; an API client gets the view with 200. */
void reply_see(struct request *req, struct reply *out, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

struct client;
struct env;
struct ingest;
struct notifier;
struct server;
struct writer;

struct web_config {
    struct str db_url;
    struct env *env;
    struct writer *writer;
    struct ingest *ingest;
    struct notifier *notifier;
    int workers;          /* default 4 */
    bool secure_cookies;  /* base_url is https */
    const char *asset_dir; /* NULL: the embedded ones */
    const char *status_dir; /* where snapshots of the status pages are kept; NULL: in memory only */
};

bool web_start(struct web **out, const struct web_config *config, struct error *err);
/* After the server runs. */
void web_attach(struct web *w, struct server *server);
void web_stop(struct web *w);

/* Server callbacks; ctx is struct web. */
size_t web_body_limit(void *ctx, const struct http_request *head);
void web_handle(void *ctx, struct exchange *x);
void web_stream_closed(void *ctx, struct ticket t);
/* From the writer, after a commit. */
void web_publish(struct web *w, const struct effects *fx);
/* Names of those who have a page of the incident open, an array of at most `most`; nobody twice. *count:
 * how many people there are (up to 200). */
struct json *web_present(struct web *w, struct arena *a, struct str incident_id, size_t most, int64_t *count);
/* Once a second: heartbeats on streams. */
void web_tick(struct web *w, int64_t mono_us);

const struct web_config *web_settings(const struct web *w);
struct server *web_server(const struct web *w);

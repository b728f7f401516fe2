/* The views of incidents, for their own pages and for others that show them. */
#pragma once

#include "domain/incident.h"
#include "store/store.h"
#include "web/web.h"

/* One line of a list: names instead of ids, and what a row shows. */
bool incident_row_view(struct request *req, const struct incident *i, struct json **out, struct error *err);
/* An array of such rows. */
bool incident_rows_view(struct request *req, const struct list *incidents, struct json **out, struct error *err);
/* Everything on the incident's page. */
bool incident_view(struct request *req, const struct incident *i, struct json **out, struct error *err);

/* After a change: a browser goes back to the page, at `anchor` ("#class", or ""), an API client gets the
 * incident. */
bool incident_changed(struct request *req, struct reply *out, const struct incident *i, const char *anchor, struct error *err);
/* A handler that reads its input, calls one operation on the incident of the address, and goes back. */
#define INCIDENT_CHANGE(name, type, function, anchor)                                              \
    bool name(struct request *req, struct reply *out, struct error *err)                           \
    {                                                                                              \
        type in = {0};                                                                             \
        struct incident i = {0};                                                                   \
                                                                                                   \
        return web_input(req, &in, NULL, err) && function(req->op, req->params[0], &in, &i, err) && \
            incident_changed(req, out, &i, anchor, err);                                           \
    }

/* A room of the incident's page: what one feature has to say about it, set under its own name in `o`.
 * incident_rooms.c has the table; templates/_room_NAME.html draws it. */
typedef bool incident_room(struct request *req, const struct incident *i, struct json *o, struct error *err);
/* For rooms: something is due at that time, done at that place of the page. The card at the top shows
 * them all, the earliest first; an unset time is nothing. */
void incident_due(struct request *req, struct json *o, instant at, struct str what, const char *anchor);
bool incident_rooms_view(struct request *req, const struct incident *i, struct json *o, struct error *err);

/* The incident by id or number, as far as whoever asks may see it: NOT_FOUND otherwise. Every handler
 * that is about an incident begins with this. */
bool incident_for(struct request *req, struct str ref, struct incident *out, struct error *err);
/* severity, severity_rank and severity_name, as the templates' badge wants them. */
void severity_view(struct request *req, struct json *object, struct str severity);
/* The pack's severities to choose from; `current` is marked. */
struct json *severities_view(struct request *req, struct str current);
/* {at,next_name,next_at,delivery_id,acked_at} of the signed-in person's page, null if there is none. */
bool my_page_view(struct request *req, const struct incident *i, struct json **out, struct error *err);
/* Events as entries of a timeline, newest first. `start` is T+0. */
struct json *events_view(struct request *req, const struct list *events, instant start);
/* Users who can be paged or given a role: [{id,name}]. */
bool responders_view(struct request *req, struct json **out, struct error *err);

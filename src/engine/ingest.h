/* Taking alerts in: the hot path.
 *
 * The loop thread parses a request, routes each alert and looks it up in the table of firing alerts
 * kept in memory. When all of them are repeats of alerts already committed as firing, only counts
 * change and the answer is sent at once: counts and new end times are written within a second, so a
 * crash loses at most that second of counting. Anything else becomes a job for the writer, which
 * applies all waiting jobs as one batch; the table learns of it only after the commit.
 *
 * On PostgreSQL other nodes write too, so the table is not used: every alert goes to the database. */
#pragma once

#include "engine/op.h"
#include "engine/routing.h"

struct alert_in;
struct ingest;
struct job;

/* One alert on its way, routed. */
struct ingest_item {
    const struct alert_in *in;
    const struct service *service; /* of the snapshot the job holds */
    struct str severity;           /* the incident's, from the route; none = from the label */
    struct str route_id;
    struct str dedup;              /* 32 hex digits over the service and the labels */
    struct str group_key;          /* made only for services that page */
};

struct ingest_job {
    struct ingest_item *items;
    size_t n;
    struct routing *routing; /* held until the job is done */
};

bool ingest_new(struct ingest **out, bool shared_database, struct error *err);
void ingest_free(struct ingest *in);
/* Reads what is firing and the routing; on the writer's connection before its thread runs. */
bool ingest_load(struct ingest *in, struct db *db, struct error *err);

/* From the loop threads. A held snapshot is given back with ingest_release. */
struct routing *ingest_routing(struct ingest *in);
void ingest_release(struct ingest *in, struct routing *r);
/* True if all were repeats and have been counted: nothing is left to do but, with *wake, to make the
 * writer come within a second. */
bool ingest_repeats(struct ingest *in, const struct ingest_item *items, size_t n, instant now, bool *wake);
/* The dedup key of an alert of a service: 128 bits over the service and the labels' canonical text. */
struct str ingest_dedup(struct arena *a, struct str service_id, struct str labels);

/* For the writer, in this order. */
bool ingest_collect(struct ingest *in, struct job *jobs);        /* true if any is an ingest job */
bool ingest_apply(struct ingest *in, struct op *op, struct error *err);
void ingest_discard(struct ingest *in);                          /* rolled back */
void ingest_committed(struct ingest *in);
void ingest_reload(struct ingest *in, struct db *db);            /* configuration changed */
void ingest_forget(struct ingest *in);                           /* only the engine's part was */
/* The engine's part: writes counts, resolves what has ended; *wake when to come again. */
bool ingest_run(struct ingest *in, struct op *op, instant *wake, bool *more, struct error *err);

/* An alert of the incident has resolved: if it was the last that fired, the incident is told. */
bool alert_episode_over(struct op *op, struct str incident_id, struct error *err);

struct ingest_stats {
    int64_t received, repeats, firing;
};
void ingest_stats(struct ingest *in, struct ingest_stats *out);

/* Is Tocsin itself well? For orchestrators, load balancers and the administrator. */
#pragma once

#include "engine/ingest.h"
#include "engine/writer.h"
#include "web/web.h"

/* 200 while the database can be read and written and has this version's schema; 503 with the reason. */
web_handler get_readyz;

/* What the process and the database say about themselves, at one moment. */
struct vitals {
    struct writer_stats writer;
    struct ingest_stats ingest;
    struct server_stats server;
    int64_t lateness_us;      /* of the earliest timer that should have fired */
    int64_t unsent;           /* deliveries queued or on their way… */
    int64_t oldest_unsent_us; /* …and the age of the oldest */
    int64_t database_bytes;
};
bool vitals_read(struct request *req, struct vitals *out, struct error *err);

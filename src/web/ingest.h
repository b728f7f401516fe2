/* The senders' door: /in/KEY, an Alertmanager to whoever posts there. */
#pragma once

#include <stdbool.h>

struct exchange;
struct request;
struct web;

/* On the loop thread. POST /in/KEY/api/v2/alerts is dealt with here, without a worker: true when this
 * request was one. Everything else under /in/ goes to a worker and am_serve. */
bool web_ingest(struct web *w, struct exchange *x);
/* On a worker: alerts, groups, status, receivers, health; answers in Alertmanager's shapes. */
void am_serve(struct request *req);

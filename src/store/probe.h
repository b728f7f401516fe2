/* Probes in the store. */
#pragma once

#include "domain/probe.h"
#include "store/store.h"

bool probe_add(struct db *db, const struct probe *p, struct error *err);
/* State, detail and when. */
bool probe_record(struct db *db, const struct probe *p, struct error *err);
bool probe_delete(struct db *db, struct str id, struct error *err);
bool probe_get(struct db *db, struct arena *a, struct str id, struct probe *out, struct error *err);
bool probe_of_service(struct db *db, struct arena *a, struct str service_id, struct list *out, struct error *err);
/* Of every service that the incident affects. */
bool probe_of_incident(struct db *db, struct arena *a, struct str incident_id, struct list *out, struct error *err);

/* The table of named queries, as tools/sqlgen.c makes it from sql/queries/NAME.sql. Drivers index
 * it by `enum query` and know nothing of its contents, so this floor's tests link their own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "db/db.h"

struct query_text {
    const char *name;
    const char *params; /* a letter each: 'i' int, 't' text */
    const char *sql[2]; /* by enum db_kind */
    const char *source; /* file:line, for messages */
    bool rows;          /* declared `: rows`, that is, it returns some */
};

#define QUERY_MAX_PARAMS 48

extern const struct query_text query_table[];
extern const size_t query_count;

/* The few queries that this floor has itself; their numbers follow those of the table. */
enum own_query { OWN_PING, OWN_SCHEMA_EXISTS, OWN_MIGRATION_LIST, OWN_MIGRATION_ADD, OWN_COUNT };
enum query own_query(enum own_query q);
const struct query_text *query_text(enum query q);

/* Prepares without running, as the first use would. */
bool db_prepare(struct db *db, enum query q, struct error *err);

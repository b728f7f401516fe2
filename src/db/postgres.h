/* What postgres.c and postgres_conn.c share. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>

#include "db/driver.h"

struct postgres {
    struct db db;
    PGconn *conn;
    bool stale;      /* its prepared statements are of no use any more: connect anew */
    bool warned;     /* the server has sent a warning since this was last cleared */
    bool prepared[]; /* by enum query */
};

bool postgres_connect(struct postgres *p, const char *url, struct error *err);
/* Connects again if the connection was lost and no transaction was lost with it. */
bool postgres_connected(struct postgres *p, struct error *err);
bool postgres_lost(const struct postgres *p);
/* Fills *err from a result that is not success, or from the connection if it is NULL; false. */
bool postgres_fail(struct postgres *p, const PGresult *res, const char *what, struct error *err);

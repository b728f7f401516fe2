/* Plain SQL for tests, beside the program's own connections: to look at rows, and to tamper. */
#pragma once

#include <stdint.h>

#include "db/db.h"

struct arena;
struct raw;

struct raw *raw_open(struct str url, enum db_kind kind);
void raw_close(struct raw *r);
/* Rows as lines, columns separated by '|', NULL as "~". Aborts on wrong SQL: it is the test's own.
 */
struct str raw_rows(struct raw *r, struct arena *a, const char *sql);
int64_t raw_int(struct raw *r, const char *sql);

/* PostgreSQL for tests. Under test/with-pg.sh the server is shared ($TOCSIN_TEST_PG); otherwise the
 * first call starts one through that script, and it ends when the test program does, in any way. */
#pragma once

#include "test.h"

/* The address of a fresh, empty database; STR_NONE, and the test marked skipped, where PostgreSQL
 * is not installed. */
struct str test_postgres(struct test *t, struct arena *a);

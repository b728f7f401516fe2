/* One body, two tests: the same on SQLite and on PostgreSQL, each with an empty database that has
 * the schema of this folder (or none: `bare`). */
#pragma once

#include "db/db.h"
#include "test.h"

struct engine {
    struct str url;
    struct db *db; /* the writer's */
};

typedef void engine_fn(struct test *t, struct arena *a, struct engine *e);
void engine_run(struct test *t, struct arena *a, enum db_kind kind, bool bare, engine_fn *body);
/* A path in a folder that is removed at the end of the program. */
const char *scratch(struct arena *a, const char *name);

#define ENGINE_TEST_WITH(id, bare)                                                                 \
    static engine_fn body_##id;                                                                    \
    TEST(id##_sqlite)                                                                              \
    {                                                                                              \
        engine_run(t, a, DB_SQLITE, bare, body_##id);                                              \
    }                                                                                              \
    TEST(id##_postgres)                                                                            \
    {                                                                                              \
        engine_run(t, a, DB_POSTGRES, bare, body_##id);                                            \
    }                                                                                              \
    static void body_##id(struct test *t __attribute__((unused)),                                  \
        struct arena *a __attribute__((unused)), struct engine *e __attribute__((unused)))
#define ENGINE_TEST(id) ENGINE_TEST_WITH(id, false)

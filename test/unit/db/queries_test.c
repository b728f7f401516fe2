/* Every query of the program is understood by both engines, on the program's own schema. */
#include <string.h>

#include "db/query.h"
#include "engines.h"

#define MAX_OVERRIDES 5 /* a query in two texts is a query that can differ */

ENGINE_TEST(all_are_understood)
{
    for (enum query q = 0; q < query_count; q++) {
        struct error err = {0};

        if (!db_prepare(e->db, q, &err))
            test_fail(t, query_table[q].source, 0, "%s", err.message);
    }
}

TEST(few_are_written_twice)
{
    int overrides = 0;

    for (enum query q = 0; q < query_count; q++)
        overrides += strcmp(query_table[q].sql[DB_SQLITE], query_table[q].sql[DB_POSTGRES]) != 0;
    CHECK(overrides <= MAX_OVERRIDES);
}

/* Migrations: applied once, in order, never under a changed name or text. */
#include <pthread.h>
#include <string.h>

#include "db/migrate.h"
#include "engines.h"

#define FILE_OF(n, text)                                                                           \
    {                                                                                              \
        .name = {n, sizeof(n) - 1}, .data = { text, sizeof(text) - 1 }                             \
    }
#define ONE FILE_OF("0001_one.sql", "CREATE TABLE one (id BIGINT); CREATE TABLE uno (id BIGINT);\n")
#define TWO                                                                                        \
    FILE_OF("0002_two.sql", "CREATE TABLE two (id BIGINT, -- only sqlite\n"                        \
                            "CREATE TABLE two (solo BIGINT, -- only postgres\n  name TEXT);\n")
#define END                                                                                        \
    {                                                                                              \
        .name = { 0 }                                                                              \
    }

static const instant now = {1763730000000000};

ENGINE_TEST_WITH(applied_once, true)
{
    static const struct embedded first[] = {ONE, END}, both[] = {ONE, TWO, END};
    struct error err = {0};
    int applied = -1;

    CHECK(!migrate_files_check(e->db, first, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(strstr(err.message, "0001_one"));
    REQUIRE_OK(migrate_files(e->db, first, now, &applied, &err));
    CHECK_INT(applied, 1);
    REQUIRE_OK(migrate_files_check(e->db, first, &err));
    CHECK(!migrate_files_check(e->db, both, &err));
    CHECK(strstr(err.message, "0002_two"));
    REQUIRE_OK(migrate_files(e->db, both, now, &applied, &err));
    CHECK_INT(applied, 1);
    REQUIRE_OK(migrate_files(e->db, both, now, &applied, &err));
    CHECK_INT(applied, 0);
    REQUIRE_OK(migrate_files_check(e->db, both, &err));
    CHECK(!db_in_transaction(e->db));
}

ENGINE_TEST_WITH(changed_or_newer_is_refused, true)
{
    static const struct embedded both[] = {ONE, TWO, END}, first[] = {ONE, END};
    static const struct embedded changed[] = {ONE, FILE_OF("0002_two.sql", "SELECT 1;\n"), END};
    static const struct embedded renamed[] = {FILE_OF("0001_uno.sql", "x"), TWO, END};
    struct error err = {0};
    int applied = -1;

    REQUIRE_OK(migrate_files(e->db, both, now, &applied, &err));
    CHECK_INT(applied, 2);
    CHECK(!migrate_files(e->db, changed, now, &applied, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(strstr(err.message, "0002_two"));
    CHECK(!migrate_files_check(e->db, changed, &err));
    CHECK(!migrate_files(e->db, renamed, now, &applied, &err));
    CHECK(strstr(err.message, "0001_one") && strstr(err.message, "0001_uno"));
    CHECK(!migrate_files(e->db, first, now, &applied, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(strstr(err.message, "newer") && strstr(err.message, "0002_two"));
    CHECK(!migrate_files_check(e->db, first, &err));
    CHECK(!db_in_transaction(e->db));
}

/* A migration that fails leaves nothing behind, and those before it stay. */
ENGINE_TEST_WITH(failing_leaves_no_trace, true)
{
    static const struct embedded broken[] = {ONE,
        FILE_OF(
            "0002_two.sql", "CREATE TABLE half (id BIGINT);\nINSERT INTO missing VALUES (1);\n"),
        END};
    static const struct embedded mended[] = {
        ONE, FILE_OF("0002_two.sql", "CREATE TABLE half (id BIGINT);\n"), END};
    struct error err = {0};
    int applied = -1;

    CHECK(!migrate_files(e->db, broken, now, &applied, &err));
    CHECK_INT(applied, 1);
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "migration 0002_two") && strstr(err.message, "missing"));
    REQUIRE_OK(migrate_files(e->db, mended, now, &applied, &err));
    CHECK_INT(applied, 1);
}

ENGINE_TEST_WITH(numbers_rise, true)
{
    static const struct embedded same[] = {ONE, FILE_OF("0001_other.sql", "SELECT 1;\n"), END};
    static const struct embedded gap[] = {ONE, FILE_OF("0003_three.sql", "SELECT 1;\n"), END};
    static const struct embedded filled[] = {ONE, TWO, FILE_OF("0003_three.sql", "SELECT 1;\n"), END};
    static const struct embedded odd[] = {FILE_OF("first.sql", "SELECT 1;\n"), END};
    struct error err = {0};

    CHECK(!migrate_files(e->db, same, now, NULL, &err));
    CHECK(strstr(err.message, "0001_other.sql has no number above 1"));
    err = (struct error){0};
    CHECK(migrate_files(e->db, gap, now, NULL, &err) && migrate_files_check(e->db, gap, &err));
    CHECK(!migrate_files(e->db, filled, now, NULL, &err)); /* too late for it */
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!migrate_files(e->db, odd, now, NULL, &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
}

struct node {
    struct str url;
    const struct embedded *files;
    int applied;
    bool ok;
};

static void *node_start(void *arg)
{
    struct node *node = arg;
    struct error err = {0};
    struct db *db = NULL;

    node->ok = db_open(&db, node->url, DB_WRITE, &err) &&
               migrate_files(db, node->files, now, &node->applied, &err);
    if (!node->ok)
        printf("%s\n", err.message);
    db_close(&db);
    return NULL;
}

/* Nodes that start together take turns: nothing runs twice. */
ENGINE_TEST_WITH(nodes_take_turns, true)
{
    static const struct embedded both[] = {ONE, TWO, END};
    struct node nodes[4];
    pthread_t threads[4];
    int applied = 0;

    for (int i = 0; i < 4; i++) {
        nodes[i] = (struct node){.url = e->url, .files = both};
        REQUIRE(pthread_create(&threads[i], NULL, node_start, &nodes[i]) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        CHECK(nodes[i].ok);
        applied += nodes[i].applied;
    }
    CHECK_INT(applied, 2);
}

TEST(files_are_found_by_name)
{
    CHECK(embedded_find(schema_table, S("0001_first.sql")));
    CHECK(!embedded_find(schema_table, S("0001_first")));
    CHECK(str_starts(schema_table[1].data, S("CREATE TABLE counter")));
    CHECK_INT(schema_table[1].data.ptr[schema_table[1].data.len], '\0');
    CHECK(!schema_table[2].name.ptr);
}

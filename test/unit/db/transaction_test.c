/* All or nothing, on both engines alike. */
#include <string.h>

#include "base/arena.h"
#include "engines.h"
#include "thing.h"

static int64_t things(struct db *db)
{
    struct error err = {0};
    int64_t n = -1;

    (void)db_get_int(db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err);
    return n;
}

static bool add(struct db *db, const char *id, struct error *err)
{
    return thing_add(db, &(struct thing){.id = str_from(id), .name = str_from(id)}, err);
}

ENGINE_TEST(commits_and_rolls_back)
{
    struct error err = {0};

    REQUIRE_OK(db_begin(e->db, &err));
    CHECK(db_in_transaction(e->db));
    REQUIRE_OK(add(e->db, "a", &err));
    db_rollback(e->db);
    CHECK(!db_in_transaction(e->db));
    CHECK_INT(things(e->db), 0);
    REQUIRE_OK(db_begin(e->db, &err));
    REQUIRE_OK(add(e->db, "a", &err));
    REQUIRE_OK(db_commit(e->db, &err));
    CHECK(!db_in_transaction(e->db));
    CHECK_INT(things(e->db), 1);
    db_rollback(e->db); /* of nothing: no harm */
}

ENGINE_TEST(savepoints_lose_only_their_own)
{
    struct error err = {0};

    REQUIRE_OK(db_begin(e->db, &err));
    for (int i = 0; i < 3; i++) {
        REQUIRE_OK(db_savepoint(e->db, &err));
        REQUIRE_OK(add(e->db, (const char *[]){"a", "b", "c"}[i], &err));
        if (i == 1) {
            CHECK(!add(e->db, "a", &err));
            CHECK_INT(err.kind, ERROR_CONFLICT);
            REQUIRE_OK(db_rollback_to(e->db, &err));
        } else {
            REQUIRE_OK(db_release(e->db, &err));
        }
    }
    REQUIRE_OK(db_commit(e->db, &err));
    CHECK_INT(things(e->db), 2);
    struct thing out;
    CHECK(!db_get(e->db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(S("b"))), &err));
}

ENGINE_TEST(misuse_is_refused)
{
    struct error err = {0};

    CHECK(!db_commit(e->db, &err) && err.kind == ERROR_INTERNAL);
    CHECK(!db_savepoint(e->db, &err) && err.kind == ERROR_INTERNAL);
    REQUIRE_OK(db_begin(e->db, &err));
    CHECK(!db_begin(e->db, &err) && err.kind == ERROR_INTERNAL);
    CHECK(!db_read_begin(e->db, &err) && err.kind == ERROR_INTERNAL);
    db_read_end(e->db); /* not a read transaction: stays */
    CHECK(db_in_transaction(e->db));
    db_rollback(e->db);
}

ENGINE_TEST(violations_are_conflicts)
{
    struct error err = {0};

    REQUIRE_OK(add(e->db, "a", &err));
    CHECK(!add(e->db, "a", &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(strstr(err.message, "there is one already") && strstr(err.message, "thing"));
    CHECK(!thing_add(e->db, &(struct thing){.id = S("b"), .name = S("a")}, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!err.retry);
    CHECK(!db_exec(e->db, Q_THING_INSERT, NULL,
        ARGS(v_text(S("c")), v_text(S("c")), v_int(1), v_null(), v_null(), v_int(2)), &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!db_exec(e->db, Q_PART_INSERT, NULL, ARGS(v_int(1), v_text(S("missing"))), &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    REQUIRE_OK(db_exec(e->db, Q_PART_INSERT, NULL, ARGS(v_int(1), v_text(S("a"))), &err));
    CHECK(!db_exec(e->db, Q_THING_DELETE, NULL, ARGS(v_text(S("a"))), &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    /* Not one of them: the program forgot a value. */
    CHECK(!db_exec(e->db, Q_THING_INSERT, NULL,
        ARGS(v_text(S("c")), v_null(), v_int(1), v_null(), v_null(), v_int(1)), &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK_INT(things(e->db), 1);
}

struct seen {
    int64_t sum;
    size_t calls, last_set;
    bool in_order;
};

static void see(void *ctx, size_t set, const struct rows *r)
{
    struct seen *seen = ctx;

    seen->in_order = seen->in_order && (seen->calls == 0 || set == seen->last_set + 1);
    seen->calls++;
    seen->last_set = set;
    seen->sum += rows_int(r, 0);
}

ENGINE_TEST(many_at_once)
{
    enum { SETS = 2500 }; /* more than one pipeline's worth */
    struct value *args = arena_array(a, struct value, 2 * SETS);
    struct seen seen = {.in_order = true};
    struct error err = {0};
    int64_t total;

    for (size_t i = 0; i < SETS; i++) {
        args[2 * i] = v_text(str_printf(a, "n%d", (int)(i % 10)));
        args[2 * i + 1] = v_int(1);
    }
    REQUIRE_OK(db_begin(e->db, &err));
    REQUIRE_OK(db_exec_many(e->db, Q_COUNTER_ADD, args, 2, SETS, see, &seen, &err));
    REQUIRE_OK(db_commit(e->db, &err));
    CHECK(seen.in_order);
    CHECK_INT(seen.calls, SETS);
    CHECK_INT(seen.last_set, SETS - 1);
    CHECK_INT(seen.sum, 10 * (250 * 251 / 2));
    REQUIRE_OK(db_get_int(e->db, Q_COUNTER_GET, &total, NULL, ARGS(v_text(S("n3"))), &err));
    CHECK_INT(total, 250);
    REQUIRE_OK(db_exec_many(e->db, Q_COUNTER_ADD, args, 2, 0, see, &seen, &err));
    CHECK_INT(seen.calls, SETS);
}

ENGINE_TEST(many_stop_at_the_first_failure)
{
    enum { SETS = 1200 };
    struct value *args = arena_array(a, struct value, 6 * SETS);
    struct error err = {0};

    for (size_t i = 0; i < SETS; i++) {
        struct str id = str_printf(a, "%d", i == 1100 ? 7 : (int)i);
        struct value set[] = {v_text(id), v_text(id), v_int(1), v_null(), v_null(), v_int(1)};
        memcpy(args + 6 * i, set, sizeof set);
    }
    /* Outside a transaction it is one itself. */
    CHECK(!db_exec_many(e->db, Q_THING_INSERT, args, 6, SETS, NULL, NULL, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    CHECK(!db_in_transaction(e->db));
    CHECK_INT(things(e->db), 0);
    /* Inside one, a savepoint contains it. */
    REQUIRE_OK(db_begin(e->db, &err));
    REQUIRE_OK(add(e->db, "kept", &err));
    REQUIRE_OK(db_savepoint(e->db, &err));
    CHECK(!db_exec_many(e->db, Q_THING_INSERT, args, 6, SETS, NULL, NULL, &err));
    REQUIRE_OK(db_rollback_to(e->db, &err));
    REQUIRE_OK(db_exec_many(e->db, Q_THING_INSERT, args, 6, 1100, NULL, NULL, &err));
    REQUIRE_OK(db_commit(e->db, &err));
    CHECK_INT(things(e->db), 1101);
}

ENGINE_TEST(readers_keep_their_snapshot_and_never_write)
{
    struct error err = {0};
    struct db *reader = NULL;

    REQUIRE_OK(db_open(&reader, e->url, DB_READ, &err));
    CHECK_INT(things(reader), 0);
    REQUIRE_OK(db_read_begin(reader, &err));
    CHECK_INT(things(reader), 0);
    REQUIRE_OK(add(e->db, "a", &err));
    CHECK_INT(things(reader), 0);
    db_read_end(reader);
    CHECK_INT(things(reader), 1);
    CHECK(!add(reader, "b", &err));
    CHECK(!db_begin(reader, &err));
    CHECK_INT(things(reader), 1);
    REQUIRE_OK(db_ping(reader, &err));
    db_close(&reader);
    db_close(&reader);
}

/* What only a server can do to us: go away, come back, and see two writers at once. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "db/migrate.h"
#include "engines.h"
#include "pg.h"
#include "thing.h"

/* The database of a test, its writer, and a plain connection beside them for doing damage. */
struct server {
    struct str url;
    struct db *db;
    PGconn *other;
};

static bool server_open(struct test *t, struct arena *a, struct server *s)
{
    struct error err = {0};

    s->url = test_postgres(t, a);
    if (!s->url.ptr)
        return false;
    s->other = PQconnectdb(s->url.ptr);
    if (db_open(&s->db, s->url, DB_WRITE, &err) && migrate(s->db, (instant){1}, NULL, &err))
        return true;
    test_fail(t, __FILE__, __LINE__, "%s", err.message);
    return false;
}

static void server_close(struct server *s)
{
    db_close(&s->db);
    PQfinish(s->other);
}

static void damage(struct test *t, struct server *s, const char *sql)
{
    PGresult *res = PQexec(s->other, sql);

    if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
        test_fail(t, __FILE__, __LINE__, "%s: %s", sql, PQerrorMessage(s->other));
    PQclear(res);
}

static void kill_others(struct test *t, struct server *s)
{
    damage(t, s,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

/* These tests stop and start what others may be using: they have a server of their own. */
__attribute__((constructor)) static void alone(void)
{
    unsetenv("TOCSIN_TEST_PG");
}

#define SERVER                                                                                     \
    CLEANUP(server_close) struct server s = {0};                                                   \
    struct error err = {0};                                                                        \
    if (!server_open(t, a, &s))                                                                    \
    return

TEST(a_lost_connection_comes_back)
{
    SERVER;
    struct thing thing = {.id = S("a"), .name = S("a")};
    int64_t n = -1;

    /* Between transactions a writer does not even notice. */
    kill_others(t, &s);
    REQUIRE_OK(db_begin(s.db, &err));
    REQUIRE_OK(thing_add(s.db, &thing, &err));
    REQUIRE_OK(db_commit(s.db, &err));

    /* Inside one it is told, and nothing more happens until it has rolled back. */
    REQUIRE_OK(db_begin(s.db, &err));
    REQUIRE_OK(thing_add(s.db, &(struct thing){.id = S("b"), .name = S("b")}, &err));
    kill_others(t, &s);
    CHECK(!thing_add(s.db, &(struct thing){.id = S("c"), .name = S("c")}, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(!thing_add(s.db, &(struct thing){.id = S("d"), .name = S("d")}, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(!db_rollback_to(s.db, &err));
    CHECK(!db_commit(s.db, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(!db_in_transaction(s.db));
    REQUIRE_OK(db_get_int(s.db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    CHECK_INT(n, 1);

    kill_others(t, &s);
    REQUIRE_OK(db_ping(s.db, &err));

    /* A single statement of a writer may have had its effect: it is not repeated for the caller. */
    kill_others(t, &s);
    CHECK(!db_exec(s.db, Q_THING_BUMP, NULL, ARGS(v_text(S("a")), v_int(1)), &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    REQUIRE_OK(db_exec(s.db, Q_THING_BUMP, NULL, ARGS(v_text(S("a")), v_int(1)), &err));
}

TEST(a_reader_does_not_notice)
{
    SERVER;
    struct db *reader = NULL;
    int64_t n = -1;

    REQUIRE_OK(db_open(&reader, s.url, DB_READ, &err));
    REQUIRE_OK(db_get_int(reader, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    kill_others(t, &s);
    CHECK(db_get_int(reader, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    kill_others(t, &s);
    CHECK(db_read_begin(reader, &err));
    CHECK(db_get_int(reader, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    db_read_end(reader);
    CHECK_INT(n, 0);
    db_close(&reader);
}

TEST(many_survive_a_lost_connection)
{
    SERVER;
    struct value args[2 * 100];
    int64_t n = -1;

    for (size_t i = 0; i < 100; i++) {
        args[2 * i] = v_text(S("n"));
        args[2 * i + 1] = v_int(1);
    }
    REQUIRE_OK(db_begin(s.db, &err));
    kill_others(t, &s);
    CHECK(!db_exec_many(s.db, Q_COUNTER_ADD, args, 2, 100, NULL, NULL, &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    db_rollback(s.db);
    REQUIRE_OK(db_exec_many(s.db, Q_COUNTER_ADD, args, 2, 100, NULL, NULL, &err));
    REQUIRE_OK(db_get_int(s.db, Q_COUNTER_GET, &n, NULL, ARGS(v_text(S("n"))), &err));
    CHECK_INT(n, 100);
}

/* COMMIT after a failed statement answers "ROLLBACK" and no error. */
TEST(a_commit_that_is_none_is_no_success)
{
    SERVER;
    int64_t n = -1;

    REQUIRE_OK(db_begin(s.db, &err));
    REQUIRE_OK(thing_add(s.db, &(struct thing){.id = S("a"), .name = S("a")}, &err));
    CHECK(!thing_add(s.db, &(struct thing){.id = S("a"), .name = S("a")}, &err));
    CHECK(!db_commit(s.db, &err));
    CHECK(!db_in_transaction(s.db));
    REQUIRE_OK(db_get_int(s.db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    CHECK_INT(n, 0);
}

TEST(a_broken_deadlock_may_be_retried)
{
    SERVER;
    struct error second = {0};

    REQUIRE_OK(thing_add(s.db, &(struct thing){.id = S("a"), .name = S("a")}, &err));
    REQUIRE_OK(thing_add(s.db, &(struct thing){.id = S("b"), .name = S("b")}, &err));
    damage(t, &s, "BEGIN; UPDATE thing SET count = 1 WHERE id = 'b'");
    REQUIRE_OK(db_begin(s.db, &err));
    REQUIRE_OK(db_exec(s.db, Q_THING_BUMP, NULL, ARGS(v_text(S("a")), v_int(1)), &err));
    /* The other waits for us; then we wait for it, and one of us must give way. */
    REQUIRE(PQsendQuery(
        s.other, "SET deadlock_timeout = '1h'; UPDATE thing SET count = 1 WHERE id = 'a'"));
    CHECK(!db_exec(s.db, Q_THING_BUMP, NULL, ARGS(v_text(S("b")), v_int(1)), &second));
    CHECK_INT(second.kind, ERROR_UNAVAILABLE);
    CHECK(second.retry);
    db_rollback(s.db);
}

/* A standby that never answers: the commit is cancelled while it waits, and only warns. */
TEST(an_unconfirmed_commit_is_unknown)
{
    SERVER;
    int64_t n = -1;

    damage(t, &s, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    damage(t, &s, "SELECT pg_reload_conf()");
    damage(t, &s, "SET synchronous_commit = local");
    /* Cancels the writer as soon as it waits for the standby; runs while our commits do. */
    REQUIRE(PQsendQuery(s.other,
        "DO $$ BEGIN LOOP"
        " PERFORM pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep';"
        " EXIT WHEN FOUND OR clock_timestamp() > statement_timestamp() + interval '30 s';"
        " PERFORM pg_stat_clear_snapshot(); END LOOP; END $$"));
    /* The server takes the setting in when it comes to it: until then commits are confirmed. */
    bool confirmed = true;
    int64_t tries = 0;
    for (; confirmed && tries < 100000; tries++) {
        struct str id = str_printf(a, "a%lld", (long long)tries);
        REQUIRE_OK(db_begin(s.db, &err));
        REQUIRE_OK(thing_add(s.db, &(struct thing){.id = id, .name = id}, &err));
        confirmed = db_commit(s.db, &err);
    }
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(strstr(err.message, "unknown"));
    for (PGresult *res; (res = PQgetResult(s.other));)
        PQclear(res);
    damage(t, &s, "ALTER SYSTEM RESET synchronous_standby_names");
    damage(t, &s, "SELECT pg_reload_conf()");
    REQUIRE_OK(db_get_int(s.db, Q_THING_COUNT, &n, NULL, NO_ARGS, &err));
    CHECK_INT(n, tries);
}

/* Another node migrates: columns that a prepared statement has promised are no longer all. */
TEST(a_changed_table_may_be_retried)
{
    SERVER;
    struct thing thing = {.id = S("a"), .name = S("a")}, out;

    REQUIRE_OK(thing_add(s.db, &thing, &err));
    REQUIRE_OK(
        db_get(s.db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(S("a"))), &err));
    damage(t, &s, "ALTER TABLE thing DROP COLUMN note");
    CHECK(!db_get(s.db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(S("a"))), &err));
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(err.retry);
    REQUIRE_OK(
        db_get(s.db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(S("a"))), &err));
}

TEST(text_that_is_not_utf8_is_invalid)
{
    SERVER;

    CHECK(!thing_add(s.db, &(struct thing){.id = S("\xff\xfe"), .name = S("a")}, &err));
    CHECK_INT(err.kind, ERROR_INVALID);
}

TEST(nobody_there_is_unavailable)
{
    struct error err = {0};
    struct db *db = NULL;

    CHECK(!db_open(&db, S("postgresql:///x?host=/nonexistent"), DB_WRITE, &err));
    CHECK(!db);
    CHECK_INT(err.kind, ERROR_UNAVAILABLE);
    CHECK(strstr(err.message, "cannot be reached"));
}

TEST(backups_are_the_servers)
{
    SERVER;

    CHECK(!db_backup(s.db, S("/tmp/never"), &err));
    CHECK_INT(err.kind, ERROR_INVALID);
}

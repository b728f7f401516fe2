/* `tocsin verify` against a database that somebody changed behind the program's back. */
#include "cli/cli.h"

#include <sqlite3.h>
#include <stdio.h>

#include "base/clock.h"
#include "console.h"
#include "db/db.h"
#include "db/migrate.h"
#include "store/event.h"
#include "test.h"

#define EVENTS 5

static bool append(struct db *db, struct arena *a, struct str subject, struct error *err)
{
    instant now = {INT64_C(1763700000000000)};

    for (int i = 1; i <= EVENTS; i++) {
        struct event e = {.subject = subject,
            .kind = S("note"),
            .at = now,
            .recorded_at = now,
            .actor_kind = S("user"),
            .actor_id = S("usr_1"),
            .actor_name = S("Ada"),
            .corrects = INT_NONE,
            .data = str_printf(a, "{\"text\":\"event %d\"}", i)};
        if (!event_append(db, a, &e, err))
            return false;
    }
    return true;
}

/* A folder with two chains of five events each. */
static bool two_chains(struct arena *a, const char *dir, struct error *err)
{
    CLEANUP(db_close) struct db *db = NULL;

    return db_open(&db, str_printf(a, "%s/tocsin.db", dir), DB_WRITE, err) &&
           migrate(db, (instant){1}, NULL, err) && db_begin(db, err) &&
           append(db, a, S("inc_one"), err) && append(db, a, S("inc_two"), err) &&
           db_commit(db, err);
}

static struct console verify_after(struct test *t, struct arena *a, const char *sql)
{
    const char *dir = console_folder(a);
    struct error err = {0};
    sqlite3 *raw = NULL;

    if (!two_chains(a, dir, &err))
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
    if (sqlite3_open(str_printf(a, "%s/tocsin.db", dir).ptr, &raw) != SQLITE_OK ||
        (sql && sqlite3_exec(raw, sql, NULL, NULL, NULL) != SQLITE_OK))
        test_fail(t, __FILE__, __LINE__, "%s: %s", sql, sqlite3_errmsg(raw));
    if (sql)
        CHECK(sqlite3_total_changes(raw) > 0);
    sqlite3_close(raw);
    return RUN(a, "verify", "--data", dir);
}

#define FOUND(sql, finding)                                                                        \
    do {                                                                                           \
        struct console c = verify_after(t, a, sql);                                                \
        CHECK_INT(c.code, 65);                                                                     \
        CHECK_STR(c.out, S(finding "\n"));                                                         \
        CHECK(str_starts(c.err, S("tocsin verify: 1 of the chains do not hold (")));               \
    } while (0)

TEST(what_is_as_written_holds)
{
    struct console c = verify_after(t, a, NULL);

    CHECK_INT(c.code, 0);
    CHECK_STR(c.out, S("10 events checked, every chain holds.\n"));
    CHECK_INT(c.err.len, 0);
}

TEST(an_altered_event_is_named)
{
    FOUND("UPDATE event SET data = '{\"text\":\"nothing happened\"}' WHERE seq = 3",
        "inc_one: event 3 (seq 3, note) was altered or moved");
    FOUND("UPDATE event SET at = at + 1 WHERE seq = 7",
        "inc_two: event 2 (seq 7, note) was altered or moved");
    FOUND("UPDATE event SET actor_name = 'Eve' WHERE seq = 1",
        "inc_one: event 1 (seq 1, note) was altered or moved");
    FOUND("UPDATE event SET kind = 'update' WHERE seq = 10",
        "inc_two: event 5 (seq 10, update) was altered or moved");
    FOUND("UPDATE event SET corrects = 1 WHERE seq = 4",
        "inc_one: event 4 (seq 4, note) was altered or moved");
}

TEST(a_forged_hash_breaks_the_chain)
{
    FOUND("UPDATE event SET hash = (SELECT hash FROM event WHERE seq = 2) WHERE seq = 3",
        "inc_one: event 3 (seq 3, note) was altered or moved");
    FOUND(
        "UPDATE chain SET hash = (SELECT hash FROM event WHERE seq = 2) WHERE subject = 'inc_one'",
        "inc_one: the head of the chain does not match its last event");
}

TEST(a_removed_event_is_named)
{
    FOUND(
        "DELETE FROM event WHERE seq = 1", "inc_one: event 1 is missing (found 2, seq 2, instead)");
    FOUND(
        "DELETE FROM event WHERE seq = 3", "inc_one: event 3 is missing (found 4, seq 4, instead)");
    FOUND("DELETE FROM event WHERE seq = 10",
        "inc_two: the last events are missing (4 found, 5 written)");
    FOUND("DELETE FROM event WHERE subject = 'inc_two'",
        "inc_two: the last events are missing (0 found, 5 written)");
    /* Renumbered, so that no gap is left: then the hash of what moved up is wrong. */
    FOUND("DELETE FROM event WHERE seq = 3; UPDATE event SET number = number - 1 WHERE subject = "
          "'inc_one' AND number > 3",
        "inc_one: event 3 (seq 4, note) was altered or moved");
}

TEST(events_in_another_order_are_named)
{
    FOUND("UPDATE event SET number = 99 WHERE seq = 2; UPDATE event SET number = 2 WHERE seq = 3;"
          "UPDATE event SET number = 3 WHERE seq = 2",
        "inc_one: event 2 (seq 3, note) was altered or moved");
    FOUND("UPDATE event SET seq = 99 WHERE seq = 2; UPDATE event SET seq = 2 WHERE seq = 3;"
          "UPDATE event SET seq = 3 WHERE seq = 99",
        "inc_one: event 2 (seq 3, note) was altered or moved");
}

TEST(an_event_past_the_head_is_named)
{
    FOUND("DELETE FROM chain WHERE subject = 'inc_two'",
        "inc_two: event with seq 6 is past the head of its chain");
}

TEST(each_chain_that_does_not_hold_is_named)
{
    struct console c = verify_after(t, a, "UPDATE event SET data = '{}' WHERE seq IN (2, 4, 9)");

    CHECK_INT(c.code, 65);
    CHECK_STR(c.out, S("inc_one: event 2 (seq 2, note) was altered or moved\n"
                       "inc_two: event 4 (seq 9, note) was altered or moved\n"));
    CHECK(str_starts(c.err, S("tocsin verify: 2 of the chains do not hold (")));
}

TEST(a_folder_without_a_database_says_so)
{
    CHECK(RUN(a, "verify", "--data", console_folder(a)).code != 0);
}

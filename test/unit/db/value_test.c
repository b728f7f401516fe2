/* What goes into a database comes out of it, from both engines alike. */
#include <string.h>

#include "base/arena.h"
#include "engines.h"
#include "thing.h"

static void check_text(struct test *t, struct db *db, struct str text)
{
    CLEANUP(rows_end) struct rows rows = {0};
    struct error err = {0};

    REQUIRE_OK(db_query(db, Q_VALUE_ECHO, &rows, ARGS(v_null(), v_text(text)), &err));
    REQUIRE(rows_next(&rows, &err));
    CHECK_INT(rows_int(&rows, 0), INT_NONE);
    CHECK(!rows_text(&rows, 0).ptr);
    CHECK(!rows_text(&rows, 1).ptr == !text.ptr);
    CHECK(str_eq(rows_text(&rows, 1), text));
    CHECK(!rows_next(&rows, &err) && !rows.failed);
    CHECK(!rows_next(&rows, &err) && !rows.failed);
}

ENGINE_TEST(texts_come_back)
{
    size_t million = 1 << 20;
    char *long_text = arena_alloc(a, million, 1);

    memset(long_text, 'x', million);
    check_text(t, e->db, S("plain"));
    check_text(t, e->db, S(""));
    check_text(t, e->db, STR_NONE);
    check_text(t, e->db, S("Привет, мир 🔔 '\"\\ \n\t $1 ? %s"));
    check_text(t, e->db, (struct str){long_text, million});
    check_text(t, e->db, str_slice(S("no NUL after this"), 0, 6));
}

ENGINE_TEST(numbers_come_back)
{
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN + 1, 1763730000000000};
    struct error err = {0};
    int64_t got;

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        REQUIRE_OK(
            db_get_int(e->db, Q_VALUE_ECHO, &got, NULL, ARGS(v_int(numbers[i]), v_null()), &err));
        CHECK_INT(got, numbers[i]);
    }
    /* INT64_MIN is our mark for NULL; it is stored as a number nonetheless when asked to. */
    REQUIRE_OK(db_get_int(e->db, Q_VALUE_ECHO, &got, NULL, ARGS(v_int(INT64_MIN), v_null()), &err));
    CHECK_INT(got, INT64_MIN);
}

ENGINE_TEST(parameters_go_by_number)
{
    CLEANUP(rows_end) struct rows rows = {0};
    struct error err = {0};

    REQUIRE_OK(db_query(e->db, Q_VALUE_ORDER, &rows, ARGS(v_text(S("b")), v_text(S("a"))), &err));
    REQUIRE(rows_next(&rows, &err));
    CHECK_STR(rows_text(&rows, 0), S("a"));
    CHECK_STR(rows_text(&rows, 1), S("b"));
}

ENGINE_TEST(engines_have_their_own_text)
{
    CLEANUP(rows_end) struct rows rows = {0};
    struct error err = {0};

    REQUIRE_OK(db_query(e->db, Q_ENGINE_NAME, &rows, NO_ARGS, &err));
    REQUIRE(rows_next(&rows, &err));
    CHECK_STR(rows_text(&rows, 0), db_kind(e->db) == DB_SQLITE ? S("sqlite") : S("postgres"));
}

ENGINE_TEST(structs_come_back)
{
    struct thing in = {.id = S("thing_1"),
        .name = S("Имя"),
        .count = -7,
        .seen = {1763730000000001},
        .note = S(""),
        .live = true,
        .fresh = true};
    struct thing out = {.fresh = true}, bare = {.id = S("thing_2"), .name = S("two")};
    struct error err = {0};

    REQUIRE_OK(thing_add(e->db, &in, &err));
    REQUIRE_OK(thing_add(e->db, &bare, &err));
    REQUIRE_OK(
        db_get(e->db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(in.id)), &err));
    CHECK_STR(out.id, in.id);
    CHECK_STR(out.name, in.name);
    CHECK_INT(out.count, in.count);
    CHECK_INT(out.seen.us, in.seen.us);
    CHECK(out.note.ptr && out.note.len == 0);
    CHECK(out.live && out.fresh);
    REQUIRE_OK(
        db_get(e->db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(bare.id)), &err));
    CHECK(out.seen.us == 0 && !out.note.ptr && !out.live);

    CHECK(
        !db_get(e->db, Q_THING_GET, thing_fields, &out, a, "thing", ARGS(v_text(S("none"))), &err));
    CHECK_INT(err.kind, ERROR_NOT_FOUND);
    CHECK(strstr(err.message, "no such thing"));
    CHECK(!db_get(e->db, Q_THING_SEARCH, thing_fields, &out, a, "thing",
        ARGS(v_int(-100), v_null(), v_int(10)), &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
}

ENGINE_TEST(rows_must_fit_their_struct)
{
    struct thing in = {.id = S("thing_1"), .name = S("one")}, out;
    struct error err = {0};

    REQUIRE_OK(thing_add(e->db, &in, &err));
    CHECK(!db_get(e->db, Q_THING_ODD, thing_fields, &out, a, "thing", ARGS(v_text(in.id)), &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "thing_odd") && strstr(err.message, "surprise"));
    CHECK(!db_get(e->db, Q_THING_NULL, thing_fields, &out, a, "thing", ARGS(v_text(in.id)), &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "thing_null") && strstr(err.message, "name"));
}

ENGINE_TEST(arguments_are_checked)
{
    struct error err = {0};
    int64_t got;

    CHECK(!db_exec(e->db, Q_THING_BUMP, NULL, ARGS(v_text(S("x"))), &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "thing_bump takes 2 parameters, not 1"));
    CHECK(!db_exec(e->db, Q_THING_BUMP, NULL, ARGS(v_text(S("x")), v_text(S("1"))), &err));
    CHECK(strstr(err.message, "$2 of thing_bump"));
    CHECK(!db_exec(e->db, Q_THING_BUMP, NULL, ARGS(v_text(S("a\0b")), v_int(1)), &err));
    CHECK_INT(err.kind, ERROR_INVALID);
    CHECK(!db_get_int(e->db, Q_VALUE_WRONG, &got, NULL, NO_ARGS, &err));
    CHECK_INT(err.kind, ERROR_INTERNAL);
    CHECK(strstr(err.message, "value_wrong") && strstr(err.message, "no_such_column"));
}

ENGINE_TEST(counts_what_changed)
{
    struct error err = {0};
    int64_t changed = -1, got = -1;
    bool found = true;

    REQUIRE_OK(thing_add(e->db, &(struct thing){.id = S("a"), .name = S("a")}, &err));
    REQUIRE_OK(thing_add(e->db, &(struct thing){.id = S("b"), .name = S("b")}, &err));
    REQUIRE_OK(db_exec(e->db, Q_THING_BUMP, &changed, ARGS(v_text(S("a")), v_int(5)), &err));
    CHECK_INT(changed, 1);
    REQUIRE_OK(db_exec(e->db, Q_THING_BUMP, &changed, ARGS(v_text(S("z")), v_int(5)), &err));
    CHECK_INT(changed, 0);
    REQUIRE_OK(db_exec(e->db, Q_COUNTER_ADD, &changed, ARGS(v_text(S("n")), v_int(5)), &err));
    CHECK_INT(changed, 1);
    REQUIRE_OK(db_exec(e->db, Q_THING_CLEAR, &changed, NO_ARGS, &err));
    CHECK_INT(changed, 2);
    REQUIRE_OK(db_exec(e->db, Q_THING_COUNT, &changed, NO_ARGS, &err));
    CHECK_INT(changed, 0);
    REQUIRE_OK(db_get_int(e->db, Q_COUNTER_GET, &got, &found, ARGS(v_text(S("none"))), &err));
    CHECK(!found && got == -1);
    REQUIRE_OK(db_get_int(e->db, Q_COUNTER_GET, &got, &found, ARGS(v_text(S("n"))), &err));
    CHECK(found && got == 5);
}

/* The order of bytes, whatever the server's locale thinks of capitals and umlauts. */
ENGINE_TEST(order_is_by_bytes)
{
    static const char *const names[] = {
        "é", "b", "a", "B", "A", "Я", "a b", "a-b", "ab", "я", "1", "_"};
    static const char *const sorted[] = {
        "1", "A", "B", "_", "a", "a b", "a-b", "ab", "b", "é", "Я", "я"};
    CLEANUP(rows_end) struct rows rows = {0};
    struct error err = {0};
    size_t n = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct thing thing = {.id = str_from(names[i]), .name = str_from(names[i])};
        REQUIRE_OK(thing_add(e->db, &thing, &err));
    }
    REQUIRE_OK(db_query(e->db, Q_THING_ORDER, &rows, NO_ARGS, &err));
    while (rows_next(&rows, &err) && n < sizeof sorted / sizeof *sorted) {
        CHECK_STR(rows_text(&rows, 0), str_from(sorted[n]));
        n++;
    }
    CHECK_INT(n, sizeof sorted / sizeof *sorted);
}

/* The same query inside itself: each has its own place. */
ENGINE_TEST(queries_nest)
{
    CLEANUP(rows_end) struct rows outer = {0};
    struct error err = {0};
    int seen = 0;

    REQUIRE_OK(db_query(e->db, Q_NUMBERS, &outer, ARGS(v_int(3)), &err));
    while (rows_next(&outer, &err)) {
        CLEANUP(rows_end) struct rows inner = {0};

        CHECK_INT(rows_int(&outer, 0), ++seen);
        REQUIRE_OK(db_query(e->db, Q_NUMBERS, &inner, ARGS(v_int(2)), &err));
        CHECK(rows_next(&inner, &err) && rows_next(&inner, &err) && !rows_next(&inner, &err));
        CHECK_INT(rows_int(&outer, 0), seen);
    }
    CHECK_INT(seen, 3);
}

ENGINE_TEST(optional_filters)
{
    CLEANUP(rows_end) struct rows rows = {0};
    struct error err = {0};

    REQUIRE_OK(thing_add(e->db, &(struct thing){.id = S("a"), .name = S("a"), .count = 1}, &err));
    REQUIRE_OK(thing_add(e->db, &(struct thing){.id = S("b"), .name = S("b"), .count = 2}, &err));
    REQUIRE_OK(
        db_query(e->db, Q_THING_SEARCH, &rows, ARGS(v_int(0), v_text(S("b")), v_int(9)), &err));
    CHECK(rows_next(&rows, &err));
    CHECK_STR(rows_text(&rows, 0), S("b"));
    CHECK(!rows_next(&rows, &err));
}

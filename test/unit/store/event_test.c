/* The chain of events: every way to tamper with a row is found and named. */
#include "store/event.h"

#include <string.h>

#include "domain/event.h"
#include "gen.h"
#include "world.h"

struct findings {
    struct arena *a;
    int n;
    struct str first;
};

static void found(void *ctx, struct str finding)
{
    struct findings *f = ctx;

    if (f->n++ == 0)
        f->first = str_copy(f->a, finding);
}

static bool say(struct op *op, void *arg, struct error *err)
{
    int n = *(int *)arg;

    return op_say(op, str_printf(op->arena, "inc_%d", n % 3), "note", err, "entry %d", n);
}

/* Thirty events on three subjects: number n of inc_k has seq 3(n − 1) + k + 1. */
static struct world *chains(struct test *t, struct arena *a, enum db_kind kind)
{
    struct world *w = world_new(t, a, kind);
    struct actor who = {S("user"), S("usr_1"), S("Ada")};
    struct error err = {0};

    for (int i = 0; w && i < 30; i++)
        if (!world_do(w, who, say, &i, &err))
            test_fail(t, __FILE__, __LINE__, "%s", err.message);
    return w;
}

static struct findings verify(struct test *t, struct arena *a, struct world *w)
{
    struct findings f = {.a = a};
    struct error err = {0};
    int64_t checked;

    if (!event_verify(w->db, found, &f, &checked, &err))
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
    return f;
}

static void tampering(struct test *t, struct arena *a, enum db_kind kind)
{
    static const struct {
        const char *sql, *undo, *says;
    } cases[] = {
#define FIELD_CASE(change, undo)                                                                   \
    {"UPDATE event SET " change " WHERE seq = 14", "UPDATE event SET " undo " WHERE seq = 14",     \
        "inc_1: event 5 (seq 14"}
        FIELD_CASE("kind = 'nota'", "kind = 'note'"),
        FIELD_CASE("at = at + 1", "at = at - 1"),
        FIELD_CASE("recorded_at = recorded_at + 1", "recorded_at = recorded_at - 1"),
        FIELD_CASE("actor_kind = 'link'", "actor_kind = 'user'"),
        FIELD_CASE("actor_id = 'usr_2'", "actor_id = 'usr_1'"),
        FIELD_CASE("actor_name = 'Eve'", "actor_name = 'Ada'"),
        FIELD_CASE("corrects = 1", "corrects = NULL"),
        FIELD_CASE("data = '{}'", "data = '{\"text\":\"entry 13\"}'"),
        FIELD_CASE("hash = REPLACE(REPLACE(hash, '0', '1'), 'a', 'b')", "kind = kind"),
    };

    struct world *w = chains(t, a, kind);
    if (!w)
        return;
    CHECK_INT(verify(t, a, w).n, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str hash = str_trim(raw_rows(w->raw, a, "SELECT hash FROM event WHERE seq = 14"));
        raw_rows(w->raw, a, cases[i].sql);
        struct findings f = verify(t, a, w);
        CHECK_INT(f.n, 1);
        if (!str_starts(f.first, str_from(cases[i].says)))
            test_fail(t, __FILE__, __LINE__, "%s: found %.*s", cases[i].sql, STR(f.first));
        raw_rows(w->raw, a, cases[i].undo);
        raw_rows(w->raw, a,
            str_printf(a, "UPDATE event SET hash = '%.*s' WHERE seq = 14", STR(hash)).ptr);
        CHECK_INT(verify(t, a, w).n, 0);
    }
    world_free(w);
}

TEST(every_changed_field_is_named_sqlite)
{
    tampering(t, a, DB_SQLITE);
}

TEST(every_changed_field_is_named_postgres)
{
    tampering(t, a, DB_POSTGRES);
}

static void names(struct test *t, struct arena *a, const char *sql, const char *says)
{
    struct world *w = chains(t, a, DB_SQLITE);

    if (!w)
        return;
    for (struct str rest = str_from(sql), one; rest.ptr;) {
        rest = str_cut(rest, ';', &one);
        raw_rows(w->raw, a, str_z(a, one));
    }
    struct findings f = verify(t, a, w);
    if (!f.n || !strstr(str_z(a, f.first), says))
        test_fail(t, __FILE__, __LINE__, "%s: found %.*s", sql, STR(f.first));
    world_free(w);
}

TEST(removed_moved_and_added_rows_are_named)
{
    names(t, a, "DELETE FROM event WHERE seq = 14", "inc_1: event 5 is missing");
    names(t, a, "DELETE FROM event WHERE seq = 2", "inc_1: event 1 is missing");
    names(t, a, "DELETE FROM event WHERE seq = 29", "inc_1: the last events are missing");
    names(t, a,
        "UPDATE event SET number = 100 WHERE seq = 14;UPDATE event SET number = 5 WHERE seq = 17;"
        "UPDATE event SET number = 6 WHERE seq = 14",
        "inc_1: event 5 (seq 17");
    names(t, a, "UPDATE event SET subject = 'inc_9' WHERE seq = 14", "inc_1: event 5 is missing");
    names(t, a, "UPDATE event SET seq = 999 WHERE seq = 14", "inc_1: event 5 (seq 999");
    names(t, a,
        "INSERT INTO event SELECT 999, subject, 11, kind, at, recorded_at, actor_kind, actor_id,"
        " actor_name, corrects, data, hash FROM event WHERE seq = 29",
        "inc_1: event 11 (seq 999");
    names(t, a, "DELETE FROM chain WHERE subject = 'inc_1'", "inc_1: event with seq 2");
    names(t, a, "UPDATE chain SET hash = 'x' WHERE subject = 'inc_1'", "inc_1: the head");
    names(t, a, "UPDATE chain SET number = 9 WHERE subject = 'inc_1'", "inc_1: ");
}

/* Fields are told apart by their lengths: text that moves from one to the next changes the hash. */
TEST(hashes_know_where_fields_end)
{
    struct event e = {.seq = 1,
        .subject = S("ab"),
        .number = 1,
        .kind = S("c"),
        .at = {1},
        .recorded_at = {1},
        .actor_kind = S("d"),
        .actor_id = S("e"),
        .actor_name = S("f"),
        .corrects = INT_NONE,
        .data = S("{}")};
    struct event moved = e;
    struct str hash = event_hash(a, S(""), &e);

    CHECK_INT(hash.len, 64);
    moved.subject = S("a");
    moved.kind = S("bc");
    CHECK(!str_eq(event_hash(a, S(""), &moved), hash));
    CHECK(!str_eq(event_hash(a, S("x"), &e), hash));
    CHECK_STR(event_hash(a, S(""), &e), hash);
}

/* What the store promises beyond reading back what was written. */
#include "store/store.h"

#include "store/alert.h"
#include "store/delivery.h"
#include "store/timer.h"
#include "store/user.h"
#include "world.h"

static void on_both(
    struct test *t, struct arena *a, void (*body)(struct test *t, struct arena *a, struct db *db))
{
    for (int kind = DB_SQLITE; kind <= DB_POSTGRES; kind++) {
        struct world *w = world_new(t, a, (enum db_kind)kind);
        if (w)
            body(t, a, w->db);
        world_free(w);
    }
}

static void versions(struct test *t, struct arena *a, struct db *db)
{
    struct user u = {.id = S("usr_1"),
                    .email = S("a@b.c"),
                    .name = S("A"),
                    .role = S("admin"),
                    .zone = S("UTC"),
                    .created_at = {1},
                    .updated_at = {1},
                    .version = 1},
                got = {0};
    struct error err = {0};

    REQUIRE_OK(user_put(db, &u, &err));
    u.version = 2;
    u.name = S("B");
    REQUIRE_OK(user_put(db, &u, &err));
    CHECK(!user_put(db, &u, &err)); /* somebody else has seen version 1, too */
    CHECK_INT(err.kind, ERROR_CONFLICT);
    u.version = 4;
    CHECK(!user_put(db, &u, &err));
    REQUIRE_OK(user_get(db, a, S("usr_1"), &got, &err));
    CHECK_STR(got.name, S("B"));
    CHECK_INT(got.version, 2);
    CHECK(!user_get(db, a, S("usr_2"), &got, &err));
    CHECK_INT(err.kind, ERROR_NOT_FOUND);
}

TEST(writes_compare_versions)
{
    on_both(t, a, versions);
}

static void timers(struct test *t, struct arena *a, struct db *db)
{
    struct timer v = {.id = 1, .kind = S("k"), .subject = S("a"), .due_at = {20}, .data = S("{}")};
    struct error err = {0};
    struct list due;
    instant next;
    bool mine;

    REQUIRE_OK(timer_put(db, &v, &err));
    v = (struct timer){.id = 2, .kind = S("k"), .subject = S("b"), .due_at = {10}, .data = S("{}")};
    REQUIRE_OK(timer_put(db, &v, &err));
    v.id = 3;
    v.subject = S("c");
    REQUIRE_OK(timer_put(db, &v, &err));
    REQUIRE_OK(timer_next(db, &next, &err));
    CHECK_INT(next.us, 10);
    REQUIRE_OK(timer_due(db, a, (instant){9}, 10, &due, &err));
    CHECK_INT(due.n, 0);
    REQUIRE_OK(timer_due(db, a, (instant){20}, 10, &due, &err));
    REQUIRE(due.n == 3);
    const struct timer *d = due.v;
    CHECK(d[0].id == 2 && d[1].id == 3 && d[2].id == 1); /* by time, then by number */
    struct timer moved = d[0];
    moved.id = 9;
    moved.due_at = (instant){30};
    REQUIRE_OK(timer_put(db, &moved, &err));
    REQUIRE_OK(timer_claim(db, &d[0], &mine, &err));
    CHECK(!mine); /* it was moved */
    REQUIRE_OK(timer_claim(db, &d[1], &mine, &err));
    CHECK(mine);
    REQUIRE_OK(timer_claim(db, &d[1], &mine, &err));
    CHECK(!mine);
    REQUIRE_OK(timer_cancel(db, S("k"), S("a"), &err));
    REQUIRE_OK(timer_next(db, &next, &err));
    CHECK_INT(next.us, 30);
    REQUIRE_OK(timer_cancel(db, S("k"), S("b"), &err));
    REQUIRE_OK(timer_next(db, &next, &err));
    CHECK(!instant_is_set(next));
}

TEST(timers_fire_once_in_order)
{
    on_both(t, a, timers);
}

static void deliveries(struct test *t, struct arena *a, struct db *db)
{
    struct delivery d = {.id = S("dlv_1"),
                        .kind = S("test"),
                        .channel = S("email"),
                        .recipient = S("A"),
                        .address = S("a@b.c"),
                        .reason = S("{}"),
                        .state = S("sending"),
                        .attempts = 1,
                        .fence = 1,
                        .next_at = {100},
                        .lease_owner = S("n"),
                        .created_at = {1}},
                    got = {0};
    struct error err = {0};
    bool fresh, mine, current;

    REQUIRE_OK(delivery_insert(db, &d, &fresh, &err));
    CHECK(fresh);
    struct delivery again = d;
    again.recipient = S("somebody else");
    REQUIRE_OK(delivery_insert(db, &again, &fresh, &err));
    CHECK(!fresh);
    struct delivery late = d;
    REQUIRE_OK(delivery_claim(db, &d, (instant){200}, S("m"), &mine, &err));
    CHECK(mine && d.fence == 2 && d.attempts == 2);
    struct delivery other = late;
    REQUIRE_OK(delivery_claim(db, &other, (instant){200}, S("o"), &mine, &err));
    CHECK(!mine && other.fence == 1);
    late.state = S("sent");
    late.sent_at = (instant){150};
    late.next_at = (instant){0};
    REQUIRE_OK(delivery_finish(db, &late, &current, &err)); /* its lease was taken over */
    CHECK(!current);
    REQUIRE_OK(delivery_get(db, a, S("dlv_1"), &got, &err));
    CHECK_STR(got.state, S("sending"));
    CHECK_STR(got.recipient, S("A"));
    d.state = S("sent");
    d.sent_at = (instant){160};
    d.next_at = (instant){0};
    REQUIRE_OK(delivery_finish(db, &d, &current, &err));
    CHECK(current);
    REQUIRE_OK(delivery_finish(db, &d, &current, &err));
    CHECK(!current);
}

TEST(deliveries_are_fenced)
{
    on_both(t, a, deliveries);
}

static void sessions(struct test *t, struct arena *a, struct db *db)
{
    struct user u = {.id = S("usr_1"),
        .email = S("a@b.c"),
        .name = S("A"),
        .role = S("admin"),
        .zone = S("UTC"),
        .created_at = {1},
        .updated_at = {1},
        .version = 1};
    struct session s = {.id = S("s"),
                       .user_id = S("usr_1"),
                       .csrf = S("c"),
                       .created_at = {1},
                       .expires_at = {100},
                       .agent = S("")},
                   got;
    struct api_token k = {.id = S("k"),
                         .user_id = S("usr_1"),
                         .name = S("n"),
                         .hint = S("h"),
                         .hash = S("x"),
                         .created_at = {1},
                         .expires_at = {100}},
                     token;
    struct error err = {0};

    REQUIRE_OK(user_put(db, &u, &err));
    REQUIRE_OK(session_insert(db, &s, &err));
    REQUIRE_OK(token_insert(db, &k, &err));
    REQUIRE_OK(session_get(db, a, S("s"), (instant){99}, &got, &err));
    CHECK(!session_get(db, a, S("s"), (instant){100}, &got, &err) && err.kind == ERROR_NOT_FOUND);
    REQUIRE_OK(token_by_hash(db, a, S("x"), (instant){99}, &token, &err));
    CHECK(
        !token_by_hash(db, a, S("x"), (instant){100}, &token, &err) && err.kind == ERROR_NOT_FOUND);
    REQUIRE_OK(session_expire(db, (instant){99}, &err));
    REQUIRE_OK(session_get(db, a, S("s"), (instant){1}, &got, &err));
    REQUIRE_OK(session_expire(db, (instant){100}, &err));
    CHECK(!session_get(db, a, S("s"), (instant){1}, &got, &err));
}

TEST(sessions_and_tokens_end)
{
    on_both(t, a, sessions);
}

static void counters(struct test *t, struct arena *a, struct db *db)
{
    struct error err = {0};
    struct str value;
    int64_t n;

    for (int i = 1; i <= 3; i++) {
        REQUIRE_OK(counter_add(db, S("c"), 2, &n, &err));
        CHECK_INT(n, 2 * i);
    }
    REQUIRE_OK(setting_get(db, a, S("s"), &value, &err));
    CHECK(!value.ptr);
    REQUIRE_OK(setting_put(db, S("s"), S("x"), &err));
    REQUIRE_OK(setting_put(db, S("s"), S(""), &err));
    REQUIRE_OK(setting_get(db, a, S("s"), &value, &err));
    CHECK(value.ptr && !value.len);
    REQUIRE_OK(setting_delete(db, S("s"), &err));
}

TEST(counters_and_settings)
{
    on_both(t, a, counters);
}

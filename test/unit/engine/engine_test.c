/* What the engine does when something of its own is broken. */
#include "engine/engine.h"

#include "engine/account.h"
#include "engine/firing.h"
#include "engine/incident.h"
#include "engine/ingest.h"
#include "engine/setup.h"
#include "domain/alert.h"
#include "store/timer.h"
#include "world.h"

static bool set_up(struct op *op, void *arg, struct error *err)
{
    struct user_input in = {.name = S("alice"), .email = S("alice@example.org")};
    struct user u;
    struct policy policy = {.name = S("db"), .repeat = 3};
    struct service s = {.name = S("checkout"), .group_by = S("...")};

    (void)arg;
    if (!engine_user_add(op, &in, STR_NONE, &u, err))
        return false;
    policy.steps = str_printf(op->arena,
        "[{\"delay\":\"5m\",\"targets\":[{\"kind\":\"user\",\"id\":\"%.*s\"}]}]", STR(u.id));
    if (!engine_policy_put(op, &policy, err))
        return false;
    s.policy_id = policy.id;
    return engine_service_put(op, &s, err);
}

static bool fire(struct world *w, const char *labels, struct error *err)
{
    struct world_alert v = {.labels = str_from(labels), .ends = instant_add(w->now, DAY_US)};

    return world_alerts(w, S("checkout"), &v, 1, err);
}

static bool bad_timer(struct op *op, void *arg, struct error *err)
{
    (void)arg;
    return op_timer(op, "nonsense", S("x"), instant_add(op->now, MINUTE_US), err);
}

/* One incident's escalation cannot be read; another's event cannot be written once its page is in the
 * outbox; a timer has no handler. Everyone else is paged, and of the failures nothing stays. */
static void poison(struct test *t, struct arena *a, enum db_kind kind)
{
    struct world *w = world_new(t, a, kind);
    struct error err = {0};
    static const char *const labels[] = {"alertname=A,severity=critical",
        "alertname=B,severity=critical", "alertname=C,severity=critical",
        "alertname=D,severity=critical"};

    if (!w)
        return;
    CHECK(world_do(w, actor_system, set_up, NULL, &err));
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        CHECK(fire(w, labels[i], &err));
    CHECK(world_do(w, actor_system, bad_timer, NULL, &err));
    raw_rows(w->raw, a, "UPDATE escalation SET steps = 'oh' WHERE incident_id ="
                        " (SELECT incident_id FROM alert WHERE name = 'B')");
    raw_rows(w->raw, a, "UPDATE chain SET number = number - 1 WHERE subject ="
                        " (SELECT incident_id FROM alert WHERE name = 'C')");
    world_until(w, instant_add(w->now, 5 * MINUTE_US + SECOND_US));
    CHECK_INT(w->nsent, 2);
    CHECK_INT(raw_int(w->raw, "SELECT COUNT(*) FROM delivery"), 2);
    /* What is broken is tried again, a minute later each time, and once mended goes on. */
    raw_rows(w->raw, a, "UPDATE escalation SET steps = (SELECT steps FROM policy LIMIT 1)");
    raw_rows(w->raw, a, "UPDATE chain SET number = number + 1 WHERE subject ="
                        " (SELECT incident_id FROM alert WHERE name = 'C')");
    world_until(w, instant_add(w->now, MINUTE_US));
    CHECK_INT(w->nsent, 4);
    raw_rows(w->raw, a, "DELETE FROM timer WHERE kind = 'nonsense'");
    CHECK(world_check(w));
    CHECK(world_chains(w));
    world_free(w);
}

TEST(poison_stays_alone_sqlite)
{
    poison(t, a, DB_SQLITE);
}

TEST(poison_stays_alone_postgres)
{
    poison(t, a, DB_POSTGRES);
}

/* --- what is kept in memory and what a lost batch does to it --- */

static bool lost(struct op *op, void *arg, struct error *err)
{
    struct world *w = arg;
    instant wake;

    if (!engine_run(op, w->ingest, &wake, err))
        return false;
    fail(err, UNAVAILABLE, "somebody else was faster, every time");
    err->retry = true; /* the whole transaction is lost */
    return false;
}

TEST(counts_of_a_lost_batch_are_written_later)
{
    struct world *w = world_new(t, a, DB_SQLITE);
    struct effects fx;
    struct error err = {0};

    REQUIRE(w);
    REQUIRE_OK(world_do(w, actor_system, set_up, NULL, &err));
    REQUIRE_OK(fire(w, "alertname=A,severity=critical", &err));
    w->now = instant_add(w->now, MINUTE_US);
    REQUIRE_OK(fire(w, "alertname=A,severity=critical", &err));
    CHECK_INT(raw_int(w->raw, "SELECT count FROM alert"), 1);
    REQUIRE(!world_batch(w, actor_system, lost, w, &fx, &err));
    w->wake = w->now;
    world_until(w, w->now);
    CHECK_INT(raw_int(w->raw, "SELECT count FROM alert"), 2);
    CHECK_INT(raw_int(w->raw, "SELECT ends_at FROM alert"), w->now.us + DAY_US);
    world_free(w);
}

static bool breaks_after(struct op *op, void *arg, struct error *err)
{
    struct world *w = arg;
    instant wake = {0};
    bool more = false;

    if (!ingest_run(w->ingest, op, &wake, &more, err))
        return false;
    ingest_forget(w->ingest); /* as engine_run does when what comes next fails */
    return fail(err, INTERNAL, "on purpose");
}

/* Alerts are over only if the engine's whole run was kept: memory must not know better than the
 * rows. */
TEST(a_failed_run_leaves_memory_alone)
{
    struct world *w = world_new(t, a, DB_SQLITE);
    struct effects fx;
    struct error err = {0};

    REQUIRE(w);
    REQUIRE_OK(world_do(w, actor_system, set_up, NULL, &err));
    REQUIRE_OK(fire(w, "alertname=A,severity=critical", &err));
    w->now = instant_add(w->now, 2 * DAY_US);
    w->wake = instant_add(w->now, HOUR_US);
    CHECK(!world_batch(w, actor_system, breaks_after, w, &fx, &err));
    CHECK_INT(raw_int(w->raw, "SELECT firing FROM alert"), 1);
    REQUIRE_OK(fire(w, "alertname=A,severity=critical", &err)); /* found, not inserted beside */
    CHECK_INT(raw_int(w->raw, "SELECT count FROM alert"), 2);
    world_free(w);
}

/* A repeat that comes after the end is for the writer: it may be writing that it is over. */
TEST(a_repeat_after_the_end_is_not_only_counted)
{
    struct world *w = world_new(t, a, DB_SQLITE);
    struct error err = {0};
    struct world_alert v = {.labels = S("alertname=A,severity=critical")};

    REQUIRE(w);
    REQUIRE_OK(world_do(w, actor_system, set_up, NULL, &err));
    REQUIRE_OK(world_alerts(w, S("checkout"), &v, 1, &err));
    int64_t batches = w->batches;
    w->now = instant_add(w->now, 5 * MINUTE_US - 1);
    REQUIRE_OK(world_alerts(w, S("checkout"), &v, 1, &err));
    CHECK_INT(w->batches, batches);
    w->now = instant_add(w->now, 5 * MINUTE_US);
    REQUIRE_OK(world_alerts(w, S("checkout"), &v, 1, &err));
    CHECK(w->batches > batches);
    CHECK_INT(raw_int(w->raw, "SELECT COUNT(*) FROM alert"), 1);
    world_free(w);
}

static bool two_numbers(struct op *op, void *arg, struct error *err)
{
    int64_t *n = arg;

    (void)err;
    n[0] = op_number(op);
    n[1] = op_number(op);
    return true;
}

/* Two nodes that write in the same millisecond must not draw the same numbers. */
TEST(numbers_rise_and_differ_between_nodes)
{
    struct world *w = world_new(t, a, DB_SQLITE);
    struct effects fx;
    struct error err = {0};
    int64_t first[2], second[2];

    REQUIRE(w);
    REQUIRE_OK(world_batch(w, actor_system, two_numbers, first, &fx, &err));
    CHECK(first[1] > first[0]);
    w->last_number = 0;
    REQUIRE_OK(world_batch(w, actor_system, two_numbers, second, &fx, &err));
    CHECK(second[0] != first[0]);
    CHECK_INT(first[0] >> 22, w->now.us / 1000);
    world_free(w);
}

/* --- sessions end, and somebody sweeps --- */

static bool init(struct op *op, void *arg, struct error *err)
{
    struct account_init in = {.email = S("admin@example.org")};

    (void)arg;
    return engine_init(op, &in, err);
}

static bool sign_in(struct op *op, void *arg, struct error *err)
{
    struct user u = {.id = *(struct str *)arg};
    struct str cookie;
    struct session out;

    /* Headers are bytes: a browser may send what is not text, and at any length. */
    return engine_session(op, &u, S("Gecko \xff\xfe"), &cookie, &out, err) &&
           engine_session(op, &u, str_printf(op->arena, "%0199dдд", 0), &cookie, &out, err);
}

static void sweeping(struct test *t, struct arena *a, enum db_kind kind)
{
    struct world *w = world_new(t, a, kind);
    struct error err = {0};

    if (!w)
        return;
    REQUIRE_OK(world_do(w, actor_system, init, NULL, &err));
    struct str id = str_copy(a, str_trim(raw_rows(w->raw, a, "SELECT id FROM account")));
    REQUIRE_OK(world_do(w, actor_system, sign_in, &id, &err));
    world_until(w, instant_add(w->now, 7 * DAY_US - MINUTE_US));
    CHECK_INT(raw_int(w->raw, "SELECT COUNT(*) FROM session"), 2);
    world_until(w, instant_add(w->now, 2 * HOUR_US));
    CHECK_INT(raw_int(w->raw, "SELECT COUNT(*) FROM session"), 0);
    world_free(w);
}

TEST(sessions_are_swept_sqlite)
{
    sweeping(t, a, DB_SQLITE);
}

TEST(sessions_are_swept_postgres)
{
    sweeping(t, a, DB_POSTGRES);
}

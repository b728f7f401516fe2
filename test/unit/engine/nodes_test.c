/* Two nodes on one PostgreSQL database, each on a thread of its own, at the same instant: nothing
 * is done twice, nothing is lost, and nobody is told that they were too slow. */
#include <pthread.h>
#include <stdlib.h>

#include "engine/account.h"
#include "engine/incident.h"
#include "engine/setup.h"
#include "world.h"

#define ROUNDS 12

struct pair {
    struct world *a, *b;
    pthread_barrier_t together;
    void (*body)(struct pair *p, struct world *w, int round);
    struct str user; /* id */
    struct str ref;
    struct error acked;
};

static bool set_up(struct op *op, void *arg, struct error *err)
{
    struct pair *p = arg;
    struct user_input in = {.name = S("alice"), .email = S("alice@example.org")};
    struct user u;
    struct policy policy = {.name = S("db"), .repeat = 9};
    struct service s = {.name = S("checkout"), .group_by = S("...")};

    if (!engine_user_add(op, &in, STR_NONE, &u, err))
        return false;
    policy.steps = str_printf(op->arena,
        "[{\"delay\":\"0s\",\"targets\":[{\"kind\":\"user\",\"id\":\"%.*s\"}]},"
        "{\"delay\":\"5m\",\"targets\":[{\"kind\":\"user\",\"id\":\"%.*s\"}]}]",
        STR(u.id), STR(u.id));
    if (!engine_policy_put(op, &policy, err))
        return false;
    s.policy_id = policy.id;
    p->user = str_copy(&p->a->arena, u.id);
    return engine_service_put(op, &s, err);
}

static bool make(struct test *t, struct arena *a, struct pair *p)
{
    struct error err = {0};

    p->a = world_new(t, a, DB_POSTGRES);
    if (!p->a)
        return false;
    if (!world_do(p->a, actor_system, set_up, p, &err)) {
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
        return false;
    }
    p->b = world_join(p->a, "node-b");
    return p->b;
}

static void end(struct pair *p)
{
    world_free(p->a);
    world_free(p->b);
}

static void *second(void *arg)
{
    struct pair *p = arg;

    for (int i = 0; i < ROUNDS; i++) {
        pthread_barrier_wait(&p->together);
        p->body(p, p->b, i);
        pthread_barrier_wait(&p->together);
    }
    return NULL;
}

/* Both nodes do `body` at once, ROUNDS times; `prepare` comes before each and `check` after. */
static void both(struct test *t, struct arena *a,
    void (*prepare)(struct test *t, struct pair *p, int round),
    void (*body)(struct pair *p, struct world *w, int round),
    void (*check)(struct test *t, struct pair *p, int round))
{
    struct pair p = {.body = body};
    pthread_t thread;

    if (!make(t, a, &p)) {
        end(&p);
        return;
    }
    pthread_barrier_init(&p.together, NULL, 2);
    if (pthread_create(&thread, NULL, second, &p) != 0)
        abort();
    for (int i = 0; i < ROUNDS; i++) {
        if (prepare)
            prepare(t, &p, i);
        pthread_barrier_wait(&p.together);
        body(&p, p.a, i);
        pthread_barrier_wait(&p.together);
        check(t, &p, i);
        world_check(p.a);
    }
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&p.together);
    world_chains(p.a);
    end(&p);
}

static struct world_alert one(struct arena *a, int round, int k)
{
    return (struct world_alert){
        .labels = str_printf(a, "alertname=A%d,host=h%d,severity=critical", round, k),
        .ends = instant_add(WORLD_BEGIN, 100 * DAY_US)};
}

/* --- the same alerts reach both --- */

static void report_all(struct pair *p, struct world *w, int round)
{
    struct world_alert v[5];
    struct error err = {0};

    (void)p;
    for (int k = 0; k < 5; k++)
        v[k] = one(&w->arena, round, k);
    if (!world_alerts(w, S("checkout"), v, 5, &err))
        test_fail(w->t, __FILE__, __LINE__, "%s (%s)", err.message, err.origin ? err.origin : "?");
}

static void counted_once(struct test *t, struct pair *p, int round)
{
    CHECK_INT(raw_int(p->a->raw, "SELECT COUNT(*) FROM alert"), 5 * (round + 1));
    CHECK_INT(raw_int(p->a->raw, "SELECT CAST(SUM(count) AS BIGINT) FROM alert"), 10 * (round + 1));
    CHECK_INT(raw_int(p->a->raw, "SELECT COUNT(*) FROM incident"), 5 * (round + 1));
    CHECK_INT(p->a->nsent + p->b->nsent, 5 * (size_t)(round + 1));
}

TEST(alerts_from_two_senders_are_one)
{
    both(t, a, NULL, report_all, counted_once);
}

/* --- both look at the same timers and deliveries --- */

static void one_incident_more(struct test *t, struct pair *p, int round)
{
    struct world_alert v = one(&p->a->arena, round, 0);
    struct error err = {0};

    if (!world_alerts(p->a, S("checkout"), &v, 1, &err))
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
}

static void five_minutes(struct pair *p, struct world *w, int round)
{
    (void)p, (void)round;
    w->wake = instant_add(w->now, 5 * MINUTE_US); /* it looks, whatever it knows */
    world_until(w, w->wake);
}

static void stepped_once(struct test *t, struct pair *p, int round)
{
    size_t sent = p->a->nsent + p->b->nsent;

    /* Of round k's incident: the first page, and one each five minutes since. */
    CHECK_INT(sent, (size_t)((round + 1) * (round + 4) / 2));
    CHECK_INT(
        raw_int(p->a->raw, "SELECT COUNT(*) FROM delivery WHERE state = 'sent' AND attempts = 1"),
        sent);
    for (size_t i = 0; i < p->a->nsent; i++)
        for (size_t k = 0; k < p->b->nsent; k++)
            CHECK(!str_eq(p->a->sent[i].delivery_id, p->b->sent[k].delivery_id));
}

TEST(a_step_is_taken_by_one_node)
{
    both(t, a, one_incident_more, five_minutes, stepped_once);
}

/* --- one acknowledges while the other takes the next step --- */

static bool acknowledge(struct op *op, void *arg, struct error *err)
{
    struct incident out;
    bool first;

    return engine_acknowledge(op, *(struct str *)arg, S(""), &out, &first, err);
}

static void incident_with_step_due(struct test *t, struct pair *p, int round)
{
    one_incident_more(t, p, round);
    p->ref = str_copy(&p->a->arena,
        str_trim(raw_rows(p->a->raw, &p->a->arena,
            "SELECT id FROM incident WHERE is_open = 1 AND acknowledged_at IS NULL")));
    p->a->now = instant_add(p->a->now, 5 * MINUTE_US);
    p->b->now = p->b->wake = p->a->now;
    p->a->wake = instant_add(p->a->now, HOUR_US);
}

static void ack_or_step(struct pair *p, struct world *w, int round)
{
    (void)round;
    if (w == p->b) {
        world_until(w, w->now);
        return;
    }
    p->acked = (struct error){0};
    world_do(w, (struct actor){S("user"), p->user, S("alice")}, acknowledge, &p->ref, &p->acked);
}

static void acknowledged(struct test *t, struct pair *p, int round)
{
    (void)round;
    if (p->acked.kind != ERROR_NONE)
        test_fail(t, __FILE__, __LINE__, "the acknowledgement failed: %s (%s)", p->acked.message,
            p->acked.origin ? p->acked.origin : "?");
    CHECK_INT(raw_int(p->a->raw, "SELECT COUNT(*) FROM incident WHERE acknowledged_at IS NULL"), 0);
    CHECK_INT(
        raw_int(p->a->raw, "SELECT COUNT(*) FROM escalation WHERE state <> 'acknowledged'"), 0);
    CHECK_INT(raw_int(p->a->raw, "SELECT COUNT(*) FROM timer WHERE kind = 'escalate'"), 0);
    CHECK_INT(raw_int(p->a->raw, "SELECT COUNT(*) FROM delivery WHERE next_at IS NOT NULL"), 0);
}

TEST(an_acknowledgement_is_never_too_slow)
{
    both(t, a, incident_with_step_due, ack_or_step, acknowledged);
}

/* --- one repeats an alert while the other thinks it over --- */

static void alert_at_its_end(struct test *t, struct pair *p, int round)
{
    struct world_alert v = one(&p->a->arena, round, 0);
    struct error err = {0};

    v.ends = instant_add(p->a->now, MINUTE_US);
    if (!world_alerts(p->a, S("checkout"), &v, 1, &err))
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
    p->a->now = instant_add(p->a->now, 2 * MINUTE_US);
    p->b->now = p->b->wake = p->a->now;
    p->a->wake = instant_add(p->a->now, HOUR_US);
}

static void repeat_or_expire(struct pair *p, struct world *w, int round)
{
    struct world_alert v = one(&w->arena, round, 0);
    struct error err = {0};

    if (w == p->b)
        world_until(w, w->now);
    else if (!world_alerts(w, S("checkout"), &v, 1, &err))
        test_fail(w->t, __FILE__, __LINE__, "%s (%s)", err.message, err.origin ? err.origin : "?");
}

/* Whoever was first: it fires, in an incident that is open. */
static void fires(struct test *t, struct pair *p, int round)
{
    CHECK_INT(
        raw_int(p->a->raw, "SELECT COUNT(*) FROM alert a JOIN incident i ON i.id = a.incident_id"
                           " WHERE a.firing = 1 AND i.is_open = 1"),
        round + 1);
    CHECK_INT(raw_int(p->a->raw, "SELECT CAST(SUM(count) AS BIGINT) FROM alert"), 2 * (round + 1));
}

TEST(a_repeat_is_not_lost_to_a_timeout)
{
    both(t, a, alert_at_its_end, repeat_or_expire, fires);
}

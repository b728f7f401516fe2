/* The escalation rule against a model that knows only when each step was due. */
#include "domain/policy.h"
#include "property.h"

#define START ((instant){INT64_C(1795262400000000)})

static struct policy_steps random_steps(struct arena *a, struct gen *g, int size)
{
    static const int64_t delays[] = {
        0, 0, SECOND_US, MINUTE_US, 5 * MINUTE_US, 30 * MINUTE_US, 7 * DAY_US};
    struct policy_steps s = {.n = 1 + gen_below(g, (uint64_t)size)};

    s.v = arena_array(a, struct policy_step, s.n);
    for (size_t i = 0; i < s.n; i++)
        s.v[i].delay_us = delays[gen_below(g, 7)];
    return s;
}

static struct escalation begun(const struct policy_steps *s, int64_t repeat)
{
    return (struct escalation){
        .state = S("running"), .repeat = repeat, .next_at = instant_add(START, s->v[0].delay_us)};
}

/* Looking exactly when told to, every step of every loop is taken once, in order, then it is
 * exhausted. */
static void on_time(struct test *t, struct arena *a, struct gen *g, int size)
{
    struct policy_steps s = random_steps(a, g, size);
    struct escalation e = begun(&s, (int64_t)gen_below(g, 4));
    instant now = START, last = {0};
    size_t want_step = 0;
    int64_t want_loop = 0;

    for (;;) {
        REQUIRE(instant_is_set(e.next_at));
        now = e.next_at.us > now.us ? e.next_at : now;
        CHECK_INT(escalate(&s, &e, instant_add(e.next_at, -1)).act, ESCALATION_WAIT);
        struct escalation_move m = escalate(&s, &e, now);
        if (m.act == ESCALATION_EXHAUSTED)
            break;
        REQUIRE(m.act == ESCALATION_NOTIFY);
        CHECK_INT(m.step, want_step);
        CHECK_INT(m.loop, want_loop);
        if (m.loop > 0 && m.step == 0)
            CHECK(now.us - last.us >= MINUTE_US);
        last = now;
        escalation_apply(&s, &e, m, now);
        CHECK_INT(e.step, (int64_t)m.step + 1);
        if (++want_step == s.n) {
            want_step = 0;
            want_loop++;
        }
        REQUIRE(want_loop <= 10);
    }
    CHECK_INT(want_loop, e.repeat + 1);
    CHECK_INT(want_step, 0);
    escalation_apply(&s, &e, (struct escalation_move){.act = ESCALATION_EXHAUSTED}, now);
    CHECK_STR(e.state, S("exhausted"));
    CHECK_INT(escalate(&s, &e, instant_add(now, DAY_US)).act, ESCALATION_NOTHING);
}

/* The step that a late look must take: of those due by now, the latest that waited on its own. */
static size_t latest_due(
    const struct policy_steps *s, size_t from, instant due, instant now, int64_t loop)
{
    size_t take = from;

    for (size_t k = from + 1; k < s->n; k++) {
        int64_t delay =
            k == 0 && loop > 0 && s->v[k].delay_us < MINUTE_US ? MINUTE_US : s->v[k].delay_us;
        due.us += delay;
        if (due.us > now.us)
            break;
        if (delay > 0)
            take = k;
    }
    return take;
}

/* Looking at any time: never backwards, one step a look, none after somebody has it. */
static void late(struct test *t, struct arena *a, struct gen *g, int size)
{
    struct policy_steps s = random_steps(a, g, size);
    struct escalation e = begun(&s, (int64_t)gen_below(g, 4));
    int64_t place = -1; /* loop and step taken last, as one number */
    instant now = START;

    for (int look = 0; look < 200 && str_eq(e.state, S("running")); look++) {
        static const int64_t pauses[] = {
            0, SECOND_US, MINUTE_US, 7 * MINUTE_US, HOUR_US, 8 * DAY_US};
        now = instant_add(now, pauses[gen_below(g, 6)]);
        struct escalation before = e;
        struct escalation_move m = escalate(&s, &e, now);
        if (m.act == ESCALATION_WAIT)
            CHECK_INT(m.wake.us, e.next_at.us);
        if (m.act == ESCALATION_NOTIFY) {
            size_t from = before.step == (int64_t)s.n ? 0 : (size_t)before.step;
            CHECK(now.us >= before.next_at.us);
            CHECK_INT(m.loop, before.loop + (before.step == (int64_t)s.n));
            CHECK_INT(m.step, latest_due(&s, from, before.next_at, now, m.loop));
            CHECK(m.loop <= e.repeat && m.step < s.n);
            CHECK(m.loop * 100 + (int64_t)m.step > place);
            place = m.loop * 100 + (int64_t)m.step;
        }
        escalation_apply(&s, &e, m, now);
        if (m.act == ESCALATION_NOTIFY)
            CHECK(e.next_at.us >= now.us);
        if (m.act == ESCALATION_NOTIFY && gen_below(g, 4) == 0) {
            struct escalation skipped = e;
            escalation_skip(&s, &skipped, now);
            CHECK(skipped.next_at.us >= now.us && skipped.next_at.us <= e.next_at.us);
            CHECK((size_t)skipped.step < s.n || skipped.next_at.us >= now.us + MINUTE_US);
            e = skipped;
        }
        if (gen_below(g, 20) == 0)
            e.state = gen_below(g, 2) ? S("acknowledged") : S("stopped");
    }
    CHECK(!str_eq(e.state, S("running")));
    for (int i = 0; i < 10; i++)
        CHECK_INT(escalate(&s, &e, instant_add(now, i * DAY_US)).act, ESCALATION_NOTHING);
}

TEST(on_time_nothing_is_skipped)
{
    property(t, a, 3000, 8, on_time);
}

TEST(late_it_collapses_and_never_goes_back)
{
    property(t, a, 3000, 8, late);
}

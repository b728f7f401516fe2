/* Random lives of a whole server: people, alerts, providers, crashes and time, in any order. After
 * every step the invariants of world_check hold; at the end every chain of events is whole, every
 * report has been counted, and a server that starts from the rows answers like the one that has
 * lived. */
#include "domain/alert.h"
#include "engine/account.h"
#include "engine/engine.h"
#include "engine/incident.h"
#include "engine/setup.h"
#include "property.h"
#include "world.h"

#define USERS 4
#define SERVICES 3
#define KINDS 5 /* of alerts on each service */

struct life {
    struct world *w;
    struct arena *a;
    struct gen *g;
    struct str users[USERS];
    struct str policies[SERVICES];
    int64_t reports; /* that must be found in the counts */
    struct {
        bool firing;
        instant ends;
        bool timeout;
    } model[SERVICES][KINDS]; /* as of the last report, ended when its time has passed for sure */
    instant booted;           /* what had ended before gets two minutes of grace */
    struct str ref;
    int choice;
};

static struct str user_name(struct life *l, uint64_t i)
{
    return str_printf(l->a, "user%d", (int)i);
}

static bool set_up(struct op *op, void *arg, struct error *err)
{
    struct life *l = arg;

    for (int i = 0; i < USERS; i++) {
        struct user_input in = {.name = user_name(l, (uint64_t)i),
            .email = str_printf(l->a, "u%d@example.org", i),
            .disabled = gen_below(l->g, 6) == 0};
        struct user u;
        if (!engine_user_add(op, &in, STR_NONE, &u, err))
            return false;
        l->users[i] = str_copy(l->a, u.id);
    }
    return true;
}

static struct str random_policy(struct life *l)
{
    static const char *const delays[] = {"0s", "30s", "5m", "20m"};
    struct str steps = S("[");
    int n = 1 + (int)gen_below(l->g, 3);

    for (int i = 0; i < n; i++)
        steps = str_printf(l->a,
            "%.*s%s{\"delay\":\"%s\",\"targets\":[{\"kind\":\"user\",\"id\":\"%.*s\"}]}",
            STR(steps), i ? "," : "", delays[gen_below(l->g, 4)],
            STR(l->users[gen_below(l->g, USERS)]));
    return str_printf(l->a, "%.*s]", STR(steps));
}

static bool set_up_services(struct op *op, void *arg, struct error *err)
{
    static const char *const group_by[] = {"alertname", "", "..."};
    struct life *l = arg;

    for (int i = 0; i < SERVICES; i++) {
        struct policy p = {.name = str_printf(l->a, "policy%d", i),
            .repeat = (int64_t)gen_below(l->g, 3),
            .steps = random_policy(l)};
        struct service s = {.name = str_printf(l->a, "service%d", i),
            .group_by = str_from(group_by[i % 3]),
            .group_wait = gen_below(l->g, 2) ? 30 * SECOND_US : 0};
        if (!engine_policy_put(op, &p, err))
            return false;
        s.policy_id = i < SERVICES - 1 || gen_below(l->g, 2) ? p.id : STR_NONE;
        if (!engine_service_put(op, &s, err))
            return false;
        l->policies[i] = str_copy(l->a, p.id);
    }
    return true;
}

/* --- steps --- */

static bool act(struct op *op, void *arg, struct error *err)
{
    struct life *l = arg;
    struct incident out;
    bool first;
    struct incident_change change = {.text = S("so it is"),
        .waive = gen_below(l->g, 2) ? S("so it is") : STR_NONE,
        .status = l->choice == 1   ? S("resolved")
                  : l->choice == 2 ? S("monitoring")
                                   : S("investigating"),
        .user_id = l->users[gen_below(l->g, USERS)]};

    switch (l->choice) {
    case 0:
        return engine_acknowledge(op, l->ref, S(""), &out, &first, err);
    case 1:
    case 2:
    case 3:
        return engine_status(op, l->ref, &change, &out, err);
    case 4:
        return engine_note(op, l->ref, &(struct incident_note){.text = S("noted")}, &out, err);
    case 5:
        return engine_page(op, l->ref, &change, &out, err);
    case 6:
        return engine_pass(op, l->ref, &out, err);
    default:
        return engine_declare(op,
            &(struct incident_declare){.title = S("by hand"),
                .page = true,
                .service_id = str_trim(
                    raw_rows(l->w->raw, l->a, "SELECT id FROM service ORDER BY id LIMIT 1"))},
            &out, err);
    }
}

static void person(struct test *t, struct life *l)
{
    struct str ids =
        str_trim(raw_rows(l->w->raw, l->a, "SELECT id FROM incident ORDER BY id DESC LIMIT 5"));
    struct error err = {0};
    uint64_t pick = gen_below(l->g, 5);

    for (struct str rest = ids; rest.ptr && pick-- < 5;) {
        rest = str_cut(rest, '\n', &l->ref);
    }
    l->choice = (int)gen_below(l->g, 8);
    if (!l->ref.len && l->choice != 7)
        return;
    uint64_t who = gen_below(l->g, USERS);
    bool ok =
        world_do(l->w, (struct actor){S("user"), l->users[who], user_name(l, who)}, act, l, &err);
    bool refused = err.kind == ERROR_CONFLICT || err.kind == ERROR_INVALID || err.kind == ERROR_FORBIDDEN;
    if (!ok && !refused)
        test_fail(t, __FILE__, __LINE__, "choice %d: %s (%s)", l->choice, err.message,
            err.origin ? err.origin : "?");
}

/* What the model knows of an alert's end; 0 it fires, 1 it is over, 2 about to change. */
static int model_state(const struct life *l, int s, int k)
{
    int64_t ends = l->model[s][k].ends.us, grace = l->booted.us > ends ? l->booted.us : ends;

    if (!l->model[s][k].firing || l->w->now.us > grace + 130 * SECOND_US)
        return 1;
    return l->w->now.us < ends ? 0 : 2;
}

static void alerts(struct test *t, struct life *l)
{
    struct world_alert v[4];
    int s = (int)gen_below(l->g, SERVICES), n = 1 + (int)gen_below(l->g, 3);
    struct error err = {0};

    for (int i = 0; i < n; i++) {
        int k = (int)gen_below(l->g, KINDS), state = model_state(l, s, k);
        bool over = gen_below(l->g, 3) == 0;
        v[i] = (struct world_alert){.labels = str_printf(l->a, "alertname=A%d,severity=%s", k,
                                        k == 4 ? "info" : "critical"),
            .summary = gen_below(l->g, 4) == 0 ? str_printf(l->a, "%d", (int)gen_below(l->g, 3))
                                               : STR_NONE};
        if (over)
            v[i].ends = l->w->now;
        else if (gen_below(l->g, 2))
            v[i].ends = instant_add(l->w->now, (int64_t)(1 + gen_below(l->g, 60)) * MINUTE_US);
        if (state == 2) { /* whether this is a repeat or a new one is for the engine to say */
            n = i;
            break;
        }
        if (over && state == 1)
            continue;
        l->reports++;
        bool repeat = state == 0;
        instant ends =
            instant_is_set(v[i].ends) ? v[i].ends : instant_add(l->w->now, 5 * MINUTE_US);
        bool timeout = !instant_is_set(v[i].ends);
        if (over || !repeat || l->model[s][k].timeout || l->model[s][k].ends.us <= ends.us) {
            l->model[s][k].ends = ends;
            l->model[s][k].timeout = timeout;
        }
        l->model[s][k].firing = !over;
    }
    if (n && !world_alerts(l->w, str_printf(l->a, "service%d", s), v, (size_t)n, &err))
        test_fail(
            t, __FILE__, __LINE__, "alerts: %s (%s)", err.message, err.origin ? err.origin : "?");
}

static void pass_time(struct life *l)
{
    static const int64_t pauses[] = {SECOND_US, 10 * SECOND_US, MINUTE_US, 5 * MINUTE_US, HOUR_US};

    world_until(l->w, instant_add(l->w->now, pauses[gen_below(l->g, 5)]));
}

/* Repeats of the last second are all that a crash may cost, so they are let in first. */
static void crash(struct life *l)
{
    world_until(l->w, instant_add(l->w->now, 2 * SECOND_US));
    if (gen_below(l->g, 2))
        l->w->crash_after_commit = true;
    else
        world_crash(l->w);
    l->booted = l->w->now;
}

static void step(struct test *t, struct life *l)
{
    switch (gen_below(l->g, 10)) {
    case 0:
    case 1:
    case 2:
    case 3:
        alerts(t, l);
        break;
    case 4:
    case 5:
        person(t, l);
        break;
    case 6:
    case 7:
        pass_time(l);
        break;
    case 8:
        world_provider(l->w, gen_below(l->g, 2) ? S("email") : user_name(l, gen_below(l->g, USERS)),
            (enum provider)gen_below(l->g, 4));
        break;
    default:
        if (gen_below(l->g, 4) == 0)
            crash(l);
        else
            pass_time(l);
    }
}

/* No id was sent twice unless an attempt's outcome was lost, and none to a loop beyond the policy.
 */
static void check_sent(struct test *t, struct life *l)
{
    for (size_t i = 0; i < l->w->nsent; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(l->w->sent[i].delivery_id, l->w->sent[k].delivery_id) &&
                l->w->sent[i].attempt == l->w->sent[k].attempt)
                test_fail(t, __FILE__, __LINE__, "the same attempt was sent twice");
}

static void live(struct test *t, struct arena *a, struct gen *g, int size, enum db_kind kind)
{
    struct life l = {.w = world_new(t, a, kind), .a = a, .g = g};
    struct error err = {0};
    int before = t->failures, every = kind == DB_POSTGRES ? 10 : 1;

    if (!l.w)
        return;
    if (!world_do(l.w, actor_system, set_up, &l, &err) ||
        !world_do(l.w, actor_system, set_up_services, &l, &err))
        test_fail(t, __FILE__, __LINE__, "%s %s", err.message, err.fields[0].message);
    for (int i = 0; i < size * 10 && t->failures == before; i++) {
        bool will_crash = l.w->crash_after_commit;
        step(t, &l);
        if (will_crash && !l.w->crash_after_commit)
            l.booted = l.w->now;
        if (i % every == 0)
            world_check(l.w);
    }
    world_until(l.w, instant_add(l.w->now, 2 * SECOND_US));
    int64_t counted =
        raw_int(l.w->raw, "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM alert");
    if (counted != l.reports && t->failures == before)
        test_fail(t, __FILE__, __LINE__, "%lld reports, %lld counted", (long long)l.reports,
            (long long)counted);
    struct str lived = world_dump(l.w, a);
    world_crash(l.w);
    CHECK_STR(world_dump(l.w, a), lived);
    check_sent(t, &l);
    world_chains(l.w);
    world_free(l.w);
}

static void on_sqlite(struct test *t, struct arena *a, struct gen *g, int size)
{
    live(t, a, g, size, DB_SQLITE);
}

static void on_postgres(struct test *t, struct arena *a, struct gen *g, int size)
{
    live(t, a, g, size, DB_POSTGRES);
}

TEST(random_lives_on_sqlite)
{
    property(t, a, 25, 20, on_sqlite);
}

TEST(random_lives_on_postgres)
{
    property(t, a, 5, 15, on_postgres);
}

#include "domain/update.h"

#include "base/error.h"
#include "base/json.h"
#include "domain/pack.h"
#include "domain/promise.h"
#include "test.h"
#include "text/yaml.h"

static bool load(struct arena *a, const char *path, struct pack *out)
{
    struct json *doc;
    struct error err = {0};

    return yaml_parse(a, test_read_file(a, path), &doc, &err) && pack_read(a, doc, yaml_line, out, &err);
}

static int64_t wait(const struct pack *p, const char *severity, const char *audience, bool first)
{
    const struct pack_severity *s = pack_severity_find(p, str_from(severity));
    const struct pack_audience *a = pack_audience_find(p, str_from(audience));

    return s && a ? promise_wait(p, s, a, first) / MINUTE_US : -1;
}

/* The promises of the five methods, in minutes: the first word and then every … */
TEST(the_packs_promise_what_their_methods_say)
{
    static const struct {
        const char *pack, *severity, *audience;
        int64_t first, next;
    } rows[] = {
        {"packs/p0-p3.yaml", "P0", "users", 1, 0}, {"packs/p0-p3.yaml", "P1", "users", 30, 0},
        {"packs/p0-p3.yaml", "P2", "users", 0, 0}, {"packs/p0-p3.yaml", "P0", "executives", 1, 15},
        {"packs/p0-p3.yaml", "P1", "executives", 60, 60}, {"packs/p0-p3.yaml", "P2", "executives", 1440, 1440},
        {"packs/p0-p3.yaml", "P3", "executives", 10080, 10080}, /* nobody has a beat: the severity's */
        {"packs/p0-p3.yaml", "P0", "support", 1, 0}, {"packs/p0-p3.yaml", "P1", "support", 15, 0},
        {"packs/p0-p3.yaml", "P0", "engineering", 0, 0},
        {"packs/sev.yaml", "SEV1", "users", 30, 30}, {"packs/sev.yaml", "SEV2", "responders", 60, 60},
        {"packs/sev.yaml", "SEV3", "responders", 0, 0}, {"packs/sev.yaml", "SEV1", "stakeholders", 30, 30},
        {"packs/p0-p4.yaml", "P0", "team", 30, 30}, {"packs/p0-p4.yaml", "P2", "users", 240, 240},
        {"packs/ics-ru.yaml", "P1", "internal", 30, 30}, {"packs/ics-ru.yaml", "P2", "users", 60, 60},
        {"packs/ics-ru.yaml", "P4", "users", 1440, 1440}, {"packs/ics-ru.yaml", "P2", "stakeholders", 0, 0},
        {"packs/manager.yaml", "SEV1", "customers", 15, 30}, {"packs/manager.yaml", "SEV1", "internal", 15, 15},
        {"packs/manager.yaml", "SEV3", "customers", 0, 0},
    };

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct pack p = {0};
        REQUIRE(load(a, rows[k].pack, &p));
        int64_t first = wait(&p, rows[k].severity, rows[k].audience, true);
        int64_t next = wait(&p, rows[k].severity, rows[k].audience, false);
        if (first != rows[k].first || (next != rows[k].next && !(rows[k].next == 0 && next == first && first == 0)))
            test_fail(t, __FILE__, __LINE__, "%s %s %s: %lld, then %lld", rows[k].pack, rows[k].severity, rows[k].audience,
                (long long)first, (long long)next);
    }
}

TEST(colleagues_wait_no_longer_than_the_severity_says)
{
    struct pack p = {0};

    REQUIRE(load(a, "packs/sev.yaml", &p));
    p.severities[0].update_us = 20 * MINUTE_US;
    CHECK_INT(wait(&p, "SEV1", "responders", false), 20);
    CHECK_INT(wait(&p, "SEV1", "users", false), 30);
    CHECK_INT(promise_earliest(&p, &p.severities[0], (instant){HOUR_US}).us, HOUR_US + 20 * MINUTE_US);
    CHECK(!instant_is_set(promise_earliest(&p, &p.severities[2], (instant){HOUR_US})));
    CHECK(!instant_is_set(promise_earliest(&p, NULL, (instant){HOUR_US})));
}

TEST(a_severity_of_business_hours_is_due_in_them)
{
    /* 2026-11-20 is a Friday. */
    static const struct {
        const char *from;
        int64_t wait_us;
        const char *due;
    } rows[] = {
        {"2026-11-20T10:00:00Z", 4 * HOUR_US, "2026-11-20T14:00:00Z"},
        {"2026-11-20T12:59:59Z", 4 * HOUR_US, "2026-11-20T16:59:59Z"},
        {"2026-11-20T13:00:00Z", 4 * HOUR_US, "2026-11-23T09:00:00Z"},
        {"2026-11-20T10:00:00Z", DAY_US, "2026-11-23T09:00:00Z"},
        {"2026-11-22T23:00:00Z", HOUR_US, "2026-11-23T09:00:00Z"},
        {"2026-11-23T08:00:00Z", HOUR_US, "2026-11-23T09:00:00Z"},
        {"2026-11-23T16:30:00Z", 30 * MINUTE_US, "2026-11-24T09:00:00Z"},
    };
    struct pack_severity always = {.rank = 1}, office = {.rank = 4, .business_hours = true};

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        instant from;
        REQUIRE(time_parse(str_from(rows[k].from), &from));
        CHECK_STR(time_text(a, promise_due(&office, from, rows[k].wait_us)), str_from(rows[k].due));
        CHECK_INT(promise_due(&always, from, rows[k].wait_us).us, from.us + rows[k].wait_us);
    }
}

TEST(a_promise_goes_from_stage_to_stage)
{
    struct promise p = {.due_at = {HOUR_US}, .nag_at = {HOUR_US}, .created_at = {MINUTE_US}};

    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US - PROMISE_WARN_US - 1}), PROMISE_QUIET);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US - PROMISE_WARN_US}), PROMISE_SOON);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US - 1}), PROMISE_SOON);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US}), PROMISE_DUE);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US + PROMISE_GRACE_US - 1}), PROMISE_DUE);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US + PROMISE_GRACE_US}), PROMISE_LATE);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US + 2 * PROMISE_GRACE_US - 1}), PROMISE_LATE);
    CHECK_INT(promise_stage_at(&p, (instant){HOUR_US + 2 * PROMISE_GRACE_US}), PROMISE_ESCALATED);
    CHECK_INT(promise_next_stage(&p).us, HOUR_US - PROMISE_WARN_US);
    p.stage = PROMISE_LATE;
    CHECK_INT(promise_next_stage(&p).us, HOUR_US + 2 * PROMISE_GRACE_US);
    p.stage = PROMISE_ESCALATED;
    CHECK(!instant_is_set(promise_next_stage(&p)));
    CHECK_STR(promise_verdict(&p, (instant){HOUR_US}), S("kept"));
    CHECK_STR(promise_verdict(&p, (instant){HOUR_US + 1}), S("missed"));
}

TEST(the_template_that_fits_best)
{
    struct pack p = {0};

    REQUIRE(load(a, "packs/manager.yaml", &p));
    const struct pack_audience *customers = pack_audience_find(&p, S("customers"));
    CHECK_STR(update_template(&p, customers, 1, S("initial"))->id, S("customer-initial"));
    CHECK_STR(update_template(&p, customers, 2, S("update"))->id, S("customer-update"));
    CHECK_STR(update_template(&p, customers, 1, S("resolution"))->id, S("customer-resolution"));
    CHECK_STR(update_template(&p, customers, 4, S("resolution"))->id, S("customer-resolution"));
    CHECK_STR(update_template(&p, customers, 0, S("update"))->id, S("customer-update"));
    /* One without a template of its own borrows, and never across the line between inside and outside. */
    struct pack_audience board = {.id = S("board")}, press = {.id = S("press"), .external = true};
    CHECK_STR(update_template(&p, &board, 1, S("update"))->id, S("internal"));
    CHECK_STR(update_template(&p, &press, 1, S("update"))->id, S("customer-update"));
    p.ntemplates = 1;
    CHECK(!update_template(&p, &press, 1, S("update")));
}

TEST(lists_are_lines_and_steps_have_owners)
{
    struct str rest = S("- one\n\n   * two  \n\nthree"), line, owner;

    REQUIRE(update_line(&rest, &line));
    CHECK_STR(line, S("one"));
    REQUIRE(update_line(&rest, &line));
    CHECK_STR(line, S("two"));
    REQUIRE(update_line(&rest, &line));
    CHECK_STR(line, S("three"));
    CHECK(!update_line(&rest, &line));
    rest = S("");
    CHECK(!update_line(&rest, &line));

    CHECK_STR(update_step(S("Scale the pool @Bob Miller"), &owner), S("Scale the pool"));
    CHECK_STR(owner, S("Bob Miller"));
    CHECK_STR(update_step(S("Write to ops@example.org @Ada"), &owner), S("Write to ops@example.org"));
    CHECK_STR(owner, S("Ada"));
    CHECK_STR(update_step(S("Write to ops@example.org"), &owner), S("Write to ops@example.org"));
    CHECK(!owner.ptr);
    CHECK_STR(update_step(S("Ask @"), &owner), S("Ask @"));
    CHECK(!owner.len);
}

/* Each text at its limit and one past it. */
TEST(the_form_has_limits)
{
    static const struct {
        const char *name;
        size_t max;
    } rows[] = {{"service", 100}, {"summary", 1000}, {"since", 4000}, {"cause", 1000}, {"impact", 1000}, {"eta", 200},
        {"next_steps", 4000}};

    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        for (size_t past = 0; past < 2; past++) {
            struct json *in = json_object(a);
            struct update_input out = {0};
            struct error err = {0};
            char *text = arena_alloc(a, rows[k].max + 1, 1);
            __builtin_memset(text, 'x', rows[k].max + 1);
            json_set_str(a, in, S("audience"), S("users"));
            json_set_str(a, in, str_from(rows[k].name), (struct str){text, rows[k].max + past});
            if (fields_read(a, update_input_fields, in, FIELD_FROM_JSON, false, &out, NULL, &err) == (past > 0))
                test_fail(t, __FILE__, __LINE__, "%s with %zu characters", rows[k].name, rows[k].max + past);
        }
}

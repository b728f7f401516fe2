#include "domain/triage.h"

#include "base/base64.h"
#include "domain/classify.h"
#include "domain/evidence.h"
#include "domain/pack.h"
#include "test.h"

static struct pack_severity severities[] = {
    {.rank = 1, .id = {"SEV1", 4}}, {.rank = 2, .id = {"SEV2", 4}}, {.rank = 3, .id = {"SEV3", 4}}, {.rank = 4, .id = {"SEV4", 4}}};

static const struct pack plain = {.severities = severities, .nseverities = 4};

static struct assessment nothing(void)
{
    return (struct assessment){.users_percent = INT_NONE};
}

static struct str proposed(const struct pack *p, const struct assessment *in)
{
    struct triage_verdict v;

    triage_assess(p, in, &v);
    return v.severity ? v.severity->id : S("");
}

/* The bounds of the method that has a matrix: all; more than 25 %; 5–25 %; less than 5 %. */
TEST(users_at_each_bound_and_one_beside_it)
{
    static const struct {
        int64_t percent;
        const char *severity;
    } cases[] = {{100, "SEV1"}, {99, "SEV2"}, {26, "SEV2"}, {25, "SEV3"}, {5, "SEV3"}, {4, "SEV4"}, {0, "SEV4"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assessment in = nothing();
        in.users_percent = cases[i].percent;
        CHECK_STR(proposed(&plain, &in), str_from(cases[i].severity));
    }
}

TEST(each_answer_calls_for_a_severity)
{
    static const struct {
        const char *revenue, *data, *workaround, *security, *severity;
    } cases[] = {
        {"significant", NULL, NULL, NULL, "SEV1"}, {"moderate", NULL, NULL, NULL, "SEV2"},
        {"low", NULL, NULL, NULL, "SEV3"}, {"none", NULL, NULL, NULL, "SEV4"},
        {NULL, "yes", NULL, NULL, "SEV1"}, {NULL, "possible", NULL, NULL, "SEV2"}, {NULL, "no", NULL, NULL, "SEV4"},
        {NULL, NULL, "none", NULL, "SEV1"}, {NULL, NULL, "difficult", NULL, "SEV2"},
        {NULL, NULL, "available", NULL, "SEV3"}, {NULL, NULL, "easy", NULL, "SEV4"},
        {NULL, NULL, NULL, "yes", "SEV1"}, {NULL, NULL, NULL, "no", "SEV4"}, {NULL, NULL, NULL, NULL, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct assessment in = nothing();
        in.revenue = str_from(cases[i].revenue);
        in.data = str_from(cases[i].data);
        in.workaround = str_from(cases[i].workaround);
        in.security = str_from(cases[i].security);
        CHECK_STR(proposed(&plain, &in), str_from(cases[i].severity));
    }
}

TEST(the_worst_counts_and_what_is_not_known_is_named)
{
    struct assessment in = nothing();
    struct triage_verdict v;

    in.users_percent = 3;
    in.workaround = S("easy");
    in.data = S("possible");
    triage_assess(&plain, &in, &v);
    CHECK_STR(v.severity->id, S("SEV2"));
    CHECK_INT(v.n, 5);
    CHECK_INT(v.unknown, 2);
    CHECK_STR(v.v[1].input, S("revenue"));
    CHECK_INT(v.v[1].rank, 0);
    CHECK_INT(v.v[0].rank, 4);
}

/* A matrix whose levels say the same at several severities. */
TEST(levels_with_the_same_words)
{
    struct str data[] = {S("May be lost"), S("No"), S("No"), S("No")};
    struct str workaround[] = {S("None"), S("None"), S("There is one"), S("Not needed")};
    int64_t least[] = {100, 25, 1, 0};
    struct str users[] = {S("All"), S("Many"), S("Few"), S("None")};
    struct pack_factor impact[] = {
        {.name = S("Data"), .input = S("data"), .levels = data, .nlevels = 4},
        {.name = S("Workaround"), .input = S("workaround"), .levels = workaround, .nlevels = 4},
        {.name = S("Users"), .input = S("users"), .levels = users, .nlevels = 4, .at_least = least, .nat_least = 4},
        {.name = S("What is broken"), .levels = users, .nlevels = 4},
    };
    struct pack p = {.severities = severities, .nseverities = 4, .impact = impact, .nimpact = 4};
    struct assessment in = nothing();
    struct triage_verdict v;

    in.data = S("possible"); /* "No" is for "no" only: in doubt, the higher */
    CHECK_STR(proposed(&p, &in), S("SEV1"));
    in.data = S("no");
    CHECK_STR(proposed(&p, &in), S("SEV4"));
    in.workaround = S("none"); /* SEV1 and SEV2 say the same of it: other factors tell */
    CHECK_STR(proposed(&p, &in), S("SEV2"));
    in.users_percent = 25;
    triage_assess(&p, &in, &v);
    CHECK_STR(v.v[2].level, S("Many"));
    CHECK_INT(v.n, 3); /* what people judge is no factor */
    in.users_percent = 24;
    triage_assess(&p, &in, &v);
    CHECK_INT(v.v[2].rank, 3);
}

TEST(more_and_fewer_severities_than_answers)
{
    struct pack_severity five[] = {severities[0], severities[1], severities[2], severities[3], {.rank = 5, .id = S("SEV5")}};
    struct pack more = {.severities = five, .nseverities = 5}, fewer = {.severities = severities, .nseverities = 2};
    struct assessment in = nothing();

    in.workaround = S("easy");
    CHECK_STR(proposed(&more, &in), S("SEV5"));
    CHECK_STR(proposed(&fewer, &in), S("SEV2"));
    in.workaround = S("available");
    CHECK_STR(proposed(&more, &in), S("SEV3"));
    CHECK_STR(proposed(&fewer, &in), S("SEV2"));
    in.workaround = S("none");
    CHECK_STR(proposed(&fewer, &in), S("SEV1"));
}

TEST(the_time_for_a_severity_is_that_of_triage)
{
    struct str triage[] = {S("triage")};
    struct pack_phase phases[] = {{.within_us = HOUR_US}, {.statuses = triage, .nstatuses = 1, .within_us = 15 * MINUTE_US}};
    struct pack p = {.phases = phases, .nphases = 2};

    CHECK_INT(triage_time(&p), 15 * MINUTE_US);
    CHECK_INT(triage_time(&plain), 5 * MINUTE_US);
}

TEST(warnings_of_a_legal_clock)
{
    struct legal_clock c = {.aware_at = {1}, .after_us = 72 * HOUR_US, .due_at = {1 + 72 * HOUR_US}};
    static const int64_t hours[] = {36, 48, 54, 72, 96, 120};
    instant at = c.aware_at;

    for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
        at = clock_warning(&c, at);
        CHECK_INT(at.us, 1 + hours[i] * HOUR_US);
    }
    CHECK_INT(clock_warning(&c, (instant){c.due_at.us + 25 * HOUR_US}).us, c.due_at.us + 2 * DAY_US);
    /* Of a day or less nothing is left a day before the end. */
    struct legal_clock day = {.aware_at = {1}, .after_us = DAY_US, .due_at = {1 + DAY_US}};
    CHECK_INT(clock_warning(&day, day.aware_at).us, 1 + 12 * HOUR_US);
    CHECK_INT(clock_warning(&day, (instant){1 + 12 * HOUR_US}).us, 1 + 18 * HOUR_US);
    CHECK_INT(clock_warning(&day, (instant){1 + 18 * HOUR_US}).us, day.due_at.us);
}

static struct str bytes_of(struct arena *a, size_t n)
{
    char *p = arena_alloc(a, n, 1);

    for (size_t i = 0; i < n; i++)
        p[i] = 'x';
    return (struct str){p, n};
}

TEST(evidence_at_its_limit_and_one_past)
{
    struct str at = bytes_of(a, EVIDENCE_MAX), past = bytes_of(a, EVIDENCE_MAX + 1), got;
    struct error err = {0};

    CHECK(evidence_read(a, &(struct evidence_input){.text = at}, &got, &err) && got.len == EVIDENCE_MAX);
    CHECK(evidence_read(a, &(struct evidence_input){.content = base64_encode(a, at)}, &got, &err) && got.len == EVIDENCE_MAX);
    CHECK(!evidence_read(a, &(struct evidence_input){.text = past}, &got, &err));
    CHECK_STR(str_from(err.fields[0].name), S("text"));
    err = (struct error){0};
    CHECK(!evidence_read(a, &(struct evidence_input){.content = base64_encode(a, past)}, &got, &err));
    CHECK_STR(str_from(err.fields[0].name), S("content"));
}

TEST(evidence_is_one_thing)
{
    struct str got;
    struct error err = {0};

    CHECK(evidence_read(a, &(struct evidence_input){.url = S("https://example.org/log")}, &got, &err) && !got.ptr);
    CHECK(!evidence_read(a, &(struct evidence_input){.url = S("https://example.org"), .text = S("x")}, &got, &err));
    err = (struct error){0};
    CHECK(!evidence_read(a, &(struct evidence_input){0}, &got, &err));
    err = (struct error){0};
    CHECK(!evidence_read(a, &(struct evidence_input){.url = S("javascript:alert(1)")}, &got, &err));
    err = (struct error){0};
    CHECK(!evidence_read(a, &(struct evidence_input){.content = S("not base64!")}, &got, &err));
}

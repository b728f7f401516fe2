#include "domain/verification.h"

#include <string.h>

#include "base/utf8.h"
#include "domain/pack.h"
#include "test.h"

static const instant t0 = {INT64_C(1795262400000000)};

static struct verification soaking(int64_t us)
{
    return (struct verification){.round = 1, .started_at = t0, .soak_until = instant_add(t0, us)};
}

TEST(the_gate_opens_at_the_end_of_the_soak_and_not_before)
{
    struct verification v = soaking(30 * MINUTE_US);
    struct verification_facts f = {.now = &v, .soak_us = 30 * MINUTE_US};
    struct verification_missing m;
    static const struct {
        int64_t after;
        const char *said;
    } cases[] = {
        {0, "the soak lasts 30 min more"},
        {29 * MINUTE_US, "the soak lasts 1 min more"},
        {30 * MINUTE_US - 1, "the soak lasts 1 min more"},
        {30 * MINUTE_US, ""},
        {31 * MINUTE_US, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f.at = instant_add(t0, cases[i].after);
        verification_judge(a, &f, &m);
        CHECK_STR(verification_line(a, &m), str_from(cases[i].said));
    }
    f.now = NULL;
    f.soak_us = 90 * MINUTE_US;
    verification_judge(a, &f, &m);
    CHECK_STR(verification_line(a, &m), S("it has to stay well in monitoring for 1 h 30 min"));
    v.started_at = (instant){0};
    f.now = &v;
    f.soak_us = 2 * HOUR_US;
    verification_judge(a, &f, &m);
    CHECK_STR(verification_line(a, &m), S("it has to stay well in monitoring for 2 h"));
}

TEST(everything_that_is_missing_is_named)
{
    struct verification v = soaking(0);
    struct str open[] = {S("Error rate is normal"), S("Users are content")}, bad[] = {S("shop")};
    struct verification_facts f = {.now = &v, .at = t0, .open = open, .nopen = 2, .bad = bad, .nbad = 1, .firing = 1};
    struct verification_missing m;

    verification_judge(a, &f, &m);
    CHECK_INT(m.n, 4);
    CHECK_STR(verification_line(a, &m), S("1 alert fires; probe shop does not pass; not checked: Error rate is normal; "
                                          "not checked: Users are content"));
    f.firing = 2;
    verification_judge(a, &f, &m);
    CHECK_STR(m.v[0], S("2 alerts fire"));
}

TEST(the_line_fits_an_error_and_never_cuts_a_character)
{
    struct verification_missing m = {.n = 5};
    char *text = arena_alloc(a, 1000, 1);

    for (size_t k = 0; k < 1000; k += 2)
        memcpy(text + k, "\xd0\xb6", 2);
    for (size_t k = 0; k < m.n; k++)
        m.v[k] = (struct str){text, 1000};
    struct str line = verification_line(a, &m);
    CHECK(line.len > 0 && line.len <= 200);
    CHECK(utf8_valid(line) && str_ends(line, S("…")));
}

TEST(more_than_fits_is_left_out)
{
    struct str open[VERIFICATION_MAX_MISSING + 1];
    struct verification v = soaking(0);
    struct verification_facts f = {.now = &v, .at = t0, .open = open, .nopen = VERIFICATION_MAX_MISSING};
    struct verification_missing m;

    for (size_t k = 0; k <= VERIFICATION_MAX_MISSING; k++)
        open[k] = S("x");
    verification_judge(a, &f, &m);
    CHECK_INT(m.n, VERIFICATION_MAX_MISSING);
    f.nopen++;
    verification_judge(a, &f, &m);
    CHECK_INT(m.n, VERIFICATION_MAX_MISSING);
}

TEST(severities_without_a_soak_have_no_gate)
{
    struct pack_severity s[] = {{.id = S("SEV1"), .rank = 1, .soak_us = 5}, {.id = S("SEV2"), .rank = 2}};
    struct pack_proof proofs[] = {{.text = S("Quiet"), .by = S("alerts")}, {.text = S("Well")}};
    struct pack p = {.severities = s, .nseverities = 2, .verification = proofs, .nverification = 2};

    CHECK_INT(verification_soak(&p, S("SEV1")), 5);
    CHECK_INT(verification_soak(&p, S("SEV2")), 0);
    CHECK_INT(verification_soak(&p, S("P1")), 0);
    CHECK_INT(verification_soak(&p, STR_NONE), 0);
    CHECK_STR(verification_by(&p, S("Quiet")), S("alerts"));
    CHECK(!verification_by(&p, S("Well")).ptr);
    CHECK(!verification_by(&p, S("Elsewhere")).ptr);
}

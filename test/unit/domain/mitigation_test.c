#include "domain/mitigation.h"

#include <string.h>

#include "base/json.h"
#include "domain/rollout.h"
#include "domain/pack.h"
#include "test.h"

TEST(a_kind_is_said_as_people_say_it)
{
    struct mitigation m = {.kind = S("kill_switch"), .text = S("new_cart off")};

    CHECK_STR(mitigation_line(a, &m), S("Kill switch: new_cart off"));
}

static bool reads(struct arena *a, const char *text_of, size_t n, struct error *err)
{
    struct json *in = json_object(a);
    struct mitigation m = {0};
    char *text = arena_alloc(a, n, 1);

    memset(text, 'x', n);
    *err = (struct error){0};
    json_set_str(a, in, S("kind"), S("restart"));
    if (strcmp(text_of, "text") != 0)
        json_set_str(a, in, S("text"), S("x"));
    json_set_str(a, in, str_from(text_of), (struct str){text, n});
    return fields_read(a, mitigation_input_fields, in, FIELD_FROM_JSON, false, &m, NULL, err);
}

TEST(texts_have_limits)
{
    struct error err;

    CHECK(reads(a, "text", 300, &err));
    CHECK(!reads(a, "text", 301, &err));
    CHECK_STR(str_from(err.fields[0].name), S("text"));
    CHECK(reads(a, "command", 4000, &err));
    CHECK(!reads(a, "command", 4001, &err));
    CHECK(reads(a, "result", 4000, &err));
    CHECK(!reads(a, "result", 4001, &err));
}

TEST(a_stage_is_left_after_its_time_or_with_a_reason)
{
    struct rollout r = {.state = S("running"), .stage = 1, .held_at = {1000}};
    struct rollout_check in = {.health = S("passing"), .stage = INT_NONE};
    struct error err = {0};

    CHECK(!rollout_check_valid(&r, &in, (instant){999}, &err));
    CHECK_STR(str_from(err.fields[0].name), S("reason"));
    err = (struct error){0};
    CHECK(rollout_check_valid(&r, &in, (instant){1000}, &err));
    in.reason = S("it is well");
    CHECK(rollout_check_valid(&r, &in, (instant){999}, &err));
    in = (struct rollout_check){.health = S("failing"), .stage = 1};
    CHECK(rollout_check_valid(&r, &in, (instant){999}, &err));
    in.stage = 0;
    CHECK(!rollout_check_valid(&r, &in, (instant){1000}, &err));
    CHECK_INT(err.kind, ERROR_CONFLICT);
    r.state = S("complete");
    in.stage = 1;
    CHECK(!rollout_check_valid(&r, &in, (instant){1000}, &err));
}

TEST(a_pack_without_stages_gets_the_usual_ones)
{
    struct pack p = {0};
    size_t n;
    const struct pack_stage *s = rollout_stages(&p, &n);

    CHECK_INT(n, 5);
    static const int percents[] = {5, 10, 25, 50, 100};
    for (size_t k = 0; k < 5; k++)
        CHECK_INT(s[k].percent, percents[k]);
    CHECK_INT(s[0].percent_least, 1);
    CHECK_INT(s[1].watch_least_us, 10 * MINUTE_US);
    CHECK_INT(s[1].watch_us, 15 * MINUTE_US);
    struct pack_stage own[ROLLOUT_MAX_STAGES + 1] = {{.percent = 7}};
    p.rollout = own;
    p.nrollout = ROLLOUT_MAX_STAGES;
    CHECK(rollout_stages(&p, &n) == own && n == ROLLOUT_MAX_STAGES);
    p.nrollout = ROLLOUT_MAX_STAGES + 1;
    rollout_stages(&p, &n);
    CHECK_INT(n, ROLLOUT_MAX_STAGES);
}

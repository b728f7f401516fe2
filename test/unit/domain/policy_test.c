#include "domain/policy.h"

#include "base/buf.h"
#include "test.h"

static bool reads(struct arena *a, const char *json, struct error *err)
{
    struct policy_steps steps;

    *err = (struct error){0};
    return policy_steps_read(a, str_from(json), &steps, err);
}

TEST(steps_survive_a_round_trip)
{
    struct policy_steps s, again;
    struct error err = {0};

    REQUIRE_OK(policy_steps_read(a,
        S("[{\"delay\":\"0s\",\"targets\":[{\"kind\":\"user\",\"id\":\"usr_1\"}]},"
          "{\"delay\":\"1m30s\",\"targets\":[{\"kind\":\"webhook\",\"id\":\"whk_1\"},{\"kind\":"
          "\"user\",\"id\":\"usr_2\"}]}]"),
        &s, &err));
    struct str text = policy_steps_text(a, &s);
    CHECK_STR(text, S("[{\"delay_us\":0,\"targets\":[{\"kind\":\"user\",\"id\":\"usr_1\"}]},{"
                      "\"delay_us\":90000000,"
                      "\"targets\":[{\"kind\":\"webhook\",\"id\":\"whk_1\"},{\"kind\":\"user\","
                      "\"id\":\"usr_2\"}]}]"));
    REQUIRE_OK(policy_steps_read(a, text, &again, &err));
    CHECK_STR(policy_steps_text(a, &again), text);
}

TEST(mistakes_are_named)
{
    static const struct {
        const char *json, *field;
    } cases[] = {
        {"", "steps"},
        {"{}", "steps"},
        {"[]", "steps"},
        {"[1]", "steps[0]"},
        {"[{\"delay\":\"1m\"}]", "steps[0].targets"},
        {"[{\"targets\":[]}]", "steps[0].targets"},
        {"[{\"delay\":\"soon\",\"targets\":[{\"kind\":\"user\",\"id\":\"u\"}]}]", "steps[0].delay"},
        {"[{\"delay\":\"8d\",\"targets\":[{\"kind\":\"user\",\"id\":\"u\"}]}]", "steps[0].delay"},
        {"[{\"delay_us\":-1,\"targets\":[{\"kind\":\"user\",\"id\":\"u\"}]}]", "steps[0].delay"},
        {"[{\"delay_us\":\"x\",\"targets\":[{\"kind\":\"user\",\"id\":\"u\"}]}]", "steps[0].delay"},
        {"[{\"targets\":[7]}]", "steps[0].targets[0]"},
        {"[{\"targets\":[{\"kind\":\"team\",\"id\":\"u\"}]}]", "steps[0].targets[0].kind"},
        {"[{\"targets\":[{\"kind\":\"user\"}]}]", "steps[0].targets[0].id"},
    };
    struct error err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK(!reads(a, cases[i].json, &err));
        CHECK_INT(err.kind, ERROR_INVALID);
        CHECK_STR(str_from(err.fields[0].name), str_from(cases[i].field));
    }
    CHECK(reads(a, "[{\"delay\":\"1w\",\"targets\":[{\"kind\":\"user\",\"id\":\"u\"}]}]", &err));
}

static const char *many(struct arena *a, int steps, int targets)
{
    struct buf b;

    buf_init(&b, a, 1 << 20);
    for (int i = 0; i < steps; i++) {
        buf_add(&b, i ? S(",{\"targets\":[") : S("[{\"targets\":["));
        for (int k = 0; k < targets; k++)
            buf_add(&b,
                k ? S(",{\"kind\":\"user\",\"id\":\"u\"}") : S("{\"kind\":\"user\",\"id\":\"u\"}"));
        buf_add(&b, S("]}"));
    }
    buf_addc(&b, ']');
    return buf_str(&b).ptr;
}

TEST(limits)
{
    struct error err;

    CHECK(reads(a, many(a, POLICY_MAX_STEPS, 1), &err));
    CHECK(!reads(a, many(a, POLICY_MAX_STEPS + 1, 1), &err));
    CHECK(reads(a, many(a, 1, POLICY_MAX_TARGETS), &err));
    CHECK(!reads(a, many(a, 1, POLICY_MAX_TARGETS + 1), &err));
}

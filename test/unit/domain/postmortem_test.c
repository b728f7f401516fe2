#include "domain/postmortem.h"

#include "base/utf8.h"
#include "domain/event.h"
#include "domain/incident.h"
#include "test.h"

TEST(days)
{
    CHECK(
        date_valid(S("2026-12-24")) && date_valid(S("2024-02-29")) && date_valid(S("0001-01-01")));
    CHECK(!date_valid(S("2026-02-29")) && !date_valid(S("2026-13-01")) &&
          !date_valid(S("2026-00-01")));
    CHECK(!date_valid(S("2026-1-01")) && !date_valid(S("2026-01-00")) &&
          !date_valid(S("-026-01-01")));
    CHECK(!date_valid(S("2026/01/01")) && !date_valid(S("2026-01-01 ")) && !date_valid(S("")));
}

static struct incident sample(void)
{
    return (struct incident){.number = S("INC-20261121-001"),
        .severity = S("SEV1"),
        .impact_users = 1200,
        .impact_percent = 3,
        .impact_text = S("errors | at *checkout*"),
        .impact_revenue = S(""),
        .summary = S("first\n# not a heading"),
        .cause = S(""),
        .declared_at = {INT64_C(1795262400000000)},
        .started_at = {INT64_C(1795262400000000)},
        .resolved_at = {INT64_C(1795266630000000)}};
}

TEST(a_draft_holds_what_is_known)
{
    struct incident i = sample();
    struct event e[] = {
        {.kind = S("declared"),
            .at = i.declared_at,
            .data = S("{\"text\":\"Declared\"}"),
            .actor_name = S("Ada")},
        {.kind = S("note"),
            .at = {i.declared_at.us + DAY_US},
            .data = S("{\"text\":\"a | b <i>\"}"),
            .actor_name = S("B_b")},
        {.kind = S("postmortem"), .at = i.declared_at, .data = S("{\"text\":\"itself\"}")},
        {.kind = S("note"), .at = i.declared_at, .data = S("broken")},
    };
    struct str d = postmortem_draft(a, &i, e, 4, STR_NONE);

    CHECK(str_contains(d, S("Date: 2026-11-21 | Severity: SEV1 | Duration: 1h10m | Incident: "
                            "INC-20261121-001 | Commander: nobody")));
    CHECK(str_contains(
        d, S("| 2026-11-21 12:00 | Declared |\n| 2026-11-22 12:00 | a \\| b \\<i> (B\\_b) |\n")));
    CHECK(!str_contains(d, S("itself")) && !str_contains(d, S("broken")));
    CHECK(str_contains(d, S("first \\# not a heading")));
    CHECK(str_contains(d, S("Users affected: 1200 (3 %)")));
    CHECK(str_contains(d, S("errors \\| at \\*checkout\\*")));
    for (int n = 1; n <= 5; n++)
        CHECK(str_contains(d, str_printf(a, "\n%d. Why", n)));
    CHECK(str_contains(d, S("## Where we got lucky")));
}

/* A long timeline is cut so that the result can be stored: within the limit, between characters,
 * with the sections that people fill in. */
TEST(a_draft_always_fits)
{
    struct incident i = sample();
    char text[4000];
    struct event *e = arena_array(a, struct event, 500);

    for (size_t k = 0; k + 2 <= sizeof text; k += 2)
        __builtin_memcpy(text + k, "д", 2);
    for (int shift = 0; shift < 2; shift++) {
        for (int k = 0; k < 500; k++)
            e[k] = (struct event){.kind = S("note"),
                .at = i.declared_at,
                .actor_name = S("Ada"),
                .data = str_printf(
                    a, "{\"text\":\"%s%.*s\"}", shift ? "x" : "", (int)sizeof text, text)};
        struct str d = postmortem_draft(a, &i, e, 500, STR_NONE);
        CHECK(d.len <= POSTMORTEM_MAX_BODY);
        CHECK(utf8_valid(d));
        CHECK(str_contains(d, S("## Root cause")) && str_contains(d, S("## Where we got lucky")));
    }
}

#include "domain/postmortem.h"

#include "base/json.h"
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

static struct json *entry(const struct json *names, size_t n)
{
    struct json *v = json_get(names, S("timeline"))->first;

    while (v && n--)
        v = v->next;
    return v;
}

TEST(a_template_can_name_what_is_known)
{
    struct incident i = sample();
    struct event e[] = {
        {.kind = S("declared"),
            .at = i.declared_at,
            .data = S("{\"text\":\"Declared\"}"),
            .actor_kind = S("user"),
            .actor_name = S("Ada")},
        {.kind = S("note"),
            .at = {i.declared_at.us + DAY_US},
            .data = S("{\"text\":\"a | b <i>\"}"),
            .actor_kind = S("user"),
            .actor_name = S("B_b")},
        {.kind = S("postmortem"), .at = i.declared_at, .data = S("{\"text\":\"itself\"}")},
        {.kind = S("note"), .at = i.declared_at, .data = S("broken")},
        {.kind = S("status"), .at = {i.declared_at.us + MINUTE_US}, .data = S("{\"text\":\"x\"}"), .actor_name = S("Tocsin")},
    };
    struct postmortem_words words = {.duration = S("1h 10m"), .incident_status = S("Resolved"), .services = S("a|b")};
    struct json *names = postmortem_names(a, &i, e, 5, &words), *o = json_get(names, S("incident"));

    CHECK_STR(json_get_str(names, S("date")), S("2026-11-21"));
    CHECK_STR(json_get_str(names, S("started")), S("2026-11-21 12:00"));
    CHECK_STR(json_get_str(names, S("resolved")), S("2026-11-21 13:10"));
    CHECK_STR(json_get_str(names, S("duration")), S("1h 10m"));
    CHECK_STR(json_get_str(names, S("downtime_minutes")), S("70"));
    CHECK_STR(json_get_str(names, S("commander")), S("_…_"));
    CHECK_STR(json_get_str(names, S("services")), S("a\\|b"));
    CHECK_STR(json_get_str(names, S("participants")), S("Ada, B\\_b"));
    CHECK_STR(json_get_str(o, S("number")), S("INC-20261121-001"));
    CHECK_STR(json_get_str(o, S("severity")), S("SEV1"));
    CHECK(str_contains(json_get_str(o, S("summary")), S("first \\# not a heading")));
    CHECK_STR(json_get_str(o, S("impact_users")), S("1200 (3 %)"));
    CHECK_STR(json_get_str(o, S("impact_text")), S("errors \\| at \\*checkout\\*"));
    CHECK_INT(json_get(names, S("timeline"))->count, 3); /* not itself, not what cannot be read */
    CHECK_STR(json_get_str(entry(names, 0), S("at")), S("2026-11-21 12:00"));
    CHECK_STR(json_get_str(entry(names, 1), S("at")), S("12:01"));
    CHECK_STR(json_get_str(entry(names, 2), S("at")), S("2026-11-22 12:00"));
    CHECK_STR(json_get_str(entry(names, 2), S("text")), S("a \\| b \\<i> (B\\_b)"));
    i.resolved_at = (instant){0};
    CHECK_INT(incident_lasted(&i), -1);
    CHECK_STR(json_get_str(postmortem_names(a, &i, e, 5, &words), S("duration")), S("_…_"));
}

/* A long timeline is cut so that the document can be stored, and says how much is left out. */
TEST(a_timeline_always_fits)
{
    struct incident i = sample();
    char text[4000];
    struct event *e = arena_array(a, struct event, 500);
    size_t size = 0;

    for (size_t k = 0; k + 2 <= sizeof text; k += 2)
        __builtin_memcpy(text + k, "д", 2);
    for (int k = 0; k < 500; k++)
        e[k] = (struct event){.kind = S("note"),
            .at = i.declared_at,
            .actor_name = S("Ada"),
            .data = str_printf(a, "{\"text\":\"%.*s\"}", (int)sizeof text, text)};
    struct json *list = json_get(postmortem_names(a, &i, e, 500, &(struct postmortem_words){0}), S("timeline"));
    for (const struct json *v = list->first; v; v = v->next)
        size += json_get_str(v, S("text")).len;
    CHECK(size <= POSTMORTEM_MAX_TIMELINE && size > POSTMORTEM_MAX_TIMELINE - 5000);
    CHECK_STR(json_get_str(list->last, S("text")), str_printf(a, "+%d", 500 - (int)list->count + 1));
}

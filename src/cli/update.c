#include "cli/incident.h"

#include "cli/table.h"
#include "cli/text.h"
#include "domain/update.h"

/* A time, or how far ahead it is. */
static bool set_next(struct cli *c, struct json *body, struct error *err)
{
    struct str next = cli_value(c, "next");
    int64_t ahead;
    instant at;

    if (!next.ptr)
        return true;
    if (duration_parse(next, &ahead))
        at = instant_add(c->now, ahead);
    else if (!time_parse(next, &at))
        return fail_field(err, "next", "must be a time such as 2026-11-21T12:00:00Z, or how far ahead: 20m");
    json_set_str(c->arena, body, S("next_update_at"), time_text(c->arena, at));
    return true;
}

static void print_update(struct cli *c, const struct json *u)
{
    int64_t told;

    table_paint(c, PAINT_BOLD, str_printf(c->arena, "#%.*s %.*s", STR(table_value(c, u, "number")),
        STR(table_value(c, u, "audience_name"))));
    printf(" %.*s", STR(table_value(c, u, "state")));
    if (json_int(json_get(u, S("recipients_total")), &told) && told)
        printf(", to %lld", (long long)told);
    if (json_get_str(u, S("undo_until")).len)
        printf("; leaves at %.*s, --retract %.*s takes it back", STR(table_value(c, u, "undo_until")),
            STR(table_value(c, u, "ref")));
    if (json_get_str(u, S("refusal")).len)
        printf("; %.*s", STR(table_value(c, u, "refusal")));
    printf("\n");
}

static bool done(struct cli *c, const struct answer *answer)
{
    if (!api_print_json(c, answer))
        print_update(c, answer->json);
    return true;
}

static bool write_one(struct cli *c, struct error *err)
{
    struct answer answer;
    struct json *body;

    if (!cli_value(c, "audience").len)
        return fail_field(err, "audience", "must be given: who is to hear it");
    if (!incident_body(c, 1, "summary", &body, err) || !set_next(c, body, err))
        return false;
    json_set_bool(c->arena, body, S("publish"), !cli_flag(c, "draft"));
    if (!api_post(c, incident_path(c, "/updates"), body, &answer, err))
        return incident_failed(c, err);
    return done(c, &answer);
}

static bool run(struct cli *c, struct error *err)
{
    static const char *const acts[] = {"approve", "publish", "retract"};
    struct answer answer;

    for (size_t k = 0; k < sizeof acts / sizeof *acts; k++) {
        struct str which = cli_value(c, acts[k]);
        if (!which.ptr)
            continue;
        struct str rest = str_printf(c->arena, "/updates/%.*s/%s", STR(api_escape(c, which)), acts[k]);
        if (!api_post(c, incident_path(c, rest.ptr), json_object(c->arena), &answer, err))
            return incident_failed(c, err);
        return done(c, &answer);
    }
    return write_one(c, err);
}

const struct command cmd_update = {
    .name = "update",
    .words = "INCIDENT [TEXT…]",
    .least = 1,
    .most = CLI_MAX_WORDS,
    .summary = "Tell an audience how an incident stands",
    .run = run,
    .help = "TEXT says where things stand, in a sentence or two; `-` reads it from standard input. The\n"
            "policy pack's template makes the message of it. For an audience outside, the commander\n"
            "or the communications lead has to approve, and --service says what they call it.\n\n"
            "  tocsin update INC-20261121-003 --audience stakeholders Rolled back, watching\n"
            "  tocsin update INC-20261121-003 --audience users --service Payments --draft We are on it\n"
            "  tocsin update INC-20261121-003 --publish users-1",
    .takes = update_input_fields,
    .options = {
        {"audience", "AUDIENCE"},
        {"service", "TEXT"},
        {"status", "STATUS"},
        {"impact", "TEXT"},
        {"since", "LINES"},
        {"cause-state", "STATE"},
        {"cause", "TEXT"},
        {"eta", "TEXT"},
        {"next-steps", "LINES"},
        {"next", "TIME", NULL, NULL, "when they hear next: 2026-11-21T12:00:00Z, or how far ahead: 20m"},
        {"draft", NULL, NULL, NULL, "write it down without sending it"},
        {"approve", "UPDATE", NULL, NULL, "approve a draft, such as users-1"},
        {"publish", "UPDATE", NULL, NULL, "send a draft"},
        {"retract", "UPDATE", NULL, NULL, "take an update back"},
        API_OPTIONS,
        {0},
    },
};

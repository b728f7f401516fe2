#include "cli/incident.h"

#include "cli/person.h"
#include "cli/text.h"
#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    struct json *body = json_object(c->arena);
    struct str id = STR_NONE;

    if ((c->nwords == 3) == cli_flag(c, "nobody"))
        return fail(err, MALFORMED, "say who takes the role, or --nobody");
    if (c->nwords == 3 && !person_find(c, c->words[2], &id, err))
        return false;
    json_set_str(c->arena, body, S("role"), c->words[1]);
    json_set_str(c->arena, body, S("user_id"), id);
    struct str done = str_printf(c->arena, "has %s %.*s now", id.ptr ? "a" : "no",
        STR(cli_clean(c->arena, c->words[1])));
    return incident_change(c, "/roles", body, done.ptr, err);
}

const struct command cmd_role = {
    .name = "role",
    .words = "INCIDENT ROLE [PERSON]",
    .least = 2,
    .most = 3,
    .summary = "Give a role in an incident to somebody, or take it away",
    .run = run,
    .help = "PERSON is a name, an e-mail address, an id, or `me`. ROLE is one of those that\n"
            "`tocsin incidents INCIDENT` shows.\n\n"
            "  tocsin role INC-20261121-003 commander me",
    .takes = incident_role_fields,
    .options = {
        {"nobody", NULL, NULL, NULL, "take the role away from who has it"},
        API_OPTIONS,
        {0},
    },
};

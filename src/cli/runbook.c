/* The library of runbooks: runbook add, runbook list. */
#include "cli/api.h"
#include "cli/table.h"
#include "domain/runbook.h"

static bool add(struct cli *c, struct error *err)
{
    struct str text;
    struct answer answer;
    struct json *body = json_object(c->arena);

    c->words[0] = S("-");
    c->nwords = 1;
    if (!cli_text(c, 0, &text, err))
        return false;
    json_set_str(c->arena, body, S("body"), text);
    if (!api_post(c, S("/runbooks"), body, &answer, err))
        return false;
    if (api_print_json(c, &answer))
        return true;
    table_paint(c, PAINT_BOLD, table_value(c, answer.json, "title"));
    printf(": %.*s steps, %.*s\n", STR(table_value(c, answer.json, "step_count")), STR(table_value(c, answer.json, "id")));
    return true;
}

const struct command cmd_runbook_add = {
    .name = "runbook add",
    .words = "",
    .summary = "Put a runbook into the library",
    .run = add,
    .help = "Reads the document, Markdown with front matter, from standard input.\n\n"
            "  tocsin runbook add <disk-full.md",
    .takes = runbook_input_fields,
    .options = {API_OPTIONS, {0}},
};

static const struct column columns[] = {
    {"title", "TITLE"}, {"kind", "KIND"}, {"alerts", "ALERTS"}, {"services", "SERVICES"}, {"tested_on", "TESTED"},
    {"id", "ID"}, {0},
};

static bool list(struct cli *c, struct error *err)
{
    struct answer answer;

    if (!api_get(c, S("/runbooks"), &answer, err))
        return false;
    if (!api_print_json(c, &answer))
        table_print(c, json_get(answer.json, S("items")), columns, "There is no runbook.");
    return true;
}

const struct command cmd_runbook_list = {
    .name = "runbook list",
    .words = "",
    .summary = "List the runbooks of the library",
    .run = list,
    .options = {API_OPTIONS, {0}},
};

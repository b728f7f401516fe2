/* Change events: change add, for the end of a pipeline, and change list. */
#include "cli/api.h"
#include "cli/table.h"
#include "domain/change.h"

static bool add(struct cli *c, struct error *err)
{
    struct str title, service = cli_value(c, "service");
    struct answer answer;
    struct json *body;

    if (!api_body(c, &body, err) || !cli_text(c, 0, &title, err))
        return false;
    json_set_str(c->arena, body, S("title"), title);
    if (service.len)
        json_set_str(c->arena, body, S("service_id"), service); /* takes a name as well */
    if (!api_post(c, S("/changes"), body, &answer, err))
        return false;
    if (api_print_json(c, &answer))
        return true;
    table_paint(c, PAINT_BOLD, table_value(c, answer.json, "title"));
    printf(": %.*s, %.*s\n", STR(table_value(c, answer.json, "kind")), STR(table_value(c, answer.json, "status")));
    return true;
}

const struct command cmd_change_add = {
    .name = "change add",
    .words = "TITLE…",
    .least = 1,
    .most = CLI_MAX_WORDS,
    .summary = "Report what was deployed, switched or migrated",
    .run = add,
    .help = "Once at its end, or at its start and at its end with the same --external-id.\n\n"
            "  tocsin change add --service checkout --version 2.4.1 --commit-to $SHA New rounding\n"
            "  tocsin change add --service checkout --kind feature_flag fast-pay for 10 %",
    .takes = change_input_fields,
    .options = {
        {"service", "SERVICE", NULL, NULL, "service it touches, by name or id"},
        {"kind", "KIND"},
        {"environment", "NAME"},
        {"version", "VERSION"},
        {"commit-from", "COMMIT"},
        {"commit-to", "COMMIT"},
        {"author", "NAME"},
        {"link", "URL"},
        {"status", "STATUS"},
        {"reversible", "ANSWER"},
        {"external-id", "ID"},
        {"started-at", "TIME", NULL, NULL, "when it began: 2026-11-21T12:00:00Z, or how long ago: 10m"},
        {"finished-at", "TIME", NULL, NULL, "when it ended, if not now"},
        API_OPTIONS,
        {0},
    },
};

static const struct column columns[] = {
    {"at", "WHEN"}, {"kind", "KIND"}, {"service_name", "SERVICE"}, {"version", "VERSION"}, {"status", "STATUS"},
    {"author", "BY"}, {"title", "TITLE"}, {0},
};

static bool list(struct cli *c, struct error *err)
{
    struct str service = cli_value(c, "service"), kind = cli_value(c, "kind");
    struct str path = str_printf(c->arena, "/changes?limit=%.*s", STR(cli_value(c, "limit")));
    struct answer answer;

    if (service.len)
        path = str_printf(c->arena, "%.*s&service=%.*s", STR(path), STR(api_escape(c, service)));
    if (kind.len)
        path = str_printf(c->arena, "%.*s&kind=%.*s", STR(path), STR(api_escape(c, kind)));
    if (!api_get(c, path, &answer, err))
        return false;
    if (!api_print_json(c, &answer))
        table_print(c, json_get(answer.json, S("items")), columns, "There is no change.");
    return true;
}

const struct command cmd_change_list = {
    .name = "change list",
    .words = "",
    .summary = "List what was changed lately",
    .run = list,
    .options = {
        {"service", "SERVICE", NULL, NULL, "of this service only, by name or id"},
        {"kind", "KIND", NULL, NULL, "of this kind only: deployment, feature_flag, configuration, migration, infrastructure, release or merge"},
        {"limit", "N", NULL, "20", "how many, at most 200"},
        API_OPTIONS,
        {0},
    },
};

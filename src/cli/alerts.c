#include "cli/api.h"
#include "cli/table.h"

static const struct column rows[] = {
    {"severity", "SEVERITY"},
    {"name", "ALERT"},
    {"service_name", "SERVICE"},
    {"starts_at", "SINCE"},
    {"count", "COUNT"},
    {"incident.number", "INCIDENT"},
    {"summary", "SUMMARY"},
    {0},
};
static const struct column rows_all[] = {
    {"severity", "SEVERITY"},
    {"name", "ALERT"},
    {"firing", "FIRING"},
    {"service_name", "SERVICE"},
    {"starts_at", "SINCE"},
    {"count", "COUNT"},
    {"incident.number", "INCIDENT"},
    {"summary", "SUMMARY"},
    {0},
};

static bool run(struct cli *c, struct error *err)
{
    bool all = cli_flag(c, "all");
    struct str filter = cli_value(c, "filter");
    struct answer a;

    if (all && cli_flag(c, "firing"))
        return fail(err, MALFORMED, "--firing and --all exclude each other");
    struct str path = str_printf(c->arena, "/alerts?state=%s&limit=%.*s%s%.*s",
        all ? "all" : "firing", STR(api_escape(c, cli_value(c, "limit"))), filter.len ? "&q=" : "",
        STR(api_escape(c, filter)));
    if (!api_get(c, path, &a, err))
        return false;
    if (api_print_json(c, &a))
        return true;
    table_print(c, json_get(a.json, S("items")), all ? rows_all : rows,
        filter.len ? "No alert matches." : all ? "There is no alert yet." : "No alert is firing.");
    if (json_get_str(a.json, S("next")).len)
        printf("There are more: raise --limit, or narrow them down with --filter.\n");
    return true;
}

const struct command cmd_alerts = {
    .name = "alerts",
    .words = "",
    .summary = "List the alerts that are firing",
    .run = run,
    .help = "  tocsin alerts --filter 'severity=\"critical\", team=~\"payments|risk\"'",
    .options = {
        {"firing", NULL, NULL, NULL, "only what is firing; this is what happens anyway"},
        {"all", NULL, NULL, NULL, "also what has resolved lately"},
        {"filter", "MATCHERS", NULL, NULL,
            "label matchers as Alertmanager writes them, or words to look for"},
        {"limit", "N", NULL, "50", "at most so many, up to 500"},
        API_OPTIONS,
        {0},
    },
};

#include "cli/api.h"
#include "cli/table.h"

static const struct column columns[] = {
    {"name", "NAME"}, {"policy", "PAGES BY"}, {"firing_alerts", "ALERTS"},
    {"open_incidents", "INCIDENTS"}, {"id", "ID"}, {0},
};

static bool run(struct cli *c, struct error *err)
{
    struct answer a;

    if (!api_get(c, S("/services?limit=500"), &a, err))
        return false;
    if (!api_print_json(c, &a))
        table_print(c, json_get(a.json, S("items")), columns, "There is no service.");
    return true;
}

const struct command cmd_services = {
    .name = "services",
    .words = "",
    .summary = "List the services and the policies that page for them",
    .run = run,
    .options = {API_OPTIONS, {0}},
};

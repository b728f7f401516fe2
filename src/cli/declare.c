#include "cli/incident.h"

#include "domain/incident.h"

/* People know services by name, the API by id. */
static bool set_service(struct cli *c, struct json *body, struct error *err)
{
    struct str service = cli_value(c, "service"), id;
    struct answer all;

    if (!service.len)
        return true;
    if (!api_get(c, S("/services?limit=500"), &all, err) ||
        !api_resolve(c, json_get(all.json, S("items")), service, "service", &id, err))
        return false;
    json_set_str(c->arena, body, S("service_id"), id);
    return true;
}

static bool run(struct cli *c, struct error *err)
{
    struct answer answer;
    struct json *body;

    if (!incident_body(c, 0, "title", &body, err) || !set_service(c, body, err))
        return false;
    if (cli_flag(c, "no-page"))
        json_set_bool(c->arena, body, S("page"), false);
    if (!api_post(c, S("/incidents"), body, &answer, err))
        return false;
    if (!api_print_json(c, &answer))
        incident_print_line(c, answer.json, "declared");
    return true;
}

const struct command cmd_declare = {
    .name = "declare",
    .words = "TITLE…",
    .least = 1,
    .most = CLI_MAX_WORDS,
    .summary = "Declare an incident and page who answers for the service",
    .run = run,
    .help =
        "TITLE says what is broken, in one line. Nobody is paged without a service that has an\n"
        "escalation policy.\n\n"
        "  tocsin declare --severity SEV2 --service checkout Card payments fail",
    .takes = incident_declare_fields,
    .options = {
        {"severity", "SEVERITY"},
        {"service", "SERVICE", NULL, NULL, "service it is about, by name or id"},
        {"summary", "TEXT"},
        {"impact-text", "TEXT"},
        {"started-at", "TIME", NULL, NULL,
            "when the impact began: 2026-11-21T12:00:00Z, or how long ago: 10m"},
        {"no-page", NULL, NULL, NULL, "record it without paging anybody"},
        API_OPTIONS,
        {0},
    },
};

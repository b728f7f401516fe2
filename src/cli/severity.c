#include "cli/incident.h"

#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    struct json *body;

    if (!incident_body(c, 2, "reason", &body, err))
        return false;
    json_set_str(c->arena, body, S("severity"), c->words[1]);
    return incident_change(c, "/severity", body, "reassessed", err);
}

const struct command cmd_severity = {
    .name = "severity", .words = "INCIDENT SEVERITY REASON…", .least = 3, .most = CLI_MAX_WORDS,
    .summary = "Change an incident's severity, with the reason", .run = run,
    .help = "  tocsin severity INC-20261121-003 SEV1 Refunds fail too",
    .takes = incident_severity_fields,
    .options = {API_OPTIONS, {0}},
};

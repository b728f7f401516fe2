#include "cli/incident.h"

#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    struct json *body;

    if (!incident_body(c, 2, "text", &body, err))
        return false;
    json_set_str(c->arena, body, S("status"), c->words[1]);
    return incident_change(c, "/status", body, "moved", err);
}

const struct command cmd_status = {
    .name = "status",
    .words = "INCIDENT STATUS [TEXT…]",
    .least = 2,
    .most = CLI_MAX_WORDS,
    .summary = "Move an incident to another status",
    .run = run,
    .help = "STATUS is investigating, identified, mitigating, monitoring, closed, declined or\n"
            "cancelled; `tocsin resolve` resolves. TEXT says what changed, for the timeline.",
    .takes = incident_status_fields,
    .choices = incident_statuses,
    .choice = 1,
    .options = {API_OPTIONS, {0}},
};

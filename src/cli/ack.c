#include "cli/incident.h"

#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    struct json *body;

    return incident_body(c, 1, "reason", &body, err) &&
        incident_change(c, "/acknowledge", body, "acknowledged", err);
}

const struct command cmd_ack = {
    .name = "ack", .words = "INCIDENT [REASON…]", .least = 1, .most = CLI_MAX_WORDS,
    .summary = "Acknowledge an incident: the escalation stops, you are on it", .run = run,
    .help = "INCIDENT is a number, INC-YYYYMMDD-NNN, or an id. Acknowledging twice does no harm.",
    .takes = incident_ack_fields,
    .options = {API_OPTIONS, {0}},
};

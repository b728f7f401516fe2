#include "cli/incident.h"

#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    struct json *body;

    return incident_body(c, 1, "text", &body, err) &&
        incident_change(c, "/resolve", body, "resolved", err);
}

const struct command cmd_resolve = {
    .name = "resolve",
    .words = "INCIDENT [TEXT…]",
    .least = 1,
    .most = CLI_MAX_WORDS,
    .summary = "Resolve an incident: everyone paged is told that it is over",
    .run = run,
    .help = "TEXT says how you know that it is over; `-` reads it from standard input.",
    .takes = incident_resolve_fields,
    .options = {
        {"cause", "TEXT"},
        {"at", "TIME", NULL, NULL,
            "when it ended, if not now: 2026-11-21T12:00:00Z, or how long ago: 10m"},
        {"waive", "REASON", NULL, NULL, "resolve without the verification that the severity asks for"},
        API_OPTIONS,
        {0},
    },
};

#include "cli/incident.h"

#include "domain/incident.h"

static bool run(struct cli *c, struct error *err)
{
    bool update = cli_flag(c, "update"), decision = cli_flag(c, "decision");
    struct json *body;

    if (update && decision)
        return fail(err, MALFORMED, "--update and --decision exclude each other");
    if (!incident_body(c, 1, "text", &body, err))
        return false;
    if (update || decision)
        json_set_str(c->arena, body, S("kind"), update ? S("update") : S("decision"));
    return incident_change(c, "/notes", body,
        update     ? "updated"
        : decision ? "decided"
                   : "noted",
        err);
}

const struct command cmd_note = {
    .name = "note",
    .words = "INCIDENT TEXT…",
    .least = 2,
    .most = CLI_MAX_WORDS,
    .summary = "Write into an incident's timeline",
    .run = run,
    .help = "TEXT may be Markdown; `-` reads it from standard input. What was written is never\n"
            "changed: a mistake is corrected by a new entry that says which one it corrects.\n\n"
            "  tocsin note INC-20261121-003 --at 10m Rolled the release back\n"
            "  journalctl -u checkout -n 20 | tocsin note INC-20261121-003 -",
    .takes = incident_note_fields,
    .options = {
        {"at", "TIME", NULL, NULL,
            "when it happened, if not now: 2026-11-21T12:00:00Z, or how long ago: 10m"},
        {"corrects", "N"},
        {"update", NULL, NULL, NULL,
            "it is a status update: the next one is due its time from now"},
        {"decision", NULL, NULL, NULL, "it is a decision"},
        API_OPTIONS,
        {0},
    },
};

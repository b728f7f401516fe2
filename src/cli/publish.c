#include "cli/incident.h"

#include <stdio.h>

#include "cli/table.h"
#include "domain/statuspage.h"

/* --components is JSON already. */
static bool read_components(struct cli *c, struct json *body, struct error *err)
{
    struct json *member = json_get(body, S("components")), *v;
    struct error bad = {0};

    if (!member)
        return true;
    if (!json_parse(c->arena, member->text, &v, &bad))
        return fail_field(err, "components", "must be JSON: %s", bad.message);
    v->key = member->key;
    v->next = member->next;
    *member = *v;
    return true;
}

static bool run(struct cli *c, struct error *err)
{
    struct answer answer;
    struct json *body;

    if (!incident_body(c, 2, "text", &body, err) || !read_components(c, body, err))
        return false;
    json_set_str(c->arena, body, S("status"), c->words[1]);
    if (!api_post(c, incident_path(c, "/public"), body, &answer, err))
        return incident_failed(c, err);
    if (!api_print_json(c, &answer))
        printf("published: %.*s, %.*s\n", STR(table_value(c, answer.json, "status")), STR(table_value(c, answer.json, "title")));
    return true;
}

const struct command cmd_publish = {
    .name = "publish",
    .words = "INCIDENT STATUS TEXT…",
    .least = 3,
    .most = CLI_MAX_WORDS,
    .summary = "Publish an update about an incident on the status page",
    .run = run,
    .help = "TEXT is what the public reads; `-` reads it from standard input. The first time a title is needed.",
    .takes = public_input_fields,
    .choices = public_statuses,
    .choice = 1,
    .options = {
        {"title", "TEXT"},
        {"impact", "IMPACT"},
        {"components", "JSON", NULL, NULL, "states by component: {\"cmp_…\":\"partial_outage\"}"},
        {"next-update-at", "TIME"},
        API_OPTIONS,
        {0},
    },
};

#include "cli/api.h"
#include "cli/table.h"
#include "cli/text.h"

static const struct column columns[] = {
    {"policy", "POLICY"},
    {"position", "STEP"},
    {"after", "AFTER"},
    {"who", "WHO"},
    {"note", ""},
    {0},
};

/* One row for each step of each policy. */
static struct json *rows(struct cli *c, const struct json *policies)
{
    struct json *out = json_array(c->arena);

    for (const struct json *p = policies ? policies->first : NULL; p; p = p->next) {
        const struct json *steps = json_get(p, S("steps"));
        for (const struct json *s = steps ? steps->first : NULL; s; s = s->next) {
            struct json *row = json_push(out, json_object(c->arena));
            int64_t delay = 0, position = 0;
            json_int(json_get(s, S("delay_us")), &delay);
            json_int(json_get(s, S("position")), &position);
            json_set_str(
                c->arena, row, S("policy"), s == steps->first ? json_get_str(p, S("name")) : S(""));
            json_set_int(c->arena, row, S("position"), position);
            json_set_str(
                c->arena, row, S("after"), delay ? cli_span(c->arena, delay) : S("at once"));
            json_set_str(c->arena, row, S("who"), json_get_str(s, S("who")));
            json_set_str(c->arena, row, S("note"),
                json_bool(json_get(s, S("unreachable")), false) ? S("cannot be reached") : S(""));
        }
    }
    return out;
}

static bool run(struct cli *c, struct error *err)
{
    struct answer a;

    if (!api_get(c, S("/oncall"), &a, err))
        return false;
    if (api_print_json(c, &a))
        return true;
    table_print(c, rows(c, json_get(a.json, S("items"))), columns,
        "There is no escalation policy: nobody would be paged.");
    const struct json *gaps = json_get(a.json, S("gaps"));
    for (const struct json *g = gaps ? gaps->first : NULL; g; g = g->next) {
        printf("%s", g == gaps->first ? "\n" : "");
        table_paint(c, PAINT_YELLOW, S("Nobody is paged for "));
        printf("%.*s: %.*s\n", STR(table_value(c, g, "service_name")),
            STR(table_value(c, g, "reason")));
    }
    return true;
}

const struct command cmd_oncall = {
    .name = "oncall",
    .words = "",
    .summary = "Show who would be paged now, step by step",
    .run = run,
    .options = {API_OPTIONS, {0}},
};

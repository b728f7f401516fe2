#include "cli/incident.h"

#include "cli/table.h"
#include "cli/text.h"

struct str incident_path(struct cli *c, const char *rest)
{
    return str_printf(c->arena, "/incidents/%.*s%s", STR(api_escape(c, c->words[0])), rest);
}

bool incident_body(
    struct cli *c, size_t skip, const char *key, struct json **out, struct error *err)
{
    struct str text;

    if (!api_body(c, out, err) || !cli_text(c, skip, &text, err))
        return false;
    if (text.ptr)
        json_set_str(c->arena, *out, str_from(key), text);
    return true;
}

bool incident_failed(struct cli *c, struct error *err)
{
    struct str word = cli_fit(c->arena, cli_clean(c->arena, c->words[0]), 60);

    if (err->kind == ERROR_NOT_FOUND)
        error_prefix(err, "%.*s", STR(word));
    return false;
}

void incident_print_line(struct cli *c, const struct json *incident, const char *done)
{
    table_paint(c, PAINT_BOLD, table_value(c, incident, "number"));
    printf(" %s: ", done);
    if (json_get_str(incident, S("severity")).len)
        printf("%.*s, ", STR(table_value(c, incident, "severity")));
    printf("%.*s, %.*s\n", STR(table_value(c, incident, "status")),
        STR(table_value(c, incident, "title")));
    printf("%.*s\n", STR(table_value(c, incident, "web_url")));
}

bool incident_change(struct cli *c, const char *rest, const struct json *body, const char *done,
    struct error *err)
{
    struct answer answer;

    if (!api_post(c, incident_path(c, rest), body, &answer, err))
        return incident_failed(c, err);
    if (!api_print_json(c, &answer))
        incident_print_line(c, answer.json, done);
    return true;
}

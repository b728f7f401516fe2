/* What the server would answer, from the tables it is made of; no server is asked. */
#include "cli/cli.h"

#include "base/json.h"
#include "cli/table.h"
#include "web/openapi.h"

static const struct column columns[] = {
    {"method", "METHOD"}, {"path", "PATH"}, {"role", "ROLE"}, {"summary", "SUMMARY"}, {0},
};

static void print_json(struct cli *c, const struct json *v)
{
    struct buf out;

    buf_init(&out, c->arena, (size_t)64 << 20);
    json_pretty(&out, v);
    printf("%.*s\n", STR(buf_str(&out)));
}

static bool routes(struct cli *c, struct error *err)
{
    struct json *list = openapi_routes(c->arena);

    (void)err;
    if (cli_flag(c, "json"))
        print_json(c, list);
    else
        table_print(c, list, columns, "");
    return true;
}

static bool openapi(struct cli *c, struct error *err)
{
    (void)err;
    print_json(c, openapi_document(c->arena));
    return true;
}

const struct command cmd_routes = {
    .name = "routes", .words = "", .run = routes,
    .summary = "Print the table of addresses: method, path, who may, what it does",
    .options = {{"json", NULL, NULL, NULL, "print JSON"}, {0}},
};

const struct command cmd_openapi = {
    .name = "openapi", .words = "", .run = openapi,
    .summary = "Print the description of the API (OpenAPI 3.1, JSON)",
    .help = "A running server has the same at /openapi.json.",
    .options = {{0}},
};

/* API tokens: token list, add, remove. A token acts for the person it belongs to. */
#include "cli/person.h"

#include "cli/table.h"
#include "domain/user.h"

static const struct column columns[] = {
    {"name", "NAME"},
    {"hint", "ENDS WITH"},
    {"created_at", "MADE"},
    {"expires_at", "EXPIRES"},
    {"id", "ID"},
    {0},
};

/* "/people/ID/tokens" of --person. */
static bool tokens_path(struct cli *c, struct str *path, struct error *err)
{
    struct str id;

    if (!person_find(c, cli_value(c, "person"), &id, err))
        return false;
    *path = str_printf(c->arena, "/people/%.*s/tokens", STR(api_escape(c, id)));
    return true;
}

static bool list(struct cli *c, struct error *err)
{
    struct answer a;
    struct str path;

    if (!tokens_path(c, &path, err) || !api_get(c, path, &a, err))
        return false;
    if (!api_print_json(c, &a))
        table_print(c, json_get(a.json, S("items")), columns, "There is no token.");
    return true;
}

static bool set_expiry(struct cli *c, struct json *body, struct error *err)
{
    struct str text = cli_value(c, "expires-in");
    int64_t us;

    if (!text.len)
        return true;
    if (!duration_parse(text, &us) || us <= 0)
        return fail_field(err, "expires-in", "must be a duration such as 90d or 1y");
    json_set_str(c->arena, body, S("expires_at"), time_text(c->arena, instant_add(c->now, us)));
    return true;
}

/* The token alone goes to standard output, so that it can go into a file without being seen. */
static bool add(struct cli *c, struct error *err)
{
    struct json *body = json_object(c->arena);
    struct answer a;
    struct str path, name;

    if (!cli_text(c, 0, &name, err) || !set_expiry(c, body, err))
        return false;
    json_set_str(c->arena, body, S("name"), name);
    if (!tokens_path(c, &path, err) || !api_post(c, path, body, &a, err))
        return false;
    if (api_print_json(c, &a))
        return true;
    printf("%.*s\n", STR(table_value(c, a.json, "token")));
    if (c->terminal)
        fprintf(stderr, "Keep it now: it is not shown again.\n");
    return true;
}

static bool remove_token(struct cli *c, struct error *err)
{
    struct answer all, a;
    struct str path, id;

    if (!tokens_path(c, &path, err) || !api_get(c, path, &all, err) ||
        !api_resolve(c, json_get(all.json, S("items")), c->words[0], "token", &id, err))
        return false;
    path = str_printf(c->arena, "%.*s/%.*s/remove", STR(path), STR(api_escape(c, id)));
    if (!api_post(c, path, NULL, &a, err))
        return false;
    if (!api_print_json(c, &a))
        printf("Removed. What used it is locked out from now on.\n");
    return true;
}

#define PERSON_OPTION {"person", "PERSON", NULL, "me", "whose: a name, an e-mail address or an id"}

const struct command cmd_token_add = {
    .name = "token add", .words = "NAME…", .least = 1, .most = CLI_MAX_WORDS,
    .summary = "Make an API token and print it", .run = add,
    .help = "NAME says what it is for. The token has the rights of the person it belongs to.\n\n"
            "  umask 077; tocsin token add deploy script > deploy.token",
    .takes = api_token_fields,
    .options = {
        PERSON_OPTION,
        {"expires-in", "TIME", NULL, NULL, "when it stops working: 90d; never, if not given"},
        API_OPTIONS,
        {0},
    },
};

const struct command cmd_token_list = {
    .name = "token list",
    .words = "",
    .summary = "List API tokens; the tokens themselves are not kept",
    .run = list,
    .options = {PERSON_OPTION, API_OPTIONS, {0}},
};

const struct command cmd_token_remove = {
    .name = "token remove", .words = "TOKEN", .least = 1, .most = 1,
    .summary = "Remove an API token, by name or id", .run = remove_token,
    .options = {PERSON_OPTION, API_OPTIONS, {0}},
};

/* People: user list, add, edit, disable, enable. */
#include "cli/person.h"

#include "cli/table.h"
#include "text/language.h"
#include "domain/user.h"

static const struct column columns[] = {
    {"name", "NAME"},
    {"email", "EMAIL"},
    {"role", "ROLE"},
    {"disabled", "DISABLED"},
    {"zone", "ZONE"},
    {"contacts", "REACHED BY"},
    {"id", "ID"},
    {0},
};

bool person_find(struct cli *c, struct str word, struct str *id, struct error *err)
{
    struct answer a;

    if (str_eq(word, S("me"))) {
        if (!api_get(c, S("/me"), &a, err))
            return false;
        *id = json_get_str(a.json, S("id"));
        return true;
    }
    return api_get(c, S("/people?limit=500"), &a, err) &&
        api_resolve(c, json_get(a.json, S("items")), word, "person", id, err);
}

static bool list(struct cli *c, struct error *err)
{
    struct answer a;

    if (!api_get(c, S("/people?limit=500"), &a, err))
        return false;
    if (!api_print_json(c, &a))
        table_print(c, json_get(a.json, S("items")), columns, "There is nobody.");
    return true;
}

static void print_person(struct cli *c, const struct answer *a, const char *done)
{
    if (api_print_json(c, a))
        return;
    table_paint(c, PAINT_BOLD, table_value(c, a->json, "name"));
    printf(" %s: %.*s, %.*s (%.*s)\n", done, STR(table_value(c, a->json, "email")),
        STR(table_value(c, a->json, "role")), STR(table_value(c, a->json, "id")));
}

static bool set_password(struct cli *c, struct json *body, struct error *err)
{
    struct str text;

    if (!cli_flag(c, "password-stdin"))
        return true;
    c->nwords = 1;
    c->words[0] = S("-");
    if (!cli_text(c, 0, &text, err))
        return false;
    str_cut(text, '\n', &text);
    json_set_str(c->arena, body, S("password"), text);
    return true;
}

static bool add(struct cli *c, struct error *err)
{
    struct answer a;
    struct json *body;
    struct str name;

    if (!api_body(c, &body, err) || !cli_text(c, 1, &name, err))
        return false;
    json_set_str(c->arena, body, S("email"), c->words[0]);
    json_set_str(c->arena, body, S("name"), name);
    if (!set_password(c, body, err) || !api_post(c, S("/people"), body, &a, err))
        return false;
    print_person(c, &a, "added");
    return true;
}

static bool change(struct cli *c, const struct json *body, const char *done, struct error *err)
{
    struct answer a;
    struct str id;

    if (!person_find(c, c->words[0], &id, err) ||
        !api_post(c, str_printf(c->arena, "/people/%.*s", STR(api_escape(c, id))), body, &a, err))
        return false;
    print_person(c, &a, done);
    return true;
}

static bool edit(struct cli *c, struct error *err)
{
    struct json *body;

    if (!api_body(c, &body, err))
        return false;
    if (!body->count)
        return fail(err, MALFORMED, "nothing to change: give --name, --email, --role or --zone");
    return change(c, body, "changed", err);
}

static bool set_disabled(struct cli *c, bool disabled, struct error *err)
{
    struct json *body = json_object(c->arena);

    json_set_bool(c->arena, body, S("disabled"), disabled);
    return change(c, body, disabled ? "disabled" : "enabled", err);
}

static bool disable(struct cli *c, struct error *err)
{
    return set_disabled(c, true, err);
}

static bool enable(struct cli *c, struct error *err)
{
    return set_disabled(c, false, err);
}

#define WHO N_("PERSON is a name, an e-mail address, an id, or `me`.")

const struct command cmd_user_add = {
    .name = "user add", .words = "EMAIL NAME…", .least = 2, .most = CLI_MAX_WORDS,
    .summary = "Add a person", .run = add,
    .help = "  tocsin user add --role responder ada@example.org Ada Lovelace",
    .takes = user_fields,
    .options = {
        {"role", "ROLE"},
        {"zone", "ZONE"},
        {"password-stdin", NULL, NULL, NULL, "read a first password from standard input"},
        API_OPTIONS,
        {0},
    },
};

const struct command cmd_user_disable = {
    .name = "user disable", .words = "PERSON", .least = 1, .most = 1,
    .summary = "Disable an account: no sign-in, no pages; nothing is deleted", .run = disable,
    .help = WHO, .options = {API_OPTIONS, {0}},
};

const struct command cmd_user_edit = {
    .name = "user edit",
    .words = "PERSON",
    .least = 1,
    .most = 1,
    .summary = "Change a person's name, address, role or time zone",
    .run = edit,
    .help = WHO,
    .takes = user_fields,
    .options = {{"name", "NAME"}, {"email", "EMAIL"}, {"role", "ROLE"}, {"zone", "ZONE"},
        API_OPTIONS, {0}},
};

const struct command cmd_user_enable = {
    .name = "user enable", .words = "PERSON", .least = 1, .most = 1,
    .summary = "Enable a disabled account again", .run = enable, .help = WHO,
    .options = {API_OPTIONS, {0}},
};

const struct command cmd_user_list = {
    .name = "user list", .words = "", .summary = "List the people", .run = list,
    .options = {API_OPTIONS, {0}},
};

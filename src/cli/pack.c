/* Policy packs: pack activate, check, list, show. */
#include "cli/api.h"

#include <errno.h>
#include <string.h>

#include "cli/table.h"
#include "domain/pack.h"
#include "domain/pack_version.h"
#include "text/mustache.h"
#include "text/yaml.h"

static const struct column columns[] = {
    {"id", "ID"}, {"name", "NAME"}, {"version", "VERSION"}, {"origin", "FROM"}, {"active", "IN USE"},
    {"note", "NOTE"}, {0},
};

static struct str pack_path(struct cli *c, const char *more)
{
    return str_printf(c->arena, "/packs/%.*s%s", STR(api_escape(c, c->words[0])), more);
}

static bool list(struct cli *c, struct error *err)
{
    struct answer a;

    if (!api_get(c, S("/packs"), &a, err))
        return false;
    if (!api_print_json(c, &a))
        table_print(c, json_get(a.json, S("items")), columns, "There is no policy pack.");
    return true;
}

static bool show(struct cli *c, struct error *err)
{
    struct str version = cli_value(c, "version");
    struct answer a;

    if (!api_get(c, pack_path(c, str_printf(c->arena, "?version=%.*s", STR(version)).ptr), &a, err))
        return false;
    struct str yaml = json_get_str(a.json, S("yaml"));
    if (!api_print_json(c, &a))
        fwrite(yaml.ptr, 1, yaml.len, stdout);
    return true;
}

static bool read_file(struct cli *c, const char *path, struct str *out, struct error *err)
{
    char *text = arena_array(c->arena, char, PACK_MAX_YAML + 1);
    FILE *f = fopen(path, "re");

    if (!f)
        return fail(err, NOT_FOUND, "cannot open %s: %s", path, strerror(errno));
    size_t n = fread(text, 1, PACK_MAX_YAML + 1, f);
    bool bad = ferror(f);
    fclose(f);
    if (bad)
        return fail(err, UNAVAILABLE, "cannot read %s", path);
    if (n > PACK_MAX_YAML)
        return fail(err, TOO_LARGE, "%s has more than %d bytes", path, PACK_MAX_YAML);
    *out = (struct str){text, n};
    return true;
}

struct compiling {
    struct arena *arena;
    struct error *err;
};

static bool compiles(void *ctx, const char *what, struct str id, struct str body)
{
    struct template_env env = {.plain = true, .no_raw = true};
    struct compiling *c = ctx;
    struct template *t;

    return template_compile(c->arena, &env, id, body, &t, c->err) ||
        error_prefix(c->err, "%s %.*s", what, STR(id));
}

static bool check(struct cli *c, struct error *err)
{
    struct compiling compiling = {c->arena, err};
    struct pack p = {0};
    struct json *doc;
    struct str text;

    if (!read_file(c, c->words[0].ptr, &text, err))
        return false;
    if (!yaml_parse(c->arena, text, &doc, err) || !pack_read(c->arena, doc, yaml_line, &p, err) ||
        !pack_each_template(&p, compiles, &compiling))
        return error_prefix(err, "%.*s", STR(c->words[0]));
    printf("%.*s is in order: %zu severities, %zu phases, %zu roles, %zu texts, %zu runbooks\n", STR(p.id),
        p.nseverities, p.nphases, p.nroles, p.ntemplates, p.nrunbooks);
    return true;
}

static bool activate(struct cli *c, struct error *err)
{
    struct json *body = json_object(c->arena), *mapping = json_object(c->arena);
    struct str version = cli_value(c, "version");
    struct answer a;
    int64_t n;

    for (size_t i = 1; i < c->nwords; i++) {
        struct str from, to = str_cut(c->words[i], '=', &from);
        if (!from.len || !to.len)
            return fail(err, MALFORMED, "'%.*s' is not OLD=NEW", STR(c->words[i]));
        json_set_str(c->arena, mapping, from, to);
    }
    if (version.len && !str_int(version, &n))
        return fail_field(err, "version", "must be a number");
    if (version.len)
        json_set_int(c->arena, body, S("version"), n);
    json_set(body, S("mapping"), mapping);
    if (!api_post(c, pack_path(c, "/activate"), body, &a, err))
        return false;
    if (!api_print_json(c, &a))
        printf("%.*s is in use\n", STR(c->words[0]));
    return true;
}

const struct command cmd_pack_activate = {
    .name = "pack activate", .words = "PACK [OLD=NEW]…", .least = 1, .most = CLI_MAX_WORDS,
    .summary = "Put a policy pack into use", .run = activate,
    .help = "Open incidents, services and routes move to its severities: as OLD=NEW says, others to the\n"
            "same rank.\n\n  tocsin pack activate p0-p4 SEV1=P0 SEV2=P1",
    .options = {{"version", "NUMBER", NULL, NULL, "this version instead of the newest"}, API_OPTIONS, {0}},
};

const struct command cmd_pack_check = {
    .name = "pack check", .words = "FILE", .least = 1, .most = 1,
    .summary = "Check a policy pack in a file; needs no server", .run = check,
    .help = "Errors name the line and the key. packs/README.md explains the keys.",
    .options = {{0}},
};

const struct command cmd_pack_list = {
    .name = "pack list", .words = "", .summary = "List the policy packs", .run = list,
    .options = {API_OPTIONS, {0}},
};

const struct command cmd_pack_show = {
    .name = "pack show", .words = "PACK", .least = 1, .most = 1,
    .summary = "Print a policy pack as YAML, or with --json as JSON", .run = show,
    .options = {{"version", "NUMBER", NULL, "0", "an older version"}, API_OPTIONS, {0}},
};

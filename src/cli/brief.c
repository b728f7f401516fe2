#include "cli/incident.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/text.h"

/* Makes every folder on the way to the file. */
static bool make_folders(struct cli *c, struct str path, struct error *err)
{
    for (size_t i = 1; i < path.len; i++) {
        if (path.ptr[i] != '/')
            continue;
        const char *folder = str_z(c->arena, str_slice(path, 0, i));
        if (mkdir(folder, 0777) != 0 && errno != EEXIST)
            return fail(err, UNAVAILABLE, "cannot create %s: %s", folder, strerror(errno));
    }
    return true;
}

/* A path that the server names stays below the folder that the user named. */
static bool stays_below(struct str path)
{
    struct str part;

    if (!path.len || path.ptr[0] == '/')
        return false;
    while (path.ptr) {
        path = str_cut(path, '/', &part);
        if (!part.len || str_eq(part, S(".")) || str_eq(part, S("..")) || str_contains(part, S("\\")))
            return false;
    }
    return true;
}

static bool save(struct cli *c, struct str text, struct str path, struct error *err)
{
    if (!stays_below(path))
        return fail(err, MALFORMED, "the server names a strange file: %.*s", STR(cli_clean(c->arena, path)));
    struct str to = str_printf(c->arena, "%.*s/%.*s", STR(cli_value(c, "out")), STR(path));
    if (!make_folders(c, to, err))
        return false;
    FILE *f = fopen(to.ptr, "w");
    bool ok = f && fwrite(text.ptr, 1, text.len, f) == text.len;
    if (f && fclose(f) != 0)
        ok = false;
    if (!ok)
        return fail(err, UNAVAILABLE, "cannot write %.*s: %s", STR(to), strerror(errno));
    printf("%.*s\n", STR(to));
    return true;
}

static bool run(struct cli *c, struct error *err)
{
    struct str version = cli_value(c, "version");
    struct answer a;

    if (cli_flag(c, "write") && version.len)
        return fail(err, MALFORMED, "--write and --version exclude each other");
    if (cli_flag(c, "write") && !api_post(c, incident_path(c, "/brief"), json_object(c->arena), &a, err))
        return incident_failed(c, err);
    struct str query = version.len ? str_printf(c->arena, "/brief?version=%.*s", STR(api_escape(c, version))) : S("/brief");
    if (!api_get(c, incident_path(c, query.ptr), &a, err))
        return incident_failed(c, err);
    if (api_print_json(c, &a))
        return true;
    struct str text = json_get_str(a.json, S("document"));
    if (cli_value(c, "out").len)
        return save(c, text, json_get_str(a.json, S("path")), err);
    printf("%.*s", STR(cli_clean_lines(c->arena, text)));
    return true;
}

const struct command cmd_brief = {
    .name = "brief",
    .words = "INCIDENT",
    .least = 1,
    .most = 1,
    .summary = "Print or export an incident's living brief",
    .run = run,
    .help = "The brief is written anew when the incident moves on; one file lives through all of it:\n"
            "DIR/outputs/technical-support-director/skills/incident-management/TIME_TITLE.md.\n\n"
            "  tocsin brief INC-20261121-003 --write --out .",
    .options = {
        {"version", "N", NULL, NULL, "an older version instead of the newest"},
        {"write", NULL, NULL, NULL, "write a new version first, if anything has changed"},
        {"out", "DIR", NULL, NULL, "save it below this folder instead of printing it"},
        API_OPTIONS,
        {0},
    },
};

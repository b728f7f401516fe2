#include "cli/cli.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "db/db.h"
#include "db/migrate.h"
#include "engine/account.h"
#include "engine/pack.h"

static bool set_up(
    struct cli *c, struct db *db, const struct env *env, struct account_init *in, struct error *err)
{
    struct effects fx;
    struct rand rng;
    int64_t number = 0;

    effects_init(&fx, c->arena);
    secret_random(&rng, sizeof rng);
    struct op op = {.db = db,
        .arena = c->arena,
        .now = clock_now(),
        .rng = &rng,
        .last_number = &number,
        .actor = actor_system,
        .env = env,
        .fx = &fx};
    if (!migrate(db, op.now, NULL, err) || !db_begin(db, err))
        return false;
    if (engine_init(&op, in, err) && db_commit(db, err))
        return true;
    db_rollback(db);
    return false;
}

static void report(struct cli *c, const struct installation *i, const struct account_init *in)
{
    struct json *out = json_object(c->arena);
    struct str link = str_printf(
        c->arena, "%.*s/setup/%.*s", STR(cli_value(c, "base-url")), STR(in->setup_token));

    json_set_str(c->arena, out, S("token"), in->token);
    json_set_str(c->arena, out, S("integration_key"), in->integration_key);
    json_set_str(c->arena, out, S("setup_url"), link);
    if (cli_flag(c, "json")) {
        printf("%.*s\n", STR(json_text(c->arena, out)));
        return;
    }
    printf("Set up in %.*s.\n\n  API token        %.*s\n  integration key  %.*s\n\n"
           "They are shown only now. `tocsin serve` prints a one-time link at which the "
           "administrator sets a password.\n",
        STR(i->dir), STR(in->token), STR(in->integration_key));
}

static bool run(struct cli *c, struct error *err)
{
    CLEANUP(installation_close) struct installation i;
    CLEANUP(db_close) struct db *db = NULL;
    CLEANUP(packs_close) struct env env = {0};
    struct account_init in = {.email = cli_value(c, "admin"), .name = cli_value(c, "name"),
        .integration_key = cli_value(c, "integration-key"), .pack = cli_value(c, "pack")};

    if (!in.email.len)
        return fail_field(err, "admin", "is needed: the e-mail address of the first administrator");
    if (!installation_open(c, true, &i, err) ||
        !installation_env(c->arena, &i, cli_value(c, "base-url"), &env, err) ||
        !db_open(&db, i.db_url, DB_WRITE, err) || !set_up(c, db, &env, &in, err))
        return false;
    report(c, &i, &in);
    return true;
}

const struct command cmd_init = {
    .name = "init",
    .words = "",
    .summary = "Create the database and the first administrator",
    .run = run,
    .help = "Prints an administrator's API token and the integration key of a service named\n"
            "`default`; with --json also a one-time link at which the administrator sets a\n"
            "password. The server prints such a link when it starts.",
    .options = {
        {"admin", "EMAIL", NULL, NULL, "e-mail address of the first administrator"},
        {"name", "NAME", NULL, NULL, "their name"},
        {"pack", "ID", NULL, "sev", "policy pack: p0-p3, sev, p0-p4, ics-ru or manager"},
        {"integration-key", "KEY", NULL, NULL,
            "use this key instead of a random one (16 to 128 characters)"},
        CLI_DATA_OPTION,
        CLI_DATABASE_OPTION,
        {"base-url", "URL", "TOCSIN_BASE_URL", "http://127.0.0.1:8080",
            "how people will reach the server"},
        {"json", NULL, NULL, NULL, "print JSON"},
        {0},
    },
};

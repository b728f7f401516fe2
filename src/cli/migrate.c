#include "cli/cli.h"

#include <stdio.h>

#include "base/clock.h"
#include "db/db.h"
#include "db/migrate.h"

static bool run(struct cli *c, struct error *err)
{
    CLEANUP(installation_close) struct installation i;
    CLEANUP(db_close) struct db *db = NULL;
    int applied = 0;

    if (!installation_open(c, true, &i, err) || !db_open(&db, i.db_url, DB_WRITE, err) ||
        !migrate(db, clock_now(), &applied, err))
        return false;
    if (applied)
        printf("%d migrations applied.\n", applied);
    else
        printf("Nothing to do: the schema is current.\n");
    return true;
}

const struct command cmd_migrate = {
    .name = "migrate", .words = "", .summary = "Bring the database's schema up to date", .run = run,
    .help = "`tocsin serve` does the same at its start.",
    .options = {
        CLI_DATA_OPTION,
        CLI_DATABASE_OPTION,
        {0},
    },
};

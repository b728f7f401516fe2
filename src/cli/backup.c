#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "db/migrate.h"

static bool run(struct cli *c, struct error *err)
{
    CLEANUP(installation_close) struct installation i;
    CLEANUP(db_close) struct db *db = NULL;
    struct str to = c->words[0];

    if (!installation_open(c, false, &i, err) || !db_open(&db, i.db_url, DB_READ, err) ||
        !migrate_check(db, err))
        return false;
    if (access(to.ptr, F_OK) == 0)
        return fail(err, CONFLICT, "%.*s exists already; a backup never overwrites", STR(to));
    if (!db_backup(db, to, err))
        return false;
    printf("Copied to %.*s. Keep the file `key` of the data folder with it: "
           "it opens sealed secrets.\n",
        STR(to));
    return true;
}

const struct command cmd_backup = {
    .name = "backup",
    .words = "FILE",
    .least = 1,
    .most = 1,
    .summary = "Copy the SQLite database while the server runs",
    .run = run,
    .options = {
        CLI_DATA_OPTION,
        {"database", "URL", "DATABASE_URL", NULL, "refused: use pg_dump for PostgreSQL"},
        {0},
    },
};

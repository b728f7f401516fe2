#include "cli/cli.h"

#include <stdio.h>

#include "db/db.h"
#include "db/migrate.h"
#include "store/event.h"

static void print_finding(void *ctx, struct str finding)
{
    int *n = ctx;

    printf("%.*s\n", STR(finding));
    ++*n;
}

static bool run(struct cli *c, struct error *err)
{
    CLEANUP(installation_close) struct installation i;
    CLEANUP(db_close) struct db *db = NULL;
    int64_t checked = 0;
    int findings = 0;

    if (!installation_open(c, false, &i, err) || !db_open(&db, i.db_url, DB_READ, err) ||
        !migrate_check(db, err) || !event_verify(db, print_finding, &findings, &checked, err))
        return false;
    if (findings)
        return fail(err, INVALID, "%d of the chains do not hold (%lld events checked)", findings,
            (long long)checked);
    printf("%lld events checked, every chain holds.\n", (long long)checked);
    return true;
}

const struct command cmd_verify = {
    .name = "verify",
    .words = "",
    .summary = "Prove that no event was altered, removed or reordered",
    .run = run,
    .help = "Walks the hash chain of every incident and of everything that was administered,\n"
            "and names the first row of a chain that does not hold. Safe beside a running server.",
    .options = {
        CLI_DATA_OPTION,
        CLI_DATABASE_OPTION,
        {0},
    },
};

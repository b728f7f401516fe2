#include "engines.h"

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "db/migrate.h"
#include "pg.h"

static char folder[64];

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch(struct arena *a, const char *name)
{
    if (!*folder) {
        snprintf(folder, sizeof folder, "/tmp/tocsin-db.XXXXXX");
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
    }
    return str_printf(a, "%s/%s", folder, name).ptr;
}

void engine_run(struct test *t, struct arena *a, enum db_kind kind, bool bare, engine_fn *body)
{
    static int count;
    struct error err = {0};
    struct engine e = {0};

    e.url = kind == DB_POSTGRES ? test_postgres(t, a)
                                : str_from(scratch(a, str_printf(a, "%d.db", ++count).ptr));
    if (!e.url.ptr)
        return;
    REQUIRE_OK(db_open(&e.db, e.url, DB_WRITE, &err));
    if (bare || migrate(e.db, (instant){1}, NULL, &err))
        body(t, a, &e);
    else
        test_fail(t, __FILE__, __LINE__, "%s", err.message);
    db_close(&e.db);
}

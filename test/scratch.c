#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

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

const char *scratch_path(struct arena *a, const char *name)
{
    if (!*folder) {
        const char *in = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
        snprintf(folder, sizeof folder, "%s/tocsin-test.XXXXXX", in);
        if (!mkdtemp(folder))
            abort();
        atexit(remove_folder);
    }
    return str_printf(a, "%s/%s", folder, name).ptr;
}

struct str scratch_database(struct arena *a)
{
    static int count;

    return str_from(scratch_path(a, str_printf(a, "%d.db", ++count).ptr));
}

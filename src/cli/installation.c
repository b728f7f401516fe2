#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embedded.h"
#include "engine/pack.h"
#include "text/language.h"

static bool take_lock(struct installation *i, struct arena *a, struct error *err)
{
    const char *path = str_printf(a, "%.*s/lock", STR(i->dir)).ptr;

    i->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (i->lock < 0)
        return fail(err, UNAVAILABLE, "cannot open %s: %s", path, strerror(errno));
    if (flock(i->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    return fail(err, UNAVAILABLE, "%.*s is in use by another tocsin", STR(i->dir));
}

bool installation_open(struct cli *c, bool exclusive, struct installation *out, struct error *err)
{
    struct str url = cli_value(c, "database");

    *out = (struct installation){.dir = cli_value(c, "data"), .lock = -1};
    if (mkdir(out->dir.ptr, 0700) != 0 && errno != EEXIST)
        return fail(err, UNAVAILABLE, "cannot create %.*s: %s", STR(out->dir), strerror(errno));
    out->db_url = url.len ? url : str_printf(c->arena, "%.*s/tocsin.db", STR(out->dir));
    return !exclusive || take_lock(out, c->arena, err);
}

void installation_close(struct installation *i)
{
    if (i->lock >= 0)
        close(i->lock);
    i->lock = -1;
}

bool installation_env(struct arena *a, const struct installation *i, struct str base_url,
    struct env *out, struct error *err)
{
    struct languages *languages = arena_new(a, struct languages);
    struct secret_key master;
    uint64_t node;

    if (!secret_init(err) ||
        !secret_key_file(str_printf(a, "%.*s/key", STR(i->dir)).ptr, true, &master, err) ||
        !languages_open(a, locale_table, languages, err))
        return false;
    secret_random(&node, sizeof node);
    *out = (struct env){.base_url = base_url,
        .languages = languages,
        .playbooks = runbooks_table,
        .node = str_printf(a, "node-%016llx", (unsigned long long)node),
        .links = secret_key_derive(&master, S("links")),
        .seals = secret_key_derive(&master, S("seals"))};
    secret_wipe(&master, sizeof master);
    return packs_open(out, packs_table, err);
}

#include "pg.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[256]; /* of the server's socket; one server for the whole program */

/* The script's command prints the folder and then lives as long as our end of its input is open. */
static void start(void)
{
    int in[2], out[2];

    if (pipe(in) != 0 || pipe(out) != 0)
        return;
    if (fork() == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
            close(fd);
        execl("test/with-pg.sh", "with-pg.sh", "sh", "-c", "echo \"$TOCSIN_TEST_PG\"; exec cat",
            (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    FILE *answer = fdopen(out[0], "r");
    if (answer && fgets(folder, sizeof folder, answer))
        folder[strcspn(folder, "\n")] = '\0';
}

/* Texts are ordered as people expect, where the server can, and not by their bytes: a query that
 * forgets COLLATE "C" shall be found out. */
static const char *const locales[] = {
    " TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und'", ""};

static bool create(struct arena *a, const char *name, struct test *t)
{
    const char *names[] = {"host", "user", "dbname", NULL};
    const char *values[] = {folder, "postgres", "postgres", NULL};
    PGconn *conn = PQconnectdbParams(names, values, 0);
    PGresult *res = NULL;
    bool ok = false;

    for (size_t i = 0; !ok && i < sizeof locales / sizeof *locales; i++) {
        PQclear(res);
        res = PQexec(conn, str_printf(a, "CREATE DATABASE %s%s", name, locales[i]).ptr);
        ok = PQresultStatus(res) == PGRES_COMMAND_OK;
    }

    if (!ok)
        test_fail(t, __FILE__, __LINE__, "%s", PQerrorMessage(conn));
    PQclear(res);
    PQfinish(conn);
    return ok;
}

struct str test_postgres(struct test *t, struct arena *a)
{
    static int count;
    const char *shared = getenv("TOCSIN_TEST_PG");

    if (shared)
        snprintf(folder, sizeof folder, "%s", shared);
    else if (!*folder)
        start();
    if (!*folder) {
        t->skipped = "PostgreSQL is not installed";
        return STR_NONE;
    }
    struct str name = str_printf(a, "test_%d_%d", (int)getpid(), ++count);
    if (!create(a, name.ptr, t))
        return STR_NONE;
    return str_printf(a, "postgresql:///%.*s?host=%s&user=postgres", STR(name), folder);
}

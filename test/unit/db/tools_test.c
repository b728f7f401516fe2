/* The build's own tools: what they refuse, and that they say where. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "engines.h"

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

/* Runs a tool over one folder; what it complained about. */
static const char *run(
    struct test *t, struct arena *a, const char *tool, const char *folder, int *status)
{
    char *said = arena_alloc(a, 1024, 1);
    const char *out = scratch(a, "out");
    const char *path = getenv(tool);

    if (!path) {
        t->skipped = "meson names the tools";
        return NULL;
    }
    struct str command =
        !strcmp(tool, "SQLGEN")
            ? str_printf(a, "%s %s.h %s.c %s.d %s 2>&1", path, out, out, out, folder)
            : str_printf(a, "%s %s.c %s.d some_table %s 2>&1", path, out, out, folder);
    FILE *f = popen(command.ptr, "r");
    size_t n = fread(said, 1, 1023, f);
    said[n] = '\0';
    *status = WEXITSTATUS(pclose(f));
    return said;
}

TEST(sqlgen_says_what_and_where)
{
    static const struct {
        const char *text, *complaint;
    } cases[] = {
        {"-- x(int a): rows\nSELECT $1;\n", ""},
        {"-- Prose.\n-- x: exec\n-- More prose.\nDELETE FROM t;\n", ""},
        {"-- x: rows\nSELECT 1;\n-- x [postgres]\nSELECT 2;\n", ""},
        {"SELECT 1;\n", "q.sql:1: a statement before the first header"},
        {"-- x(int a)\nSELECT $1;\n", "q.sql:1: a query's header ends in ': rows' or ': exec'"},
        {"-- x: row\nSELECT 1;\n", "q.sql:1: a query's header ends in"},
        {"\n-- x(integer a): rows\nSELECT $1;\n", "q.sql:2: 'integer' is not a type"},
        {"-- x(int): rows\nSELECT $1;\n", "q.sql:1: 'int' is not a parameter"},
        {"-- x(int a: rows\nSELECT $1;\n", "q.sql:1: the parameters do not end in ')'"},
        {"-- x-y: rows\nSELECT 1;\n", "q.sql:1: 'x-y' is not a name"},
        {"-- x: rows\nSELECT 1;\n-- x: rows\nSELECT 1;\n", "q.sql:3: x was already defined at"},
        {"-- x [postgres]\nSELECT 1;\n", "q.sql:1: x is not defined above"},
        {"-- x: rows\nSELECT 1;\n-- x [mysql]\nSELECT 1;\n", "q.sql:3: engines are"},
        {"-- x(int a): rows\nSELECT $2;\n", "q.sql:1: x uses $2, and has 1"},
        {"-- x(int a, int b): rows\nSELECT $1;\n", "q.sql:1: x does not use $2"},
        {"-- x(int a): rows\nSELECT $1;\n-- x [sqlite]\nSELECT 1;\n", "x [sqlite] does not use $1"},
        {"-- x: rows\nSELECT 1\n", "q.sql:1: x does not end in ';'"},
        {"-- x: rows\n", "q.sql:1: x has no statement"},
        {"", "no queries"},
    };

    mkdir(scratch(a, "sql"), 0700);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int status;

        write_file(scratch(a, "sql/q.sql"), cases[i].text);
        const char *said = run(t, a, "SQLGEN", scratch(a, "sql"), &status);
        if (!said)
            return;
        CHECK_INT(status, *cases[i].complaint ? 1 : 0);
        if (!strstr(said, cases[i].complaint))
            test_fail(t, __FILE__, __LINE__, "case %zu says \"%s\"", i, said);
    }
}

/* 48 parameters and 4000 bytes are taken, one more is not. */
TEST(sqlgen_has_limits)
{
    static char text[8192];
    int status;

    mkdir(scratch(a, "limits"), 0700);
    for (int extra = 0; extra < 2; extra++) {
        size_t n = (size_t)snprintf(text, sizeof text, "-- x(");
        for (int i = 1; i <= 48 + extra; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%sint p%d", i > 1 ? ", " : "", i);
        n += (size_t)snprintf(text + n, sizeof text - n, "): rows\nSELECT 0");
        for (int i = 1; i <= 48 + extra; i++)
            n += (size_t)snprintf(text + n, sizeof text - n, " + $%d", i);
        snprintf(text + n, sizeof text - n, ";\n");
        write_file(scratch(a, "limits/q.sql"), text);
        if (!run(t, a, "SQLGEN", scratch(a, "limits"), &status))
            return;
        CHECK_INT(status, extra);

        snprintf(text, sizeof text, "-- x: rows\nSELECT %0*d;\n", 4000 - 7 + extra, 1);
        write_file(scratch(a, "limits/q.sql"), text);
        run(t, a, "SQLGEN", scratch(a, "limits"), &status);
        CHECK_INT(status, extra);
    }
}

TEST(embed_sorts_and_joins_variants)
{
    int status;

    mkdir(scratch(a, "files"), 0700);
    mkdir(scratch(a, "files/mail"), 0700);
    write_file(scratch(a, "files/b.js"), "bb");
    write_file(scratch(a, "files/b.js.gz"), "gz");
    write_file(scratch(a, "files/b.js.br"), "");
    write_file(scratch(a, "files/a.css"), "a");
    write_file(scratch(a, "files/mail/page.txt"), "page");
    write_file(scratch(a, "files/.hidden"), "x");
    write_file(scratch(a, "files/a.css~"), "x");
    const char *said = run(t, a, "EMBED", scratch(a, "files"), &status);
    if (!said)
        return;
    CHECK_INT(status, 0);
    CHECK_STR(str_from(said), S(""));
    struct str c = test_read_file(a, scratch(a, "out.c"));
    CHECK(str_contains(
        c, S("    {.name = {\"a.css\", 5}, .data = {some_table_0, 1}},\n"
             "    {.name = {\"b.js\", 4}, .data = {some_table_1, 2}, .br = {some_table_2, 0},"
             " .gz = {some_table_3, 2}},\n"
             "    {.name = {\"mail/page.txt\", 13}, .data = {some_table_4, 4}},\n"
             "    {.name = {0}},\n")));
    said = run(t, a, "EMBED", scratch(a, "missing"), &status);
    CHECK_INT(status, 1);
    CHECK(strstr(said, "No such file"));
}

/* Turns named queries into an enumeration and a table (src/db/query.h):
 *
 *     sqlgen OUTPUT.h OUTPUT.c DEPFILE FOLDER
 *
 * A query is a header and one statement that ends in ';':
 *
 *     -- alert_page(text service_id?, int before, int limit): rows
 *     SELECT … WHERE service_id = $1 AND id < $2 …;
 *
 * Types are `int` and `text`; '?' says that NULL makes sense and is for the reader. `rows` returns
 * rows, `exec` none. The same name headed `-- alert_page [postgres]` (or [sqlite]) replaces the
 * text on that engine. Comments begin with a capital letter, so a misspelt header is no comment. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define MAX_PARAMS 48
#define MAX_SQL 4000 /* a C compiler need not take more than 4095 bytes in one string */

enum engine { SQLITE, POSTGRES, ENGINES };
static const char *const engine_names[ENGINES] = {"sqlite", "postgres"};

struct query {
    char *name;
    char *signature; /* as written, for the comment in the header */
    char params[MAX_PARAMS + 1];
    bool rows;
    const char *path;
    int line;
    char *common;
    char *own[ENGINES];
};

struct queries {
    struct query *v;
    size_t n;
};

struct cursor {
    const char *path;
    int line;
    char *next;
};

#define FAIL(c, ...) (fprintf(stderr, "%s:%d: ", (c)->path, (c)->line), die(__VA_ARGS__))

static bool is_name(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!islower((unsigned char)s[i]) &&
            (i == 0 || (!isdigit((unsigned char)s[i]) && s[i] != '_')))
            return false;
    return n > 0;
}

static struct query *find(const struct queries *all, const char *name)
{
    for (size_t i = 0; i < all->n; i++)
        if (!strcmp(all->v[i].name, name))
            return &all->v[i];
    return NULL;
}

/* Next line, without its end; NULL after the last. */
static char *line_of(struct cursor *c)
{
    char *line = c->next, *end;

    if (!line || !*line)
        return NULL;
    c->line++;
    end = strchr(line, '\n');
    c->next = end ? end + 1 : NULL;
    if (end)
        *end = '\0';
    return line;
}

/* "text id, int limit?" → "ti" */
static void read_params(struct cursor *c, struct query *q, char *list)
{
    size_t n = 0;

    for (char *save, *p = list; p; p = save) {
        save = strchr(p, ',');
        if (save)
            *save++ = '\0';
        p += *p == ' ';
        char *space = strchr(p, ' ');
        size_t len = space ? strlen(space + 1) : 0;

        if (len && space[len] == '?')
            len--;
        if (!space || !is_name(space + 1, len))
            FAIL(c, "'%s' is not a parameter; write 'int NAME' or 'text NAME?'", p);
        *space = '\0';
        if (strcmp(p, "int") && strcmp(p, "text"))
            FAIL(c, "'%s' is not a type; there are int and text", p);
        if (n == MAX_PARAMS)
            FAIL(c, "more than %d parameters", MAX_PARAMS);
        q->params[n++] = *p;
    }
}

/* "alert_get(text id): rows" */
static struct query *read_header(struct cursor *c, struct queries *all, char *header)
{
    struct query q = {.path = c->path, .line = c->line, .signature = strdup(header)};
    char *colon = strrchr(header, ':'), *open = strchr(header, '('), *end;

    if (!colon || (strcmp(colon, ": rows") && strcmp(colon, ": exec")))
        FAIL(c, "a query's header ends in ': rows' or ': exec', a comment begins with a capital "
                "letter");
    q.rows = !strcmp(colon, ": rows");
    *colon = '\0';
    end = header + strlen(header);
    if (open) {
        if (end[-1] != ')')
            FAIL(c, "the parameters do not end in ')'");
        *open = end[-1] = '\0';
        read_params(c, &q, open + 1);
    }
    if (!is_name(header, strlen(header)))
        FAIL(c, "'%s' is not a name: use a-z, 0-9 and _", header);
    q.name = header;
    struct query *before = find(all, q.name);
    if (before)
        FAIL(c, "%s was already defined at %s:%d", q.name, before->path, before->line);
    all->v = reallocarray(all->v, all->n + 1, sizeof q);
    if (!all->v || !q.signature)
        die("out of memory");
    all->v[all->n] = q;
    return &all->v[all->n++];
}

/* "alert_get [postgres]": where its text goes. */
static char **read_override(struct cursor *c, struct queries *all, char *header, char *bracket)
{
    *bracket = '\0';
    struct query *q = find(all, header);
    if (!q)
        FAIL(c, "%s is not defined above", header);
    for (int e = 0; e < ENGINES; e++) {
        size_t n = strlen(engine_names[e]);
        char *name = bracket + strlen(" [");

        if (strncmp(name, engine_names[e], n) || strcmp(name + n, "]"))
            continue;
        if (q->own[e])
            FAIL(c, "%s has a text for %s already", header, engine_names[e]);
        return &q->own[e];
    }
    FAIL(c, "engines are [sqlite] and [postgres]");
    return NULL;
}

static void append(char **text, const char *line)
{
    size_t have = *text ? strlen(*text) : 0, more = strlen(line);

    *text = realloc(*text, have + more + 2);
    if (!*text)
        die("out of memory");
    memcpy(*text + have, line, more);
    memcpy(*text + have + more, "\n", 2);
}

static void read_file(struct queries *all, const struct file *f)
{
    struct cursor c = {.path = f->path, .next = f->data};
    size_t current = 0;
    char **text = NULL;

    for (char *line; (line = line_of(&c));) {
        char *bracket;

        if (!strncmp(line, "--", 2)) {
            char *header = line + 2 + (line[2] == ' ');

            if (!*header || isupper((unsigned char)*header))
                continue;
            bracket = strstr(header, " [");
            if (bracket) {
                text = read_override(&c, all, header, bracket);
                continue;
            }
            current = (size_t)(read_header(&c, all, header) - all->v);
            text = &all->v[current].common;
        } else if (*line) {
            if (!text)
                FAIL(&c, "a statement before the first header");
            append(text, line);
        }
    }
}

/* One statement, its ';' taken off; every parameter is used, and no other. */
static void check_text(const struct query *q, char *sql, const char *what)
{
    struct cursor c = {.path = q->path, .line = q->line};
    bool used[MAX_PARAMS + 1] = {0};
    size_t n = strlen(q->params), len = sql ? strlen(sql) : 0;

    if (!sql)
        FAIL(&c, "%s%s has no statement", q->name, what);
    while (len && isspace((unsigned char)sql[len - 1]))
        sql[--len] = '\0';
    if (!len || sql[len - 1] != ';')
        FAIL(&c, "%s%s does not end in ';'", q->name, what);
    sql[--len] = '\0';
    if (len > MAX_SQL)
        FAIL(&c, "%s%s is longer than %d bytes", q->name, what, MAX_SQL);
    for (const char *p = sql; (p = strchr(p, '$')); p++) {
        size_t i = 0;

        for (const char *d = p + 1; isdigit((unsigned char)*d) && i <= MAX_PARAMS; d++)
            i = i * 10 + (size_t)(*d - '0');
        if (i < 1 || i > n)
            FAIL(&c, "%s%s uses $%zu, and has %zu parameters", q->name, what, i, n);
        used[i] = true;
    }
    for (size_t i = 1; i <= n; i++)
        if (!used[i])
            FAIL(&c, "%s%s does not use $%zu", q->name, what, i);
}

static void check(const struct query *q)
{
    if (!q->own[SQLITE] || !q->own[POSTGRES])
        check_text(q, q->common, "");
    for (int e = 0; e < ENGINES; e++)
        if (q->own[e])
            check_text(q, q->own[e], e == SQLITE ? " [sqlite]" : " [postgres]");
}

static void emit_header(FILE *out, const struct queries *all)
{
    fputs("/* Made by tools/sqlgen.c from the named queries. */\n#pragma once\n\nenum query {\n",
        out);
    for (size_t i = 0; i < all->n; i++) {
        fputs("    Q_", out);
        for (const char *p = all->v[i].name; *p; p++)
            fputc(toupper((unsigned char)*p), out);
        fprintf(out, ", /* %s */\n", all->v[i].signature);
    }
    fputs("    Q_COUNT\n};\n", out);
}

static void emit_string(FILE *out, const char *s)
{
    fputs("\"", out);
    for (; *s; s++) {
        if (*s == '\n')
            fputs("\\n\"\n         \"", out);
        else if (*s == '"' || *s == '\\' || *s == '?')
            fprintf(out, "\\%c", *s);
        else
            fputc(*s, out);
    }
    fputs("\"", out);
}

static void emit_table(FILE *out, const struct queries *all)
{
    fputs("/* Made by tools/sqlgen.c from the named queries. */\n#include \"db/query.h\"\n\n"
          "const struct query_text query_table[] = {\n",
        out);
    for (size_t i = 0; i < all->n; i++) {
        const struct query *q = &all->v[i];
        const char *slash = strrchr(q->path, '/');

        fprintf(out, "    {\"%s\", \"%s\",\n        {", q->name, q->params);
        emit_string(out, q->own[SQLITE] ? q->own[SQLITE] : q->common);
        fputs(",\n         ", out);
        emit_string(out, q->own[POSTGRES] ? q->own[POSTGRES] : q->common);
        fprintf(
            out, "},\n        \"%s:%d\", %d},\n", slash ? slash + 1 : q->path, q->line, q->rows);
    }
    fprintf(out, "};\nconst size_t query_count = %zu;\n", all->n);
}

int main(int argc, char **argv)
{
    struct queries all = {0};
    struct files f = {0};

    if (argc != 5)
        die("usage: sqlgen OUTPUT.h OUTPUT.c DEPFILE FOLDER");
    files_add(&f, argv[4], ".sql");
    files_sort(&f);
    for (size_t i = 0; i < f.n; i++)
        read_file(&all, &f.v[i]);
    for (size_t i = 0; i < all.n; i++)
        check(&all.v[i]);
    if (!all.n)
        die("%s: no queries", argv[4]);

    FILE *out = output_open(argv[1]);
    emit_header(out, &all);
    output_close(out, argv[1]);
    out = output_open(argv[2]);
    emit_table(out, &all);
    output_close(out, argv[2]);
    depfile_write(argv[3], argv[1], &f);
    return 0;
}

/* Runs every scenario of this folder, each on SQLite and on PostgreSQL: both must end with the same
 * rows. One test per file; its name is the file's. */
#include <glob.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "scenario.h"

bool scenario_fail(struct scenario *s, const char *fmt, ...)
{
    char text[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    test_fail(
        s->t, s->file, s->line, "%s: %s", s->w->kind == DB_POSTGRES ? "postgres" : "sqlite", text);
    return false;
}

/* --- words --- */

/* Splits at white space; "…" is one word, kept with its first quote as a mark. */
static bool split(struct scenario *s, struct str line)
{
    size_t i = 0;

    s->n = 0;
    while (i < line.len) {
        if (line.ptr[i] == ' ' || line.ptr[i] == '\t') {
            i++;
            continue;
        }
        if (line.ptr[i] == '#' && (i + 1 == line.len || line.ptr[i + 1] == ' '))
            break;
        size_t from = i;
        if (line.ptr[i] == '"') {
            size_t end = str_find(str_slice(line, i + 1, line.len), '"');
            i += end + 2;
            s->words[s->n++] = str_slice(line, from, i - 1);
        } else {
            while (i < line.len && line.ptr[i] != ' ' && line.ptr[i] != '\t')
                i++;
            s->words[s->n++] = str_slice(line, from, i);
        }
        if (s->n == MAX_WORDS)
            return scenario_fail(s, "the line has too many words");
    }
    return true;
}

struct str word_after(const struct scenario *s, size_t from, const char *name)
{
    for (size_t i = from; i + 1 < s->n; i++)
        if (str_eq(s->words[i], str_from(name)))
            return s->words[i + 1];
    return STR_NONE;
}

bool has_word(const struct scenario *s, size_t from, const char *name)
{
    for (size_t i = from; i < s->n; i++)
        if (str_eq(s->words[i], str_from(name)))
            return true;
    return false;
}

struct str quoted(const struct scenario *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_starts(s->words[i], S("\"")))
            return str_slice(s->words[i], 1, s->words[i].len);
    return STR_NONE;
}

struct str value_of(struct scenario *s, const char *fmt, ...)
{
    char sql[1024];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(sql, sizeof sql, fmt, ap);
    va_end(ap);
    return str_trim(raw_rows(s->w->raw, s->arena, sql));
}

struct str user_id(struct scenario *s, struct str name)
{
    return value_of(s, "SELECT id FROM account WHERE name = '%.*s'", STR(name));
}

struct str endpoint_id(struct scenario *s, struct str name)
{
    return value_of(s, "SELECT id FROM endpoint WHERE name = '%.*s'", STR(name));
}

struct str incident_ref(struct scenario *s)
{
    for (size_t i = 1; i < s->n; i++) {
        int64_t n;
        if (str_starts(s->words[i], S("#")) &&
            str_int(str_slice(s->words[i], 1, s->words[i].len), &n) && n > 0)
            return value_of(s,
                "SELECT i.number FROM incident i JOIN event e ON e.subject = i.id"
                " AND e.number = 1 ORDER BY e.seq LIMIT 1 OFFSET %lld",
                (long long)n - 1);
    }
    return value_of(s,
        "SELECT i.number FROM incident i JOIN event e ON e.subject = i.id AND e.number = 1"
        " ORDER BY e.seq DESC LIMIT 1");
}

static bool duration(struct str text, int64_t *us)
{
    bool back = str_starts(text, S("-"));

    if (!duration_parse(back || str_starts(text, S("+")) ? str_slice(text, 1, text.len) : text, us))
        return false;
    *us = back ? -*us : *us;
    return true;
}

instant time_after(struct scenario *s, const char *name)
{
    struct str text = word_after(s, 1, name);
    int64_t us;

    return text.ptr && duration(text, &us) ? instant_add(s->w->now, us) : (instant){0};
}

/* --- one file --- */

/* "+5m" at the beginning of a line lets time pass before the rest of it. */
static bool pass_time(struct scenario *s)
{
    int64_t us;

    if (!s->n || !str_starts(s->words[0], S("+")) || !duration(s->words[0], &us))
        return true;
    memmove(s->words, s->words + 1, --s->n * sizeof *s->words);
    return world_until(s->w, instant_add(s->w->now, us)) && world_check(s->w);
}

static bool run_line(struct scenario *s, struct str line)
{
    struct error err = {0};
    struct str kind = STR_NONE;

    if (!split(s, line) || !pass_time(s))
        return false;
    if (!s->n)
        return true;
    if (str_eq(s->words[0], S("expect")))
        return scenario_expect(s);
    if (str_eq(s->words[0], S("fails"))) {
        kind = s->words[1];
        s->n -= 2;
        memmove(s->words, s->words + 2, s->n * sizeof *s->words);
    }
    bool ok = scenario_do(s, &err);
    if (kind.ptr && ok)
        return scenario_fail(s, "this was to fail as %.*s, and did not", STR(kind));
    if (kind.ptr && !str_eq(kind, str_from(error_slug(err.kind))))
        return scenario_fail(
            s, "this failed as %s, not as %.*s: %s", error_slug(err.kind), STR(kind), err.message);
    if (!kind.ptr && !ok)
        return scenario_fail(s, "%s %s (%s)", err.message, err.nfields ? err.fields[0].message : "",
            err.origin ? err.origin : "?");
    return world_check(s->w) || scenario_fail(s, "after this line");
}

static struct str run_on(struct test *t, struct arena *a, enum db_kind kind, struct str text)
{
    struct scenario s = {.t = t, .arena = a, .file = t->name, .w = world_new(t, a, kind)};
    struct str dump = STR_NONE, line;
    bool ok = s.w;

    while (ok && text.ptr) {
        text = str_cut(text, '\n', &line);
        s.line++;
        ok = run_line(&s, line);
    }
    s.n = 2; /* nothing was sent that nobody expected */
    s.words[0] = S("expect");
    s.words[1] = S("quiet");
    if (ok && scenario_expect(&s) && world_chains(s.w))
        dump = world_dump(s.w, a);
    world_free(s.w);
    return dump;
}

static void compare(struct test *t, struct str lite, struct str pg)
{
    struct str table = S("?"), left, right;

    while (lite.ptr && pg.ptr) {
        lite = str_cut(lite, '\n', &left);
        pg = str_cut(pg, '\n', &right);
        if (str_starts(left, S("# ")))
            table = left;
        if (str_eq(left, right))
            continue;
        test_fail(t, t->name, 0, "the engines differ in %.*s:\nsqlite   %.*s\npostgres %.*s",
            STR(table), STR(left), STR(right));
        return;
    }
}

static void run_file(struct test *t, struct arena *a)
{
    struct str text = test_read_file(a, t->name);
    struct str lite = run_on(t, a, DB_SQLITE, text);

    if (!lite.ptr)
        return;
    struct str pg = run_on(t, a, DB_POSTGRES, text);
    if (pg.ptr)
        compare(t, lite, pg);
}

__attribute__((constructor)) static void find_files(void)
{
    static glob_t found; /* its names live as long as the program */

    if (glob("test/scenario/*.scn", 0, NULL, &found) != 0)
        abort();
    struct test *tests = calloc(found.gl_pathc, sizeof *tests);
    for (size_t i = 0; tests && i < found.gl_pathc; i++) {
        tests[i] = (struct test){.name = found.gl_pathv[i], .run = run_file};
        test_register(&tests[i]);
    }
}

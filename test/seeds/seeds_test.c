/* The tables beside this file, held against the packs, the tests and the documents themselves. */
#include "test.h"

#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/time.h"
#include "domain/pack.h"
#include "domain/pack_diff.h"
#include "text/yaml.h"

#define MAX_LINES 1000

struct seed {
    struct test *t;
    struct arena *a;
    const char *file; /* the table */
    const struct json *pack;
    int line;         /* of the table */
    int rows, checks, pending;
    struct buf waiting; /* features that are pending, as far as they are few */
    bool covered[MAX_LINES];
};

static void wrong(struct seed *s, const char *what, struct str about)
{
    test_fail(s->t, s->file, s->line, "%s: %.*s", what, STR(about));
}

/* --- values of a pack --- */

static const struct json *entry(const struct json *list, struct str handle)
{
    static const char *const keys[] = {"id", "status", "metric", "name", "text"};
    int64_t n;

    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        for (const struct json *v = list ? list->first : NULL; v; v = v->next)
            if (str_eq(json_get_str(v, str_from(keys[k])), handle))
                return v;
    if (!list || !str_int(handle, &n))
        return NULL;
    const struct json *v = list->first;
    while (v && n-- > 0)
        v = v->next;
    return v;
}

/* `severities[P0].respond`; NULL if the path leads nowhere. */
static const struct json *at(const struct json *v, struct str path)
{
    while (v && path.len) {
        size_t n = 0;
        if (path.ptr[0] == '[') {
            n = str_find(path, ']');
            v = entry(v, str_slice(path, 1, n));
            path = str_slice(path, n + 1, path.len);
        } else {
            path = path.ptr[0] == '.' ? str_slice(path, 1, path.len) : path;
            while (n < path.len && path.ptr[n] != '.' && path.ptr[n] != '[')
                n++;
            v = json_get(v, str_slice(path, 0, n));
            path = str_slice(path, n, path.len);
        }
    }
    return v;
}

static struct str shown(struct arena *a, const struct json *v)
{
    struct buf b;

    if (json_is(v, JSON_NULL))
        return S("none");
    if (json_is(v, JSON_TRUE) || json_is(v, JSON_FALSE))
        return json_is(v, JSON_TRUE) ? S("true") : S("false");
    if (!json_is(v, JSON_ARRAY))
        return v->text;
    buf_init(&b, a, 20000);
    for (const struct json *e = v->first; e; e = e->next)
        buf_printf(&b, "%s%.*s", e == v->first ? "" : ", ", STR(shown(a, e)));
    return buf_str(&b);
}

/* 48h is 2d; "15m to 30m" is the same range however it is written. */
static bool same(struct str got, struct str want)
{
    struct str g, w;
    int64_t x, y;

    if (str_eq(got, want))
        return true;
    got = str_cut(got, ' ', &g);
    want = str_cut(want, ' ', &w);
    if (!duration_parse(g, &x) || !duration_parse(w, &y) || x != y)
        return false;
    return (!got.ptr && !want.ptr) ||
        (str_starts(got, S("to ")) && str_starts(want, S("to ")) &&
            same(str_slice(got, 3, got.len), str_slice(want, 3, want.len)));
}

/* Cuts at the first " X " where X is one of the operators; 0 if there is none. */
static char operator_of(struct str s, struct str *path, struct str *value)
{
    for (size_t i = 1; i + 2 < s.len; i++)
        if (s.ptr[i - 1] == ' ' && s.ptr[i + 1] == ' ' && strchr("=#~", s.ptr[i])) {
            *path = str_trim(str_slice(s, 0, i));
            *value = str_trim(str_slice(s, i + 2, s.len));
            return s.ptr[i];
        }
    return 0;
}

static void check_value(struct seed *s, char op, struct str path, struct str want)
{
    const struct json *v = at(s->pack, path);
    int64_t n;

    if (!v) {
        wrong(s, "the pack has nothing at", path);
        return;
    }
    if (op == '#') {
        if (!str_int(want, &n) || !json_is(v, JSON_ARRAY) || v->count != n)
            test_fail(s->t, s->file, s->line, "%.*s has %u entries, not %.*s", STR(path), v->count, STR(want));
        return;
    }
    struct str got = shown(s->a, v);
    if (op == '=' ? !same(got, want) : !str_contains(got, want))
        test_fail(s->t, s->file, s->line, "%.*s is \"%.*s\", not \"%.*s\"", STR(path), STR(str_slice(got, 0, 200)),
            STR(want));
}

/* --- rows --- */

static void check_test(struct seed *s, struct str rest)
{
    struct str file, name = str_cut(rest, ' ', &file);
    struct str text = test_read_file(s->a, str_printf(s->a, "test/%.*s", STR(file)).ptr);

    if (!str_contains(text, str_printf(s->a, "TEST(%.*s)", STR(str_trim(name)))))
        wrong(s, "there is no such test", rest);
}

static void check_one(struct seed *s, struct str one)
{
    struct str path, value;
    char op = operator_of(one, &path, &value);

    if (op) {
        check_value(s, op, path, value);
    } else if (str_starts(one, S("scn "))) {
        if (access(str_printf(s->a, "test/scenario/%.*s.scn", STR(str_slice(one, 4, one.len))).ptr, R_OK) != 0)
            wrong(s, "there is no such scenario", one);
    } else if (str_starts(one, S("test "))) {
        check_test(s, str_slice(one, 5, one.len));
    } else if (str_starts(one, S("pending ")) && one.len > 8) {
        struct str feature = str_slice(one, 8, one.len);
        s->pending++;
        if (!str_contains(buf_str(&s->waiting), feature))
            buf_printf(&s->waiting, " %.*s", STR(feature));
    } else if (!str_eq(one, S("words"))) {
        wrong(s, "this shows nothing", one);
    }
    s->checks += !str_eq(one, S("words"));
}

static void cover(struct seed *s, struct str lines)
{
    struct str first, last = str_cut(lines, '-', &first);
    int64_t from, to;

    if (!str_int(first, &from) || !str_int(last.ptr ? last : first, &to) || from < 1 || to < from || to >= MAX_LINES) {
        wrong(s, "these are no lines", lines);
        return;
    }
    for (int64_t i = from; i <= to; i++)
        s->covered[i] = true;
}

/* | lines | demand | shown by | */
static void check_row(struct seed *s, struct str row)
{
    struct str lines, demand, by, one;

    row = str_cut(str_slice(row, 1, row.len), '|', &lines);
    row = str_cut(row, '|', &demand);
    str_cut(row, '|', &by);
    by = str_trim(by);
    if (!str_trim(demand).len || !by.len) {
        wrong(s, "a demand that nothing shows", str_trim(demand));
        return;
    }
    cover(s, str_trim(lines));
    s->rows++;
    while (by.ptr) {
        by = str_cut(by, ';', &one);
        check_one(s, str_trim(one));
    }
}

static bool read_table(struct seed *s, struct test *t, struct arena *a, const char *table)
{
    struct str rest = test_read_file(a, str_printf(a, "test/seeds/%s.md", table).ptr), line;

    s->t = t;
    s->a = a;
    s->file = str_printf(a, "test/seeds/%s.md", table).ptr;
    buf_init(&s->waiting, a, 4000);
    while (rest.ptr) {
        rest = str_cut(rest, '\n', &line);
        s->line++;
        if (line.len > 2 && line.ptr[0] == '|' && line.ptr[2] >= '0' && line.ptr[2] <= '9')
            check_row(s, line);
    }
    return s->rows > 0;
}

static void check(struct test *t, struct arena *a, const char *table, const char *pack)
{
    struct seed s = {0};
    struct pack p;
    struct json *doc;
    struct error err = {0};

    REQUIRE_OK(yaml_parse(a, test_read_file(a, str_printf(a, "packs/%s.yaml", pack).ptr), &doc, &err));
    REQUIRE_OK(pack_read(a, doc, yaml_line, &p, &err));
    s.pack = pack_json(a, &p);
    REQUIRE(read_table(&s, t, a, table));
    printf("%s: %d demands shown in %d ways, %d of them pending:%.*s\n", table, s.rows, s.checks, s.pending,
        STR(s.pending ? buf_str(&s.waiting) : S(" none")));
}

TEST(p0_p3)
{
    check(t, a, "0-p0-p3", "p0-p3");
}

TEST(sev)
{
    check(t, a, "1-sev", "sev");
}

TEST(p0_p4)
{
    check(t, a, "2-p0-p4", "p0-p4");
}

TEST(ics_ru)
{
    check(t, a, "3-ics-ru", "ics-ru");
}

TEST(manager)
{
    check(t, a, "4-manager", "manager");
}

/* No line of a document that says something is left out of its table. */
TEST(every_line_of_every_document)
{
    static const struct {
        const char *table, *pack, *document;
    } all[] = {
        {"0-p0-p3", "p0-p3", "0-incident-management-framework.md"},
        {"1-sev", "sev", "1-incident-management-sev.md"},
        {"2-p0-p4", "p0-p4", "2-incident-response.md"},
        {"3-ics-ru", "ics-ru", "3-incident-command-ru.md"},
        {"4-manager", "manager", "4-incident-manager.md"},
    };

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *path = test_data(t, a, str_printf(a, "../seeds/%s", all[i].document).ptr);
        struct seed s = {0};
        struct pack p;
        struct json *doc;
        struct error err = {0};
        if (!path)
            return;
        REQUIRE_OK(yaml_parse(a, test_read_file(a, str_printf(a, "packs/%s.yaml", all[i].pack).ptr), &doc, &err));
        REQUIRE_OK(pack_read(a, doc, yaml_line, &p, &err));
        s.pack = pack_json(a, &p);
        REQUIRE(read_table(&s, t, a, all[i].table));
        struct str rest = test_read_file(a, path), line;
        for (int n = 1; rest.ptr && n < MAX_LINES; n++) {
            rest = str_cut(rest, '\n', &line);
            if (!s.covered[n] && str_trim(line).len && !str_eq(str_trim(line), S("---")) &&
                !str_starts(str_trim(line), S("```")))
                test_fail(t, path, n, "no row is about this line: %.*s", STR(str_slice(line, 0, 100)));
        }
    }
}

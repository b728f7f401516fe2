#include "cli/table.h"

#include "cli/text.h"
#include "text/language.h"

#define MAX_COLUMNS 12
#define MAX_CELL 65536
#define GAP 2 /* between columns */

static const char *const codes[] = {
    [PAINT_NONE] = "",
    [PAINT_DIM] = "\033[2m",
    [PAINT_BOLD] = "\033[1m",
    [PAINT_RED] = "\033[1;31m",
    [PAINT_YELLOW] = "\033[33m",
    [PAINT_BLUE] = "\033[34m",
    [PAINT_GREEN] = "\033[32m",
};

void table_paint(struct cli *c, enum paint p, struct str s)
{
    bool painted = c->colour && p != PAINT_NONE;

    printf("%s%.*s%s", painted ? codes[p] : "", STR(s), painted ? "\033[0m" : "");
}

/* "incident.number" → the member of the member. */
static const struct json *member(const struct json *row, const char *key)
{
    struct str rest = str_from(key), part;

    while (rest.ptr && row) {
        rest = str_cut(rest, '.', &part);
        row = json_get(row, part);
    }
    return row;
}

enum space { SHORT, LONG }; /* a cell, or a line of its own */

static struct str text_of(struct cli *c, struct str key, const struct json *v, enum space space);

static struct str list_text(struct cli *c, const struct json *list)
{
    struct buf out;

    buf_init(&out, c->arena, MAX_CELL);
    for (const struct json *e = list->first; e; e = e->next) {
        struct str one = text_of(c, S(""), e, SHORT);
        if (!one.len)
            continue;
        if (out.len)
            buf_add(&out, S(", "));
        buf_add(&out, one);
    }
    return buf_str(&out);
}

static struct str object_text(struct cli *c, const struct json *v)
{
    static const char *const names[] = {"name", "number", "address", "title", "id"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct json *m = json_get(v, str_from(names[i]));
        if (json_str(m).len)
            return text_of(c, S(""), m, SHORT);
    }
    return STR_NONE;
}

static struct str text_of(struct cli *c, struct str key, const struct json *v, enum space space)
{
    instant at;
    int64_t n;

    switch (v ? v->type : JSON_NULL) {
    case JSON_NULL:
        return STR_NONE;
    case JSON_FALSE:
        return S("no");
    case JSON_TRUE:
        return S("yes");
    case JSON_NUMBER:
        return str_ends(key, S("_us")) && json_int(v, &n) ? cli_span(c->arena, n) : v->text;
    case JSON_STRING:
        if ((str_ends(key, S("_at")) || str_eq(key, S("at"))) && time_parse(v->text, &at))
            return space == LONG ? cli_time(c->arena, at, c->now)
                                 : cli_time_short(c->arena, at, c->now);
        return cli_clean(c->arena, v->text);
    case JSON_ARRAY:
        return list_text(c, v);
    case JSON_OBJECT:
        return object_text(c, v);
    }
    return STR_NONE;
}

static struct str value(struct cli *c, const struct json *row, const char *key, enum space space)
{
    const struct json *v = member(row, key);
    struct str text = text_of(c, str_from(key), v, space);

    return text.len || json_is(v, JSON_STRING) ? text : S("-");
}

struct str table_value(struct cli *c, const struct json *row, const char *key)
{
    return value(c, row, key, LONG);
}

static enum paint severity_paint(const struct json *row)
{
    static const enum paint by_rank[] = {PAINT_NONE, PAINT_RED, PAINT_YELLOW, PAINT_BLUE};
    int64_t rank = 0;

    json_int(json_get(row, S("severity_rank")), &rank);
    return rank > 0 && rank <= 3 ? by_rank[rank] : PAINT_NONE;
}

/* *behind is how many spaces are owed to the cells before; they are paid when something follows. */
static void print_cell(struct cli *c, enum paint p, struct str text, size_t width, size_t *behind)
{
    if (text.len) {
        printf("%*s", (int)*behind, "");
        table_paint(c, p, text);
        *behind = 0;
    }
    *behind += width + GAP - cli_width(text);
}

static size_t count(const struct column *columns)
{
    size_t n = 0;

    while (columns[n].key && n < MAX_COLUMNS)
        n++;
    return n;
}

/* How wide each column has to be; the last takes what the terminal has left. */
static void measure(struct cli *c, const struct json *rows, const struct column *columns, size_t n,
    size_t *widths)
{
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        widths[i] = cli_width(language_text(c->language, columns[i].title));
        for (const struct json *row = rows->first; row; row = row->next) {
            size_t w = cli_width(value(c, row, columns[i].key, SHORT));
            widths[i] = w > widths[i] ? w : widths[i];
        }
        if (i + 1 < n)
            used += widths[i] + GAP;
    }
    if (n && c->width > used + 10 && widths[n - 1] > c->width - used)
        widths[n - 1] = c->width - used;
}

void table_print(
    struct cli *c, const struct json *rows, const struct column *columns, const char *none)
{
    size_t n = count(columns), widths[MAX_COLUMNS];

    if (!json_is(rows, JSON_ARRAY) || !rows->first) {
        printf("%.*s\n", STR(language_text(c->language, none)));
        return;
    }
    measure(c, rows, columns, n, widths);
    size_t behind = 0;
    for (size_t i = 0; i < n; i++)
        print_cell(c, PAINT_DIM, language_text(c->language, columns[i].title), widths[i], &behind);
    putchar('\n');
    for (const struct json *row = rows->first; row; row = row->next) {
        behind = 0;
        for (size_t i = 0; i < n; i++) {
            bool severity = str_eq(str_from(columns[i].key), S("severity"));
            print_cell(c, severity ? severity_paint(row) : PAINT_NONE,
                cli_fit(c->arena, value(c, row, columns[i].key, SHORT), widths[i]), widths[i],
                &behind);
        }
        putchar('\n');
    }
}

void table_print_object(struct cli *c, const struct json *object, const struct column *lines)
{
    size_t width = 0;

    for (const struct column *l = lines; l->key; l++)
        if (member(object, l->key) && cli_width(language_text(c->language, l->title)) > width)
            width = cli_width(language_text(c->language, l->title));
    for (const struct column *l = lines; l->key; l++) {
        struct str text = table_value(c, object, l->key);
        size_t behind = 0;
        if (!text.len || str_eq(text, S("-")))
            continue;
        print_cell(c, PAINT_DIM, language_text(c->language, l->title), width, &behind);
        printf("%*s%.*s\n", (int)behind, "", STR(text));
    }
}

/* The compiler: one pass over the source from tag to tag, pushing nodes. A tag that stands alone on
 * its line takes the line with it, as the specification asks, unless it prints something. */
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "text/mustache_node.h"

struct compiler {
    struct arena *arena;
    const struct template_env *env;
    struct error *err;
    struct template *compiled;
    size_t nodes; /* of all templates */
    int depth;    /* of partials in partials */
    void (*each)(void *ctx, struct str msgid, int line); /* extraction instead of compilation */
    void *each_ctx;
};

/* One text on its way into a template: a source, or a translation that takes a source's place. */
struct scan {
    struct compiler *c;
    struct template *t;
    struct str text;
    size_t pos;
    int line;
    struct str open, close;   /* delimiters in force */
    bool inlined;             /* a translation: its beginning is not the beginning of a line */
    size_t outer;             /* sections already open around it */
    size_t sections[MUSTACHE_MAX_DEPTH]; /* open ones: indexes of their nodes */
    size_t nsections;
};

struct tag {
    char kind;         /* one of # ^ / > ! & = { or 0 for a plain name */
    struct str name;   /* what is between the delimiters, trimmed */
    size_t start, end; /* of the whole tag in the text */
    int line;
};

#define complain(s, at_line, fmt, ...)                                                             \
    fail((s)->c->err, INVALID, "%.*s:%d: " fmt, STR((s)->t->name), (at_line), __VA_ARGS__)

static size_t find(struct str text, size_t from, struct str what)
{
    const char *p = text.len > from
        ? memmem(text.ptr + from, text.len - from, what.ptr, what.len) : NULL;

    return p ? (size_t)(p - text.ptr) : text.len;
}

static int newlines(struct str text, size_t from, size_t to)
{
    int n = 0;

    for (size_t i = from; i < to; i++)
        n += text.ptr[i] == '\n';
    return n;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool push(struct scan *s, struct node node)
{
    struct template *t = s->t;

    if (s->c->nodes == MUSTACHE_MAX_NODES)
        return complain(s, node.line, "more than %d nodes", MUSTACHE_MAX_NODES);
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 2 : 16;
        t->nodes = arena_grow(s->c->arena, t->nodes, t->capacity * sizeof *t->nodes,
            capacity * sizeof *t->nodes);
        t->capacity = capacity;
    }
    t->nodes[t->count++] = node;
    s->c->nodes++;
    return true;
}

/* An empty text is kept where a line starts: a partial's indent must have its place. */
static bool push_text(struct scan *s, size_t from, size_t to)
{
    bool line_start = from ? s->text.ptr[from - 1] == '\n' : !s->inlined;

    if (from == to && !line_start)
        return true;
    return push(s, (struct node){.kind = NODE_TEXT, .line_start = line_start, .line = s->line,
        .text = str_slice(s->text, from, to)});
}

/* Where the closing delimiter begins; {{{name}}} and {{=a b=}} have one more before it. */
static size_t find_close(const struct scan *s, size_t from, char extra)
{
    size_t at = find(s->text, from, s->close);

    if (!extra)
        return at;
    for (at = from; at < s->text.len; at++)
        if (s->text.ptr[at] == extra &&
            str_starts(str_slice(s->text, at + 1, s->text.len), s->close))
            break;
    return at;
}

/* Reads the tag whose opening delimiter is at `start`. */
static bool read_tag(struct scan *s, size_t start, int line, struct tag *out)
{
    size_t from = start + s->open.len;
    char kind = from < s->text.len ? s->text.ptr[from] : '\0';

    if (kind && strchr("<$*", kind))
        return complain(s, line, "'%c' tags are not supported", kind);
    if (!kind || !strchr("#^/>!&={", kind))
        kind = '\0';
    from += kind != '\0';
    char extra = kind == '{' ? '}' : kind == '=' ? '=' : '\0';
    size_t to = find_close(s, from, extra);
    if (to >= s->text.len)
        return complain(s, line, "a '%.*s' is never closed", STR(s->open));
    *out = (struct tag){.kind = kind, .name = str_trim(str_slice(s->text, from, to)),
        .start = start, .end = to + (extra != '\0') + s->close.len, .line = line};
    return true;
}

/* If only white space shares the line with `tag`: true, with the bounds of that line. */
static bool stands_alone(const struct scan *s, const struct tag *tag, size_t *from, size_t *to)
{
    struct str text = s->text;
    size_t a = tag->start, b = tag->end;

    while (a > 0 && blank(text.ptr[a - 1]))
        a--;
    if (a > 0 ? text.ptr[a - 1] != '\n' : s->inlined)
        return false;
    while (b < text.len && blank(text.ptr[b]))
        b++;
    if (b + 1 < text.len && text.ptr[b] == '\r' && text.ptr[b + 1] == '\n')
        b++;
    if (b < text.len ? text.ptr[b] != '\n' : s->inlined)
        return false;
    *from = a;
    *to = b < text.len ? b + 1 : b;
    return true;
}

/* `a.b.c` into its parts; `.` has none. */
static bool split_name(struct scan *s, struct node *node)
{
    struct str rest = node->text, part;
    size_t n = 1;

    if (str_eq(rest, S(".")))
        return true;
    for (size_t i = 0; i < rest.len; i++) {
        if (space(rest.ptr[i]))
            return complain(s, node->line, "a name holds white space: '%.*s'", STR(node->text));
        n += rest.ptr[i] == '.';
    }
    node->parts = arena_array(s->c->arena, struct str, n);
    while (node->nparts < n) {
        rest = str_cut(rest, '.', &part);
        if (part.len == 0)
            return complain(s, node->line, "a name is empty or has an empty part: '%.*s'",
                STR(node->text));
        node->parts[node->nparts++] = part;
    }
    if (str_eq(node->text, S("t")))
        return complain(s, node->line, "'%s' is reserved for translated text", "t");
    return true;
}

static bool find_filter(struct scan *s, struct str name, struct node *node)
{
    const struct template_filter_entry *f = s->c->env->filters;

    if (s->c->each)
        return true;
    for (; f && f->name; f++)
        if (str_eq(str_from(f->name), name)) {
            node->filter = f->run;
            return true;
        }
    return complain(s, node->line, "unknown filter '%.*s'", STR(name));
}

static bool compile_value(struct scan *s, const struct tag *tag)
{
    struct node node = {.kind = NODE_VALUE, .line = tag->line,
        .raw = tag->kind != '\0' || s->c->env->plain};
    size_t bar = str_find(tag->name, '|');

    node.text = str_trim(str_slice(tag->name, 0, bar));
    if (!split_name(s, &node))
        return false;
    if (bar < tag->name.len &&
        !find_filter(s, str_trim(str_slice(tag->name, bar + 1, tag->name.len)), &node))
        return false;
    if (tag->kind && s->c->env->no_raw &&
        !(node.nparts && str_starts(node.parts[node.nparts - 1], S("html_"))))
        return complain(s, tag->line,
            "'%.*s' may not be printed raw: its name must start with html_", STR(node.text));
    return push(s, node);
}

static bool open_section(struct scan *s, const struct tag *tag)
{
    struct node node = {.kind = tag->kind == '#' ? NODE_SECTION : NODE_INVERTED,
        .line = tag->line, .text = tag->name};

    if (!split_name(s, &node))
        return false;
    if (s->outer + s->nsections == MUSTACHE_MAX_DEPTH)
        return complain(s, tag->line, "sections nest deeper than %d", MUSTACHE_MAX_DEPTH);
    s->sections[s->nsections++] = s->t->count;
    return push(s, node);
}

static bool close_section(struct scan *s, const struct tag *tag)
{
    if (s->nsections == 0)
        return complain(s, tag->line, "'%.*s' is closed but not open", STR(tag->name));
    struct node *section = &s->t->nodes[s->sections[--s->nsections]];
    if (!str_eq(section->text, tag->name))
        return complain(s, tag->line, "'%.*s' is closed, but '%.*s' of line %d is open",
            STR(tag->name), STR(section->text), section->line);
    section->end = s->t->count;
    return true;
}

static bool set_delimiters(struct scan *s, const struct tag *tag)
{
    size_t gap = 0, rest;

    while (gap < tag->name.len && !space(tag->name.ptr[gap]))
        gap++;
    struct str open = str_slice(tag->name, 0, gap);
    struct str close = str_trim(str_slice(tag->name, gap, tag->name.len));
    for (rest = 0; rest < close.len && !space(close.ptr[rest]); rest++)
        ;
    if (open.len == 0 || close.len == 0 || rest < close.len ||
        str_find(tag->name, '=') < tag->name.len)
        return complain(s, tag->line, "delimiters must be two words without '%c'", '=');
    s->open = open;
    s->close = close;
    return true;
}

static bool compile_text(struct scan *s);

static bool compile_source(struct compiler *c, struct str name, struct str source,
    struct template **out)
{
    struct template *t = arena_new(c->arena, struct template);
    struct scan s = {.c = c, .t = t, .text = source, .line = 1, .open = S("{{"), .close = S("}}")};

    *t = (struct template){.name = name, .strict = c->env->strict, .next = c->compiled};
    c->compiled = t;
    *out = t;
    return compile_text(&s);
}

/* Every source is compiled once; one that is met again, even inside itself, is shared. */
static bool find_partial(struct scan *s, const struct tag *tag, struct template **out)
{
    struct compiler *c = s->c;
    const struct template_env *env = c->env;

    for (*out = c->compiled; *out; *out = (*out)->next)
        if (str_eq((*out)->name, tag->name))
            return true;
    struct str source = env->source ? env->source(env->ctx, tag->name) : STR_NONE;
    if (!source.ptr)
        return !env->strict ||
            complain(s, tag->line, "there is no template '%.*s'", STR(tag->name));
    if (c->depth == MUSTACHE_MAX_DEPTH)
        return complain(s, tag->line, "partials nest deeper than %d", MUSTACHE_MAX_DEPTH);
    c->depth++;
    bool ok = compile_source(c, tag->name, source, out);
    c->depth--;
    return ok;
}

static bool compile_partial(struct scan *s, const struct tag *tag, struct str indent)
{
    struct node node = {.kind = NODE_PARTIAL, .line = tag->line, .text = tag->name,
        .indent = indent};

    if (tag->name.len == 0)
        return complain(s, tag->line, "a partial needs a %s", "name");
    if (!s->c->each && !find_partial(s, tag, &node.partial))
        return false;
    return push(s, node);
}

/* Trimmed, with every run of white space made one space. */
static struct str collapse(struct arena *a, struct str s)
{
    s = str_trim(s);
    char *p = arena_alloc(a, s.len + 1, 1);
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        if (!space(s.ptr[i]))
            p[n++] = s.ptr[i];
        else if (!space(s.ptr[i + 1]))
            p[n++] = ' ';
    return (struct str){p, n};
}

/* From the end of {{#t}} to the {{/t}}: the text between them, and that closing tag. */
static bool read_translatable(struct scan *s, const struct tag *open, struct tag *close)
{
    size_t at = open->end;
    int line = open->line + newlines(s->text, open->start, at);

    for (;;) {
        size_t next = find(s->text, at, s->open);
        if (next == s->text.len)
            return complain(s, open->line, "'%s' is open at the end", "t");
        line += newlines(s->text, at, next);
        if (!read_tag(s, next, line, close))
            return false;
        if (close->kind == '/' && str_eq(close->name, S("t")))
            return true;
        if (close->kind == '=' || (close->kind == '#' && str_eq(close->name, S("t"))))
            return complain(s, line, "a translated text holds a '%c' tag", close->kind);
        line += newlines(s->text, next, close->end);
        at = close->end;
    }
}

/* Puts the translation in the place of the section. */
static bool compile_translated(struct scan *s, const struct tag *open, struct tag *close)
{
    struct compiler *c = s->c;
    const struct template_env *env = c->env;

    /* Or a translation could ask for itself. */
    if (s->inlined)
        return complain(s, open->line, "a translated text holds a '%c' tag", '#');
    if (!read_translatable(s, open, close))
        return false;
    struct str msgid = collapse(c->arena, str_slice(s->text, open->end, close->start));
    if (msgid.len == 0)
        return complain(s, open->line, "a translated text is %s", "empty");
    if (c->each)
        c->each(c->each_ctx, msgid, open->line);
    struct str text = env->translate ? env->translate(env->ctx, msgid) : msgid;
    struct scan in = {.c = c, .t = s->t, .text = text.len ? text : msgid, .line = open->line,
        .open = s->open, .close = s->close, .inlined = true, .outer = s->outer + s->nsections};
    return compile_text(&in);
}

static bool compile_tag(struct scan *s, struct tag *tag, struct str indent)
{
    switch (tag->kind) {
    case '!':
        return true;
    case '=':
        return set_delimiters(s, tag);
    case '#':
    case '^':
        return open_section(s, tag);
    case '/':
        return close_section(s, tag);
    case '>':
        return compile_partial(s, tag, indent);
    default:
        return compile_value(s, tag);
    }
}

/* One tag and the text before it. */
static bool compile_step(struct scan *s, size_t at)
{
    struct tag tag;
    struct str indent = S("");
    size_t text_end = at, next;
    int line = s->line + newlines(s->text, s->pos, at);

    if (!read_tag(s, at, line, &tag))
        return false;
    bool translated = tag.kind == '#' && str_eq(tag.name, S("t"));
    bool alone = tag.kind && strchr("#^/>!=", tag.kind) && !translated &&
        stands_alone(s, &tag, &text_end, &next);
    if (alone)
        indent = str_slice(s->text, text_end, at);
    else
        next = tag.end;
    /* A line that is left to its tag alone prints nothing, not even a partial's indent. */
    if ((text_end > s->pos && !push_text(s, s->pos, text_end)) || (!alone && !push_text(s, at, at)))
        return false;
    struct tag close = tag;
    if (translated ? !compile_translated(s, &tag, &close) : !compile_tag(s, &tag, indent))
        return false;
    s->pos = translated ? close.end : next;
    s->line = line + newlines(s->text, at, s->pos);
    return true;
}

static bool compile_text(struct scan *s)
{
    while (s->pos < s->text.len) {
        size_t at = find(s->text, s->pos, s->open);
        if (at == s->text.len) {
            if (!push_text(s, s->pos, at))
                return false;
            break;
        }
        if (!compile_step(s, at))
            return false;
    }
    if (s->nsections) {
        const struct node *section = &s->t->nodes[s->sections[s->nsections - 1]];
        return complain(s, section->line, "'%.*s' is open at the end", STR(section->text));
    }
    return true;
}

bool template_compile(struct arena *a, const struct template_env *env, struct str name,
    struct str source, struct template **out, struct error *err)
{
    struct compiler c = {.arena = a, .env = env, .err = err};

    return compile_source(&c, name, source, out);
}

bool template_msgids(struct arena *a, struct str name, struct str source,
    void (*each)(void *ctx, struct str msgid, int line), void *ctx, struct error *err)
{
    struct template_env env = {0};
    struct compiler c = {.arena = a, .env = &env, .err = err, .each = each, .each_ctx = ctx};
    struct template *t;

    return compile_source(&c, name, source, &t);
}

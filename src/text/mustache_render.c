/* The renderer: walks ranges of the node array with a stack of scopes. It recurses once per section
 * or partial, at most MUSTACHE_MAX_DEPTH deep, and counts steps, lookups in large objects included,
 * so that neither a template nor its data can keep it busy. */
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "text/html.h"
#include "text/mustache_node.h"

struct indent {
    struct str text;
    const struct indent *outer;
};

struct scope {
    const struct json *value;
    bool item; /* an object that is an element of a list */
};

struct render {
    const struct template *t;
    const struct indent *indent;
    void *ctx;
    struct buf *out;
    struct error *err;
    struct scope scopes[MUSTACHE_MAX_DEPTH + 1];
    size_t nscopes;
    size_t steps;
    int depth;
};

#define complain(r, node, fmt, ...)                                                                \
    fail((r)->err, INTERNAL, "%.*s:%d: " fmt, STR((r)->t->name), (node)->line, __VA_ARGS__)

static bool render_range(struct render *r, size_t from, size_t to);

static const struct json *member(struct render *r, const struct json *object, struct str key)
{
    if (object->type != JSON_OBJECT)
        return NULL;
    r->steps += object->count / 8;
    return json_get(object, key);
}

/* The value of the node's name, or NULL: the first part in the innermost scope that has it, the
 * rest within. `passed_item` says that a list item lacked the first part. */
static const struct json *lookup(struct render *r, const struct node *node, bool *passed_item)
{
    const struct json *v = NULL;

    *passed_item = false;
    if (node->nparts == 0)
        return r->scopes[r->nscopes - 1].value;
    for (size_t i = r->nscopes; i > 0 && !v; i--) {
        v = member(r, r->scopes[i - 1].value, node->parts[0]);
        *passed_item |= !v && r->scopes[i - 1].item;
    }
    for (size_t i = 1; v && i < node->nparts; i++)
        v = member(r, v, node->parts[i]);
    return v;
}

static void write_indent(struct buf *out, const struct indent *in)
{
    if (in) {
        write_indent(out, in->outer);
        buf_add(out, in->text);
    }
}

static void render_text(struct render *r, const struct node *node)
{
    struct str rest = node->text;
    bool line_start = node->line_start;

    if (!r->indent) {
        buf_add(r->out, rest);
        return;
    }
    do {
        size_t end = str_find(rest, '\n') + 1;
        if (line_start)
            write_indent(r->out, r->indent);
        buf_add(r->out, str_slice(rest, 0, end));
        rest = str_slice(rest, end, rest.len);
        line_start = true;
    } while (rest.len && !r->out->full);
}

static bool render_value(struct render *r, const struct node *node)
{
    bool passed_item;
    const struct json *v = lookup(r, node, &passed_item);
    size_t before = r->out->len;

    if (!v)
        return !r->t->strict || complain(r, node, "unknown name '%.*s'", STR(node->text));
    if (v->type == JSON_NULL)
        return true;
    if (node->filter)
        node->filter(r->ctx, v, r->out);
    else if (v->type == JSON_STRING || v->type == JSON_NUMBER)
        buf_add(r->out, v->text);
    else if (v->type == JSON_TRUE || v->type == JSON_FALSE)
        buf_add(r->out, v->type == JSON_TRUE ? S("true") : S("false"));
    else if (r->t->strict)
        return complain(r, node, "'%.*s' is not one value but %s", STR(node->text),
            v->type == JSON_ARRAY ? "a list" : "an object");
    if (!node->raw)
        html_escape_tail(r->out, before);
    return true;
}

static bool zero(struct str number)
{
    for (size_t i = 0; i < number.len; i++) {
        if (number.ptr[i] == 'e' || number.ptr[i] == 'E')
            break;
        if (number.ptr[i] >= '1' && number.ptr[i] <= '9')
            return false;
    }
    return true;
}

static bool truthy(const struct json *v)
{
    if (!v)
        return false;
    switch (v->type) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_NUMBER:
        return !zero(v->text);
    case JSON_STRING:
        return v->text.len > 0;
    case JSON_ARRAY:
        return v->count > 0;
    case JSON_TRUE:
    case JSON_OBJECT:
        return true;
    }
    return false;
}

static bool enter(struct render *r, const struct node *node)
{
    if (r->depth == MUSTACHE_MAX_DEPTH)
        return complain(r, node, "sections and partials nest deeper than %d", MUSTACHE_MAX_DEPTH);
    r->depth++;
    return true;
}

static bool render_body(struct render *r, const struct node *node, const struct json *v, bool item)
{
    size_t first = (size_t)(node - r->t->nodes) + 1;

    r->scopes[r->nscopes++] = (struct scope){.value = v, .item = item && v->type == JSON_OBJECT};
    bool ok = render_range(r, first, node->end);
    r->nscopes--;
    return ok;
}

static bool render_section(struct render *r, const struct node *node)
{
    bool passed_item, ok = true;
    const struct json *v = lookup(r, node, &passed_item);

    if (r->t->strict && !v)
        return complain(r, node, "unknown name '%.*s'", STR(node->text));
    if (r->t->strict && passed_item && node->nparts == 1)
        return complain(r, node, "the list item has no '%.*s', but an outer scope has",
            STR(node->text));
    if (truthy(v) == (node->kind == NODE_INVERTED))
        return true;
    if (!enter(r, node))
        return false;
    if (node->kind == NODE_INVERTED)
        ok = render_range(r, (size_t)(node - r->t->nodes) + 1, node->end);
    else if (v->type != JSON_ARRAY)
        ok = render_body(r, node, v, false);
    else
        for (v = v->first; v && ok; v = v->next)
            ok = render_body(r, node, v, true);
    r->depth--;
    return ok;
}

static bool render_partial(struct render *r, const struct node *node)
{
    const struct template *outer = r->t;
    struct indent indent = {.text = node->indent, .outer = r->indent};

    if (!node->partial)
        return true;
    if (!enter(r, node))
        return false;
    if (indent.text.len)
        r->indent = &indent;
    r->t = node->partial;
    bool ok = render_range(r, 0, r->t->count);
    r->t = outer;
    r->indent = indent.outer;
    r->depth--;
    return ok;
}

static bool render_node(struct render *r, const struct node *node)
{
    if (++r->steps > MUSTACHE_MAX_STEPS)
        return complain(r, node, "more than %d steps", MUSTACHE_MAX_STEPS);
    switch (node->kind) {
    case NODE_TEXT:
        render_text(r, node);
        return true;
    case NODE_VALUE:
        return render_value(r, node);
    case NODE_SECTION:
    case NODE_INVERTED:
        return render_section(r, node);
    case NODE_PARTIAL:
        return render_partial(r, node);
    }
    return false;
}

static bool render_range(struct render *r, size_t from, size_t to)
{
    for (size_t i = from; i < to;) {
        const struct node *node = &r->t->nodes[i];

        if (!render_node(r, node))
            return false;
        if (r->out->full)
            return complain(r, node, "the output is longer than %zu bytes", r->out->max);
        i = node->kind == NODE_SECTION || node->kind == NODE_INVERTED ? node->end : i + 1;
    }
    return true;
}

bool template_render(const struct template *t, const struct json *root, void *ctx, struct buf *out,
    struct error *err)
{
    struct render r = {.t = t, .ctx = ctx, .out = out, .err = err, .nscopes = 1};

    r.scopes[0] = (struct scope){.value = root};
    return render_range(&r, 0, t->count);
}

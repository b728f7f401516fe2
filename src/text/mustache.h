/* Mustache (the official specification's interpolation, sections, inverted, partials, comments and
 * delimiters), rendered from a JSON tree.
 *
 * Templates are compiled once, at start, to a node array; rendering allocates nothing but the
 * output. Extensions, all decided at compile time:
 *
 *   {{name|filter}}    a filter from the caller's fixed table formats the value (escaped after)
 *   {{#t}}Text{{/t}}   a translatable text: looked up in the catalogue when compiling, then
 *                      compiled itself, so it may hold variables. `t` is reserved. Its msgid is
 *                      the raw inner text, trimmed and with runs of white space made one space;
 *                      these two tags never swallow the line they stand on.
 *
 * Lambdas, inheritance and dynamic names are refused.
 *
 * Values: numbers print as written, true and false as words, null and missing names as nothing.
 * A section is skipped for false, null, "", a number that is zero, an empty list and a missing
 * name.
 *
 * Strict mode (tests) fails on a name found in no scope, on an object or list printed without a
 * filter, and on one trap: inside an item of a list of objects, an undotted *section* name that the
 * item lacks but an outer scope has. Every item must define each flag it is tested on; reaching out
 * on purpose is written with a dotted name, {{#page.admin}}.
 *
 * Limits: nesting (sections and partials together) 32, nodes MUSTACHE_MAX_NODES with all partials,
 * output by the caller's buf, steps MUSTACHE_MAX_STEPS. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;
struct buf;
struct error;
struct json;
struct template;

#define MUSTACHE_MAX_DEPTH 32
#define MUSTACHE_MAX_NODES 100000
#define MUSTACHE_MAX_STEPS 2000000

/* Formats one value (never NULL; missing and null values do not reach it) into `out`, unescaped.
 * `ctx` is template_render's. */
typedef void (*template_filter)(void *ctx, const struct json *value, struct buf *out);
struct template_filter_entry {
    const char *name;
    template_filter run;
};

struct template_env {
    /* Source of a template by name for {{> name}}; STR_NONE if there is none. */
    struct str (*source)(void *ctx, struct str name);
    /* Translation of a message id; returns it unchanged when there is none. May be NULL. */
    struct str (*translate)(void *ctx, struct str msgid);
    const struct template_filter_entry *filters; /* ends with {0}; may be NULL */
    void *ctx;
    bool strict; /* see above; a partial that is not there is an error too */
    bool no_raw; /* {{{ }}} and {{& }} are refused unless the name's last part starts "html_" */
    bool plain;  /* not HTML (mail, chat): {{name}} is not escaped either */
};

/* Compiles with all its partials (recursive partials are resolved at render time, within the depth
 * limit). Errors are INVALID with "name:line: …". The template lives in `a` and points into the
 * sources and translations, which must outlive it. */
bool template_compile(struct arena *a, const struct template_env *env, struct str name,
    struct str source, struct template **out, struct error *err);
/* Renders. `root` is the outermost scope; `ctx` goes to the filters. False (INTERNAL): output full,
 * nesting or step limit, or a complaint of strict mode ("incident:12: unknown name 'titel'"); `out`
 * then holds what was written so far. */
bool template_render(const struct template *t, const struct json *root, void *ctx, struct buf *out,
    struct error *err);

/* For extraction: calls `each` for every {{#t}} of one source, in order; not of its partials. */
bool template_msgids(struct arena *a, struct str name, struct str source,
    void (*each)(void *ctx, struct str msgid, int line), void *ctx, struct error *err);

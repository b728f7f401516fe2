/* Mustache (the official specification's interpolation, sections, inverted, partials, comments and
 * delimiters), rendered from a JSON tree.
 *
 * Templates are compiled once, at start, to a node array; rendering allocates nothing but the output.
 * Extensions, all decided at compile time:
 *   {{name|filter}}        a filter from the caller's fixed table formats the value (escaped after)
 *   {{#t}}Text{{/t}}       a translatable text: looked up in the catalogue when compiling, then compiled
 *                          itself, so it may hold variables. `t` is reserved.
 * Lambdas are not supported. Limits: nesting 32, output by the caller's buf, steps MUSTACHE_MAX_STEPS. */
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
#define MUSTACHE_MAX_STEPS 2000000

/* Formats one value (never NULL; missing values do not reach it) into `out`, unescaped. `ctx` is
 * template_render's. */
typedef void (*template_filter)(void *ctx, const struct json *value, struct buf *out);
struct template_filter_entry {
    struct str name;
    template_filter run;
};

struct template_env {
    /* Source of a template by name for {{> name}}; STR_NONE if there is none. */
    struct str (*source)(void *ctx, struct str name);
    /* Translation of a message id; returns it unchanged when there is none. May be NULL. */
    struct str (*translate)(void *ctx, struct str msgid);
    const struct template_filter_entry *filters; /* ends with {0}; may be NULL */
    void *ctx;
    bool strict;  /* rendering fails on a name found in no scope (tests) */
    bool no_raw;  /* compiling refuses {{{ }}} and {{& }} except for names starting with "html_" */
};

/* Compiles with all its partials (recursive partials are resolved at render time, within the depth
 * limit). Errors are INVALID with "name:line: …". The template lives in `a`. */
bool template_compile(struct arena *a, const struct template_env *env, struct str name, struct str source,
    struct template **out, struct error *err);
/* Renders. `root` is the outermost scope; `ctx` goes to the filters. False: output full, step limit,
 * or in strict mode an unknown name ("incident:12: unknown name 'titel'"). */
bool template_render(const struct template *t, const struct json *root, void *ctx, struct buf *out,
    struct error *err);

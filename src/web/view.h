/* Pages: the compiled templates, the filters they use, and the `page` object of a browser's face. */
#pragma once

#include "base/json.h"
#include "base/str.h"
#include "base/time.h"

struct arena;
struct buf;
struct embedded;
struct error;
struct language;
struct pages;
struct request;
struct reply;

#define PAGE_MAX_BYTES (4u << 20)

/* Compiles every template in English and in each language of `locales`; an error names the template and line. `strict` for
 * tests. */
bool pages_load(struct pages **out, const struct embedded *locales, bool strict, struct error *err);
void pages_free(struct pages *p);

/* The best language there is for an Accept-Language header, or the code of one. */
const struct language *pages_language(const struct pages *p, struct str accept);

/* Renders `name` from `view` (an object or NULL) plus `page`, in the language of the request. */
bool pages_render(const struct pages *p, const char *name, struct request *req, struct reply *reply,
    struct json *view, struct buf *out, struct error *err);

/* Renders `name` for nobody in particular: no `page`, the language by its code, times in that zone. */
bool pages_render_as(const struct pages *p, const char *name, struct str language, struct str zone, instant now,
    struct arena *a, const struct json *view, struct buf *out, struct error *err);

/* True if `Accept` ranks text/html above application/json. Without the header: JSON. */
bool view_wants_html(struct str accept);

/* For handlers that put an entity into a view. */
struct json *view_ref(struct arena *a, struct str id, struct str name); /* {id,name}, null without id */
void view_html(struct request *req, struct json *object, const char *key, struct str html);

#include "web/internal.h"

#include "net/url.h"

/* One segment of the path against one of the pattern; {…} takes any non-empty segment. */
static bool segment(struct arena *a, struct str pattern, struct str part, struct str params[4], size_t *n)
{
    if (pattern.len < 2 || pattern.ptr[0] != '{')
        return str_eq(pattern, part);
    return part.len && *n < 4 && url_decode(a, part, &params[(*n)++]);
}

static bool match(struct arena *a, struct str pattern, struct str path, struct str params[4])
{
    size_t n = 0;

    while (pattern.ptr && path.ptr) {
        struct str want, have;
        pattern = str_cut(pattern, '/', &want);
        path = str_cut(path, '/', &have);
        if (!segment(a, want, have, params, &n))
            return false;
    }
    return !pattern.ptr && !path.ptr;
}

const struct web_route *web_match(struct arena *a, enum http_method method, struct str path, struct str params[4],
    unsigned *allowed)
{
    const struct web_route *found = NULL;

    *allowed = 0;
    if (path.len > 1 && path.ptr[path.len - 1] == '/')
        path.len--;
    for (const struct web_route *r = web_routes; r->pattern; r++) {
        struct str values[4] = {{0}};
        if (!match(a, str_from(r->pattern), path, values))
            continue;
        *allowed |= 1u << r->method;
        bool same = r->method == method || (method == HTTP_HEAD && r->method == HTTP_GET);
        if (same && !found) { /* literal patterns come before {…} in the table */
            found = r;
            for (size_t i = 0; i < 4; i++)
                params[i] = values[i];
        }
    }
    if (*allowed & (1u << HTTP_GET))
        *allowed |= 1u << HTTP_HEAD;
    return found;
}

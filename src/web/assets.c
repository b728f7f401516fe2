/* Static files, embedded and pre-compressed. Addresses carry ?v=VERSION, so they may be kept for good. */
#include "web/assets.h"

#include "base/embedded.h"
#include "net/server.h"

static const struct {
    const char *ending, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".svg", "image/svg+xml"},
    {".png", "image/png"}, {".webmanifest", "application/manifest+json"},
};

static struct str type_of(struct str name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(name, str_from(types[i].ending)))
            return str_from(types[i].type);
    return S("application/octet-stream");
}

bool asset_serve(struct server *server, struct exchange *x)
{
    struct str path = x->request.path, coding = http_header(&x->request, S("Accept-Encoding"));
    struct answer *a = &x->answer;
    bool worker = str_eq(path, S("/sw.js")); /* its scope is the folder it comes from */

    if (!worker && !str_starts(path, S("/assets/")))
        return false;
    const struct embedded *e = embedded_find(assets_table, worker ? S("sw.js") : str_slice(path, 8, path.len));
    if (!e || (x->request.method != HTTP_GET && x->request.method != HTTP_HEAD)) {
        a->status = e ? 405 : 404;
        if (e)
            answer_header(a, S("Allow"), S("GET, HEAD"));
        exchange_answer(server, x);
        return true;
    }
    a->status = 200;
    a->body = e->data;
    if (e->br.ptr && str_contains(coding, S("br"))) {
        a->body = e->br;
        answer_header(a, S("Content-Encoding"), S("br"));
    } else if (e->gz.ptr && str_contains(coding, S("gzip"))) {
        a->body = e->gz;
        answer_header(a, S("Content-Encoding"), S("gzip"));
    }
    answer_header(a, S("Content-Type"), type_of(e->name));
    answer_header(a, S("Vary"), S("Accept-Encoding"));
    answer_header(a, S("X-Content-Type-Options"), S("nosniff"));
    bool versioned = x->request.query.len > 0;
    answer_header(a, S("Cache-Control"), worker ? S("no-cache") : versioned ? S("public, max-age=31536000, immutable") : S("public, max-age=3600"));
    exchange_answer(server, x);
    return true;
}

/* Renders every sample view of test/ui/views with the server's own templates, filters and catalogue
 * into OUT/NAME.html:
 *
 *     samples VIEWS OUT
 *
 * Not in strict mode, which knows no names that may be missing (page.errors.title);
 * test/ui/render.mjs does. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/embedded.h"
#include "base/error.h"
#include "base/json.h"
#include "base/zone.h"
#include "text/catalog.h"
#include "text/mustache.h"
#include "web/filters.h"
#include "web/language.h"

#define MAX_FILE (4u << 20)

struct job {
    struct arena *arena;
    const char *views, *out;
    const struct language *language;
};

static struct str read_all(struct arena *a, const char *dir, struct str name)
{
    struct str path = str_printf(a, "%s/%.*s.json", dir, STR(name));
    FILE *f = fopen(path.ptr, "rb");
    struct buf b;
    char *room;

    buf_init(&b, a, MAX_FILE);
    while (f && (room = buf_room(&b, 65536))) {
        size_t n = fread(room, 1, 65536, f);
        b.len += n;
        if (!n)
            break;
    }
    if (f)
        fclose(f);
    return buf_str(&b);
}

static struct str source(void *ctx, struct str name)
{
    char file[100];
    int n = snprintf(file, sizeof file, "%.*s.html", STR(name));
    const struct embedded *e = embedded_find(templates_table, (struct str){file, (size_t)n});

    (void)ctx;
    return e ? e->data : STR_NONE;
}

static struct str translate(void *ctx, struct str msgid)
{
    const struct job *j = ctx;

    return catalog_text(j->language->catalog, msgid);
}

/* incident_acked is the template incident in another state, if there is no template of that name.
 */
static struct str template_of(struct str name)
{
    size_t at = name.len;

    if (source(NULL, name).ptr)
        return name;
    while (at && name.ptr[at - 1] != '_')
        at--;
    return str_slice(name, 0, at ? at - 1 : 0);
}

/* Members of `from` that `to` lacks, but for `page`. */
static void add_members(const struct job *j, struct json *to, const struct json *from)
{
    for (const struct json *v = from ? from->first : NULL; v; v = v->next) {
        struct json *copy = arena_new(j->arena, struct json);
        if (json_get(to, v->key) || str_eq(v->key, S("page")))
            continue;
        *copy = *v;
        copy->next = NULL;
        json_set(to, v->key, copy);
    }
}

/* What a sample says of its page is completed from _page.json. */
static bool read_view(const struct job *j, struct str name, struct json **out, struct error *err)
{
    struct json *base, *sample, *page = json_object(j->arena);

    if (!json_parse(j->arena, read_all(j->arena, j->views, S("_page")), &base, err) ||
        !json_parse(j->arena, read_all(j->arena, j->views, name), &sample, err))
        return false;
    add_members(j, page, json_get(sample, S("page")));
    add_members(j, page, base);
    *out = json_object(j->arena);
    add_members(j, *out, sample);
    json_set(*out, S("page"), page);
    return true;
}

static bool render(struct job *j, struct str name, struct error *err)
{
    struct template_env env = {
        .source = source, .translate = translate, .filters = web_filters, .ctx = j, .no_raw = true};
    struct reader reader = {.arena = j->arena, .language = j->language};
    struct template *t;
    struct json *view;
    struct buf html;
    struct str template = template_of(name);

    if (!read_view(j, name, &view, err) || !zone_load(j->arena, S("UTC"), &reader.utc, err) ||
        !template_compile(j->arena, &env, template, source(NULL, template), &t, err))
        return false;
    reader.zone = reader.utc;
    time_parse(json_get_str(json_get(view, S("page")), S("now")), &reader.now);
    buf_init(&html, j->arena, MAX_FILE);
    if (!template_render(t, view, &reader, &html, err))
        return false;
    FILE *f = fopen(str_printf(j->arena, "%s/%.*s.html", j->out, STR(name)).ptr, "wb");
    bool written = f && fwrite(html.ptr, 1, html.len, f) == html.len;
    return f && !fclose(f) && (written || fail(err, INTERNAL, "cannot write"));
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct languages languages;
    struct error err = {0};
    int failures = 0;

    arena_init(&arena, (size_t)512 << 20);
    struct job j = {&arena, argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "", NULL};
    DIR *d = opendir(j.views);
    if (!d || !languages_open(&arena, locale_table, &languages, &err)) {
        fprintf(stderr, "usage: samples VIEWS OUT %s\n", err.message);
        return 1;
    }
    j.language = language_choose(&languages, S("en-XA"));
    for (const struct dirent *e; (e = readdir(d));) {
        struct str name = str_copy(&arena, str_from(e->d_name));
        if (name.ptr[0] == '_' || !str_ends(name, S(".json")))
            continue;
        err = (struct error){0};
        if (!render(&j, str_slice(name, 0, name.len - 5), &err)) {
            fprintf(stderr, "%s: %s\n", e->d_name, err.message);
            failures++;
        }
    }
    closedir(d);
    arena_deinit(&arena);
    return failures ? 1 : 0;
}

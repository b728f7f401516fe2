/* Snapshots on disk. Whole files and renames, so that a reader sees the old or the new, whenever the
 * writer dies. They are not synced: they can be made again from the database. */
#include "web/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/json.h"

#define FILE_MAX ((off_t)64 << 20)

static const char *name_of(struct arena *a, const char *folder, struct str slug, struct str path, const char *ending)
{
    /* A page's root is the file index.html. */
    return str_printf(a, "%s/%.*s/%.*s%s%s", folder, STR(slug), STR(path), path.len && path.ptr[path.len - 1] != '/' ? "" : "index.html",
        ending).ptr;
}

static bool make_folders(struct arena *a, const char *name, struct error *err)
{
    char *path = (char *)(uintptr_t)str_copy(a, str_from(name)).ptr;

    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return fail(err, UNAVAILABLE, "cannot make the folder %s: %s", path, strerror(errno));
        *p = '/';
    }
    return true;
}

static bool write_all(int fd, struct str s)
{
    while (s.len) {
        ssize_t n = write(fd, s.ptr, s.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        s = str_slice(s, (size_t)n, s.len);
    }
    return true;
}

static bool write_file(struct arena *a, const char *name, struct str body, struct error *err)
{
    const char *fresh = str_printf(a, "%s.new", name).ptr;
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (fd < 0)
        return fail(err, UNAVAILABLE, "cannot write %s: %s", fresh, strerror(errno));
    bool ok = write_all(fd, body);
    ok = close(fd) == 0 && ok;
    return (ok && rename(fresh, name) == 0) || fail(err, UNAVAILABLE, "cannot write %s: %s", name, strerror(errno));
}

static bool save_file(struct arena *a, const char *folder, struct str slug, const struct snapshot_file *f, struct error *err)
{
    const char *name = name_of(a, folder, slug, f->path, "");

    return make_folders(a, name, err) && write_file(a, name, f->body, err) &&
        (!f->gz.ptr || write_file(a, name_of(a, folder, slug, f->path, ".gz"), f->gz, err)) &&
        (!f->br.ptr || write_file(a, name_of(a, folder, slug, f->path, ".br"), f->br, err));
}

static struct str index_text(struct arena *a, const struct snapshot *s)
{
    struct json *o = json_object(a);

    json_set_str(a, o, S("at"), time_text(a, s->at));
    struct json *pages = json_set(o, S("pages"), json_array(a));
    for (size_t i = 0; i < s->n; i++) {
        const struct snapshot_page *p = &s->pages[i];
        struct json *page = json_push(pages, json_object(a));
        json_set_str(a, page, S("slug"), p->slug);
        json_set_str(a, page, S("host"), p->host);
        json_set_str(a, page, S("visibility"), p->visibility);
        json_set_str(a, page, S("token_hash"), p->token_hash);
        json_set_bool(a, page, S("is_default"), p->is_default);
        struct json *files = json_set(page, S("files"), json_array(a));
        for (size_t k = 0; k < p->n; k++) {
            struct json *f = json_push(files, json_object(a));
            json_set_str(a, f, S("path"), p->files[k].path);
            json_set_bool(a, f, S("gz"), p->files[k].gz.ptr != NULL);
            json_set_bool(a, f, S("br"), p->files[k].br.ptr != NULL);
        }
    }
    return json_text(a, o);
}

/* What was there and is no more. */
static void remove_gone(struct arena *a, const struct snapshot *s, const struct snapshot *before, const char *folder)
{
    for (size_t i = 0; before && i < before->n; i++) {
        const struct snapshot_page *old = &before->pages[i], *now = NULL;
        for (size_t k = 0; k < s->n; k++)
            if (str_eq(s->pages[k].slug, old->slug))
                now = &s->pages[k];
        for (size_t k = 0; k < old->n; k++) {
            if (now && snapshot_file_find(now, old->files[k].path))
                continue;
            static const char *const endings[] = {"", ".gz", ".br"};
            for (size_t e = 0; e < 3; e++)
                unlink(name_of(a, folder, old->slug, old->files[k].path, endings[e]));
        }
    }
}

bool snapshot_save(const struct snapshot *s, const struct snapshot *before, const char *folder, struct error *err)
{
    struct arena a;
    bool ok = true;

    arena_init(&a, (size_t)256 << 20);
    for (size_t i = 0; i < s->n && ok; i++)
        for (size_t k = 0; k < s->pages[i].n && ok; k++)
            if (!before || !s->pages[i].files[k].kept)
                ok = save_file(&a, folder, s->pages[i].slug, &s->pages[i].files[k], err);
    const char *index = str_printf(&a, "%s/index.json", folder).ptr;
    ok = ok && make_folders(&a, index, err) && write_file(&a, index, index_text(&a, s), err);
    if (ok)
        remove_gone(&a, s, before, folder);
    arena_deinit(&a);
    return ok;
}

/* --- reading --- */

static bool read_file(struct arena *a, const char *name, struct str *out, struct error *err)
{
    struct stat st;
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return fail(err, UNAVAILABLE, "cannot read %s: %s", name, strerror(errno));
    bool ok = fstat(fd, &st) == 0 && st.st_size <= FILE_MAX;
    char *p = ok ? arena_alloc(a, (size_t)st.st_size + 1, 1) : NULL;
    size_t n = 0;
    while (ok && n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got < 0 && errno == EINTR)
            continue;
        ok = got > 0;
        n += ok ? (size_t)got : 0;
    }
    close(fd);
    *out = (struct str){p, n};
    return ok || fail(err, UNAVAILABLE, "cannot read the whole of %s", name);
}

static bool load_file(struct snapshot *s, struct snapshot_page *page, const char *folder, const struct json *f,
    struct error *err)
{
    struct arena *a = &s->arena;
    struct str path = json_get_str(f, S("path"));

    if (!path.ptr || page->n == SNAPSHOT_MAX_FILES || str_contains(path, S("..")))
        return fail(err, MALFORMED, "the index of the snapshots names a strange file");
    struct snapshot_file *file = &page->files[page->n++];
    file->path = path;
    if (!read_file(a, name_of(a, folder, page->slug, path, ""), &file->body, err))
        return false;
    snprintf(file->etag, sizeof file->etag, "W/\"%016llx\"", (unsigned long long)str_hash(file->body));
    struct str *const codings[] = {&file->gz, &file->br};
    static const char *const endings[] = {".gz", ".br"}, *const keys[] = {"gz", "br"};
    for (size_t i = 0; i < 2; i++)
        if (json_bool(json_get(f, str_from(keys[i])), false) &&
            !read_file(a, name_of(a, folder, page->slug, path, endings[i]), codings[i], err))
            return false;
    return true;
}

static bool load_page(struct snapshot *s, const char *folder, const struct json *v, struct error *err)
{
    struct snapshot_page *page = snapshot_add_page(s);
    const struct json *files = json_get(v, S("files"));

    page->slug = json_get_str(v, S("slug"));
    page->host = json_get_str(v, S("host"));
    page->visibility = json_get_str(v, S("visibility"));
    page->token_hash = json_get_str(v, S("token_hash"));
    page->is_default = json_bool(json_get(v, S("is_default")), false);
    if (!page->slug.len || str_contains(page->slug, S("/")) || str_contains(page->slug, S("..")) || !json_is(files, JSON_ARRAY))
        return fail(err, MALFORMED, "the index of the snapshots names a strange page");
    for (const struct json *f = files->first; f; f = f->next)
        if (!load_file(s, page, folder, f, err))
            return false;
    snapshot_close(page);
    return true;
}

bool snapshot_load(const char *folder, struct snapshot **out, struct error *err)
{
    struct snapshot *s = snapshot_new((instant){0}, 64);
    struct json *index;
    struct str text;

    bool ok = read_file(&s->arena, str_printf(&s->arena, "%s/index.json", folder).ptr, &text, err) &&
        json_parse(&s->arena, text, &index, err);
    const struct json *pages = ok ? json_get(index, S("pages")) : NULL;
    if (ok && (!json_is(pages, JSON_ARRAY) || pages->count > 64 || !time_parse(json_get_str(index, S("at")), &s->at)))
        ok = fail(err, MALFORMED, "%s/index.json is not an index of snapshots", folder);
    for (const struct json *p = ok ? pages->first : NULL; p && ok; p = p->next)
        ok = load_page(s, folder, p, err);
    if (!ok) {
        snapshot_free(s);
        return false;
    }
    *out = s;
    return true;
}

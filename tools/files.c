#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

static void *grow(void *p, size_t n, size_t size)
{
    if (n & (n - 1)) /* room doubles at each power of two */
        return p;
    p = reallocarray(p, n ? n * 2 : 1, size);
    if (!p)
        die("out of memory");
    return p;
}

static char *copy(const char *s)
{
    char *p = strdup(s);

    if (!p)
        die("out of memory");
    return p;
}

static char *join(const char *folder, const char *name)
{
    char *p;

    if (!*folder)
        return copy(name);
    if (asprintf(&p, "%s/%s", folder, name) < 0)
        die("out of memory");
    return p;
}

static void depends_on(struct files *f, const char *path)
{
    f->depends = grow(f->depends, f->ndepends, sizeof *f->depends);
    f->depends[f->ndepends++] = copy(path);
}

void files_add_as(struct files *f, const char *name, const char *path)
{
    struct file file = {.name = copy(name), .path = copy(path)};
    FILE *in = fopen(path, "rb");
    struct stat st;

    if (!in || fstat(fileno(in), &st) < 0)
        die("%s: %s", path, strerror(errno));
    file.size = (size_t)st.st_size;
    file.data = calloc(1, file.size + 1);
    if (!file.data)
        die("out of memory");
    if (fread(file.data, 1, file.size, in) != file.size)
        die("%s: cannot be read", path);
    fclose(in);
    f->v = grow(f->v, f->n, sizeof *f->v);
    f->v[f->n++] = file;
    depends_on(f, path);
}

static int ends_with(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);

    return n >= m && !strcmp(s + n - m, suffix);
}

static void walk(struct files *f, const char *folder, const char *prefix, const char *suffix)
{
    DIR *dir = opendir(folder);

    if (!dir)
        die("%s: %s", folder, strerror(errno));
    depends_on(f, folder);
    for (struct dirent *e; (e = readdir(dir));) {
        char *path = join(folder, e->d_name), *name = join(prefix, e->d_name);
        struct stat st;

        if (e->d_name[0] == '.' || ends_with(e->d_name, "~"))
            continue;
        if (stat(path, &st) < 0)
            die("%s: %s", path, strerror(errno));
        if (S_ISDIR(st.st_mode))
            walk(f, path, name, suffix);
        else if (ends_with(e->d_name, suffix))
            files_add_as(f, name, path);
    }
    closedir(dir);
}

void files_add(struct files *f, const char *path, const char *suffix)
{
    const char *slash = strrchr(path, '/');
    struct stat st;

    if (stat(path, &st) < 0)
        die("%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        walk(f, path, "", suffix);
    else
        files_add_as(f, slash ? slash + 1 : path, path);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

void files_sort(struct files *f)
{
    if (f->n)
        qsort(f->v, f->n, sizeof *f->v, by_name);
    for (size_t i = 1; i < f->n; i++)
        if (!strcmp(f->v[i - 1].name, f->v[i].name))
            die("%s and %s have one name", f->v[i - 1].path, f->v[i].path);
}

FILE *output_open(const char *path)
{
    FILE *out = fopen(path, "wb");

    if (!out)
        die("%s: %s", path, strerror(errno));
    return out;
}

void output_close(FILE *out, const char *path)
{
    if (ferror(out) | fclose(out))
        die("%s: %s", path, strerror(errno));
}

void depfile_write(const char *path, const char *output, const struct files *f)
{
    FILE *out = output_open(path);

    fprintf(out, "%s:", output);
    for (size_t i = 0; i < f->ndepends; i++) {
        fputs(" \\\n ", out);
        for (const char *p = f->depends[i]; *p; p++) {
            if (*p == ' ' || *p == '#')
                fputc('\\', out);
            if (*p == '$')
                fputc('$', out);
            fputc(*p, out);
        }
    }
    fputc('\n', out);
    output_close(out, path);
}

/* Packs files into a table of struct embedded (base/embedded.h), as one C file to compile:
 *
 *     embed OUTPUT.c DEPFILE TABLE (FOLDER | FILE | NAME=FILE)…
 *
 * The bytes come in by .incbin, which takes milliseconds where an array of numbers takes seconds
 * per megabyte. NAME.br and NAME.gz become variants of NAME. Paths stay as given, relative to the
 * folder the compiler runs in. Same files, same output. */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

/* The file at `i` if its name is the base's name and `suffix`. The list is sorted. */
static size_t variant(const struct files *f, size_t base, const char *suffix)
{
    size_t n = strlen(f->v[base].name);

    for (size_t i = base + 1; i < f->n; i++)
        if (!strncmp(f->v[i].name, f->v[base].name, n) && !strcmp(f->v[i].name + n, suffix))
            return i;
    return f->n;
}

/* A quoted string of C whose value is fit to stand in an assembler's quotes too. */
static void quote(FILE *out, const char *s)
{
    for (; *s; s++) {
        if ((unsigned char)*s < ' ' || *s == '"' || *s == '\\' || *s == '?')
            die("%s: the name holds a character that a build cannot carry", s);
        fputc(*s, out);
    }
}

/* In the output only so that it differs when a file does: compiler caches look no further. */
static uint64_t fingerprint(const struct file *f)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < f->size; i++)
        h = (h ^ (unsigned char)f->data[i]) * UINT64_C(0x100000001b3);
    return h;
}

static void emit_bytes(FILE *out, const char *table, const struct files *f)
{
    for (size_t i = 0; i < f->n; i++) { /* one statement each: ISO C bounds the length of a string */
        fputs("__asm__(\n    \".pushsection .rodata\\n\"\n", out);
        fprintf(out, "    /* %016" PRIx64 " */\n", fingerprint(&f->v[i]));
        fprintf(
            out, "    \".hidden %s_%zu\\n.globl %s_%zu\\n.balign 16\\n\"\n", table, i, table, i);
        fprintf(out, "    \"%s_%zu: .incbin \\\"", table, i);
        quote(out, f->v[i].path);
        fputs("\\\"\\n.byte 0\\n\"\n    \".popsection\\n\");\n\n", out);
    }
    for (size_t i = 0; i < f->n; i++)
        fprintf(
            out, "extern __attribute__((visibility(\"hidden\"))) const char %s_%zu[];\n", table, i);
}

static void emit_slice(
    FILE *out, const char *table, const struct files *f, const char *member, size_t i)
{
    if (i < f->n)
        fprintf(out, ", .%s = {%s_%zu, %zu}", member, table, i, f->v[i].size);
}

static void emit_table(FILE *out, const char *table, const struct files *f)
{
    char *taken = calloc(f->n + 1, 1); /* as a variant of another; one more for "none" */

    if (!taken)
        die("out of memory");
    fprintf(out, "\nconst struct embedded %s[] = {\n", table);
    for (size_t i = 0; i < f->n; i++) {
        size_t br = variant(f, i, ".br"), gz = variant(f, i, ".gz");

        if (taken[i])
            continue;
        taken[br] = taken[gz] = 1;
        fputs("    {.name = {\"", out);
        quote(out, f->v[i].name);
        fprintf(out, "\", %zu}", strlen(f->v[i].name));
        emit_slice(out, table, f, "data", i);
        emit_slice(out, table, f, "br", br);
        emit_slice(out, table, f, "gz", gz);
        fputs("},\n", out);
    }
    fputs("    {.name = {0}},\n};\n", out);
    free(taken);
}

int main(int argc, char **argv)
{
    struct files f = {0};

    if (argc < 5)
        die("usage: embed OUTPUT.c DEPFILE TABLE (FOLDER | FILE | NAME=FILE)...");
    for (int i = 4; i < argc; i++) {
        char *equals = strchr(argv[i], '=');

        if (!equals) {
            files_add(&f, argv[i], "");
            continue;
        }
        *equals = '\0';
        files_add_as(&f, argv[i], equals + 1);
    }
    files_sort(&f);

    FILE *out = output_open(argv[1]);
    fputs("/* Made by tools/embed.c. */\n#include \"base/embedded.h\"\n\n", out);
    emit_bytes(out, argv[3], &f);
    emit_table(out, argv[3], &f);
    output_close(out, argv[1]);
    depfile_write(argv[2], argv[1], &f);
    return 0;
}

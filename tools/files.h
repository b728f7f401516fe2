/* What the build's own tools share: lists of files, and the words to die with. They are
 * short-lived: nothing is freed, and any failure ends the tool and with it the build. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct file {
    char *name; /* how the program calls it: relative to the folder it was found in */
    char *path;
    char *data; /* NUL-terminated */
    size_t size;
};

struct files {
    struct file *v;
    size_t n;
    char **depends; /* every folder and file that was looked at */
    size_t ndepends;
};

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* Adds one file, or every file below a folder whose name ends in `suffix` ("" for all). Names that
 * begin with '.' or end with '~' are an editor's and are passed over. */
void files_add(struct files *f, const char *path, const char *suffix);
void files_add_as(struct files *f, const char *name, const char *path);
/* By name, bytewise; two files of one name are an error. */
void files_sort(struct files *f);

/* Tells ninja what the outputs were made from. Folders are among it, so that a file that is added
 * or removed counts as a change. */
void depfile_write(const char *path, const char *output, const struct files *f);

FILE *output_open(const char *path);
void output_close(FILE *out, const char *path);

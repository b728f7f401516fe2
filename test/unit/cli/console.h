/* Runs a whole command as main does, and catches what it prints. */
#pragma once

#include "base/str.h"

struct arena;
struct command;

extern const struct command cmd_serve;

struct console {
    int code;
    struct str out, err;
};

/* The words after "tocsin", ended by NULL; `input` is its standard input. */
struct console console_run(struct arena *a, struct str input, const char *const *words);
/* The same in the environment as it is. */
struct console console_run_here(struct arena *a, struct str input, const char *const *words);

#define RUN(a, ...) console_run((a), S(""), (const char *const[]){__VA_ARGS__, NULL})

/* A new empty folder, for this run of the test only; the system removes what is in /tmp. */
const char *console_folder(struct arena *a);

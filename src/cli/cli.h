/* The command line: one table of commands, one file per command.
 *
 * A command that talks to a running server is a client of the API and nothing more; those that work
 * on the database itself (init, migrate, verify, backup) open it like the server does. Output goes to
 * standard output, problems to standard error as `tocsin COMMAND: field: message`; the exit code comes
 * from the error's kind (base/error.h). */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"

struct cli_option {
    const char *name;    /* "listen": --listen VALUE; with `flag` no value is taken */
    const char *value;   /* what the value is, for help: "HOST:PORT"; NULL: a flag */
    const char *env;     /* environment variable that gives the default, or NULL */
    const char *absent;  /* default, or NULL */
    const char *doc;
};

#define CLI_MAX_OPTIONS 24
#define CLI_MAX_WORDS 64

struct cli {
    struct arena *arena;
    const struct command *command;
    struct str values[CLI_MAX_OPTIONS]; /* by place in command->options; STR_NONE if absent */
    struct str words[CLI_MAX_WORDS];    /* what is not an option, in order */
    size_t nwords;
};

struct command {
    const char *name;
    const char *words;   /* for help: "INCIDENT TEXT…" */
    size_t least, most;  /* how many words */
    const char *summary; /* one line */
    const char *help;    /* more, or NULL */
    struct cli_option options[CLI_MAX_OPTIONS]; /* ends with {0} */
    bool (*run)(struct cli *c, struct error *err);
};

/* All of them, in alphabetical order; ends with NULL (commands.c; `serve` is handed in by main). */
extern const struct command *const commands[];

/* Parses and runs; the process's exit code. */
int cli_main(const struct command *serve, int argc, char **argv);

struct str cli_value(const struct cli *c, const char *option); /* STR_NONE if not given */
bool cli_flag(const struct cli *c, const char *option);

/* Opening the installation, for commands that work on the database itself. */
struct db;
struct env;
struct installation {
    struct str dir, db_url;
    int lock; /* file descriptor of the data directory's lock, -1 if none */
};
/* `exclusive`: takes the data directory's lock; UNAVAILABLE naming the other process if it is held. */
bool installation_open(struct cli *c, bool exclusive, struct installation *out, struct error *err);
void installation_close(struct installation *i);
/* Secret keys and the policy pack; `base_url` as people reach us. */
bool installation_env(struct arena *a, const struct installation *i, struct str base_url, struct env *out,
    struct error *err);
extern const struct cli_option cli_data_option, cli_database_option;

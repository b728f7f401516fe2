/* The command line: one table of commands, one file per command or family of commands.
 *
 * A command that talks to a running server is a client of the API and nothing more (cli/api.h);
 * those that work on the database itself (init, migrate, verify, backup) open it like the server
 * does. Output goes to standard output, problems to standard error as `tocsin COMMAND: field:
 * message`; the exit code comes from the error's kind (base/error.h), or is 64 when the command
 * line itself makes no sense.
 *
 * The same table gives help, completions, and what the manual page is checked against. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/field.h"
#include "base/str.h"

struct cli_option {
    const char *name;    /* "listen": --listen VALUE */
    const char *value;   /* what the value is, for help: "HOST:PORT"; NULL: a flag */
    const char *env;     /* environment variable that gives the default, or NULL */
    const char *absent;  /* default, or NULL */
    const char *doc;     /* NULL: that of the field of the same name in the command's `takes` */
};

#define CLI_MAX_COMMANDS 64
#define CLI_MAX_OPTIONS 24
#define CLI_MAX_WORDS 64

struct cli {
    struct arena *arena;
    const struct command *command;
    const struct command *const *all;   /* every command by name, `serve` too; ends with NULL */
    struct str values[CLI_MAX_OPTIONS]; /* by place in command->options; STR_NONE if absent */
    struct str words[CLI_MAX_WORDS];    /* what is not an option, in order */
    size_t nwords;
    const struct language *language; /* of the person at the terminal: $LC_ALL, $LC_MESSAGES, $LANG */
    instant now;
    bool terminal; /* somebody reads standard output … */
    bool colour;   /* … and wants colours */
    size_t width;  /* columns of the terminal; 0: do not cut lines */
};

struct command {
    const char *name;          /* "ack", or of a family "user add" */
    const char *words;         /* for help: "INCIDENT TEXT…" */
    size_t least, most;        /* how many words */
    const char *summary;       /* one line */
    const char *help;          /* more, or NULL */
    const struct field *takes; /* what the API takes: --started-at is the field started_at */
    const char *const *choices; /* what one of the words may be, for completion; NULL: anything */
    size_t choice;              /* which word: 0 is the first */
    struct cli_option options[CLI_MAX_OPTIONS]; /* ends with {0} */
    bool (*run)(struct cli *c, struct error *err);
};

/* All of them, by name; ends with NULL (commands.c; `serve` is handed in by main). */
extern const struct command *const commands[];

/* Parses and runs; the process's exit code. */
int cli_main(const struct command *serve, int argc, char **argv);

struct str cli_value(const struct cli *c, const char *option); /* STR_NONE if not given */
bool cli_flag(const struct cli *c, const char *option);
/* Words from `from` on as one text; a lone "-" is standard input, up to 64 KiB of it. STR_NONE if
 * there are none. */
bool cli_text(struct cli *c, size_t from, struct str *out, struct error *err);

/* The option's own text, or that of its field. */
const char *cli_option_doc(const struct command *c, const struct cli_option *o);
/* The field of `takes` that the option sets, or NULL. */
const struct field *cli_option_field(const struct command *c, const struct cli_option *o);

/* Help is for people: in their language, and tables have their headings in it. What a command is called
 * and takes stays as it is, and so does everything that a program may read. */
struct language;
void cli_print_commands(const struct command *const *all, struct str family, const struct language *l, FILE *to);
void cli_print_help(const struct command *c, const struct language *l);

/* Opening the installation, for commands that work on the database itself. */
struct db;
struct env;
struct installation {
    struct str dir, db_url;
    int lock; /* file descriptor of the data directory's lock, -1 if none */
};
/* `exclusive`: takes the data directory's lock; UNAVAILABLE naming the other process if it is held.
 */
bool installation_open(struct cli *c, bool exclusive, struct installation *out, struct error *err);
void installation_close(struct installation *i);
/* Secret keys and the built-in policy packs; `base_url` as people reach us. */
bool installation_env(struct arena *a, const struct installation *i, struct str base_url,
    struct env *out, struct error *err);
#define CLI_DATA_OPTION \
    {"data", "DIR", "TOCSIN_DATA", "data", "folder with the database and the key"}
#define CLI_DATABASE_OPTION \
    {"database", "URL", "DATABASE_URL", NULL, "postgres://… instead of SQLite in the folder"}

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 30)

static const struct command *find(const struct command *serve, struct str name)
{
    if (str_eq(name, S("serve")))
        return serve;
    for (size_t i = 0; commands[i]; i++)
        if (str_eq(name, str_from(commands[i]->name)))
            return commands[i];
    return NULL;
}

static void print_commands(const struct command *serve, FILE *to)
{
    fprintf(to, "Usage: tocsin COMMAND [OPTIONS] [WORDS]\n\nCommands:\n");
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    fprintf(to, "  %-12s %s\n\n`tocsin COMMAND --help` says more. `tocsin --version` prints the version.\n",
        serve->name, serve->summary);
}

static void print_help(const struct command *c)
{
    printf("Usage: tocsin %s%s%s [OPTIONS]\n\n%s.\n", c->name, c->words[0] ? " " : "", c->words, c->summary);
    if (c->help)
        printf("\n%s\n", c->help);
    printf("\nOptions:\n");
    for (const struct cli_option *o = c->options; o->name; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
        printf("  %-26s %s", left, o->doc);
        if (o->env)
            printf(" [$%s]", o->env);
        if (o->absent)
            printf(" (default: %s)", o->absent);
        putchar('\n');
    }
    printf("  %-26s %s\n", "--help", "this text");
}

static int option_place(const struct command *c, struct str name)
{
    for (int i = 0; c->options[i].name; i++)
        if (str_eq(name, str_from(c->options[i].name)))
            return i;
    return -1;
}

static void set_defaults(struct cli *c)
{
    for (size_t i = 0; c->command->options[i].name; i++) {
        const struct cli_option *o = &c->command->options[i];
        const char *env = o->env ? getenv(o->env) : NULL;
        c->values[i] = str_from(env && *env ? env : o->absent);
    }
}

/* "--name value", "--name=value", "--flag", "--" and words. */
static bool parse(struct cli *c, int argc, char **argv, struct error *err)
{
    bool only_words = false;

    set_defaults(c);
    for (int i = 2; i < argc; i++) {
        struct str arg = str_from(argv[i]), name;
        if (only_words || arg.len < 2 || !str_starts(arg, S("--"))) {
            if (c->nwords == CLI_MAX_WORDS)
                return fail(err, MALFORMED, "at most %d words", CLI_MAX_WORDS);
            c->words[c->nwords++] = arg;
            continue;
        }
        if (arg.len == 2) {
            only_words = true;
            continue;
        }
        struct str value = str_cut(str_slice(arg, 2, arg.len), '=', &name);
        int at = option_place(c->command, name);
        if (at < 0)
            return fail(err, MALFORMED, "there is no option --%.*s; see `tocsin %s --help`", STR(name), c->command->name);
        if (!c->command->options[at].value) {
            if (value.ptr)
                return fail(err, MALFORMED, "--%.*s takes no value", STR(name));
            c->values[at] = S("yes");
        } else if (value.ptr) {
            c->values[at] = value;
        } else if (++i < argc) {
            c->values[at] = str_from(argv[i]);
        } else {
            return fail(err, MALFORMED, "--%.*s needs a value: %s", STR(name), c->command->options[at].value);
        }
    }
    if (c->nwords < c->command->least || c->nwords > c->command->most)
        return fail(err, MALFORMED, "usage: tocsin %s %s", c->command->name, c->command->words);
    return true;
}

struct str cli_value(const struct cli *c, const char *option)
{
    int at = option_place(c->command, str_from(option));

    return at < 0 ? STR_NONE : c->values[at];
}

bool cli_flag(const struct cli *c, const char *option)
{
    struct str v = cli_value(c, option);

    return v.len && !str_eq(v, S("0")) && !str_eq(v, S("no"));
}

static void complain(const char *command, const struct error *err)
{
    if (err->nfields == 0)
        fprintf(stderr, "tocsin %s: %s\n", command, err->message);
    for (size_t i = 0; i < err->nfields; i++)
        fprintf(stderr, "tocsin %s: %s: %s\n", command, err->fields[i].name, err->fields[i].message);
    if (err->kind == ERROR_INTERNAL)
        fprintf(stderr, "  (%s)\n", err->origin ? err->origin : "?");
}

int cli_main(const struct command *serve, int argc, char **argv)
{
    struct arena arena;
    struct error err = {0};
    struct str name = str_from(argc > 1 ? argv[1] : "help");

    if (str_eq(name, S("help")) || str_eq(name, S("--help")) || str_eq(name, S("-h"))) {
        print_commands(serve, stdout);
        return 0;
    }
    if (str_eq(name, S("--version")) || str_eq(name, S("version"))) {
        printf("tocsin %s\n", TOCSIN_VERSION);
        return 0;
    }
    const struct command *command = find(serve, name);
    if (!command) {
        fprintf(stderr, "tocsin: there is no command %.*s\n\n", STR(name));
        print_commands(serve, stderr);
        return 64;
    }
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0) {
            print_help(command);
            return 0;
        }
    arena_init(&arena, ARENA_BYTES);
    struct cli c = {.arena = &arena, .command = command};
    bool ok = parse(&c, argc, argv, &err) && command->run(&c, &err);
    if (!ok)
        complain(command->name, &err);
    arena_deinit(&arena);
    if (fflush(stdout) != 0)
        return 74;
    return ok ? 0 : error_exit(err.kind);
}

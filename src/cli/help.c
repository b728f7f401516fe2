/* What `tocsin help` says, from the command table. */
#include "cli/cli.h"

#include <string.h>

#define LEFT 26 /* width of the column with options */

const struct field *cli_option_field(const struct command *c, const struct cli_option *o)
{
    char name[64];
    size_t n = strlen(o->name);

    if (!c->takes || n >= sizeof name)
        return NULL;
    for (size_t i = 0; i < n; i++)
        name[i] = o->name[i] == '-' ? '_' : o->name[i];
    return field_find(c->takes, (struct str){name, n});
}

const char *cli_option_doc(const struct command *c, const struct cli_option *o)
{
    const struct field *f = o->doc ? NULL : cli_option_field(c, o);

    return o->doc ? o->doc : f && f->doc ? f->doc : "";
}

/* Commands that talk to a server are those that take its address. */
static bool is_client(const struct command *c)
{
    for (const struct cli_option *o = c->options; o->name; o++)
        if (strcmp(o->name, "url") == 0)
            return true;
    return false;
}

static void print_some(const struct command *const *all, struct str family, bool clients, FILE *to)
{
    for (size_t i = 0; all[i]; i++) {
        struct str first;
        str_cut(str_from(all[i]->name), ' ', &first);
        if (is_client(all[i]) == clients && (!family.len || str_eq(first, family)))
            fprintf(to, "  %-14s %s\n", all[i]->name, all[i]->summary);
    }
}

void cli_print_commands(const struct command *const *all, struct str family, FILE *to)
{
    if (family.len) {
        fprintf(to, "Usage: tocsin %.*s COMMAND [OPTIONS] [WORDS]\n\nCommands:\n", STR(family));
        print_some(all, family, true, to);
        fprintf(to, "\n`tocsin %.*s COMMAND --help` says more.\n", STR(family));
        return;
    }
    fprintf(to, "Usage: tocsin COMMAND [OPTIONS] [WORDS]\n\nWork with a running server:\n");
    print_some(all, STR_NONE, true, to);
    fprintf(to, "\nRun and look after one:\n");
    print_some(all, STR_NONE, false, to);
    fprintf(to, "\n`tocsin COMMAND --help` says more; `tocsin --version` prints the version.\n"
                "A server is found by --url or $TOCSIN_URL, and lets in who has a token: --token, "
                "$TOCSIN_TOKEN\nor the file ~/.config/tocsin/token.\n");
}

static void print_option(const struct command *c, const struct cli_option *o)
{
    char left[64];

    snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("  %-*s %s", LEFT, left, cli_option_doc(c, o));
    if (o->absent)
        printf(" (default: %s)", o->absent);
    if (o->env)
        printf(" [$%s]", o->env);
    putchar('\n');
}

void cli_print_help(const struct command *c)
{
    printf("Usage: tocsin %s%s%s [OPTIONS]\n\n%s.\n", c->name, *c->words ? " " : "", c->words,
        c->summary);
    if (c->help)
        printf("\n%s\n", c->help);
    printf("\nOptions:\n");
    for (const struct cli_option *o = c->options; o->name; o++)
        print_option(c, o);
    printf("  %-*s %s\n", LEFT, "--help", "this text");
}

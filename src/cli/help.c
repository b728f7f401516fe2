/* What `tocsin help` says, from the command table. */
#include "cli/cli.h"

#include <string.h>

#include "text/language.h"

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

static void print_some(const struct command *const *all, struct str family, bool clients,
    const struct language *l, FILE *to)
{
    for (size_t i = 0; all[i]; i++) {
        struct str first;
        str_cut(str_from(all[i]->name), ' ', &first);
        if (is_client(all[i]) == clients && (!family.len || str_eq(first, family)))
            fprintf(to, "  %-14s %.*s\n", all[i]->name, STR(language_text(l, all[i]->summary)));
    }
}

static void print_line(const struct language *l, const char *text, FILE *to)
{
    fprintf(to, "%.*s\n", STR(language_text(l, text)));
}

void cli_print_commands(const struct command *const *all, struct str family, const struct language *l, FILE *to)
{
    fprintf(to, "%.*s tocsin ", STR(language_text(l, "Usage:")));
    if (family.len) {
        fprintf(to, "%.*s ", STR(family));
        print_line(l, N_("COMMAND [OPTIONS] [WORDS]\n\nCommands:"), to);
        print_some(all, family, true, l, to);
        fprintf(to, "\n`tocsin %.*s ", STR(family));
        print_line(l, N_("COMMAND --help` says more."), to);
        return;
    }
    print_line(l, N_("COMMAND [OPTIONS] [WORDS]\n\nWork with a running server:"), to);
    print_some(all, STR_NONE, true, l, to);
    fputc('\n', to);
    print_line(l, N_("Run and look after one:"), to);
    print_some(all, STR_NONE, false, l, to);
    fputc('\n', to);
    print_line(l,
        N_("`tocsin COMMAND --help` says more; `tocsin --version` prints the version.\n"
           "A server is found by --url or $TOCSIN_URL, and lets in who has a token: --token, "
           "$TOCSIN_TOKEN\nor the file ~/.config/tocsin/token."),
        to);
}

static void print_option(const struct command *c, const struct cli_option *o, const struct language *l)
{
    const char *doc = cli_option_doc(c, o);
    char left[64];

    snprintf(left, sizeof left, "--%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    printf("  %-*s %.*s", LEFT, left, STR(language_text(l, doc)));
    if (o->absent)
        printf(" (%.*s %s)", STR(language_text(l, "default:")), o->absent);
    if (o->env)
        printf(" [$%s]", o->env);
    putchar('\n');
}

void cli_print_help(const struct command *c, const struct language *l)
{
    printf("%.*s tocsin %s%s%s %.*s\n\n%.*s.\n", STR(language_text(l, "Usage:")), c->name, *c->words ? " " : "",
        c->words, STR(language_text(l, "[OPTIONS]")), STR(language_text(l, c->summary)));
    if (c->help)
        printf("\n%.*s\n", STR(language_text(l, c->help)));
    printf("\n%.*s\n", STR(language_text(l, "Options:")));
    for (const struct cli_option *o = c->options; o->name; o++)
        print_option(c, o, l);
    printf("  %-*s %.*s\n", LEFT, "--help", STR(language_text(l, "this text")));
}

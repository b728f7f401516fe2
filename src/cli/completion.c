/* Completion scripts for shells, from the command table. */
#include "cli/cli.h"

#include <string.h>

/* What may stand after an option. */
enum kind { ANYTHING, FILES, FOLDERS, CHOICES };

static enum kind kind_of(const struct command *c, const struct cli_option *o)
{
    const struct field *f = cli_option_field(c, o);

    if (f && f->choices)
        return CHOICES;
    if (strcmp(o->value, "FILE") == 0)
        return FILES;
    return strcmp(o->value, "DIR") == 0 ? FOLDERS : ANYTHING;
}

static void print_list(const char *const *list)
{
    for (size_t i = 0; list[i]; i++)
        printf("%s%s", i ? " " : "", list[i]);
}

/* True for the first command of each family, and for those of none; *name is its first word. */
static bool begins(const struct command *const *all, size_t i, struct str *name)
{
    struct str before;

    str_cut(str_from(all[i]->name), ' ', name);
    if (i == 0)
        return true;
    str_cut(str_from(all[i - 1]->name), ' ', &before);
    return !str_eq(*name, before);
}

static bool is_family(const struct command *c)
{
    return strchr(c->name, ' ') != NULL;
}

static void print_members(const struct command *const *all, struct str family)
{
    const char *gap = "";

    for (size_t i = 0; all[i]; i++) {
        struct str first, second = str_cut(str_from(all[i]->name), ' ', &first);
        if (second.ptr && str_eq(first, family)) {
            printf("%s%.*s", gap, STR(second));
            gap = " ";
        }
    }
}

/* --- bash --- */

static void bash_values(const struct command *c)
{
    for (const struct cli_option *o = c->options; o->name; o++) {
        if (!o->value)
            continue;
        printf("    '%s --%s') ", c->name, o->name);
        switch (kind_of(c, o)) {
        case CHOICES:
            printf("COMPREPLY=($(compgen -W '");
            print_list(cli_option_field(c, o)->choices);
            printf("' -- \"$cur\")); ");
            break;
        case FILES:
            printf("COMPREPLY=($(compgen -f -- \"$cur\")); ");
            break;
        case FOLDERS:
            printf("COMPREPLY=($(compgen -d -- \"$cur\")); ");
            break;
        case ANYTHING:
            break;
        }
        printf("return ;;\n");
    }
}

static void bash_words(const struct command *c)
{
    bool family = is_family(c);

    printf("    '%s')\n", c->name);
    if (c->choices) {
        printf("        (( COMP_CWORD == %zu )) && words='", c->choice + (family ? 3 : 2));
        print_list(c->choices);
        printf("'\n");
    } else if (strncmp(c->words, "FILE", 4) == 0) {
        printf("        [[ $cur != -* ]] && { COMPREPLY=($(compgen -f -- \"$cur\")); return; }\n");
    }
    printf("        words+=' ");
    for (const struct cli_option *o = c->options; o->name; o++)
        printf("--%s ", o->name);
    printf("--help' ;;\n");
}

static void print_bash(const struct command *const *all)
{
    struct str name;

    printf("# bash completion for tocsin: source <(tocsin completion bash)\n"
           "_tocsin() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local command=${COMP_WORDS[1]} words=\n"
           "    COMPREPLY=()\n"
           "    if (( COMP_CWORD == 1 )); then\n"
           "        COMPREPLY=($(compgen -W '");
    for (size_t i = 0; all[i]; i++)
        if (begins(all, i, &name))
            printf("%.*s ", STR(name));
    printf("help' -- \"$cur\"))\n        return\n    fi\n    case $command in\n");
    for (size_t i = 0; all[i]; i++) {
        if (!begins(all, i, &name) || !is_family(all[i]))
            continue;
        printf("    %.*s)\n        if (( COMP_CWORD == 2 )); then\n"
               "            COMPREPLY=($(compgen -W '", STR(name));
        print_members(all, name);
        printf("' -- \"$cur\"))\n            return\n        fi\n"
               "        command+=\" ${COMP_WORDS[2]}\" ;;\n");
    }
    printf("    esac\n    case \"$command $prev\" in\n");
    for (size_t i = 0; all[i]; i++)
        bash_values(all[i]);
    printf("    esac\n    case $command in\n");
    for (size_t i = 0; all[i]; i++)
        bash_words(all[i]);
    printf("    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
           "complete -F _tocsin tocsin\n");
}

/* --- zsh --- */

/* Inside single quotes; `special` characters get a backslash besides. */
static void print_quoted(const char *s, const char *special)
{
    for (; *s; s++) {
        if (*s == '\'')
            printf("'\\''");
        else
            printf("%s%c", strchr(special, *s) ? "\\" : "", *s);
    }
}

static void zsh_option(const struct command *c, const struct cli_option *o)
{
    printf(" \\\n            '--%s%s[", o->name, o->value ? "=" : "");
    print_quoted(cli_option_doc(c, o), "[]:\\");
    printf("]");
    if (o->value) {
        printf(":%s:", o->value);
        switch (kind_of(c, o)) {
        case CHOICES:
            putchar('(');
            print_list(cli_option_field(c, o)->choices);
            putchar(')');
            break;
        case FILES:
            printf("_files");
            break;
        case FOLDERS:
            printf("_files -/");
            break;
        case ANYTHING:
            break;
        }
    }
    printf("'");
}

static void zsh_command(const struct command *c)
{
    printf("        ('%s')\n            _arguments", c->name);
    for (const struct cli_option *o = c->options; o->name; o++)
        zsh_option(c, o);
    printf(" \\\n            '--help[say more about the command]'");
    if (c->choices) {
        for (size_t i = 0; i < c->choice; i++)
            printf(" \\\n            '%zu:word:'", i + 1);
        printf(" \\\n            '%zu:word:(", c->choice + 1);
        print_list(c->choices);
        printf(")'");
    }
    printf(" \\\n            '*:word:%s'", strncmp(c->words, "FILE", 4) == 0 ? "_files" : "");
    printf(" ;;\n");
}

static void zsh_describe(const struct command *const *all, const char *variable, struct str family)
{
    struct str name;

    printf("    %s=(\n", variable);
    for (size_t i = 0; all[i]; i++) {
        struct str first, second = str_cut(str_from(all[i]->name), ' ', &first);
        bool shown = family.len ? str_eq(first, family) : begins(all, i, &name);
        if (!shown)
            continue;
        printf("        '%.*s:", STR(family.len ? second : first));
        print_quoted(all[i]->summary, ":\\");
        printf("'\n");
    }
    printf("    )\n");
}

static void print_zsh(const struct command *const *all)
{
    struct str name;

    printf("#compdef tocsin\n"
           "# zsh completion for tocsin: tocsin completion zsh > \"${fpath[1]}/_tocsin\"\n"
           "_tocsin() {\n    local -a names\n    local command=$words[2]\n");
    zsh_describe(all, "names", STR_NONE);
    printf(
        "    if (( CURRENT == 2 )); then\n        _describe command names\n        return\n    fi\n"
        "    case $command in\n");
    for (size_t i = 0; all[i]; i++) {
        if (!begins(all, i, &name) || !is_family(all[i]))
            continue;
        printf("    (%.*s)\n", STR(name));
        zsh_describe(all, "names", name);
        printf("    if (( CURRENT == 3 )); then\n        _describe command names\n"
               "        return\n    fi\n"
               "    command+=\" $words[3]\"\n    shift words\n    (( CURRENT-- )) ;;\n");
    }
    printf("    esac\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
    for (size_t i = 0; all[i]; i++)
        zsh_command(all[i]);
    printf("    esac\n}\nif [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n    _tocsin \"$@\"\n"
           "else\n    compdef _tocsin tocsin\nfi\n");
}

/* --- fish --- */

static void fish_option(const struct command *c, const struct cli_option *o)
{
    printf("complete -c tocsin -n '__tocsin_is %s' -l %s", c->name, o->name);
    if (o->value) {
        switch (kind_of(c, o)) {
        case CHOICES:
            printf(" -xa '");
            print_list(cli_option_field(c, o)->choices);
            putchar('\'');
            break;
        case FILES:
            printf(" -rF");
            break;
        case FOLDERS:
            printf(" -xa '(__fish_complete_directories)'");
            break;
        case ANYTHING:
            printf(" -x");
            break;
        }
    }
    printf(" -d '");
    for (const char *s = cli_option_doc(c, o); *s; s++)
        printf("%s%c", strchr("'\\", *s) ? "\\" : "", *s);
    printf("'\n");
}

static void fish_command(const struct command *c)
{
    struct str first, second = str_cut(str_from(c->name), ' ', &first);

    if (second.ptr)
        printf("complete -c tocsin -n '__tocsin_next %.*s' -a %.*s -d '", STR(first), STR(second));
    else
        printf("complete -c tocsin -n __tocsin_next -a %s -d '", c->name);
    for (const char *s = c->summary; *s; s++)
        printf("%s%c", strchr("'\\", *s) ? "\\" : "", *s);
    printf("'\n");
    for (const struct cli_option *o = c->options; o->name; o++)
        fish_option(c, o);
    printf("complete -c tocsin -n '__tocsin_is %s' -l help -d 'say more about the command'\n",
        c->name);
    if (c->choices) {
        printf("complete -c tocsin -n '__tocsin_is %s; and test (count (commandline -opc)) -eq "
               "%zu' -a '",
            c->name, c->choice + (second.ptr ? 3 : 2));
        print_list(c->choices);
        printf("'\n");
    }
    if (strncmp(c->words, "FILE", 4) == 0)
        printf("complete -c tocsin -n '__tocsin_is %s' -F\n", c->name);
}

static void print_fish(const struct command *const *all)
{
    struct str name;

    printf(
        "# fish completion for tocsin: tocsin completion fish > "
        "~/.config/fish/completions/tocsin.fish\n"
        "function __tocsin_is # the command line begins with these words\n"
        "    set -l given (commandline -opc)\n"
        "    for i in (seq (count $argv))\n"
        "        test \"$given[(math $i + 1)]\" = \"$argv[$i]\"; or return 1\n"
        "    end\n"
        "end\n"
        "function __tocsin_next # it consists of them and nothing else\n"
        "    test (count (commandline -opc)) -eq (math (count $argv) + 1); and __tocsin_is $argv\n"
        "end\n"
        "complete -c tocsin -f\n");
    for (size_t i = 0; all[i]; i++)
        if (begins(all, i, &name) && is_family(all[i]))
            printf("complete -c tocsin -n __tocsin_next -a %.*s\n", STR(name));
    for (size_t i = 0; all[i]; i++)
        fish_command(all[i]);
}

static const struct {
    const char *name;
    void (*print)(const struct command *const *all);
} shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

static bool run(struct cli *c, struct error *err)
{
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (!str_eq(c->words[0], str_from(shells[i].name)))
            continue;
        shells[i].print(c->all);
        return true;
    }
    return fail_field(err, "shell", "must be one of bash, zsh, fish");
}

static const char *const shell_names[] = {"bash", "zsh", "fish", NULL};

const struct command cmd_completion = {
    .name = "completion", .words = "SHELL", .least = 1, .most = 1,
    .summary = "Print a completion script for bash, zsh or fish", .run = run,
    .help = "  source <(tocsin completion bash)\n"
            "  tocsin completion zsh > \"${fpath[1]}/_tocsin\"\n"
            "  tocsin completion fish > ~/.config/fish/completions/tocsin.fish",
    .choices = shell_names, .choice = 0,
    .options = {{0}},
};

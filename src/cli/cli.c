#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/utf8.h"
#include "text/language.h"

#define ARENA_BYTES ((size_t)1 << 30)
#define MAX_STDIN ((size_t)64 << 10)
#define EXIT_USAGE 64 /* sysexits.h: the command line makes no sense */
#define EXIT_OUTPUT 74 /* what was to be printed could not be */

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

static bool take_word(struct cli *c, struct str word, struct error *err)
{
    if (c->nwords == CLI_MAX_WORDS)
        return fail(err, MALFORMED, "at most %d words; put a longer text in quotes", CLI_MAX_WORDS);
    c->words[c->nwords++] = word;
    return true;
}

/* argv[*i] is "--name", "--name=value" or "--name" followed by its value. */
static bool take_option(struct cli *c, int argc, char **argv, int *i, struct error *err)
{
    struct str name, arg = str_from(argv[*i]);
    struct str value = str_cut(str_slice(arg, 2, arg.len), '=', &name);
    int at = option_place(c->command, name);

    if (at < 0)
        return fail(err, MALFORMED, "there is no option --%.*s; see `tocsin %s --help`",
            STR(name), c->command->name);
    const struct cli_option *o = &c->command->options[at];
    if (!o->value && value.ptr)
        return fail(err, MALFORMED, "--%s takes no value", o->name);
    if (!o->value)
        value = S("yes");
    else if (!value.ptr && *i + 1 < argc)
        value = str_from(argv[++*i]);
    else if (!value.ptr)
        return fail(err, MALFORMED, "--%s needs a value: %s", o->name, o->value);
    c->values[at] = value;
    return true;
}

/* Options, "--" that ends them, and words. */
static bool parse(struct cli *c, int argc, char **argv, struct error *err)
{
    bool only_words = false;

    set_defaults(c);
    for (int i = 0; i < argc; i++) {
        struct str arg = str_from(argv[i]);
        if (!utf8_valid(arg))
            return fail(err, MALFORMED, "the command line must be UTF-8");
        if (only_words || arg.len < 2 || arg.ptr[0] != '-') {
            if (!take_word(c, arg, err))
                return false;
        } else if (str_eq(arg, S("--"))) {
            only_words = true;
        } else if (!str_starts(arg, S("--"))) {
            return fail(err, MALFORMED,
                "there is no option %.*s; put -- before a word that begins with -", STR(arg));
        } else if (!take_option(c, argc, argv, &i, err)) {
            return false;
        }
    }
    if (c->nwords < c->command->least || c->nwords > c->command->most)
        return fail(err, MALFORMED, "%s words; usage: tocsin %s%s%s",
            c->nwords < c->command->least ? "too few" : "too many", c->command->name,
            *c->command->words ? " " : "", c->command->words);
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

static bool read_stdin(struct arena *a, struct str *out, struct error *err)
{
    char *text = arena_alloc(a, MAX_STDIN + 1, 1);
    size_t n = fread(text, 1, MAX_STDIN + 1, stdin);

    if (ferror(stdin))
        return fail(err, UNAVAILABLE, "standard input cannot be read");
    if (n > MAX_STDIN)
        return fail(err, TOO_LARGE, "standard input is longer than %zu bytes", MAX_STDIN);
    *out = (struct str){text, n};
    return utf8_valid(*out) || fail(err, MALFORMED, "standard input must be UTF-8");
}

bool cli_text(struct cli *c, size_t from, struct str *out, struct error *err)
{
    struct buf text;

    *out = STR_NONE;
    if (c->nwords <= from)
        return true;
    if (c->nwords == from + 1 && str_eq(c->words[from], S("-")))
        return read_stdin(c->arena, out, err);
    buf_init(&text, c->arena, (size_t)1 << 20);
    for (size_t i = from; i < c->nwords; i++) {
        if (i > from)
            buf_addc(&text, ' ');
        buf_add(&text, c->words[i]);
    }
    *out = buf_str(&text);
    return true;
}

static void complain(const char *command, const struct error *err)
{
    if (err->nfields == 0)
        fprintf(stderr, "tocsin %s: %s\n", command, err->message);
    for (size_t i = 0; i < err->nfields; i++)
        fprintf(
            stderr, "tocsin %s: %s: %s\n", command, err->fields[i].name, err->fields[i].message);
    if (err->kind == ERROR_INTERNAL && err->origin)
        fprintf(stderr, "  (%s)\n", err->origin);
}

/* `serve` in its place among the others. */
static void all_commands(const struct command *serve, const struct command **all)
{
    size_t n = 0;

    for (size_t i = 0; commands[i] && n + 2 < CLI_MAX_COMMANDS; i++) {
        if (serve && strcmp(serve->name, commands[i]->name) < 0) {
            all[n++] = serve;
            serve = NULL;
        }
        all[n++] = commands[i];
    }
    if (serve)
        all[n++] = serve;
    all[n] = NULL;
}

/* The command that argv begins with; *used is how many arguments its name takes. */
static const struct command *find(
    const struct command *const *all, int argc, char **argv, int *used)
{
    for (size_t i = 0; argc > 0 && all[i]; i++) {
        struct str first, second = str_cut(str_from(all[i]->name), ' ', &first);
        if (!str_eq(first, str_from(argv[0])))
            continue;
        if (second.ptr && (argc < 2 || !str_eq(second, str_from(argv[1]))))
            continue;
        *used = second.ptr ? 2 : 1;
        return all[i];
    }
    return NULL;
}

static bool is_family(const struct command *const *all, struct str name)
{
    struct str first;

    for (size_t i = 0; all[i]; i++)
        if (str_cut(str_from(all[i]->name), ' ', &first).ptr && str_eq(first, name))
            return true;
    return false;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static void look_at_terminal(struct cli *c)
{
    const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
    struct winsize size = {0};

    c->terminal = isatty(STDOUT_FILENO);
    c->colour = c->terminal && !(plain && *plain) && !(term && strcmp(term, "dumb") == 0);
    if (c->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        c->width = size.ws_col;
}

/* "ru_RU.UTF-8@any" asks for ru-RU. Other encodings cannot show what we would print. */
static const struct language *choose_language(struct arena *a)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    struct languages all;
    struct error ignored = {0};
    struct str name = STR_NONE, encoding, place;

    for (size_t i = 0; i < sizeof names / sizeof *names && !name.len; i++)
        name = str_from(getenv(names[i]));
    str_cut(str_cut(name, '.', &name), '@', &encoding);
    struct str code = str_cut(str_lower(a, name), '_', &place);
    if (!str_eq_nocase(encoding, S("UTF-8")) && !str_eq_nocase(encoding, S("utf8")))
        return NULL;
    code = code.len ? str_printf(a, "%.*s-%.*s", STR(place), STR(code)) : place;
    return languages_open(a, locale_table, &all, &ignored) ? language_choose(&all, code) : NULL;
}

static int run(struct arena *a, const struct command *const *all, const struct command *command,
    const struct language *l, int argc, char **argv)
{
    struct error err = {0};
    int code = 0;

    struct cli c = {.arena = a, .command = command, .all = all, .language = l, .now = clock_now()};
    look_at_terminal(&c);
    if (!parse(&c, argc, argv, &err))
        code = EXIT_USAGE;
    else if (!command->run(&c, &err))
        code = error_exit(err.kind);
    if (fflush(stdout) != 0 && code == 0)
        code = EXIT_OUTPUT;
    if (err.kind != ERROR_NONE)
        complain(command->name, &err);
    return code;
}

static int no_such(
    const struct command *const *all, struct str name, struct str second, const struct language *l)
{
    if (is_family(all, name)) {
        if (second.len)
            fprintf(stderr, "tocsin: there is no command `%.*s %.*s`\n\n", STR(name), STR(second));
        cli_print_commands(all, name, l, stderr);
    } else {
        fprintf(
            stderr, "tocsin: there is no command `%.*s`; `tocsin help` lists them\n", STR(name));
    }
    return EXIT_USAGE;
}

static int dispatch(struct arena *a, const struct command *const *all, int argc, char **argv)
{
    struct str name = str_from(argc > 1 ? argv[1] : NULL);
    const struct language *l = choose_language(a);
    int used = 0;

    if (str_eq(name, S("--version")) || str_eq(name, S("version"))) {
        printf("tocsin %s\n", TOCSIN_VERSION);
        return fflush(stdout) == 0 ? 0 : EXIT_OUTPUT;
    }
    bool help = str_eq(name, S("help"));
    if (argc < 2 || (help && argc < 3) || str_eq(name, S("--help")) || str_eq(name, S("-h"))) {
        cli_print_commands(all, STR_NONE, l, argc < 2 ? stderr : stdout);
        return argc < 2 ? EXIT_USAGE : 0;
    }
    argc -= help ? 2 : 1;
    argv += help ? 2 : 1;
    const struct command *command = find(all, argc, argv, &used);
    help |= wants_help(argc, argv);
    if (command && help) {
        cli_print_help(command, l);
        return 0;
    }
    if (command)
        return run(a, all, command, l, argc - used, argv + used);
    if (help && is_family(all, str_from(argv[0]))) {
        cli_print_commands(all, str_from(argv[0]), l, stdout);
        return 0;
    }
    return no_such(all, str_from(argv[0]), str_from(argc > 1 ? argv[1] : NULL), l);
}

int cli_main(const struct command *serve, int argc, char **argv)
{
    const struct command *all[CLI_MAX_COMMANDS];
    struct arena arena;

    arena_init(&arena, ARENA_BYTES);
    all_commands(serve, all);
    int code = dispatch(&arena, all, argc, argv);
    arena_deinit(&arena);
    return code;
}

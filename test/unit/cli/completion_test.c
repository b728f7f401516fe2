/* Completion scripts: whole, and in bash also tried. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "test.h"

static const char *const shells[] = {"bash", "zsh", "fish"};

/* What a shell program prints when it is given the script; `use` follows it. */
static struct str ask(struct arena *a, const char *shell, struct str script, const char *use)
{
    const char *path = str_printf(a, "%s/script", console_folder(a)).ptr;
    FILE *f = fopen(path, "w");
    char *out = arena_alloc(a, 1 << 16, 1);

    if (!f)
        return STR_NONE;
    fprintf(f, "%.*s\n%s\n", STR(script), use);
    fclose(f);
    f = popen(str_printf(a, "%s %s 2>&1", shell, path).ptr, "r");
    size_t n = f ? fread(out, 1, 1 << 16, f) : 0;
    if (f)
        pclose(f);
    return str_trim((struct str){out, n});
}

TEST(every_script_knows_every_command_and_option)
{
    for (size_t s = 0; s < sizeof shells / sizeof *shells; s++) {
        struct console c = RUN(a, "completion", shells[s]);
        CHECK_INT(c.code, 0);
        for (size_t i = 0; commands[i]; i++) {
            struct str family, member = str_cut(str_from(commands[i]->name), ' ', &family);
            CHECK(str_contains(c.out, family) && (!member.ptr || str_contains(c.out, member)));
            for (const struct cli_option *o = commands[i]->options; o->name; o++)
                CHECK(str_contains(c.out, str_printf(a, "%s%s", s == 2 ? "-l " : "--", o->name)));
        }
        CHECK(str_contains(c.out, S("--listen")) ||
              str_contains(c.out, S("-l listen"))); /* of serve */
    }
}

/* Outside of double quotes and comments, single quotes come in pairs. */
static bool quotes_balance(struct str script)
{
    bool quoted = false;

    for (size_t i = 0; i < script.len; i++) {
        char c = script.ptr[i];
        if (!quoted && c == '#' && (i == 0 || script.ptr[i - 1] == '\n'))
            i += str_find(str_slice(script, i, script.len), '\n');
        else if (!quoted && c == '\\')
            i++;
        else if (c == '\'')
            quoted = !quoted;
    }
    return !quoted;
}

TEST(quotes_are_closed)
{
    CHECK(quotes_balance(S("a 'b' c\n")));
    CHECK(!quotes_balance(S("a 'b c\n")));
    CHECK(quotes_balance(RUN(a, "completion", "bash").out));
    CHECK(quotes_balance(RUN(a, "completion", "zsh").out));
}

TEST(an_unknown_shell_is_refused)
{
    struct console c = RUN(a, "completion", "csh");

    CHECK_INT(c.code, 65);
    CHECK_STR(c.err, S("tocsin completion: shell: must be one of bash, zsh, fish\n"));
}

#define COMPLETE(words, at) \
    "COMP_WORDS=(" words "); COMP_CWORD=" at "; _tocsin; echo \"${COMPREPLY[*]}\""

TEST(bash_completes)
{
    static const struct {
        const char *use, *wanted;
    } cases[] = {
        {COMPLETE("tocsin dec", "1"), "declare"},
        {COMPLETE("tocsin user ''", "2"), "add disable edit enable list"},
        {COMPLETE("tocsin note INC --up", "3"), "--update"},
        {COMPLETE("tocsin user add --role ''", "4"), "viewer responder manager admin"},
        {COMPLETE("tocsin status INC m", "3"), "mitigating monitoring merged"},
        {COMPLETE("tocsin status INC mitigating --js", "4"), "--json"},
        {COMPLETE("tocsin completion ''", "2"), "bash zsh fish --help"},
        {COMPLETE("tocsin declare --severity ''", "3"), ""},
        {COMPLETE("tocsin serve --data /us", "3"), "/usr"},
        {COMPLETE("tocsin nonsense ''", "2"), ""},
    };
    struct str script = RUN(a, "completion", "bash").out;

    CHECK_STR(ask(a, "bash -n", script, ""), S(""));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_STR(ask(a, "bash", script, cases[i].use), str_from(cases[i].wanted));
}

static void parses(struct test *t, struct arena *a, const char *shell, const char *option)
{
    if (ask(a, "sh", S("command -v"), str_printf(a, "command -v %s", shell).ptr).len == 0) {
        t->skipped = str_printf(a, "%s is not installed", shell).ptr;
        return;
    }
    CHECK_STR(
        ask(a, str_printf(a, "%s %s", shell, option).ptr, RUN(a, "completion", shell).out, ""),
        S(""));
}

TEST(zsh_can_read_its_script)
{
    parses(t, a, "zsh", "-n");
}

TEST(fish_can_read_its_script)
{
    parses(t, a, "fish", "--no-execute");
}

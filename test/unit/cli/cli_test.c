/* The command line as a whole: what is understood, what is said, and with which exit code. */
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "test.h"

TEST(without_words_it_says_what_there_is)
{
    struct console none = RUN(a, NULL), help = RUN(a, "help"), dash = RUN(a, "--help");

    CHECK_INT(none.code, 64);
    CHECK_INT(none.out.len, 0);
    CHECK(str_contains(none.err, S("  declare ")));
    CHECK_INT(help.code, 0);
    CHECK_STR(help.out, none.err);
    CHECK_STR(dash.out, help.out);
    for (size_t i = 0; commands[i]; i++)
        CHECK(str_contains(help.out, str_printf(a, "\n  %s ", commands[i]->name)));
    CHECK(str_contains(help.out, S("\n  serve ")));
}

static struct str help_in(struct arena *a, const char *lc_all, const char *lang)
{
    setenv("LC_ALL", lc_all, 1);
    setenv("LANG", lang, 1);
    struct console c = console_run_here(a, S(""), (const char *const[]){"help", NULL});
    setenv("LANG", "C", 1);
    return c.out;
}

TEST(help_is_in_the_language_of_the_terminal)
{
    static const char *const russian[][2] = {{"ru_RU.UTF-8", "C"}, {"", "ru_RU.utf8"}, {"ru.UTF-8", "de_DE.UTF-8"},
        {"ru_UA.UTF-8@cyrillic", "C"}};
    static const char *const english[][2] = {{"C", "ru_RU.UTF-8"}, {"de_DE.UTF-8", "C"}, {"ru_RU.KOI8-R", "C"}, {"", ""},
        {"ru_RU", "C"}};

    for (size_t i = 0; i < sizeof russian / sizeof *russian; i++) {
        struct str s = help_in(a, russian[i][0], russian[i][1]);
        if (!str_contains(s, S("\n  declare        Объявить инцидент ")))
            test_fail(t, __FILE__, __LINE__, "LC_ALL=%s LANG=%s:\n%.*s", russian[i][0], russian[i][1], STR(s));
    }
    for (size_t i = 0; i < sizeof english / sizeof *english; i++)
        CHECK(str_starts(help_in(a, english[i][0], english[i][1]), S("Usage: ")));
}

TEST(every_command_explains_itself)
{
    for (size_t i = 0; commands[i]; i++) {
        struct str family, member = str_cut(str_from(commands[i]->name), ' ', &family);
        struct console c = member.ptr ? RUN(a, str_z(a, family), str_z(a, member), "--help")
                                      : RUN(a, commands[i]->name, "--help");
        CHECK_INT(c.code, 0);
        CHECK_INT(c.err.len, 0);
        CHECK(str_starts(c.out, str_printf(a, "Usage: tocsin %s", commands[i]->name)));
        for (const struct cli_option *o = commands[i]->options; o->name; o++) {
            CHECK(str_contains(c.out, str_printf(a, "\n  --%s ", o->name)));
            if (!*cli_option_doc(commands[i], o))
                test_fail(t, __FILE__, __LINE__, "%s --%s has no text", commands[i]->name, o->name);
        }
    }
}

TEST(commands_stand_in_order_and_have_room)
{
    for (size_t i = 0; commands[i]; i++) {
        if (i)
            CHECK(strcmp(commands[i - 1]->name, commands[i]->name) < 0);
        size_t n = 0;
        while (n < CLI_MAX_OPTIONS && commands[i]->options[n].name)
            n++;
        CHECK(n < CLI_MAX_OPTIONS);
        CHECK(i + 2 < CLI_MAX_COMMANDS);
        CHECK(commands[i]->least <= commands[i]->most || !commands[i]->most);
    }
}

TEST(help_finds_its_command_anywhere)
{
    struct console c = RUN(a, "help", "user", "add"), family = RUN(a, "help", "user");

    CHECK_INT(c.code, 0);
    CHECK(str_starts(c.out, S("Usage: tocsin user add EMAIL NAME…")));
    CHECK_INT(family.code, 0);
    CHECK(str_contains(family.out, S("  user list ")));
    CHECK(!str_contains(family.out, S("  declare ")));
    CHECK(str_starts(RUN(a, "ack", "INC", "-h").out, S("Usage: tocsin ack ")));
}

TEST(what_makes_no_sense_ends_with_64)
{
    static const struct {
        const char *words[4];
        const char *says;
    } cases[] = {
        {{"frobnicate"}, "tocsin: there is no command `frobnicate`; `tocsin help` lists them\n"},
        {{"user"}, "Usage: tocsin user COMMAND [OPTIONS] [WORDS]\n"},
        {{"user", "frob"}, "tocsin: there is no command `user frob`\n"},
        {{"ack"}, "tocsin ack: too few words; usage: tocsin ack INCIDENT [REASON…]\n"},
        {{"oncall", "now"}, "tocsin oncall: too many words; usage: tocsin oncall\n"},
        {{"ack", "--frob"}, "tocsin ack: there is no option --frob; see `tocsin ack --help`\n"},
        {{"ack", "-f"},
            "tocsin ack: there is no option -f; put -- before a word that begins with -\n"},
        {{"alerts", "--all=yes"}, "tocsin alerts: --all takes no value\n"},
        {{"alerts", "--limit"}, "tocsin alerts: --limit needs a value: N\n"},
        {{"note", "INC", "\xff"}, "tocsin note: the command line must be UTF-8\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct console c = console_run(a, S(""), cases[i].words);
        CHECK_INT(c.code, 64);
        CHECK_INT(c.out.len, 0);
        if (!str_starts(c.err, str_from(cases[i].says)))
            test_fail(t, __FILE__, __LINE__, "says %.*s", STR(c.err));
    }
}

TEST(words_have_a_limit)
{
    const char *words[CLI_MAX_WORDS + 3] = {"declare"};

    for (size_t i = 1; i <= CLI_MAX_WORDS; i++)
        words[i] = "word";
    words[CLI_MAX_WORDS + 1] = "--url=nonsense";
    CHECK_INT(console_run(a, S(""), words).code,
        65); /* at the limit it is only the address that is wrong */
    words[CLI_MAX_WORDS + 1] = "word";
    CHECK_INT(console_run(a, S(""), words).code, 64);
}

TEST(standard_input_has_a_limit)
{
    char *text = arena_alloc(a, (64 << 10) + 1, 1);
    const char *words[] = {"note", "INC", "-", "--url", "nonsense", NULL};

    memset(text, 'x', (64 << 10) + 1);
    struct console c = console_run(a, (struct str){text, 64 << 10}, words);
    CHECK_STR(c.err, S("tocsin note: url: must begin with http:// or https://, such as "
                       "http://127.0.0.1:8080\n"));
    c = console_run(a, (struct str){text, (64 << 10) + 1}, words);
    CHECK_INT(c.code, 65);
    CHECK_STR(c.err, S("tocsin note: standard input is longer than 65536 bytes\n"));
    c = console_run(a, S("\xff"), words);
    CHECK_STR(c.err, S("tocsin note: standard input must be UTF-8\n"));
}

TEST(options_exclude_each_other)
{
    CHECK_INT(RUN(a, "note", "INC", "x", "--update", "--decision").code, 65);
    CHECK_INT(RUN(a, "alerts", "--firing", "--all").code, 65);
    CHECK_INT(RUN(a, "incidents", "--open", "--all").code, 65);
    CHECK_INT(RUN(a, "role", "INC", "scribe").code, 65);
    CHECK_INT(RUN(a, "role", "INC", "scribe", "me", "--nobody").code, 65);
}

TEST(values_are_checked_before_anything_is_sent)
{
    CHECK_STR(RUN(a, "note", "INC", "x", "--at", "yesterday").err,
        S("tocsin note: at: must be a time such as 2026-11-21T12:00:00Z, or how long ago: 10m\n"));
    CHECK_STR(RUN(a, "note", "INC", "x", "--corrects", "two").err,
        S("tocsin note: corrects: must be a whole number\n"));
    CHECK_STR(RUN(a, "incidents", "--limit", "0").err,
        S("tocsin incidents: limit: must be a whole number from 1 to 1000\n"));
    CHECK_STR(RUN(a, "alerts", "--timeout", "soon").err,
        S("tocsin alerts: timeout: must be a duration such as 30s or 2m\n"));
    CHECK_STR(RUN(a, "alerts", "--token", "two words").err,
        S("tocsin alerts: token: is not an API token: it holds a character no token has\n"));
    CHECK_STR(RUN(a, "token", "add", "x", "--expires-in", "later").err,
        S("tocsin token add: expires-in: must be a duration such as 90d or 1y\n"));
}

TEST(routes_and_openapi_need_no_server)
{
    struct console routes = RUN(a, "routes"), json = RUN(a, "routes", "--json"),
                   api = RUN(a, "openapi");

    CHECK_INT(routes.code, 0);
    CHECK(str_starts(routes.out, S("METHOD  PATH ")));
    CHECK(str_contains(routes.out, S("/incidents/{id}/acknowledge ")));
    CHECK(str_starts(json.out, S("[\n  {\n    \"method\": \"")));
    CHECK(str_starts(api.out, S("{\n  \"openapi\": \"3.1.0\",\n")));
}

TEST(version_is_the_programs)
{
    CHECK_STR(RUN(a, "--version").out, S("tocsin " TOCSIN_VERSION "\n"));
}

/* The manual page is written by hand; what it must not forget is checked here. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "console.h"
#include "test.h"

/* The page without roff's backslash before dashes. */
static struct str page(struct arena *a)
{
    struct str raw = test_read_file(a, "docs/tocsin.1");
    struct buf out;

    buf_init(&out, a, raw.len + 1);
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] != '\\' || i + 1 == raw.len || raw.ptr[i + 1] != '-')
            buf_addc(&out, raw.ptr[i]);
    return buf_str(&out);
}

/* What follows the heading, up to the next one. */
static struct str section(struct str text, struct str heading)
{
    const char *at = memmem(text.ptr, text.len, heading.ptr, heading.len);

    if (!at)
        return STR_NONE;
    struct str rest = str_slice(text, (size_t)(at - text.ptr) + heading.len, text.len);
    const char *end = memmem(rest.ptr, rest.len, "\n.S", 3);
    return str_slice(rest, 0, end ? (size_t)(end - rest.ptr) : rest.len);
}

/* Three dots stand for the ellipsis, which roff cannot write everywhere. */
static struct str ascii(struct arena *a, const char *words)
{
    struct buf out;
    struct str s = str_from(words);

    buf_init(&out, a, 1000);
    for (size_t i = 0; i < s.len; i++) {
        if (str_starts(str_slice(s, i, s.len), S("…"))) {
            buf_add(&out, S("..."));
            i += 2;
        } else {
            buf_addc(&out, s.ptr[i]);
        }
    }
    return out.len ? buf_str(&out) : S("");
}

static bool has_option(struct arena *a, struct str text, const struct cli_option *o)
{
    if (!o->value)
        return str_contains(text, str_printf(a, "\n.B --%s\n", o->name));
    return str_contains(text, str_printf(a, "\n.BI --%s \" %s\"\n", o->name, o->value));
}

static void check(struct test *t, struct arena *a, struct str text, const struct command *c)
{
    struct str words = ascii(a, c->words), client = section(text, S("\n.SH CLIENT OPTIONS"));
    struct str mine = section(
        text, str_printf(a, "\n.SS tocsin %s%s%.*s\n", c->name, words.len ? " " : "", STR(words)));

    if (!mine.ptr) {
        test_fail(t, __FILE__, __LINE__, "no section for %s %.*s", c->name, STR(words));
        return;
    }
    mine = str_printf(a, "\n%.*s\n", STR(mine));
    bool asks = false;
    for (const struct cli_option *o = c->options; o->name; o++)
        asks |= strcmp(o->name, "url") == 0;
    for (const struct cli_option *o = c->options; o->name; o++)
        if (!has_option(a, mine, o) && !(asks && has_option(a, client, o)))
            test_fail(t, __FILE__, __LINE__, "%s has no --%s", c->name, o->name);
}

TEST(the_page_has_every_command_and_option)
{
    struct str text = page(a);

    REQUIRE(text.len > 0);
    for (size_t i = 0; commands[i]; i++)
        check(t, a, text, commands[i]);
    check(t, a, text, &cmd_serve);
}

TEST(the_page_has_no_other_commands_and_options)
{
    struct str text = page(a), line;

    while (text.ptr) {
        text = str_cut(text, '\n', &line);
        struct str name, rest;
        if (!str_starts(line, S(".SS tocsin ")))
            continue;
        rest = str_slice(line, 11, line.len);
        bool known = str_starts(rest, S("serve"));
        for (size_t i = 0; commands[i]; i++)
            known |= str_starts(rest, str_from(commands[i]->name));
        str_cut(rest, ' ', &name);
        if (!known)
            test_fail(t, __FILE__, __LINE__, "there is no command %.*s", STR(name));
    }
}

TEST(exit_codes_are_those_of_errors)
{
    struct str codes = section(page(a), S("\n.SH EXIT STATUS"));

    for (int k = ERROR_NONE + 1; k <= ERROR_UNAVAILABLE; k++)
        CHECK(str_contains(codes, str_printf(a, "\n.B %d\n", error_exit((enum error_kind)k))));
}

TEST(the_page_has_this_version)
{
    CHECK(str_contains(page(a), S("\"tocsin " TOCSIN_VERSION "\"")));
}

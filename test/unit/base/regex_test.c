#include "base/regex.h"

#include <string.h>

#include "base/json.h"
#include "test.h"

static struct regex *compile(struct test *t, struct arena *a, struct str pattern)
{
    struct regex *re = NULL;
    struct error err = {0};

    if (!regex_compile(a, pattern, &re, &err))
        test_fail(t, __FILE__, __LINE__, "%.*s: %s", STR(pattern), err.message);
    return re;
}

static const struct {
    const char *pattern, *subject;
    enum regex_result want;
} matches[] = {
    {"prod", "prod", REGEX_YES},
    {"prod", "production", REGEX_NO},
    {"prod", "preprod", REGEX_NO},
    {"prod.*", "production", REGEX_YES},
    {"a|ab", "ab", REGEX_YES},
    {"a|b", "ab", REGEX_NO},
    {"^a$", "a", REGEX_YES},
    {"a$", "a\n", REGEX_NO},
    {"a", "a\n", REGEX_NO},
    {"a$\n", "a\n", REGEX_NO},
    {"a.b", "a\nb", REGEX_NO},
    {"(?s)a.b", "a\nb", REGEX_YES},
    {"a.b", "a\rb", REGEX_YES},
    {"(?m)a$\n^b", "a\nb", REGEX_YES},
    {"(?s:.*)x", "\n\nx", REGEX_YES},
    {"", "", REGEX_YES},
    {"", "a", REGEX_NO},
    {".*", "", REGEX_YES},
    {".+", "", REGEX_NO},
    {"(?i)prod", "PrOd", REGEX_YES},
    {"(?i)ёлка", "ЁЛКА", REGEX_YES},
    {"п.ивет", "привет", REGEX_YES},
    {"[^x]", "ж", REGEX_YES},
    {"\\d+", "42", REGEX_YES},
    {"\\d+", "٤٢", REGEX_NO},
    {"\\w+", "ж", REGEX_NO},
    {"\\pL+", "ж", REGEX_YES},
    {"\\p{Cyrillic}+", "ж", REGEX_YES},
    {"\\Qa.b\\E+", "a.bbb", REGEX_YES},
    {"\\Q(?=*\\1", "(?=*\\1", REGEX_YES},
    {"\\x41\\x{416}\\t\\060", "AЖ\t0", REGEX_YES},
    {"[]a]+", "]a]", REGEX_YES},
    {"[^]a]", "b", REGEX_YES},
    {"[](?=]+", "](?=", REGEX_YES},
    {"[[:alpha:]\\-\\]]+", "a-]", REGEX_YES},
    {"[(?=*\\\\]+", "(?=*\\", REGEX_YES},
    {"[a[:^digit:]]", "x", REGEX_YES},
    {"[[]", "[", REGEX_YES},
    {"(?P<name>a)(?<other>b)", "ab", REGEX_YES},
    {"(?U)a+", "aaa", REGEX_YES},
    {"(?i-s:A).??", "a", REGEX_YES},
    {"a{2,3}", "aaa", REGEX_YES},
    {"a{2,3}?", "aaaa", REGEX_NO},
    {"a{,3}", "a{,3}", REGEX_YES},
    {"\\bfoo\\b.*", "foo bar", REGEX_YES},
    {"10\\.0\\.\\d{1,3}\\.\\d{1,3}:9100", "10.0.12.7:9100", REGEX_YES},
    {"(kube-system|monitoring|.*-infra)", "payments-infra", REGEX_YES},
};

TEST(the_whole_subject_matches)
{
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        struct regex *re = compile(t, a, str_from(matches[i].pattern));
        if (re && regex_match(re, str_from(matches[i].subject)) != matches[i].want)
            test_fail(t, __FILE__, __LINE__, "%s on \"%s\" is not %d", matches[i].pattern,
                matches[i].subject, matches[i].want);
    }
    CHECK_INT(regex_match(compile(t, a, S(".*")), STR_NONE), REGEX_YES);
    CHECK_INT(regex_match(compile(t, a, STR_NONE), S("a")), REGEX_NO);
}

static const struct {
    const char *pattern;
    const char *message;
} missing[] = {
    {"(a)\\1", "at byte 3: backreferences are not supported"},
    {"[\\1]", "at byte 1: backreferences"},
    {"(?P<n>a)(?P=n)", "at byte 8: backreferences"},
    {"\\k<n>", "at byte 0: this escape is not supported"},
    {"\\g{-1}", "this escape"},
    {"a(?=b)", "at byte 1: look-around is not supported"},
    {"a(?!b)", "look-around"},
    {"(?<=a)b", "look-around"},
    {"(?<!a)b", "look-around"},
    {"(?>a)", "at byte 0: this group is not supported"},
    {"(?|a)", "this group"},
    {"(?'n'a)", "this group"},
    {"(?#x)a", "this group"},
    {"(?x)a b", "this group"},
    {"(?^)a", "this group"},
    {"(?J)a", "this group"},
    {"(?)a", "this group"},
    {"(?i", "this group"},
    {"(?1)", "this group"},
    {"(?+1)", "this group"},
    {"(?Px)", "this group"},
    {"(?R)", "recursion is not supported"},
    {"(?&n)", "recursion"},
    {"(?P>n)", "recursion"},
    {"(?C1)a", "callouts are not supported"},
    {"(?(1)a|b)", "conditions are not supported"},
    {"(*UCP)a", "verbs are not supported"},
    {"a(*COMMIT)b", "at byte 1: verbs"},
    {"(*pla:a)b", "verbs"},
    {"\\C", "this escape"},
    {"\\K", "this escape"},
    {"\\R", "this escape"},
    {"\\X", "this escape"},
    {"\\h", "this escape"},
    {"\\v", "this escape"},
    {"\\Z", "this escape"},
    {"\\G", "this escape"},
    {"\\e", "this escape"},
    {"\\cA", "this escape"},
    {"\\N", "this escape"},
    {"\\o{17}", "this escape"},
    {"\\ж", "this escape"},
    {"[\\b]", "this escape"},
    {"[\\Q]\\E]", "this escape"},
    {"\\x4", "\\x takes"},
    {"a++", "at byte 2: a quantifier cannot follow another"},
    {"a?+", "a quantifier"},
    {"a{2}+", "a quantifier"},
    {"a{2}{3}", "a quantifier"},
    {"a**", "a quantifier"},
    {"a{1001}", "at byte 1: more than 1000 repetitions"},
    {"a{2,99999999999}", "more than 1000 repetitions"},
    {"[a", "at byte 0: the class is not closed"},
    {"[[:alpha:]", "the class is not closed"},
    {"(a", "at byte 2: missing closing parenthesis"},
    {"a)", "at byte 1: unmatched closing parenthesis"},
    {"a\\", "\\ at end of pattern"},
    {"*a", "quantifier does not follow a repeatable item"},
    {"[b-a]", "range out of order"},
    {"\\p{Nonsense}", "unknown property"},
    {"((a{1000}){1000}){1000}", "too large"},
    {"a\xff", "not UTF-8"},
};

TEST(what_re2_has_not_is_refused)
{
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        struct regex *re = NULL;
        struct error err = {0};
        if (regex_compile(a, str_from(missing[i].pattern), &re, &err))
            test_fail(t, __FILE__, __LINE__, "%s is accepted", missing[i].pattern);
        else if (err.kind != ERROR_INVALID || !strstr(err.message, missing[i].message))
            test_fail(t, __FILE__, __LINE__, "%s: \"%s\", not \"%s\"", missing[i].pattern,
                err.message, missing[i].message);
    }
    CHECK(compile(t, a, S("a{1000}")));
    CHECK_INT(regex_match(compile(t, a, S("a\0b")), S("a\0b")), REGEX_YES);
}

TEST(patterns_are_bounded)
{
    char *p = arena_alloc(a, REGEX_MAX_PATTERN + 1, 1);
    struct regex *re;
    struct error err = {0};

    memset(p, 'a', REGEX_MAX_PATTERN + 1);
    CHECK(compile(t, a, (struct str){p, REGEX_MAX_PATTERN}));
    CHECK(!regex_compile(a, (struct str){p, REGEX_MAX_PATTERN + 1}, &re, &err));
    CHECK(strstr(err.message, "longer than 4096 bytes"));
}

static struct str many(struct arena *a, char c, size_t n)
{
    char *p = arena_alloc(a, n + 1, 1);

    memset(p, c, n);
    return (struct str){p, n};
}

TEST(hostile_patterns_give_up)
{
    struct regex *bomb = compile(t, a, S("(a+)+b"));
    struct str as = many(a, 'a', 30);

    REQUIRE(bomb);
    CHECK_INT(regex_match(bomb, S("aaab")), REGEX_YES);
    CHECK_INT(regex_match(bomb, S("aaac")), REGEX_NO);
    /* Each a doubles the steps. */
    struct regex *doubling = compile(t, a, S("(a|a)*[^a]x?"));
    CHECK_INT(regex_match(doubling, str_printf(a, "%.10sdd", as.ptr)), REGEX_NO);
    CHECK_INT(regex_match(doubling, str_printf(a, "%.14sdd", as.ptr)), REGEX_LIMIT);
    CHECK_INT(regex_match(doubling, str_printf(a, "%.30sdd", as.ptr)), REGEX_LIMIT);
    /* Ordinary patterns on long values stay within the limit. */
    struct str long_text = many(a, 'x', 2000);
    CHECK_INT(regex_match(compile(t, a, S(".*error.*")),
        str_printf(a, "%.*serror%.*s", STR(long_text), STR(long_text))), REGEX_YES);
    CHECK_INT(regex_match(compile(t, a, S(".*error.*")), many(a, 'r', 4000)), REGEX_NO);
    CHECK_INT(regex_match(compile(t, a, S("(?:a|b)*")), many(a, 'a', 1000)), REGEX_YES);
    /* Bytes that are no text cannot be judged. */
    CHECK_INT(regex_match(compile(t, a, S(".*")), (struct str){"\xff", 1}), REGEX_LIMIT);
}

/* Every matcher with a regex in the real configurations compiles. */
TEST(captured_matchers)
{
    const char *path = test_data(t, a, "06_migration/alertmanager/matcher_parse_cases.json");

    if (!path)
        return;
    struct json *root = NULL;
    struct error err = {0};
    int n = 0;
    REQUIRE_OK(json_parse(a, test_read_file(a, path), &root, &err));
    for (struct json *c = json_get(root, S("cases"))->first; c; c = c->next) {
        struct json *matchers = json_get(c, S("matchers"));
        for (struct json *m = matchers ? matchers->first : NULL; m; m = m->next) {
            if (!str_ends(json_get_str(m, S("op")), S("~")))
                continue;
            CHECK(compile(t, a, json_get_str(m, S("value"))));
            n++;
        }
    }
    CHECK(n >= 5);
}

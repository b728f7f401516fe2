#include "test.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/json.h"
#include "domain/incident.h"
#include "domain/postmortem.h"
#include "domain/user.h"
#include "web/filters.h"
#include "web/language.h"

extern const struct embedded sample_table[]; /* ar.mo, pt-br.mo, ru.mo, all from sample.po */

static struct languages sample(struct test *t, struct arena *a)
{
    struct languages l = {0};
    struct error err = {0};

    CHECK(languages_open(a, sample_table, &l, &err));
    return l;
}

static struct str chosen(const struct languages *l, const char *accept)
{
    return language_choose(l, str_from(accept))->code;
}

TEST(languages_are_english_and_the_catalogues)
{
    struct languages l = sample(t, a);

    REQUIRE(l.n == 4);
    CHECK_STR(l.v[0].code, S("en"));
    CHECK(!l.v[0].catalog);
    CHECK_STR(l.v[0].dir, S("ltr"));
    CHECK_STR(l.v[1].code, S("ar"));
    CHECK_STR(l.v[1].dir, S("rtl"));
    CHECK_STR(l.v[3].dir, S("ltr"));
}

TEST(a_catalogue_that_cannot_be_read_is_named)
{
    const struct embedded bad[] = {{.name = S("xx.mo"), .data = S("nonsense")}, {.name = STR_NONE}};
    struct languages l;
    struct error err = {0};

    CHECK(!languages_open(a, bad, &l, &err));
    CHECK(str_starts(str_from(err.message), S("xx.mo: ")));
}

TEST(the_best_language_is_chosen)
{
    struct languages l = sample(t, a);
    static const char *const cases[][2] = {
        {NULL, "en"},
        {"", "en"},
        {"de", "en"},
        {"*", "en"},
        {"ru", "ru"},
        {"RU", "ru"},
        {"ru-RU, en;q=0.8", "ru"},
        {"en-GB,ru;q=0.9", "en"},
        {"de, ru;q=0.5, en;q=0.4", "ru"},
        {"de, ru;q=0.4, en;q=0.5", "en"},
        {"ru;q=0", "en"},
        {"ru;q=0.0,ar;q=0.001", "ar"},
        {"pt", "pt-br"},
        {"pt-BR", "pt-br"},
        {"pt-PT", "en"},
        {"ru;q=0.5,ar;q=0.5", "ru"},
        {" ru ; q=0.7 , en ; q=0.6", "ru"},
        {";;,,=", "en"},
        {"ru;level=1;q=0.2, en;q=0.1", "ru"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str got = chosen(&l, cases[i][0]);
        if (!str_eq(got, str_from(cases[i][1])))
            test_fail(t, __FILE__, __LINE__, "\"%s\" gives %.*s", cases[i][0] ? cases[i][0] : "",
                STR(got));
    }
}

TEST(weights_of_accept_headers)
{
    CHECK_INT(accept_weight(STR_NONE), 1000);
    CHECK_INT(accept_weight(S("q=1")), 1000);
    CHECK_INT(accept_weight(S("q=1.0")), 1000);
    CHECK_INT(accept_weight(S(" q=0.8")), 800);
    CHECK_INT(accept_weight(S("Q=0.123")), 123);
    CHECK_INT(accept_weight(S("q=0.1239")), 123);
    CHECK_INT(accept_weight(S("q=0")), 0);
    CHECK_INT(accept_weight(S("charset=utf-8;q=0.25")), 250);
    CHECK_INT(accept_weight(S("q=")), 1000);
}

TEST(texts_and_formats_are_translated)
{
    struct languages l = sample(t, a);
    const struct language *ru = language_choose(&l, S("ru"));

    CHECK_STR(language_text(ru, "Incidents"), S("Инциденты"));
    CHECK_STR(language_text(ru, "unknown"), S("unknown"));
    CHECK_STR(language_text(NULL, "Incidents"), S("Incidents"));
    CHECK_STR(language_format(ru, a, "step %lld of %.*s", 3LL, 4, "Shop"), S("Shop, шаг 3"));
    CHECK_STR(language_format(NULL, a, "step %lld of %.*s", 3LL, 4, "Shop"), S("step 3 of Shop"));
    CHECK_STR(language_format(ru, a, "100 %% of %s (%s)", "it", "x"), S("все 100 % it (x)"));
    CHECK_STR(language_format(ru, a, "%d left", 5), S("5 left"));
}

/* A value that looks like the text around it must not lead to nonsense: the last text wins, or
 * English is shown. */
TEST(what_was_printed_is_found_again)
{
    struct languages l = sample(t, a);
    const struct language *ru = language_choose(&l, S("ru"));

    CHECK_STR(language_format(ru, a, "step %lld of %.*s", 3LL, 7, " of of "), S(" of of , шаг 3"));
    CHECK_STR(language_format(ru, a, "100 %% of %s (%s)", "it", "(x)"), S("все 100 % it ((x))"));
    CHECK_STR(language_format(ru, a, "100 %% of %s (%s)", "", ""), S("все 100 %  ()"));
    CHECK_STR(
        language_format(ru, a, "%s%s", "a", "b"), S("ab")); /* nobody can tell what printed what */
    CHECK_STR(language_message(ru, a, "step %lld of %.*s", S("cut of")), S("cut of"));
    CHECK_STR(language_message(ru, a, NULL, S("put together")), S("put together"));
}

TEST(numbers_choose_their_form)
{
    struct languages l = sample(t, a);
    const struct language *ru = language_choose(&l, S("ru"));
    static const struct {
        int64_t n;
        const char *text, *english;
    } cases[] = {{1, "1 инцидент", "1 incident"}, {3, "3 инцидента", "3 incidents"},
        {11, "11 инцидентов", "11 incidents"}, {0, "0 инцидентов", "0 incidents"},
        {21, "21 инцидент", "21 incidents"}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_STR(language_count(ru, a, "%lld incident", "%lld incidents", cases[i].n),
            str_from(cases[i].text));
        CHECK_STR(language_count(NULL, a, "%lld incident", "%lld incidents", cases[i].n),
            str_from(cases[i].english));
    }
}

TEST(errors_keep_their_format)
{
    struct error err = {0};

    fail(&err, CONFLICT, "%s has changed", "INC-1");
    CHECK_STR(str_from(err.format), S("%s has changed"));
    error_prefix(&err, "incident");
    CHECK(!err.format);
    fail_field(&err, "title", "at most %d characters", 200);
    CHECK_STR(str_from(err.fields[0].format), S("at most %d characters"));
    CHECK(!err.format);
}

/* Linked with the locale of the tests, in which every text has brackets. */
TEST(every_word_of_the_api_has_a_text)
{
    const char *const *const lists[] = {
        incident_statuses, role_names, postmortem_statuses, action_statuses};
    struct languages l;
    struct error err = {0};
    const struct template_filter_entry *name = web_filters;

    REQUIRE(languages_open(a, locale_table, &l, &err));
    struct reader r = {.arena = a, .language = language_choose(&l, S("en-XA"))};
    while (!str_eq(str_from(name->name), S("name")))
        name++;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const char *const *word = lists[i]; *word; word++) {
            struct buf b;
            buf_init(&b, a, 200);
            name->run(&r, json_string(a, str_from(*word)), &b);
            if (!str_starts(buf_str(&b), S("⟦")))
                test_fail(t, __FILE__, __LINE__, "%s has no text to translate", *word);
        }
}

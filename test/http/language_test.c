/* Whose language a page is in, and that programs read English whatever they ask for. */
#include "base/json.h"
#include "stage.h"
#include "test.h"

struct scene {
    struct stage stage;
    struct arena *arena;
    struct test *t;
};

/* A page or a JSON answer for the viewer, whose browser asks for `accept`. */
static struct wire_answer ask(struct scene *s, bool html, const char *method, struct str path, const char *accept,
    struct str body)
{
    struct wire_answer got;
    struct str headers = str_printf(s->arena, "Accept: %s\r\nAccept-Language: %s\r\nAuthorization: Bearer %.*s\r\n",
        html ? "text/html" : "application/json", accept, STR(s->stage.people[ROLE_VIEWER].token));

    if (!stage_ask(&s->stage, s->arena, method, path, headers.ptr, body, &got))
        test_fail(s->t, __FILE__, __LINE__, "no answer to %s %.*s", method, STR(path));
    return got;
}

static int choose(struct scene *s, const char *body)
{
    struct str me = str_printf(s->arena, "/people/%.*s", STR(s->stage.people[ROLE_VIEWER].id));

    return ask(s, false, "POST", me, "en", str_from(body)).status;
}

static void check_page(struct scene *s, const char *accept, const char *lang, const char *heading)
{
    struct wire_answer got = ask(s, true, "GET", S("/incidents"), accept, STR_NONE);

    if (got.status != 200 || !str_contains(got.body, str_printf(s->arena, "<html lang=\"%s\"", lang)) ||
        !str_contains(got.body, str_printf(s->arena, "<h1>%s</h1>", heading)))
        test_fail(s->t, __FILE__, __LINE__, "asked for %s: %d, and not %s", accept, got.status, lang);
}

TEST(a_page_is_in_the_language_of_its_reader)
{
    struct scene s = {.arena = a, .t = t};
    struct error err = {0};
    struct wire_answer got;

    REQUIRE_OK(stage_start(&s.stage, &err));
    CHECK(stage_ask(&s.stage, a, "GET", S("/signin"), "Accept: text/html\r\nAccept-Language: ru-RU,ru;q=0.9,en;q=0.8\r\n",
        STR_NONE, &got));
    CHECK(str_contains(got.body, S("<html lang=\"ru\"")) && str_contains(got.body, S("Вход в Tocsin")));

    check_page(&s, "en", "en", "Incidents");
    check_page(&s, "ru", "ru", "Инциденты");
    CHECK_INT(choose(&s, "{\"language\":\"ru\"}"), 200);
    check_page(&s, "en", "ru", "Инциденты"); /* what one chose beats what the browser asks */
    CHECK_INT(choose(&s, "{\"language\":\"en\"}"), 200);
    check_page(&s, "ru", "en", "Incidents");
    CHECK_INT(choose(&s, "{\"language\":null}"), 200);
    check_page(&s, "ru", "ru", "Инциденты");
    stage_stop(&s.stage);
}

TEST(a_language_that_nobody_speaks_here_is_refused)
{
    struct scene s = {.arena = a, .t = t};
    struct error err = {0};

    REQUIRE_OK(stage_start(&s.stage, &err));
    CHECK_INT(choose(&s, "{\"language\":\"tlh\"}"), 422);
    CHECK_INT(choose(&s, "{\"language\":\"ru\"}"), 200);
    CHECK_INT(choose(&s, "{\"language\":\"RU\"}"), 422);
    stage_stop(&s.stage);
}

TEST(programs_read_english)
{
    struct scene s = {.arena = a, .t = t};
    struct error err = {0};

    REQUIRE_OK(stage_start(&s.stage, &err));
    CHECK_INT(choose(&s, "{\"language\":\"ru\"}"), 200);
    struct wire_answer got = ask(&s, false, "GET", S("/incidents/none"), "ru", STR_NONE);
    CHECK_INT(got.status, 404);
    CHECK(str_contains(got.body, S("no such")));
    got = ask(&s, true, "GET", S("/incidents/none"), "en", STR_NONE);
    CHECK_INT(got.status, 404);
    CHECK(str_contains(got.body, S("не найдено")));
    stage_stop(&s.stage);
}

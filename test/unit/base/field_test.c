#include "base/field.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "test.h"

struct thing {
    struct str id, title, notes, severity, steps, nick, key, computed;
    int64_t users, wait, least, version;
    bool open;
    instant starts_at, ends_at;
};

static const char *const severities[] = {"SEV1", "SEV2", "SEV3", "SEV4", NULL};

static const struct field fields[] = {
    FIELD(struct thing, id, .flags = FIELD_READONLY, .doc = "Id"),
    FIELD(struct thing, title, .flags = FIELD_REQUIRED),
    FIELD(struct thing, notes, .flags = FIELD_MULTILINE, .max = 20),
    FIELD(struct thing, severity, .choices = severities),
    FIELD(struct thing, steps, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 30),
    FIELD(struct thing, nick, .flags = FIELD_NULLABLE, .min = 3, .max = 5),
    FIELD(struct thing, key, .flags = FIELD_SECRET),
    FIELD(struct thing, computed, .flags = FIELD_VIEW | FIELD_NULLABLE),
    FIELD(struct thing, users, .min = 1, .max = 10),
    FIELD(struct thing, wait, .flags = FIELD_DURATION, .max = HOUR_US),
    FIELD(struct thing, least, .flags = FIELD_NULLABLE),
    FIELD(struct thing, version, .flags = FIELD_HIDDEN),
    FIELD(struct thing, open),
    FIELD(struct thing, starts_at),
    FIELD(struct thing, ends_at, .flags = FIELD_NULLABLE),
    {0},
};

static bool read_some(struct arena *a, struct str in, enum field_source source, struct thing *out,
    struct error *err)
{
    struct json *v = NULL;

    *err = (struct error){0};
    return json_parse(a, in, &v, err) && fields_read(a, fields, v, source, true, out, NULL, err);
}

/* Reads one field; `want` is the whole complaint, or NULL if there must be none. */
static void try_one(struct test *t, struct arena *a, enum field_source source, struct str in,
    const char *want)
{
    struct thing out = {0};
    struct error err;
    bool ok = read_some(a, in, source, &out, &err);

    if (ok != !want || (want && (err.kind != ERROR_INVALID || strcmp(err.message, want) != 0)))
        test_fail(t, __FILE__, __LINE__, "%.*s: \"%s\", not \"%s\"", STR(utf8_truncate(in, 90)),
            ok ? "" : err.message, want ? want : "");
}

#define JSON(in, want) try_one(t, a, FIELD_FROM_JSON, S(in), want)
#define FORM(in, want) try_one(t, a, FIELD_FROM_FORM, S(in), want)

TEST(json_types_must_match)
{
    JSON("{\"title\":\"x\"}", NULL);
    JSON("{\"title\":1}", "title: must be text");
    JSON("{\"title\":[]}", "title: must be text");
    JSON("{\"title\":null}", "title: must not be empty");
    JSON("{\"users\":5}", NULL);
    JSON("{\"users\":\"5\"}", "users: must be a whole number");
    JSON("{\"users\":5.0}", "users: must be a whole number");
    JSON("{\"users\":5e0}", "users: must be a whole number");
    JSON("{\"users\":true}", "users: must be a whole number");
    JSON("{\"users\":null}", "users: must not be empty");
    JSON("{\"least\":null}", NULL);
    JSON("{\"least\":-9223372036854775807}", NULL);
    JSON("{\"least\":-9223372036854775808}", "least: must be a whole number");
    JSON("{\"least\":9223372036854775808}", "least: must be a whole number");
    JSON("{\"open\":false}", NULL);
    JSON("{\"open\":\"true\"}", "open: must be true or false");
    JSON("{\"open\":1}", "open: must be true or false");
    JSON("{\"open\":null}", "open: must not be empty");
    JSON("{\"starts_at\":\"2026-11-21T12:00:00+01:00\"}", NULL);
    JSON("{\"starts_at\":\"2026-11-21T12:00\"}",
        "starts_at: must be a time such as 2026-11-21T12:00:00Z");
    JSON("{\"starts_at\":1795262400}", "starts_at: must be a time such as 2026-11-21T12:00:00Z");
    JSON("{\"starts_at\":\"1970-01-01T00:00:00Z\"}",
        "starts_at: must not be the start of 1970, which means unset");
    JSON("{\"starts_at\":null}", "starts_at: must not be empty");
    JSON("{\"ends_at\":null}", NULL);
    JSON("{\"ends_at\":\"\"}", "ends_at: must be a time such as 2026-11-21T12:00:00Z");
    JSON("{\"wait\":\"5m\"}", NULL);
    JSON("{\"wait\":300}", "wait: must be a duration such as 30s, 5m or 1h30m");
}

TEST(forms_carry_strings)
{
    static const char *const yes[] = {"true", "on", "1"}, *const no[] = {"false", "0", ""};
    struct thing out = {0};
    struct error err;

    FORM("{\"users\":\"5\"}", NULL);
    FORM("{\"users\":\" 5 \"}", NULL);
    FORM("{\"users\":\"five\"}", "users: must be a whole number");
    FORM("{\"users\":\"\"}", "users: must not be empty");
    FORM("{\"title\":\"\"}", "title: must not be empty");
    FORM("{\"title\":\"   \"}", "title: must not be empty");
    FORM("{\"open\":\"maybe\"}", "open: must be true or false");
    FORM("{\"starts_at\":\"tomorrow\"}",
        "starts_at: must be a time such as 2026-11-21T12:00:00Z");
    FORM("{\"starts_at\":\"\"}", "starts_at: must not be empty");
    FORM("{\"steps\":\"{\\\"a\\\"\"}",
        "steps: must be JSON: at byte 4: the text ends early: expected ':' after the key");
    for (size_t i = 0; i < 3; i++) {
        out.open = false;
        REQUIRE_OK(read_some(a, str_printf(a, "{\"open\":\"%s\"}", yes[i]), FIELD_FROM_FORM, &out,
            &err));
        CHECK(out.open);
        REQUIRE_OK(read_some(a, str_printf(a, "{\"open\":\"%s\"}", no[i]), FIELD_FROM_FORM, &out,
            &err));
        CHECK(!out.open);
    }
    REQUIRE_OK(read_some(a, S("{\"users\":\"7\",\"least\":\"\",\"nick\":\"\",\"notes\":\"\","
        "\"starts_at\":\"2026-11-21T12:00\",\"ends_at\":\"2026-11-21T12:00:30\",\"wait\":\"90s\","
        "\"steps\":\" [1, 2] \"}"), FIELD_FROM_FORM, &out, &err));
    CHECK_INT(out.users, 7);
    CHECK_INT(out.least, INT_NONE);
    CHECK(!out.nick.ptr);
    CHECK(out.notes.ptr && !out.notes.len);
    CHECK_INT(out.starts_at.us, INT64_C(1795262400000000));
    CHECK_INT(out.ends_at.us, INT64_C(1795262430000000));
    CHECK_INT(out.wait, 90 * SECOND_US);
    CHECK_STR(out.steps, S("[1,2]"));
}

static struct str repeated(struct arena *a, const char *name, const char *what, int n)
{
    char *p = arena_alloc(a, (size_t)n * strlen(what) + 1, 1);

    for (int i = 0; i < n; i++)
        memcpy(p + (size_t)i * strlen(what), what, strlen(what));
    return str_printf(a, "{\"%s\":\"%s\"}", name, p);
}

TEST(limits_and_one_past_them)
{
    try_one(t, a, FIELD_FROM_JSON, repeated(a, "title", "Ж", 200), NULL);
    try_one(t, a, FIELD_FROM_JSON, repeated(a, "title", "Ж", 201),
        "title: at most 200 characters (this has 201)");
    try_one(t, a, FIELD_FROM_JSON, repeated(a, "notes", "😀", 20), NULL);
    try_one(t, a, FIELD_FROM_JSON, repeated(a, "notes", "😀", 21),
        "notes: at most 20 characters (this has 21)");
    JSON("{\"nick\":\"abc\"}", NULL);
    JSON("{\"nick\":\"ab\"}", "nick: at least 3 characters (this has 2)");
    JSON("{\"nick\":\"abcdef\"}", "nick: at most 5 characters (this has 6)");
    JSON("{\"users\":1}", NULL);
    JSON("{\"users\":10}", NULL);
    JSON("{\"users\":0}", "users: must be from 1 to 10");
    JSON("{\"users\":11}", "users: must be from 1 to 10");
    JSON("{\"wait\":\"1h\"}", NULL);
    JSON("{\"wait\":\"1h1ms\"}", "wait: must be from 0s to 1h");
    /* JSON is measured as it is stored, without spaces. */
    JSON("{\"steps\":[ 1000000, 2000000, 3000000, 4000 ]}", NULL);
    JSON("{\"steps\":[1000000,2000000,3000000,40000]}",
        "steps: at most 30 characters (this has 31)");
    JSON("{\"severity\":\"SEV4\"}", NULL);
    JSON("{\"severity\":\"SEV5\"}", "severity: must be one of SEV1, SEV2, SEV3, SEV4");
    JSON("{\"severity\":\"\"}", "severity: must be one of SEV1, SEV2, SEV3, SEV4");
}

TEST(text_is_trimmed_and_clean)
{
    struct thing out = {0};
    struct error err;

    REQUIRE_OK(read_some(a, S("{\"title\":\"  two words\\n\",\"notes\":\" a\\r\\nb\\rc\\td\\n\"}"),
        FIELD_FROM_JSON, &out, &err));
    CHECK_STR(out.title, S("two words"));
    CHECK_STR(out.notes, S(" a\nb\nc\td\n"));
    JSON("{\"title\":\"a\\nb\"}", "title: must not have control characters or line breaks");
    JSON("{\"title\":\"a\\tb\"}", "title: must not have control characters or line breaks");
    JSON("{\"title\":\"a\\u007f\"}", "title: must not have control characters or line breaks");
    JSON("{\"title\":\"a\\u0085b\"}", "title: must not have control characters or line breaks");
    JSON("{\"title\":\"a\\u00a0b\"}", NULL);
    JSON("{\"notes\":\"a\\u001b[0m\"}", "notes: must not have control characters");

    struct json *v = json_object(a);
    err = (struct error){0};
    json_set_str(a, v, S("title"), S("\xff"));
    CHECK(!fields_read(a, fields, v, FIELD_FROM_FORM, true, &out, NULL, &err));
    CHECK_STR(str_from(err.message), S("title: must be UTF-8"));
}

TEST(text_outlives_its_input)
{
    char in[] = "{\"title\":\"abc\"}";
    struct thing out = {0};
    struct error err;

    REQUIRE_OK(read_some(a, str_from(in), FIELD_FROM_JSON, &out, &err));
    memset(in, 'x', sizeof in);
    CHECK_STR(out.title, S("abc"));
}

TEST(names_that_are_no_input)
{
    JSON("{\"nosuch\":1}", "nosuch: is not a field here");
    JSON("{\"version\":1}", "version: is not a field here");
    JSON("{\"id\":\"x\"}", "id: is set by the server");
    JSON("{\"computed\":\"x\"}", "computed: is set by the server");
    JSON("{\"key\":\"secret\"}", NULL);
    /* The 63rd byte would fall into the middle of a character. */
    struct str in = repeated(a, "title", "x", 1);
    struct error err = {0};
    struct thing out;
    struct json *v = NULL;
    REQUIRE_OK(json_parse(a, in, &v, &err));
    v->first->key = S("жжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжжж");
    CHECK(!fields_read(a, fields, v, FIELD_FROM_JSON, true, &out, NULL, &err));
    CHECK_INT(strlen(err.fields[0].name), 62);
    CHECK(utf8_valid(str_from(err.fields[0].name)));
}

TEST(whole_and_partial)
{
    struct thing out = {.users = 4, .title = S("before")};
    struct error err = {0};
    struct json *v = NULL;
    uint64_t seen = 99;

    REQUIRE_OK(json_parse(a, S("{\"users\":5,\"open\":true}"), &v, &err));
    CHECK(!fields_read(a, fields, v, FIELD_FROM_JSON, false, &out, NULL, &err));
    CHECK_STR(str_from(err.message), S("title: must be given"));
    err = (struct error){0};
    REQUIRE_OK(fields_read(a, fields, v, FIELD_FROM_JSON, true, &out, &seen, &err));
    CHECK_INT(out.users, 5);
    CHECK(out.open);
    CHECK_STR(out.title, S("before"));
    CHECK_INT(seen, 1 << 8 | 1 << 12);
    CHECK(field_find(fields, S("users")) == &fields[8]);
    CHECK(!field_find(fields, S("user")));
}

TEST(complaints_are_collected)
{
    struct thing out = {0};
    struct error err;

    CHECK(!read_some(a, S("{\"title\":\"\",\"users\":0,\"nosuch\":1,\"open\":3}"), FIELD_FROM_JSON,
        &out, &err));
    CHECK_INT(err.nfields, 4);
    CHECK_STR(str_from(err.fields[2].name), S("nosuch"));
    CHECK_STR(str_from(err.fields[3].message), S("must be true or false"));
    CHECK(!read_some(a, S("{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1}"),
        FIELD_FROM_JSON, &out, &err));
    CHECK_INT(err.nfields, ERROR_MAX_FIELDS);
    CHECK(!read_some(a, S("{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,"
        "\"9\":1}"), FIELD_FROM_JSON, &out, &err));
    CHECK_INT(err.nfields, ERROR_MAX_FIELDS);
    CHECK(!read_some(a, S("[]"), FIELD_FROM_JSON, &out, &err));
    CHECK_INT(err.kind, ERROR_MALFORMED);
}

TEST(view)
{
    struct thing thing = {
        .id = S("thg_1"), .title = S("Тест"), .steps = S("[{\"a\":1}]"), .key = S("secret"),
        .users = 3, .wait = 90 * SECOND_US, .least = INT_NONE, .version = 5, .open = true,
        .starts_at = {INT64_C(1795262400000000)},
    };

    CHECK_STR(json_text(a, fields_view(a, fields, &thing)),
        S("{\"id\":\"thg_1\",\"title\":\"Тест\",\"notes\":null,\"severity\":null,"
          "\"steps\":[{\"a\":1}],\"nick\":null,\"computed\":null,\"users\":3,\"wait\":\"1m30s\","
          "\"least\":null,\"open\":true,\"starts_at\":\"2026-11-21T12:00:00Z\",\"ends_at\":null}"));
    thing.steps = S("not JSON");
    CHECK_STR(json_get_str(fields_view(a, fields, &thing), S("steps")), S("not JSON"));
}

TEST(text_for_columns)
{
    struct thing thing = {.title = S("Тест"), .wait = HOUR_US, .least = INT_NONE, .users = -3,
        .open = true, .starts_at = {INT64_C(1795262400000000)}};
    static const struct {
        const char *name, *text;
    } want[] = {{"title", "Тест"}, {"notes", ""}, {"wait", "1h"}, {"least", ""}, {"users", "-3"},
        {"open", "true"}, {"starts_at", "2026-11-21T12:00:00Z"}, {"ends_at", ""}};

    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        CHECK_STR(field_text(a, field_find(fields, str_from(want[i].name)), &thing),
            str_from(want[i].text));
}

/* A view without what the server sets is input that gives the same struct. */
TEST(view_and_back)
{
    struct thing thing = {
        .title = S("a <b> & \"c\""), .notes = S("one\ntwo"), .severity = S("SEV2"),
        .steps = S("{\"a\":null}"), .nick = S("nick"), .users = 9, .wait = 1500 * MILLISECOND_US,
        .least = -1, .open = true, .starts_at = {INT64_C(1795262400000001)}, .ends_at = {0},
    }, back = {0};
    struct json *view = fields_view(a, fields, &thing), *in = json_object(a);
    struct error err = {0};

    for (struct json *v = view->first, *next; v; v = next) {
        next = v->next;
        v->next = NULL;
        if (!str_eq(v->key, S("id")) && !str_eq(v->key, S("computed")))
            json_push(in, v);
    }
    REQUIRE_OK(fields_read(a, fields, in, FIELD_FROM_JSON, false, &back, NULL, &err));
    CHECK_STR(json_text(a, fields_view(a, fields, &back)),
        json_text(a, fields_view(a, fields, &thing)));
}

#include "domain/labels.h"

#include <string.h>

#include "base/json.h"
#include "gen.h"
#include "test.h"

static struct labels from_json(struct arena *a, const struct json *object)
{
    struct labels ls = {arena_array(a, struct label, object->count), 0};

    for (const struct json *m = object->first; m; m = m->next)
        ls.v[ls.n++] = (struct label){m->key, m->text};
    return ls;
}

TEST(fingerprints_are_alertmanagers)
{
    const char *path = test_data(t, a, "interop/alertmanager/fingerprints.json");
    struct error err = {0};
    struct json *all;

    if (!path)
        return;
    REQUIRE_OK(json_parse(a, test_read_file(a, path), &all, &err));
    CHECK_INT(all->count, 6);
    for (const struct json *c = all->first; c; c = c->next) {
        struct labels ls = from_json(a, json_get(c, S("labels")));
        labels_normalize(&ls);
        CHECK_STR(str_printf(a, "%016llx", (unsigned long long)labels_fingerprint(&ls)),
            json_get_str(c, S("fingerprint")));
    }
}

TEST(normalize_sorts_replaces_and_drops)
{
    struct label v[] = {{S("b"), S("2")}, {S("a"), S("1")}, {S("c"), S("")}, {S("B"), S("0")},
        {S("a"), S("3")}, {S("b"), S("")}, {S("ab"), S("4")}};
    struct labels ls = {v, 7};

    labels_normalize(&ls);
    CHECK_STR(labels_text(a, &ls), S("{\"B\":\"0\",\"a\":\"3\",\"ab\":\"4\"}"));
    CHECK_STR(labels_get(&ls, S("ab")), S("4"));
    CHECK(!labels_get(&ls, S("b")).ptr);
    ls.n = 0;
    labels_normalize(&ls);
    CHECK_STR(labels_text(a, &ls), S("{}"));
}

static struct str random_text(struct arena *a, struct gen *g, size_t max)
{
    static const char *const parts[] = {"a", "B", "0", "_", "\"", "\\", "\n", "<", "&", "é", "🙂",
        "\t", " ", "}", ",", ":", "\x01", "/", "zz"};
    struct str s = S("");

    for (uint64_t i = gen_below(g, max + 1); i > 0; i--) {
        struct str part = str_from(parts[gen_below(g, sizeof parts / sizeof *parts)]);
        s = str_printf(a, "%.*s%.*s", STR(s), STR(part));
    }
    return s;
}

static struct labels random_labels(struct arena *a, struct gen *g)
{
    struct labels ls = {arena_array(a, struct label, 20), gen_below(g, 21)};

    for (size_t i = 0; i < ls.n; i++) {
        struct str name = random_text(a, g, 4);
        ls.v[i] = (struct label){str_printf(a, "%.*s%zu", STR(name), i), random_text(a, g, 6)};
    }
    return ls;
}

TEST(order_of_input_never_matters)
{
    struct gen g = {1};

    for (int round = 0; round < 500; round++) {
        struct labels one = random_labels(a, &g);
        struct labels two = {arena_array(a, struct label, one.n), one.n};
        if (one.n)
            memcpy(two.v, one.v, one.n * sizeof *one.v);
        for (size_t i = two.n; i > 1; i--) {
            size_t j = gen_below(&g, i);
            struct label l = two.v[i - 1];
            two.v[i - 1] = two.v[j];
            two.v[j] = l;
        }
        labels_normalize(&one);
        labels_normalize(&two);
        CHECK(labels_fingerprint(&one) == labels_fingerprint(&two));
        CHECK_STR(labels_text(a, &one), labels_text(a, &two));
    }
}

TEST(text_and_back)
{
    struct gen g = {2};

    for (int round = 0; round < 500; round++) {
        struct labels ls = random_labels(a, &g), back;
        labels_normalize(&ls);
        struct str text = labels_text(a, &ls);
        REQUIRE(labels_read(a, text, &back));
        CHECK_INT(back.n, ls.n);
        CHECK_STR(labels_text(a, &back), text);
        for (size_t i = 0; i < ls.n; i++)
            CHECK_STR(back.v[i].value, ls.v[i].value);
        for (size_t cut = 0; cut < text.len; cut++)
            CHECK(!labels_read(a, str_copy(a, str_slice(text, 0, cut)), &back));
    }
}

TEST(only_canonical_text_is_read)
{
    static const char *const wrong[] = {"", "{", "}", "[]", "null", "{} ", " {}", "{\"a\"}",
        "{\"a\":1}", "{\"a\":\"b\",}", "{,\"a\":\"b\"}", "{\"a\":\"b\" }",
        "{\"b\":\"\",\"a\":\"\"}", "{\"a\":\"\",\"a\":\"\"}", "{\"a\":\"b\"\"c\":\"d\"}",
        "{\"a\":\"\\x\"}", "{\"a\":\"b\\", "{\"a\":\"b\\\"", "{\"a\":\"b\"}}"};
    struct labels ls;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (labels_read(a, str_from(wrong[i]), &ls))
            test_fail(t, __FILE__, __LINE__, "read %s", wrong[i]);
    CHECK(labels_read(a, S("{}"), &ls) && ls.n == 0);
    CHECK(!labels_read(a, STR_NONE, &ls));
}

TEST(sixty_four_labels_and_not_one_more)
{
    struct label v[LABELS_MAX + 1];
    struct labels ls = {v, LABELS_MAX + 1}, back;

    for (size_t i = 0; i < ls.n; i++)
        v[i] = (struct label){str_printf(a, "n%03zu", i), S("x")};
    CHECK(!labels_read(a, labels_text(a, &ls), &back));
    ls.n--;
    REQUIRE(labels_read(a, labels_text(a, &ls), &back));
    CHECK_INT(back.n, LABELS_MAX);
}

TEST(classic_names)
{
    CHECK(
        label_name_classic(S("a")) && label_name_classic(S("_")) && label_name_classic(S("A9_z")));
    CHECK(!label_name_classic(S("")) && !label_name_classic(S("9a")));
    CHECK(!label_name_classic(S("a-b")) && !label_name_classic(S("a:b")));
    CHECK(!label_name_classic(S("é")) && !label_name_classic(S("a ")));
}

/* The table of firing alerts against a list that is searched from end to end. */
#include "engine/firing.h"
#include "property.h"

struct model {
    struct firing_entry *v;
    size_t n;
};

static struct firing_entry *model_find(const struct model *m, const uint64_t key[2])
{
    for (size_t i = 0; i < m->n; i++)
        if (m->v[i].key[0] == key[0] && m->v[i].key[1] == key[1])
            return &m->v[i];
    return NULL;
}

/* Few places, so that runs form, wrap around and break. */
static void random_key(struct gen *g, int size, uint64_t key[2])
{
    key[0] = (UINT64_MAX << 10) | (1020 + gen_below(g, 8)) % 1024;
    key[1] = 1 + gen_below(g, (uint64_t)size * 4);
}

static void agree(struct test *t, struct arena *a, struct gen *g, int size)
{
    struct model m = {.v = arena_array(a, struct firing_entry, (size_t)size * 50 + 1)};
    struct firing f;

    firing_init(&f);
    for (int i = 0; i < size * 50; i++) {
        uint64_t key[2];
        random_key(g, size, key);
        struct firing_entry *want = model_find(&m, key), *got = firing_find(&f, key);
        CHECK(!want == !got && (!got || got->id == want->id));
        if (gen_below(g, 3)) {
            got = firing_put(&f, key);
            CHECK(got->key[0] == key[0] && got->key[1] == key[1]);
            if (!want) {
                want = &m.v[m.n++];
                *want = (struct firing_entry){.key = {key[0], key[1]}};
            }
            want->id = got->id = i;
        } else {
            firing_remove(&f, key);
            if (want)
                *want = m.v[--m.n];
        }
        CHECK_INT(f.n, m.n);
    }
    for (size_t i = 0; i < m.n; i++) {
        const struct firing_entry *got = firing_find(&f, m.v[i].key);
        CHECK(got && got->id == m.v[i].id);
    }
    firing_deinit(&f);
}

TEST(behaves_like_a_list)
{
    property(t, a, 200, 40, agree);
}

TEST(grows)
{
    struct firing f;

    firing_init(&f);
    for (uint64_t i = 1; i <= 5000; i++)
        firing_put(&f, (uint64_t[]){i * 7, i})->id = (int64_t)i;
    CHECK_INT(f.n, 5000);
    for (uint64_t i = 1; i <= 5000; i++) {
        const struct firing_entry *e = firing_find(&f, (uint64_t[]){i * 7, i});
        REQUIRE(e && e->id == (int64_t)i);
    }
    CHECK(!firing_find(&f, (uint64_t[]){7, 2}));
    firing_deinit(&f);
}

TEST(keys_are_read_from_hex)
{
    uint64_t key[2];

    firing_key(S("0123456789abcdeffedcba9876543210"), key);
    CHECK(key[0] == UINT64_C(0x0123456789abcdef) && key[1] == UINT64_C(0xfedcba9876543210));
    firing_key(S("00000000000000000000000000000000"), key);
    CHECK(key[0] || key[1]);
}

#include "notify/channels.h"

#include <pthread.h>

#include "notify/backoff.h"
#include "notify/ram.h"
#include "sample.h"
#include "test.h"

TEST(the_table)
{
    for (const struct channel *c = channels; c->id; c++) {
        CHECK(channel_find(str_from(c->id)) == c);
        CHECK(!c->build != !c->deliver);
        CHECK(c->validate && c->takes && c->example);
        struct error err = {0};
        CHECK(c->validate(str_from(c->example), &err));
        if (c[1].id)
            CHECK(str_cmp(str_from(c->id), str_from(c[1].id)) < 0);
    }
    CHECK(!channel_find(S("pigeon")));
    CHECK(!channel_find(STR_NONE));
}

TEST(addresses)
{
    const struct {
        const char *channel, *address;
        bool good;
    } cases[] = {
        {"email", "a@b", true},
        {"email", "first.last+tag@mail.example-x.com", true},
        {"email", "o'neil_{x}@xn--e1afmkfd.xn--p1ai", true},
        {"email", "", false},
        {"email", "@b", false},
        {"email", "a@", false},
        {"email", "a@b@c", false},
        {"email", "a b@c", false},
        {"email", ".a@b", false},
        {"email", "a.@b", false},
        {"email", "a..b@c", false},
        {"email", "a@-b.c", false},
        {"email", "a@b-.c", false},
        {"email", "a@b-", false},
        {"email", "a@b..c", false},
        {"email", "a@.b", false},
        {"email", "a@b.", false},
        {"email", "a@[127.0.0.1]", false},
        {"email", "\"a\"@b", false},
        {"email", "a@b\r\nRCPT TO:<c@d>", false},
        {"email", "a@b>", false},
        {"email", "Alice <a@b>", false},
        {"email", "a,b@c", false},
        {"email", "имя@example.com", false},
        {"webhook", "https://example.com/x?y=1", true},
        {"webhook", "http://example.com:8080", true},
        {"webhook", "https://[2001:db8::1]/", true},
        {"webhook", "https://", false},
        {"webhook", "https:///x", false},
        {"webhook", "https://:80/", false},
        {"webhook", "https://?x", false},
        {"webhook", "ftp://example.com/", false},
        {"webhook", "example.com", false},
        {"webhook", "javascript:alert(1)", false},
        {"webhook", "https://example.com/\r\nX: y", false},
        {"webhook", "https://example.com/a b", false},
        {"webhook", "https://пример.рф/", false},
        {"webhook", "", false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct channel *c = channel_find(str_from(cases[i].channel));
        struct error err = {0};
        REQUIRE(c);
        if (c->validate(str_from(cases[i].address), &err) != cases[i].good)
            test_fail(t, __FILE__, __LINE__, "%s: %s", cases[i].channel, cases[i].address);
    }
}

TEST(lengths_of_addresses)
{
    struct error err = {0};
    char part[65] = "";

    for (int i = 0; i < 64; i++)
        part[i] = 'a';
    CHECK(email_validate(str_printf(a, "%.64s@%.63s.%.63s.%.58s", part, part, part, part), &err));
    CHECK(!email_validate(str_printf(a, "%.64s@%.63s.%.63s.%.62s", part, part, part, part), &err));
    CHECK(!email_validate(str_printf(a, "%.64sa@b.c", part), &err));
    CHECK(!email_validate(str_printf(a, "a@%.64s.c", part), &err));
    struct str url = str_printf(a, "https://b/%01990d", 0);
    CHECK(webhook_validate(url, &err));
    CHECK(!webhook_validate(str_printf(a, "%s0", url.ptr), &err));
}

TEST(null_and_ram)
{
    struct ram *r = ram_new(3);
    struct channel_config config = {.ram = r};
    struct message m = sample_page(NULL, 0);
    struct client_result result;
    struct ram_entry e;

    channel_find(S("null"))->deliver(&m, &config, &result);
    CHECK_INT(result.outcome, CLIENT_OK);
    for (int i = 0; i < 5; i++) {
        m.title = str_printf(a, "title %d", i);
        ram_deliver(&m, &config, &result);
        CHECK_INT(result.outcome, CLIENT_OK);
    }
    CHECK_INT(ram_count(r), 5);
    CHECK(!ram_get(r, 1, a, &e));
    REQUIRE(ram_get(r, 2, a, &e));
    CHECK_STR(e.title, S("title 2"));
    CHECK_STR(e.address, S("alice@example.com"));
    REQUIRE(ram_get(r, 4, a, &e));
    CHECK_STR(e.title, S("title 4"));
    CHECK(!ram_get(r, 5, a, &e));
    ram_fail(r, 2, CLIENT_TRANSIENT);
    for (int i = 0; i < 3; i++) {
        ram_deliver(&m, &config, &result);
        CHECK_INT(result.outcome, i < 2 ? CLIENT_TRANSIENT : CLIENT_OK);
    }
    CHECK_INT(ram_count(r), 6);
    m.title = (struct str){arena_alloc(a, 20000, 1), 20000};
    ram_deliver(&m, &config, &result); /* a text that does not fit is left out, not overrun */
    REQUIRE(ram_get(r, 6, a, &e));
    CHECK(!e.title.ptr && e.number.ptr);
    ram_free(r);
}

static void *deliver_many(void *ctx)
{
    struct channel_config config = {.ram = ctx};
    struct message m = sample_page(NULL, 0);
    struct client_result result;

    for (int i = 0; i < 1000; i++)
        ram_deliver(&m, &config, &result);
    return NULL;
}

TEST(ram_from_many_threads)
{
    struct ram *r = ram_new(8);
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, deliver_many, r);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(ram_count(r), 4000);
    ram_free(r);
}

TEST(backoff)
{
    const int64_t base[] = {1, 2, 4, 8, 16, 32, 60, 60};

    for (int i = 0; i < 8; i++) {
        int64_t middle = base[i] * SECOND_US, spread = middle / 5;
        uint64_t width = (uint64_t)(2 * spread + 1);

        CHECK_INT(backoff_us(i + 1, 0, 0), middle - spread);
        CHECK_INT(backoff_us(i + 1, (uint64_t)spread, 0), middle);
        CHECK_INT(backoff_us(i + 1, width - 1, 0), middle + spread);
        CHECK_INT(backoff_us(i + 1, width, 0), middle - spread);
    }
    CHECK_INT(backoff_us(INT64_MAX, 0, 0), 48 * SECOND_US);
    CHECK_INT(backoff_us(0, 0, 0), 800 * MILLISECOND_US);
    CHECK_INT(backoff_us(1, 0, 7 * SECOND_US), 7 * SECOND_US);
    CHECK_INT(backoff_us(7, 0, 7 * SECOND_US), 48 * SECOND_US);
    CHECK_INT(backoff_us(1, 0, HOUR_US), 300 * SECOND_US);
}

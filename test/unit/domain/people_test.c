/* Users and services: the small rules. */
#include "domain/service.h"
#include "domain/user.h"
#include "test.h"

TEST(roles_are_ordered)
{
    CHECK(role_of(S("viewer")) == ROLE_VIEWER && role_of(S("admin")) == ROLE_ADMIN);
    CHECK(role_of(S("responder")) < role_of(S("manager")));
    CHECK(role_of(S("")) == ROLE_ANYONE && role_of(S("Admin")) == ROLE_ANYONE);
}

TEST(addresses)
{
    static const char *const good[] = {
        "a@b", "ada@example.org", "a.b+c@x-y.example.org", "ä@example.org"};
    static const char *const bad[] = {"", "@", "a@", "@b", "a b@c.d", "a@b@c", "a@.b", "a@b.",
        "a@b\n", "<a@b>", "a@b,c@d", "a@b;c"};
    char longest[256];

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK(email_valid(str_from(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (email_valid(str_from(bad[i])))
            test_fail(t, __FILE__, __LINE__, "%s", bad[i]);
    __builtin_memset(longest, 'a', sizeof longest);
    longest[60] = '@';
    CHECK(email_valid((struct str){longest, 254}));
    CHECK(!email_valid((struct str){longest, 255}));
}

TEST(integration_keys)
{
    char key[INTEGRATION_KEY_MAX + 1];

    __builtin_memset(key, 'k', sizeof key);
    CHECK(!integration_key_valid((struct str){key, INTEGRATION_KEY_MIN - 1}));
    CHECK(integration_key_valid((struct str){key, INTEGRATION_KEY_MIN}));
    CHECK(integration_key_valid((struct str){key, INTEGRATION_KEY_MAX}));
    CHECK(!integration_key_valid((struct str){key, INTEGRATION_KEY_MAX + 1}));
    CHECK(integration_key_valid(S("AZaz09-_.~AZaz09")));
    CHECK(!integration_key_valid(S("0123456789abcde/")) &&
          !integration_key_valid(S("0123456789abcde ")));
}

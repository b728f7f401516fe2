#include "base/sign.h"

#include <string.h>

#include "base/secret.h"
#include "test.h"

static const struct secret_key key = {.bytes = {7}}, other = {.bytes = {8}};

/* The published example of the Standard Webhooks specification. */
#define SECRET S("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
#define ID S("msg_p5jXN8AQM9LWM0D4loKWxJek")
#define BODY S("{\"test\": 2432232314}")
#define SIGNATURE S("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
#define AT INT64_C(1614265330)

TEST(webhook_signature_is_the_specified_one)
{
    struct str bytes;

    REQUIRE(webhook_secret_read(a, SECRET, &bytes));
    CHECK_INT(bytes.len, 24);
    CHECK_STR(webhook_sign(a, bytes, ID, AT, BODY), SIGNATURE);
}

TEST(webhook_verification)
{
    struct error err = {0};
    const instant now = {AT * SECOND_US};
    const int64_t five = 5 * MINUTE_US;
    const struct str at = S("1614265330");
    struct str k, list;

    REQUIRE(webhook_secret_read(a, SECRET, &k));
    CHECK(webhook_verify(a, k, ID, at, SIGNATURE, BODY, now, five, &err));
    CHECK(webhook_verify(a, k, ID, at, SIGNATURE, BODY, instant_add(now, five), five, &err));
    CHECK(webhook_verify(a, k, ID, at, SIGNATURE, BODY, instant_add(now, -five), five, &err));
    CHECK(!webhook_verify(a, k, ID, at, SIGNATURE, BODY, instant_add(now, five + 1), five, &err));
    CHECK(!webhook_verify(a, k, ID, at, SIGNATURE, BODY, instant_add(now, -five - 1), five, &err));
    CHECK(!webhook_verify(a, k, S("msg_x"), at, SIGNATURE, BODY, now, five, &err));
    CHECK(!webhook_verify(a, k, ID, S("1614265331"), SIGNATURE, BODY, now, five, &err));
    CHECK(!webhook_verify(a, k, ID, S("now"), SIGNATURE, BODY, now, five, &err));
    CHECK(!webhook_verify(a, k, ID, S("9223372036854775807"), SIGNATURE, BODY, now, five, &err));
    CHECK(!webhook_verify(a, k, ID, at, SIGNATURE, S("{}"), now, five, &err));
    CHECK(!webhook_verify(a, k, ID, at, S(""), BODY, now, five, &err));
    CHECK(!webhook_verify(a, k, ID, at, S("v1,"), BODY, now, five, &err));
    list = str_printf(a, "v1a,%s", SIGNATURE.ptr + 3);
    CHECK(!webhook_verify(a, k, ID, at, list, BODY, now, five, &err));
    CHECK_INT(err.kind, ERROR_UNAUTHENTICATED);
    list = str_printf(a, "v1,AAAA v1a,zzz %s", SIGNATURE.ptr);
    CHECK(webhook_verify(a, k, ID, at, list, BODY, now, five, &err));
}

TEST(webhook_secrets)
{
    struct str k, made = webhook_secret_make(a);

    CHECK(webhook_secret_read(a, made, &k) && k.len == 32);
    CHECK(!webhook_secret_read(a, S("whsec_"), &k));
    CHECK(!webhook_secret_read(a, S("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), &k));
    CHECK(!webhook_secret_read(a, S("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ=="), &k)); /* 22 bytes */
}

TEST(links)
{
    struct error err = {0};
    const instant now = {1795262400 * SECOND_US};
    const struct link made = {.subject = S("inc_01kagbcd00123456789abcdefg"),
        .action = S("ack"),
        .user = S("usr_01kagbcd00123456789abcdefg"),
        .expires = instant_add(now, HOUR_US)};
    struct str token = link_make(a, &key, &made);
    struct link out;

    CHECK(token.len > 60 && token.len < 105);
    REQUIRE_OK(link_read(&key, token, now, &out, &err));
    CHECK_STR(out.subject, made.subject);
    CHECK_STR(out.user, made.user);
    CHECK_STR(out.action, made.action);
    CHECK_INT(out.expires.us, made.expires.us);
    CHECK(link_read(&key, token, instant_add(made.expires, -1), &out, &err));
    CHECK(!link_read(&key, token, made.expires, &out, &err));
    CHECK_INT(err.kind, ERROR_NOT_FOUND);
    CHECK(!link_read(&other, token, now, &out, &err));
    CHECK_INT(err.kind, ERROR_FORBIDDEN);
    for (size_t i = 0; i < token.len; i++) {
        char *bad = (char *)str_copy(a, token).ptr;
        bad[i] = bad[i] == '.' ? '_' : bad[i] == 'a' ? 'b' : '.';
        CHECK(!link_read(&key, (struct str){bad, token.len}, now, &out, &err));
        CHECK(!link_read(&key, str_slice(token, 0, i), now, &out, &err));
        CHECK(!link_read(&key, str_slice(token, i + 1, token.len), now, &out, &err));
    }
    CHECK(!link_read(&key, STR_NONE, now, &out, &err));
}

TEST(links_take_only_plain_words)
{
    char longest[LINK_PART_MAX + 1];
    struct link link = {S("a"), S("b"), S("c"), {SECOND_US}}, out;
    struct error err = {0};

    memset(longest, 'x', sizeof longest);
    CHECK(link_make(a, &key, &link).ptr);
    link.subject = link.user = link.action = (struct str){longest, LINK_PART_MAX};
    REQUIRE_OK(link_read(&key, link_make(a, &key, &link), (instant){1}, &out, &err));
    link.user = (struct str){longest, LINK_PART_MAX + 1};
    CHECK(!link_make(a, &key, &link).ptr);
    link.user = S("a.b");
    CHECK(!link_make(a, &key, &link).ptr);
    link.user = S("");
    CHECK(!link_make(a, &key, &link).ptr);
}

#include "base/secret.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "test.h"

static const struct secret_key key = {.bytes = {1, 2, 3}}, other = {.bytes = {3, 2, 1}};

TEST(init_comes_first)
{
    struct error err = {0};

    REQUIRE_OK(secret_init(&err));
    REQUIRE_OK(secret_init(&err));
}

TEST(base64_both_ways)
{
    const struct {
        struct str plain, text;
    } cases[] = {/* RFC 4648 §10 */
        {S(""), S("")}, {S("f"), S("Zg==")}, {S("fo"), S("Zm8=")}, {S("foo"), S("Zm9v")},
        {S("foob"), S("Zm9vYg==")}, {S("fooba"), S("Zm9vYmE=")}, {S("foobar"), S("Zm9vYmFy")},
        {S("\xfb\xff\xfe"), S("+//+")}};
    struct str out;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CHECK_STR(base64_encode(a, cases[i].plain), cases[i].text);
        CHECK(base64_decode(a, cases[i].text, &out));
        CHECK_STR(out, cases[i].plain);
    }
    CHECK_STR(base64url_encode(a, S("\xfb\xff\xfe\0")), S("-__-AA"));
    CHECK(base64url_decode(a, S("-__-AA"), &out) && out.len == 4);
}

TEST(base64_is_strict)
{
    const struct str bad[] = {S("Zg"), S("Zg="), S("Zg==="), S("Zh=="), S("Zm9v\n"), S(" Zm9v"),
        S("Zm9vZ"), S("Z"), S("===="), S("Zg==Zg=="), S("-__-"), S("Zm\09v")};
    const struct str bad_url[] = {S("Zg=="), S("Zh"), S("+//+"), S("Z"), S("Zm9v ")};
    struct str out;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(!base64_decode(a, bad[i], &out));
    for (size_t i = 0; i < sizeof bad_url / sizeof *bad_url; i++)
        CHECK(!base64url_decode(a, bad_url[i], &out));
    CHECK(!base64_decode(a, STR_NONE, &out));
}

TEST(hashes_have_known_values)
{
    struct str parts[] = {S("what do ya want "), S("for nothing?")}; /* RFC 4231 case 2 */
    hash256 mac = hmac_sha256(S("Jefe"), parts, 2);

    CHECK_STR(sha256_hex(a, S("abc")),
        S("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    CHECK_STR(hex_text(a, mac.bytes, 32),
        S("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
}

TEST(hash_parts_are_framed)
{
    hash128 h[] = {HASH_128(NULL, S("ab"), S("c")), HASH_128(NULL, S("a"), S("bc")),
        HASH_128(NULL, S("abc")), HASH_128(NULL, S("ab"), S("c"), S("")),
        HASH_128(&key, S("ab"), S("c")), HASH_128(&other, S("ab"), S("c"))};
    hash128 again = HASH_128(NULL, S("ab"), S("c"));

    CHECK(memcmp(&h[0], &again, sizeof again) == 0);
    for (size_t i = 0; i < sizeof h / sizeof *h; i++)
        for (size_t j = 0; j < i; j++)
            CHECK(memcmp(&h[i], &h[j], sizeof *h) != 0);
}

TEST(equality_in_constant_time)
{
    CHECK(secret_equal(S(""), STR_NONE));
    CHECK(secret_equal(S("same"), S("same")));
    CHECK(!secret_equal(S("same"), S("sama")));
    CHECK(!secret_equal(S("same"), S("samee")));
}

TEST(passwords)
{
    struct error err = {0};
    struct password_cost cost;
    struct str hash, twice;

    REQUIRE_OK(password_hash(a, S("correct horse"), &hash, &err));
    REQUIRE_OK(password_hash(a, S("correct horse"), &twice, &err));
    CHECK(!str_eq(hash, twice));
    CHECK(password_verify(hash, S("correct horse")));
    CHECK(!password_verify(hash, S("correct horsf")));
    CHECK(!password_verify(hash, S("")));
    CHECK(!password_verify(S("$argon2id$nonsense"), S("x")));
    CHECK(!password_verify(STR_NONE, S("x")));
    CHECK(password_cost_of(hash, &cost));
    CHECK_INT(cost.memory_kib, 19456);
    CHECK_INT(cost.passes, 2);
    CHECK(!password_cost_of(S("$argon2i$v=19$m=1,t=1,p=1$"), &cost));
    CHECK(!password_cost_of(S("$argon2id$v=19$m=x,t=1,p=1$"), &cost));

    char *longest = arena_alloc(a, PASSWORD_MAX + 1, 1);
    memset(longest, 'x', PASSWORD_MAX + 1);
    CHECK(password_hash(a, (struct str){longest, PASSWORD_MAX}, &hash, &err));
    CHECK(!password_hash(a, (struct str){longest, PASSWORD_MAX + 1}, &hash, &err));
    CHECK(!password_verify(hash, (struct str){longest, PASSWORD_MAX + 1}));
    CHECK(!password_hash(a, S(""), &hash, &err));
}

TEST(sealed_texts_open_only_where_they_belong)
{
    struct error err = {0};
    struct str sealed = seal(a, &key, S("channel/1"), S("hunter2")), out;

    CHECK(str_starts(sealed, S("s1:")));
    CHECK(!str_contains(sealed, S("hunter2")));
    CHECK(!str_eq(sealed, seal(a, &key, S("channel/1"), S("hunter2"))));
    REQUIRE_OK(seal_open(a, &key, S("channel/1"), sealed, &out, &err));
    CHECK_STR(out, S("hunter2"));
    CHECK(!seal_open(a, &key, S("channel/2"), sealed, &out, &err));
    CHECK(!seal_open(a, &other, S("channel/1"), sealed, &out, &err));
    for (size_t i = 0; i < sealed.len; i++) {
        char *bad = (char *)str_copy(a, sealed).ptr;
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        CHECK(!seal_open(a, &key, S("channel/1"), (struct str){bad, sealed.len}, &out, &err));
        CHECK(!seal_open(a, &key, S("channel/1"), str_slice(sealed, 0, i), &out, &err));
    }
    sealed = seal(a, &key, S(""), S(""));
    REQUIRE_OK(seal_open(a, &key, S(""), sealed, &out, &err));
    CHECK_INT(out.len, 0);
}

TEST(key_files)
{
    struct error err = {0};
    struct secret_key one, two;
    char dir[] = "/tmp/tocsin-key-XXXXXX";
    struct stat st;

    REQUIRE(mkdtemp(dir));
    const char *path = str_printf(a, "%s/key", dir).ptr;
    CHECK(!secret_key_file(path, false, &one, &err));
    REQUIRE_OK(secret_key_file(path, true, &one, &err));
    REQUIRE_OK(secret_key_file(path, true, &two, &err));
    CHECK(memcmp(&one, &two, sizeof one) == 0);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_nlink == 1);
    CHECK(chmod(path, 0640) == 0);
    CHECK(!secret_key_file(path, true, &two, &err));
    CHECK(chmod(path, 0600) == 0);
    CHECK(truncate(path, 31) == 0);
    CHECK(!secret_key_file(path, true, &two, &err));
    CHECK(truncate(path, 33) == 0);
    CHECK(!secret_key_file(path, true, &two, &err));
    unlink(path);
    CHECK(rmdir(dir) == 0); /* nothing is left beside the key */

    struct secret_key links = secret_key_derive(&one, S("links"));
    struct secret_key hooks = secret_key_derive(&one, S("hooks"));
    CHECK(memcmp(&links, &hooks, sizeof links) != 0 && memcmp(&links, &one, sizeof links) != 0);
}

TEST(tokens)
{
    uint8_t zero[20] = {0}, ones[20];

    memset(ones, 255, sizeof ones);
    struct str fixed = token_from(a, "tocsin_pat", zero), token = token_make(a, "tocsin_pat");

    CHECK_STR(str_slice(fixed, 0, 43), S("tocsin_pat_00000000000000000000000000000000"));
    CHECK_STR(str_slice(token_from(a, "t", ones), 0, 34), S("t_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"));
    CHECK(token_valid_form(fixed));
    CHECK_INT(token.len, 49);
    CHECK(str_starts(token, S("tocsin_pat_")));
    CHECK(token_valid_form(token));
    CHECK(!str_eq(token, token_make(a, "tocsin_pat")));
    for (size_t i = 0; i < token.len; i++) {
        char *bad = (char *)str_copy(a, token).ptr;
        bad[i] = bad[i] == '7' ? '8' : '7';
        CHECK(!token_valid_form((struct str){bad, token.len}));
        CHECK(!token_valid_form(str_slice(token, 0, i)));
    }
    CHECK(!token_valid_form(STR_NONE));
    CHECK_INT(token_hash(a, token).len, 64);
}

#include "base/sign.h"

#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/error.h"
#include "base/secret.h"

#define SECRET_HEAD S("whsec_")
enum { SECRET_MIN = 24, SECRET_MAX = 64, MAX_SIGNATURES = 8 };

bool webhook_secret_read(struct arena *a, struct str secret, struct str *key)
{
    struct str bytes;

    if (!str_starts(secret, SECRET_HEAD) || secret.len > 200 ||
        !base64_decode(a, str_slice(secret, SECRET_HEAD.len, secret.len), &bytes) ||
        bytes.len < SECRET_MIN || bytes.len > SECRET_MAX)
        return false;
    *key = bytes;
    return true;
}

struct str webhook_secret_make(struct arena *a)
{
    char random[32];

    secret_random(random, sizeof random);
    return str_printf(a, "whsec_%s", base64_encode(a, (struct str){random, sizeof random}).ptr);
}

static hash256 webhook_mac(struct str key, struct str id, struct str timestamp, struct str body)
{
    struct str parts[] = {id, S("."), timestamp, S("."), body};

    return hmac_sha256(key, parts, sizeof parts / sizeof *parts);
}

struct str webhook_sign(
    struct arena *a, struct str key, struct str id, int64_t timestamp, struct str body)
{
    hash256 mac = webhook_mac(key, id, str_printf(a, "%lld", (long long)timestamp), body);

    return str_printf(
        a, "v1,%s", base64_encode(a, (struct str){(char *)mac.bytes, sizeof mac.bytes}).ptr);
}

bool webhook_verify(struct arena *a, struct str key, struct str id, struct str timestamp,
    struct str signatures, struct str body, instant now, int64_t tolerance_us, struct error *err)
{
    int64_t seconds;
    bool good = false;

    if (!str_int(timestamp, &seconds) || seconds < 0 || seconds > INT64_MAX / SECOND_US)
        return fail(err, UNAUTHENTICATED, "webhook-timestamp is not a Unix time");
    int64_t off = now.us - seconds * SECOND_US;
    if (off > tolerance_us || off < -tolerance_us)
        return fail(err, UNAUTHENTICATED, "webhook-timestamp is too far from now");
    hash256 mac = webhook_mac(key, id, timestamp, body);
    for (int i = 0; i < MAX_SIGNATURES && signatures.len; i++) {
        struct str one, given;

        signatures = str_cut(signatures, ' ', &one);
        if (str_starts(one, S("v1,")) && base64_decode(a, str_slice(one, 3, one.len), &given))
            good |= secret_equal(given, (struct str){(char *)mac.bytes, sizeof mac.bytes});
    }
    return good || fail(err, UNAUTHENTICATED, "webhook-signature does not fit");
}

static bool link_part(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-')
            return false;
    }
    return s.len > 0 && s.len <= LINK_PART_MAX;
}

enum { LINK_MAC = sodium_base64_ENCODED_LEN(16, sodium_base64_VARIANT_URLSAFE_NO_PADDING) };

static struct str link_mac(const struct secret_key *key, struct str text, char out[LINK_MAC])
{
    hash128 mac = HASH_128(key, S("action link 1"), text);

    sodium_bin2base64(
        out, LINK_MAC, mac.bytes, sizeof mac.bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return (struct str){out, LINK_MAC - 1};
}

struct str link_make(struct arena *a, const struct secret_key *key, const struct link *link)
{
    char mac[LINK_MAC];

    if (!link_part(link->subject) || !link_part(link->user) || !link_part(link->action))
        return STR_NONE;
    struct str text = str_printf(a, "%.*s.%.*s.%.*s.%lld", STR(link->subject), STR(link->user),
        STR(link->action), (long long)(link->expires.us / SECOND_US));
    return str_printf(a, "%s.%s", text.ptr, link_mac(key, text, mac).ptr);
}

bool link_read(const struct secret_key *key, struct str token, instant now, struct link *out,
    struct error *err)
{
    char mac[LINK_MAC];
    struct link link;
    struct str expires;
    int64_t seconds;

    if (token.len <= LINK_MAC || token.len > LINK_TOKEN_MAX ||
        token.ptr[token.len - LINK_MAC] != '.')
        return fail(err, FORBIDDEN, "this link is not complete");
    struct str text = str_slice(token, 0, token.len - LINK_MAC);
    struct str given = str_slice(token, text.len + 1, token.len);
    if (!secret_equal(given, link_mac(key, text, mac)))
        return fail(err, FORBIDDEN, "this link is not genuine");
    expires = str_cut(text, '.', &link.subject);
    expires = str_cut(expires, '.', &link.user);
    expires = str_cut(expires, '.', &link.action);
    if (!str_int(expires, &seconds))
        return fail(err, FORBIDDEN, "this link is not complete");
    link.expires.us = seconds * SECOND_US;
    if (now.us >= link.expires.us)
        return fail(err, NOT_FOUND, "this link has expired");
    *out = link;
    return true;
}

#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/error.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static bool is_v4(const struct address *a)
{
    return memcmp(a->bytes, mapped, sizeof mapped) == 0;
}

static void set_v4(struct address *out, const void *four)
{
    memcpy(out->bytes, mapped, sizeof mapped);
    memcpy(out->bytes + sizeof mapped, four, 4);
}

bool address_of(const struct sockaddr *sa, struct address *out)
{
    /* Copied out, not cast: the caller's storage need not be aligned for the larger types. */
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;

        memcpy(&in, sa, sizeof in);
        set_v4(out, &in.sin_addr);
        return true;
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;

        memcpy(&in6, sa, sizeof in6);
        memcpy(out->bytes, &in6.sin6_addr, sizeof out->bytes);
        return true;
    }
    return false;
}

bool address_parse(struct str text, struct address *out)
{
    char z[ADDRESS_MAX_TEXT];
    uint8_t four[4];

    if (text.len == 0 || text.len >= sizeof z || memchr(text.ptr, '\0', text.len))
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    if (inet_pton(AF_INET, z, four) == 1) {
        set_v4(out, four);
        return true;
    }
    return inet_pton(AF_INET6, z, out->bytes) == 1;
}

struct str address_text(const struct address *a, char out[ADDRESS_MAX_TEXT])
{
    if (is_v4(a))
        inet_ntop(AF_INET, a->bytes + sizeof mapped, out, ADDRESS_MAX_TEXT);
    else
        inet_ntop(AF_INET6, a->bytes, out, ADDRESS_MAX_TEXT);
    return str_from(out);
}

bool address_in(const struct address *a, const struct address_range *r)
{
    unsigned whole = r->bits / 8, rest = r->bits % 8;

    return memcmp(a->bytes, r->base.bytes, whole) == 0 &&
           (rest == 0 || (a->bytes[whole] ^ r->base.bytes[whole]) >> (8 - rest) == 0);
}

bool address_range_parse(struct str text, struct address_range *out, struct error *err)
{
    struct str head, tail = str_cut(text, '/', &head);
    struct address_range r;
    int64_t bits;

    if (str_eq(text, S("*"))) {
        *out = (struct address_range){0};
        return true;
    }
    if (!address_parse(head, &r.base))
        return fail(err, INVALID, "\"%.*s\" is not an address or a range", STR(text));
    unsigned width = is_v4(&r.base) ? 32 : 128;
    bits = width;
    if (tail.ptr && (!str_int(tail, &bits) || bits < 0 || bits > width))
        return fail(err, INVALID, "\"%.*s\": the prefix is 0 to %u bits", STR(text), width);
    r.bits = (unsigned)bits + (128 - width);
    for (unsigned i = r.bits; i < 128; i++)
        if (r.base.bytes[i / 8] >> (7 - i % 8) & 1)
            return fail(err, INVALID, "\"%.*s\": bits beyond the prefix are not zero", STR(text));
    *out = r;
    return true;
}

#define V4(a, b, c, d)                                                                             \
    {                                                                                              \
        {                                                                                          \
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d                                   \
        }                                                                                          \
    }

static const struct address_range global_unicast = {{{0x20}}, 3}; /* 2000::/3 */

/* The IANA special-purpose registries, less what is globally reachable. IPv6 outside 2000::/3 (::1,
 * fc00::/7, fe80::/10, ff00::/8, 64:ff9b::/96, …) is refused as a whole and needs no rows. */
static const struct address_range special[] = {
    {V4(0, 0, 0, 0), 96 + 8}, {V4(10, 0, 0, 0), 96 + 8}, {V4(100, 64, 0, 0), 96 + 10},
    {V4(127, 0, 0, 0), 96 + 8}, {V4(169, 254, 0, 0), 96 + 16}, {V4(172, 16, 0, 0), 96 + 12},
    {V4(192, 0, 0, 0), 96 + 24}, {V4(192, 0, 2, 0), 96 + 24}, {V4(192, 88, 99, 0), 96 + 24},
    {V4(192, 168, 0, 0), 96 + 16}, {V4(198, 18, 0, 0), 96 + 15}, {V4(198, 51, 100, 0), 96 + 24},
    {V4(203, 0, 113, 0), 96 + 24}, {V4(224, 0, 0, 0), 96 + 3}, /* multicast, reserved, broadcast */
    {{{0x20, 0x01}}, 23},             /* 2001::/23: Teredo, ORCHID, benchmark */
    {{{0x20, 0x01, 0x0d, 0xb8}}, 32}, /* documentation */
    {{{0x20, 0x02}}, 16},             /* 6to4 */
    {{{0x3f, 0xff}}, 20},             /* documentation */
};

bool address_public(const struct address *a)
{
    if (!is_v4(a) && !address_in(a, &global_unicast))
        return false;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (address_in(a, &special[i]))
            return false;
    return true;
}

bool address_allowed(const struct address *a, const struct address_range *allow, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (address_in(a, &allow[i]))
            return true;
    return address_public(a);
}

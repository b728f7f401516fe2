/* IP addresses and ranges: which ones an outgoing connection may reach.
 *
 * A webhook's URL is typed in by a user, so it must not reach what only this machine can reach. The
 * check is made on the address of the socket about to be opened, after name resolution, so no
 * spelling (127.1, 0x7f000001, a name for ::1, a second DNS answer) gets around it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct sockaddr;
struct error;

/* Always 16 bytes; IPv4 is held as ::ffff:a.b.c.d, which also is what a v4-mapped address means. */
struct address {
    uint8_t bytes[16];
};

struct address_range {
    struct address base;
    unsigned bits; /* leading bits that count, 0–128 */
};

#define ADDRESS_MAX_TEXT 46

bool address_of(const struct sockaddr *sa, struct address *out); /* false: neither IPv4 nor IPv6 */
bool address_parse(struct str text, struct address *out);        /* strict: 127.0.0.1, ::1 */
/* Writes "127.0.0.1" or "2001:db8::1" and returns it. */
struct str address_text(const struct address *a, char out[ADDRESS_MAX_TEXT]);

/* "10.0.0.0/8", "fd00::/8", one address, or "*" for everything. Bits beyond the prefix are zero. */
bool address_range_parse(struct str text, struct address_range *out, struct error *err);
bool address_in(const struct address *a, const struct address_range *r);

/* True for addresses of the public Internet: not private, shared (CGNAT), loopback, link-local,
 * multicast, unspecified, documentation, benchmark or reserved, and not a form that carries an IPv4
 * address past this check (NAT64, 6to4, Teredo). */
bool address_public(const struct address *a);
/* Public, or inside one of the ranges that the configuration allows. */
bool address_allowed(const struct address *a, const struct address_range *allow, size_t n);

/* Secrets: random bytes, hashes, passwords, sealing, API tokens. A thin, misuse-proof face on
 * libsodium; the algorithms are fixed here so that no caller chooses one.
 *
 * secret_init() once, before any thread starts. Everything else may be called from any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct error;

bool secret_init(struct error *err);
void secret_random(void *p, size_t n);
/* Time depends on the lengths only. */
bool secret_equal(struct str a, struct str b);
/* Overwrites memory that held a secret. */
void secret_wipe(void *p, size_t n);

/* --- keys --- */

struct secret_key {
    uint8_t bytes[32];
};

/* Reads a key file: exactly 32 bytes, readable by nobody but its owner. With `create`, a missing
 * file is made (mode 0600, random, synced); one that exists is never replaced. */
bool secret_key_file(const char *path, bool create, struct secret_key *out, struct error *err);
/* One key per purpose from one master key, so that a file is all there is to guard. */
struct secret_key secret_key_derive(const struct secret_key *master, struct str purpose);

/* --- hashes --- */

typedef struct {
    uint8_t bytes[16];
} hash128;
typedef struct {
    uint8_t bytes[32];
} hash256;

/* BLAKE2b over the parts, each with its length, so that ("ab", "c") and ("a", "bc") differ. `key`
 * may be NULL. 128 bits are for dedup keys and links, 256 for what an attacker may collide. */
hash128 hash_128(const struct secret_key *key, const struct str *parts, size_t n);
hash256 hash_256(const struct secret_key *key, const struct str *parts, size_t n);
#define HASH_128(key, ...)                                                                         \
    hash_128((key), (struct str[]){__VA_ARGS__},                                                   \
        sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str))

hash256 sha256(struct str s);
hash256 hmac_sha256(struct str key, const struct str *parts, size_t n); /* parts are concatenated */
struct str hex_text(struct arena *a, const void *bytes, size_t n);      /* lower case */
struct str sha256_hex(struct arena *a, struct str s);

/* --- passwords: argon2id --- */

#define PASSWORD_MAX 1024 /* bytes; longer ones are refused, not cut */

struct password_cost {
    int64_t memory_kib, passes;
};
extern const struct password_cost password_cost; /* of new hashes: 19 MiB, 2 passes */

/* Slow on purpose (tens of ms): never on an event loop. The text (PHC form) carries its cost. */
bool password_hash(struct arena *a, struct str password, struct str *out, struct error *err);
bool password_verify(struct str hash, struct str password);
/* The cost a hash was made with; false if it is not argon2id. Rehash at sign-in when lower. */
bool password_cost_of(struct str hash, struct password_cost *out);

/* --- secrets at rest: XChaCha20-Poly1305 --- */

/* "s1:" and base64url of nonce and ciphertext. `context` (say, "channel/" and the row's id) is
 * bound to it: a sealed text moved to another row does not open. */
struct str seal(
    struct arena *a, const struct secret_key *key, struct str context, struct str plain);
bool seal_open(struct arena *a, const struct secret_key *key, struct str context, struct str sealed,
    struct str *out, struct error *err);

/* --- API tokens --- */

/* `prefix`, '_', 32 characters of Crockford's base32 (160 random bits), and 6 more that hold the
 * low 30 bits of the CRC-32 of all before: a typo or a scanner's false positive needs no look-up.
 */
struct str token_make(struct arena *a, const char *prefix);
/* The same from the caller's random bytes, for tests and replays. */
struct str token_from(struct arena *a, const char *prefix, const uint8_t random[20]);
bool token_valid_form(struct str token);
/* What is stored: 64 hexadecimal digits. Tokens have full entropy, so a fast hash is enough. */
struct str token_hash(struct arena *a, struct str token);

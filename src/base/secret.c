#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/error.h"

const struct password_cost password_cost = {.memory_kib = 19456, .passes = 2};

bool secret_init(struct error *err)
{
    return sodium_init() >= 0 || fail(err, INTERNAL, "libsodium cannot start");
}

void secret_random(void *p, size_t n)
{
    randombytes_buf(p, n);
}

bool secret_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.ptr, b.ptr, a.len) == 0);
}

void secret_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

static bool key_read(const char *path, struct secret_key *out, struct error *err)
{
    struct stat st;
    uint8_t extra;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return fail(err, INVALID, "key file %s: %s", path, strerror(errno));
    bool private = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !(st.st_mode & 077);
    bool whole = read(fd, out->bytes, sizeof out->bytes) == (ssize_t)sizeof out->bytes &&
                 read(fd, &extra, 1) == 0;
    close(fd);
    if (!private)
        return fail(err, INVALID, "key file %s: others may read it (chmod 600 it)", path);
    return whole || fail(err, INVALID, "key file %s: not exactly 32 bytes", path);
}

/* Written beside and linked into place: a crash leaves no half key under the real name, and link()
 * refuses to replace a key that another process made meanwhile. */
static bool key_create(const char *path, struct error *err)
{
    struct secret_key key;
    char tmp[4096];
    int n = snprintf(tmp, sizeof tmp, "%s.%d.new", path, (int)getpid());

    if (n < 0 || (size_t)n >= sizeof tmp)
        return fail(err, INVALID, "key file: path too long");
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(err, INVALID, "key file %s: %s", tmp, strerror(errno));
    secret_random(&key, sizeof key);
    bool ok = write(fd, key.bytes, sizeof key.bytes) == (ssize_t)sizeof key.bytes && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    secret_wipe(&key, sizeof key);
    ok = ok && (link(tmp, path) == 0 || errno == EEXIST);
    int problem = errno;
    unlink(tmp);
    return ok || fail(err, INVALID, "key file %s: %s", path, strerror(problem));
}

bool secret_key_file(const char *path, bool create, struct secret_key *out, struct error *err)
{
    if (create && access(path, F_OK) != 0 && !key_create(path, err))
        return false;
    return key_read(path, out, err);
}

struct secret_key secret_key_derive(const struct secret_key *master, struct str purpose)
{
    hash256 h = hash_256(master, &purpose, 1);
    struct secret_key key;

    memcpy(key.bytes, h.bytes, sizeof key.bytes);
    return key;
}

static void blake(
    const struct secret_key *key, const struct str *parts, size_t n, uint8_t *out, size_t len)
{
    crypto_generichash_state st;

    crypto_generichash_init(&st, key ? key->bytes : NULL, key ? sizeof key->bytes : 0, len);
    for (size_t i = 0; i < n; i++) {
        uint64_t size = parts[i].len;

        crypto_generichash_update(&st, (const unsigned char *)&size, sizeof size);
        if (size)
            crypto_generichash_update(&st, (const unsigned char *)parts[i].ptr, size);
    }
    crypto_generichash_final(&st, out, len);
}

hash128 hash_128(const struct secret_key *key, const struct str *parts, size_t n)
{
    hash128 h;

    blake(key, parts, n, h.bytes, sizeof h.bytes);
    return h;
}

hash256 hash_256(const struct secret_key *key, const struct str *parts, size_t n)
{
    hash256 h;

    blake(key, parts, n, h.bytes, sizeof h.bytes);
    return h;
}

hash256 sha256(struct str s)
{
    hash256 h;

    crypto_hash_sha256(h.bytes, (const unsigned char *)s.ptr, s.len);
    return h;
}

hash256 hmac_sha256(struct str key, const struct str *parts, size_t n)
{
    crypto_auth_hmacsha256_state st;
    hash256 h;

    crypto_auth_hmacsha256_init(&st, (const unsigned char *)key.ptr, key.len);
    for (size_t i = 0; i < n; i++)
        crypto_auth_hmacsha256_update(&st, (const unsigned char *)parts[i].ptr, parts[i].len);
    crypto_auth_hmacsha256_final(&st, h.bytes);
    return h;
}

struct str hex_text(struct arena *a, const void *bytes, size_t n)
{
    char *p = arena_alloc(a, 2 * n + 1, 1);

    sodium_bin2hex(p, 2 * n + 1, bytes, n);
    return (struct str){p, 2 * n};
}

struct str sha256_hex(struct arena *a, struct str s)
{
    hash256 h = sha256(s);

    return hex_text(a, h.bytes, sizeof h.bytes);
}

bool password_hash(struct arena *a, struct str password, struct str *out, struct error *err)
{
    char *p = arena_alloc(a, crypto_pwhash_STRBYTES, 1);

    if (password.len == 0 || password.len > PASSWORD_MAX)
        return fail(err, INVALID, "a password has 1 to %d bytes", PASSWORD_MAX);
    if (crypto_pwhash_str_alg(p, password.ptr, password.len, (uint64_t)password_cost.passes,
            (size_t)password_cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(err, UNAVAILABLE, "not enough memory to hash a password");
    *out = str_from(p);
    return true;
}

bool password_verify(struct str hash, struct str password)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    if (hash.len == 0 || hash.len >= sizeof text || password.len > PASSWORD_MAX)
        return false;
    memcpy(text, hash.ptr, hash.len);
    return crypto_pwhash_str_verify(text, password.len ? password.ptr : "", password.len) == 0;
}

bool password_cost_of(struct str hash, struct password_cost *out)
{
    const struct str head = S("$argon2id$v=19$m=");
    struct str memory, passes, rest;
    struct password_cost cost;

    if (!str_starts(hash, head))
        return false;
    rest = str_cut(str_slice(hash, head.len, hash.len), ',', &memory);
    str_cut(rest, ',', &passes);
    if (!str_starts(passes, S("t=")) || !str_int(memory, &cost.memory_kib) ||
        !str_int(str_slice(passes, 2, passes.len), &cost.passes))
        return false;
    *out = cost;
    return true;
}

#define SEAL_HEAD S("s1:")
enum {
    SEAL_NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
};

struct str seal(struct arena *a, const struct secret_key *key, struct str context, struct str plain)
{
    size_t n = SEAL_NONCE + plain.len + SEAL_TAG;
    unsigned char *box = arena_alloc(a, n, 1);

    secret_random(box, SEAL_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + SEAL_NONCE, NULL,
        (const unsigned char *)plain.ptr, plain.len, (const unsigned char *)context.ptr,
        context.len, NULL, box, key->bytes);
    return str_printf(a, "s1:%s", base64url_encode(a, (struct str){(char *)box, n}).ptr);
}

bool seal_open(struct arena *a, const struct secret_key *key, struct str context, struct str sealed,
    struct str *out, struct error *err)
{
    struct str box;

    if (!str_starts(sealed, SEAL_HEAD) ||
        !base64url_decode(a, str_slice(sealed, SEAL_HEAD.len, sealed.len), &box) ||
        box.len < SEAL_NONCE + SEAL_TAG)
        return fail(err, INTERNAL, "a sealed secret is damaged");
    size_t n = box.len - SEAL_NONCE - SEAL_TAG;
    unsigned char *plain = arena_alloc(a, n + 1, 1);
    const unsigned char *nonce = (const unsigned char *)box.ptr;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, nonce + SEAL_NONCE,
            n + SEAL_TAG, (const unsigned char *)context.ptr, context.len, nonce, key->bytes) != 0)
        return fail(err, INTERNAL, "a sealed secret does not open with this key");
    *out = (struct str){(char *)plain, n};
    return true;
}

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { TOKEN_RANDOM = 32, TOKEN_CHECK = 6 };

/* Bit by bit: tokens are short and rare, a table would be the larger evil. */
static uint32_t crc32(const char *p, size_t n)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        crc ^= (unsigned char)p[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static void write_check(char *out, const char *p, size_t n)
{
    uint32_t crc = crc32(p, n);

    for (int i = 0; i < TOKEN_CHECK; i++)
        out[i] = alphabet[(crc >> (5 * (TOKEN_CHECK - 1 - i))) & 31];
}

struct str token_from(struct arena *a, const char *prefix, const uint8_t random[20])
{
    size_t n = strlen(prefix) + 1;
    char *p = arena_alloc(a, n + TOKEN_RANDOM + TOKEN_CHECK + 1, 1);

    memcpy(p, prefix, n - 1);
    p[n - 1] = '_';
    for (size_t bit = 0; bit < TOKEN_RANDOM * 5; bit += 5) {
        unsigned pair = (unsigned)random[bit / 8] << 8 | (bit / 8 < 19 ? random[bit / 8 + 1] : 0);

        p[n++] = alphabet[(pair >> (11 - bit % 8)) & 31];
    }
    write_check(p + n, p, n);
    return (struct str){p, n + TOKEN_CHECK};
}

struct str token_make(struct arena *a, const char *prefix)
{
    uint8_t random[20];

    secret_random(random, sizeof random);
    struct str token = token_from(a, prefix, random);
    secret_wipe(random, sizeof random);
    return token;
}

bool token_valid_form(struct str token)
{
    char check[TOKEN_CHECK];

    if (token.len < 2 + TOKEN_RANDOM + TOKEN_CHECK || token.len > 100)
        return false;
    size_t body = token.len - TOKEN_RANDOM - TOKEN_CHECK;
    if (token.ptr[body - 1] != '_')
        return false;
    for (size_t i = body; i < token.len; i++)
        if (!token.ptr[i] || !strchr(alphabet, token.ptr[i]))
            return false;
    write_check(check, token.ptr, token.len - TOKEN_CHECK);
    return memcmp(check, token.ptr + token.len - TOKEN_CHECK, TOKEN_CHECK) == 0;
}

struct str token_hash(struct arena *a, struct str token)
{
    return sha256_hex(a, token);
}

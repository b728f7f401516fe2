#include "base/base64.h"

#include <sodium.h>

#include "base/arena.h"

static struct str encode(struct arena *a, struct str bytes, int variant)
{
    size_t room = sodium_base64_encoded_len(bytes.len, variant);
    char *p = arena_alloc(a, room, 1);

    sodium_bin2base64(p, room, (const unsigned char *)bytes.ptr, bytes.len, variant);
    return str_from(p);
}

static bool decode(struct arena *a, struct str text, int variant, struct str *out)
{
    size_t room = text.len / 4 * 3 + 3, len = 0;
    unsigned char *p = arena_alloc(a, room + 1, 1);
    const char *end = NULL;

    if (!text.ptr ||
        sodium_base642bin(p, room, text.ptr, text.len, NULL, &len, &end, variant) != 0 ||
        end != text.ptr + text.len)
        return false;
    p[len] = '\0';
    *out = (struct str){(char *)p, len};
    return true;
}

struct str base64_encode(struct arena *a, struct str bytes)
{
    return encode(a, bytes, sodium_base64_VARIANT_ORIGINAL);
}

struct str base64url_encode(struct arena *a, struct str bytes)
{
    return encode(a, bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool base64_decode(struct arena *a, struct str text, struct str *out)
{
    return decode(a, text, sodium_base64_VARIANT_ORIGINAL, out);
}

bool base64url_decode(struct arena *a, struct str text, struct str *out)
{
    return decode(a, text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

#include "base/utf8.h"

#include <string.h>

#include "base/arena.h"

/* Case folding of Unicode's CaseFolding.txt (status C and S) for the Latin, Greek and Cyrillic
 * blocks: every `step`-th code point from first to last moves by delta. */
static const struct fold {
    uint16_t first, last;
    uint8_t step;
    int16_t delta;
} folds[] = {
    {0x00b5, 0x00b5, 1, 775}, {0x00c0, 0x00d6, 1, 32}, {0x00d8, 0x00de, 1, 32},
    {0x0100, 0x012e, 2, 1}, {0x0130, 0x0130, 1, -199}, {0x0132, 0x0136, 2, 1},
    {0x0139, 0x0147, 2, 1}, {0x014a, 0x0176, 2, 1}, {0x0178, 0x0178, 1, -121},
    {0x0179, 0x017d, 2, 1}, {0x017f, 0x017f, 1, -268}, {0x0181, 0x0181, 1, 210},
    {0x0182, 0x0184, 2, 1}, {0x0186, 0x0186, 1, 206}, {0x0187, 0x0187, 1, 1},
    {0x0189, 0x018a, 1, 205}, {0x018b, 0x018b, 1, 1}, {0x018e, 0x018e, 1, 79},
    {0x018f, 0x018f, 1, 202}, {0x0190, 0x0190, 1, 203}, {0x0191, 0x0191, 1, 1},
    {0x0193, 0x0193, 1, 205}, {0x0194, 0x0194, 1, 207}, {0x0196, 0x0196, 1, 211},
    {0x0197, 0x0197, 1, 209}, {0x0198, 0x0198, 1, 1}, {0x019c, 0x019c, 1, 211},
    {0x019d, 0x019d, 1, 213}, {0x019f, 0x019f, 1, 214}, {0x01a0, 0x01a4, 2, 1},
    {0x01a6, 0x01a6, 1, 218}, {0x01a7, 0x01a7, 1, 1}, {0x01a9, 0x01a9, 1, 218},
    {0x01ac, 0x01ac, 1, 1}, {0x01ae, 0x01ae, 1, 218}, {0x01af, 0x01af, 1, 1},
    {0x01b1, 0x01b2, 1, 217}, {0x01b3, 0x01b5, 2, 1}, {0x01b7, 0x01b7, 1, 219},
    {0x01b8, 0x01b8, 1, 1}, {0x01bc, 0x01bc, 1, 1}, {0x01c4, 0x01c4, 1, 2}, {0x01c5, 0x01c5, 1, 1},
    {0x01c7, 0x01c7, 1, 2}, {0x01c8, 0x01c8, 1, 1}, {0x01ca, 0x01ca, 1, 2}, {0x01cb, 0x01db, 2, 1},
    {0x01de, 0x01ee, 2, 1}, {0x01f1, 0x01f1, 1, 2}, {0x01f2, 0x01f4, 2, 1},
    {0x01f6, 0x01f6, 1, -97}, {0x01f7, 0x01f7, 1, -56}, {0x01f8, 0x021e, 2, 1},
    {0x0220, 0x0220, 1, -130}, {0x0222, 0x0232, 2, 1}, {0x023a, 0x023a, 1, 10795},
    {0x023b, 0x023b, 1, 1}, {0x023d, 0x023d, 1, -163}, {0x023e, 0x023e, 1, 10792},
    {0x0241, 0x0241, 1, 1}, {0x0243, 0x0243, 1, -195}, {0x0244, 0x0244, 1, 69},
    {0x0245, 0x0245, 1, 71}, {0x0246, 0x024e, 2, 1}, {0x0370, 0x0372, 2, 1}, {0x0376, 0x0376, 1, 1},
    {0x037f, 0x037f, 1, 116}, {0x0386, 0x0386, 1, 38}, {0x0388, 0x038a, 1, 37},
    {0x038c, 0x038c, 1, 64}, {0x038e, 0x038f, 1, 63}, {0x0391, 0x03a1, 1, 32},
    {0x03a3, 0x03ab, 1, 32}, {0x03c2, 0x03c2, 1, 1}, {0x03cf, 0x03cf, 1, 8},
    {0x03d0, 0x03d0, 1, -30}, {0x03d1, 0x03d1, 1, -25}, {0x03d5, 0x03d5, 1, -15},
    {0x03d6, 0x03d6, 1, -22}, {0x03d8, 0x03ee, 2, 1}, {0x03f0, 0x03f0, 1, -54},
    {0x03f1, 0x03f1, 1, -48}, {0x03f4, 0x03f4, 1, -60}, {0x03f5, 0x03f5, 1, -64},
    {0x03f7, 0x03f7, 1, 1}, {0x03f9, 0x03f9, 1, -7}, {0x03fa, 0x03fa, 1, 1},
    {0x03fd, 0x03ff, 1, -130}, {0x0400, 0x040f, 1, 80}, {0x0410, 0x042f, 1, 32},
    {0x0460, 0x0480, 2, 1}, {0x048a, 0x04be, 2, 1}, {0x04c0, 0x04c0, 1, 15}, {0x04c1, 0x04cd, 2, 1},
    {0x04d0, 0x052e, 2, 1}, {0x1e00, 0x1e94, 2, 1}, {0x1e9b, 0x1e9b, 1, -58},
    {0x1e9e, 0x1e9e, 1, -7615}, {0x1ea0, 0x1efe, 2, 1}, {0x1f08, 0x1f0f, 1, -8},
    {0x1f18, 0x1f1d, 1, -8}, {0x1f28, 0x1f2f, 1, -8}, {0x1f38, 0x1f3f, 1, -8},
    {0x1f48, 0x1f4d, 1, -8}, {0x1f59, 0x1f5f, 2, -8}, {0x1f68, 0x1f6f, 1, -8},
    {0x1f88, 0x1f8f, 1, -8}, {0x1f98, 0x1f9f, 1, -8}, {0x1fa8, 0x1faf, 1, -8},
    {0x1fb8, 0x1fb9, 1, -8}, {0x1fba, 0x1fbb, 1, -74}, {0x1fbc, 0x1fbc, 1, -9},
    {0x1fbe, 0x1fbe, 1, -7173}, {0x1fc8, 0x1fcb, 1, -86}, {0x1fcc, 0x1fcc, 1, -9},
    {0x1fd8, 0x1fd9, 1, -8}, {0x1fda, 0x1fdb, 1, -100}, {0x1fe8, 0x1fe9, 1, -8},
    {0x1fea, 0x1feb, 1, -112}, {0x1fec, 0x1fec, 1, -7}, {0x1ff8, 0x1ff9, 1, -128},
    {0x1ffa, 0x1ffb, 1, -126}, {0x1ffc, 0x1ffc, 1, -9},
};

size_t utf8_decode(struct str s, uint32_t *cp)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t n;
    uint32_t c;

    if (!s.len)
        return 0;
    if (p[0] < 0x80) {
        *cp = p[0];
        return 1;
    }
    n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || s.len < n)
        return 0;
    c = p[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *cp = c;
    return n;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        return 0;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3f));
        cp >>= 6;
    }
    out[0] = (char)((0xf00u >> n) | cp);
    return n;
}

bool utf8_valid(struct str s)
{
    uint32_t cp;
    uint64_t w;

    for (size_t i = 0, n; i < s.len; i += n) {
        if (s.len - i >= 8 && (memcpy(&w, s.ptr + i, 8), !(w & 0x8080808080808080u)))
            n = 8;
        else if (!(n = utf8_decode(str_slice(s, i, s.len), &cp)))
            return false;
    }
    return true;
}

static bool starts_code_point(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

size_t utf8_length(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += starts_code_point(s.ptr[i]);
    return n;
}

struct str utf8_truncate(struct str s, size_t max)
{
    size_t i = 0;

    for (; i < s.len; i++)
        if (starts_code_point(s.ptr[i]) && max-- == 0)
            break;
    return str_slice(s, 0, i);
}

static uint32_t fold(uint32_t c)
{
    size_t low = 0, high = sizeof folds / sizeof *folds;

    if (c == 0x401 || c == 0x451) /* Russian writes Ё or Е as it pleases */
        return 0x435;
    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct fold *f = &folds[mid];
        if (c > f->last)
            low = mid + 1;
        else if (c < f->first)
            high = mid;
        else
            return (c - f->first) % f->step ? c : (uint32_t)((int32_t)c + f->delta);
    }
    return c;
}

struct str utf8_fold(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + s.len / 2 + 1, 1); /* Ⱥ grows from two bytes to three */
    size_t len = 0;
    uint32_t cp;

    for (size_t i = 0, n; i < s.len; i += n) {
        unsigned char c = (unsigned char)s.ptr[i];
        n = 1;
        if (c < 0x80)
            out[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        else if ((n = utf8_decode(str_slice(s, i, s.len), &cp)))
            len += utf8_encode(fold(cp), out + len);
        else
            n = 1, out[len++] = (char)c;
    }
    return (struct str){out, len};
}

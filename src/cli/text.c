#include "cli/text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

struct range {
    uint32_t from, to;
};

/* Unicode 15: what combines with the character before it, or has no shape of its own. */
static const struct range none[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x05bf, 0x05bf}, {0x05c1, 0x05c2},
    {0x05c4, 0x05c5}, {0x0610, 0x061a}, {0x064b, 0x065f}, {0x0670, 0x0670}, {0x06d6, 0x06dc},
    {0x06df, 0x06e4}, {0x0900, 0x0902}, {0x093a, 0x093a}, {0x093c, 0x093c}, {0x0941, 0x0948},
    {0x094d, 0x094d}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x200b, 0x200d}, {0x2060, 0x2064}, {0x20d0, 0x20f0}, {0x3099, 0x309a},
    {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}, {0x1f3fb, 0x1f3ff}, {0xe0100, 0xe01ef},
};

/* East Asian Wide and Fullwidth, and characters shown as emoji. */
static const struct range wide[] = {
    {0x1100, 0x115f}, {0x231a, 0x231b}, {0x2329, 0x232a}, {0x23e9, 0x23ec}, {0x23f0, 0x23f0},
    {0x23f3, 0x23f3}, {0x25fd, 0x25fe}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267f, 0x267f},
    {0x2693, 0x2693}, {0x26a1, 0x26a1}, {0x26aa, 0x26ab}, {0x26bd, 0x26be}, {0x26c4, 0x26c5},
    {0x26ce, 0x26ce}, {0x26d4, 0x26d4}, {0x26ea, 0x26ea}, {0x26f2, 0x26f3}, {0x26f5, 0x26f5},
    {0x26fa, 0x26fa}, {0x26fd, 0x26fd}, {0x2705, 0x2705}, {0x270a, 0x270b}, {0x2728, 0x2728},
    {0x274c, 0x274c}, {0x274e, 0x274e}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x27b0, 0x27b0}, {0x27bf, 0x27bf}, {0x2b1b, 0x2b1c}, {0x2b50, 0x2b50}, {0x2b55, 0x2b55},
    {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf}, {0x4e00, 0xa4cf}, {0xa960, 0xa97c},
    {0xac00, 0xd7a3}, {0xf900, 0xfaff}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6f}, {0xff01, 0xff60},
    {0xffe0, 0xffe6}, {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff}, {0x1f004, 0x1f004},
    {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e}, {0x1f191, 0x1f19a}, {0x1f200, 0x1f320},
    {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c}, {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca},
    {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0}, {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e},
    {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc}, {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e},
    {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a}, {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4},
    {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5}, {0x1f6cc, 0x1f6cc}, {0x1f6d0, 0x1f6d2},
    {0x1f6d5, 0x1f6d7}, {0x1f6dc, 0x1f6df}, {0x1f6eb, 0x1f6ec}, {0x1f6f4, 0x1f6fc},
    {0x1f7e0, 0x1f7eb}, {0x1f7f0, 0x1f7f0}, {0x1f90c, 0x1f93a}, {0x1f93c, 0x1f945},
    {0x1f947, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
};

static bool within(const struct range *v, size_t n, uint32_t cp)
{
    size_t low = 0;

    while (low < n) {
        size_t mid = low + (n - low) / 2;
        if (cp > v[mid].to)
            low = mid + 1;
        else if (cp < v[mid].from)
            n = mid;
        else
            return true;
    }
    return false;
}

static size_t width_of(uint32_t cp)
{
    if (cp < 0x300)
        return 1;
    if (within(none, sizeof none / sizeof *none, cp))
        return 0;
    return within(wide, sizeof wide / sizeof *wide, cp) ? 2 : 1;
}

/* C0, DEL, C1, line separators, and the marks that change the direction of what follows. */
static bool dangerous(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x200e || cp == 0x200f ||
        (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) || cp == 0x061c;
}

static struct str clean(struct arena *a, struct str s, bool lines)
{
    struct buf out;
    uint32_t cp = 0;

    buf_init(&out, a, s.len * 3 + 1);
    for (size_t i = 0, n; i < s.len; i += n) {
        n = utf8_decode(str_slice(s, i, s.len), &cp);
        if (n && ((lines && cp == '\n') || !dangerous(cp)))
            buf_add(&out, str_slice(s, i, i + n));
        else if (n && (cp == '\n' || cp == '\t' || cp == '\r'))
            buf_addc(&out, ' ');
        else
            buf_add(&out, S("\ufffd"));
        n = n ? n : 1;
    }
    return out.len ? buf_str(&out) : S("");
}

struct str cli_clean(struct arena *a, struct str s)
{
    return clean(a, s, false);
}

struct str cli_clean_lines(struct arena *a, struct str s)
{
    return clean(a, s, true);
}

size_t cli_width(struct str s)
{
    size_t width = 0;
    uint32_t cp = 0;

    for (size_t i = 0, n; i < s.len && (n = utf8_decode(str_slice(s, i, s.len), &cp)) > 0; i += n)
        width += width_of(cp);
    return width;
}

struct str cli_fit(struct arena *a, struct str s, size_t width)
{
    size_t used = 0, end = 0;
    uint32_t cp = 0;

    if (cli_width(s) <= width)
        return s;
    for (size_t n; end < s.len && (n = utf8_decode(str_slice(s, end, s.len), &cp)) > 0; end += n) {
        if (used + width_of(cp) + 1 > width)
            break;
        used += width_of(cp);
    }
    return width ? str_printf(a, "%.*s…", (int)end, s.ptr) : S("");
}

struct str cli_span(struct arena *a, int64_t us)
{
    static const struct {
        int64_t us;
        char name;
    } units[] = {{DAY_US, 'd'}, {HOUR_US, 'h'}, {MINUTE_US, 'm'}};
    int64_t left = us < 0 ? 0 : us;

    for (size_t i = 0; i < 3; i++) {
        int64_t n = left / units[i].us, rest = left % units[i].us;
        if (!n)
            continue;
        if (i == 2 || rest < units[i + 1].us)
            return str_printf(a, "%lld%c", (long long)n, units[i].name);
        return str_printf(a, "%lld%c %lld%c", (long long)n, units[i].name,
            (long long)(rest / units[i + 1].us), units[i + 1].name);
    }
    return str_printf(a, "%llds", (long long)(left / SECOND_US));
}

struct str cli_ago(struct arena *a, instant at, instant now)
{
    int64_t us = now.us - at.us;

    if (us > -SECOND_US && us < SECOND_US)
        return S("now");
    if (us < 0)
        return str_printf(
            a, "in %.*s", STR(cli_span(a, -us + SECOND_US - 1))); /* 5m just set is 5m */
    return str_printf(a, "%.*s ago", STR(cli_span(a, us)));
}

struct str cli_time(struct arena *a, instant at, instant now)
{
    struct str text = time_text(a, at);

    if (text.len < 16)
        return S("-");
    return str_printf(a, "%.*s %.*sZ (%.*s)", STR(str_slice(text, 0, 10)),
        STR(str_slice(text, 11, 16)), STR(cli_ago(a, at, now)));
}

struct str cli_time_short(struct arena *a, instant at, instant now)
{
    struct str text = time_text(a, at);
    bool today = floor_div(at.us, DAY_US) == floor_div(now.us, DAY_US);

    if (text.len < 16)
        return S("-");
    return str_printf(a, "%.*s%s (%.*s)",
        STR(today ? str_slice(text, 11, 16) : str_slice(text, 0, 10)), today ? "Z" : "",
        STR(cli_ago(a, at, now)));
}

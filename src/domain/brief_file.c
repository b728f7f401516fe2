/* Names of exported briefs. */
#include "domain/brief.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

/* а … я, then ё. */
static const char *const latin[] = {"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s",
    "t", "u", "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya"};

static struct str letter(uint32_t cp)
{
    if (cp >= 0x410 && cp <= 0x42f)
        cp += 0x20;
    if (cp >= 0x430 && cp <= 0x44f)
        return str_from(latin[cp - 0x430]);
    return cp == 0x401 || cp == 0x451 ? S("e") : STR_NONE;
}

struct str brief_slug(struct arena *a, struct str title)
{
    struct buf b;
    uint32_t cp = 0;

    buf_init(&b, a, BRIEF_MAX_SLUG + 8);
    for (size_t i = 0, n; i < title.len && b.len < BRIEF_MAX_SLUG; i += n) {
        n = utf8_decode(str_slice(title, i, title.len), &cp);
        struct str other = letter(cp);
        if (cp >= 'A' && cp <= 'Z')
            cp += 'a' - 'A';
        if ((cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9'))
            buf_addc(&b, (char)cp);
        else if (other.ptr)
            buf_add(&b, other);
        else if (b.len && b.ptr[b.len - 1] != '-')
            buf_addc(&b, '-');
    }
    while (b.len && (b.ptr[b.len - 1] == '-' || b.len > BRIEF_MAX_SLUG))
        b.len--;
    return b.len ? str_slice(buf_str(&b), 0, b.len) : S("incident");
}

struct str brief_file(struct arena *a, instant at, struct str title)
{
    struct str t = time_text(a, (instant){at.us - at.us % SECOND_US});
    struct buf b;

    buf_init(&b, a, BRIEF_MAX_SLUG + 40);
    for (size_t i = 0; i < t.len; i++) /* 2026-11-21T03:14:05Z without what file systems dislike */
        if (t.ptr[i] != '-' && t.ptr[i] != ':')
            buf_addc(&b, t.ptr[i]);
    buf_printf(&b, "_%.*s.md", STR(brief_slug(a, title)));
    return buf_str(&b);
}

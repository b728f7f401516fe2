#include "text/markdown_link.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"

static const struct {
    const char *name;
    uint32_t cp;
} entities[] = {
    {"&amp;", '&'}, {"&apos;", '\''}, {"&bull;", 0x2022}, {"&colon;", ':'}, {"&copy;", 0xa9},
    {"&deg;", 0xb0}, {"&gt;", '>'}, {"&hellip;", 0x2026}, {"&laquo;", 0xab}, {"&lt;", '<'},
    {"&mdash;", 0x2014}, {"&middot;", 0xb7}, {"&nbsp;", 0xa0}, {"&ndash;", 0x2013},
    {"&NewLine;", '\n'}, {"&quot;", '"'}, {"&raquo;", 0xbb}, {"&rarr;", 0x2192}, {"&reg;", 0xae},
    {"&sol;", '/'}, {"&Tab;", '\t'}, {"&times;", 0xd7}, {"&trade;", 0x2122},
};

#define PADDING 16u

struct str markdown_input(struct arena *a, struct str markdown)
{
    size_t n = markdown.len;

    if (n > MARKDOWN_MAX_INPUT)
        for (n = MARKDOWN_MAX_INPUT; n > 0 && ((unsigned char)markdown.ptr[n] & 0xc0) == 0x80; n--)
            ;
    char *p = arena_alloc(a, n + PADDING, 1);
    if (n)
        memcpy(p, markdown.ptr, n);
    p[n] = '\n';
    return (struct str){p, n + 1};
}

static uint32_t digit(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (uint32_t)(c - 'A') + 10;
    return 16;
}

/* `&#38;` or `&#x26;`: the code point, U+FFFD for what is none. */
static uint32_t number(struct str entity)
{
    bool hex = entity.len > 3 && (entity.ptr[2] == 'x' || entity.ptr[2] == 'X');
    uint32_t base = hex ? 16 : 10, cp = 0;

    for (size_t i = hex ? 3 : 2; i + 1 < entity.len; i++) {
        uint32_t d = digit(entity.ptr[i]);
        if (d >= base || cp > 0x10ffff)
            return 0xfffd;
        cp = cp * base + d;
    }
    return cp && (cp < 0xd800 || cp > 0xdfff) && cp <= 0x10ffff ? cp : 0xfffd;
}

size_t markdown_entity(struct str entity, char out[4])
{
    if (entity.len > 2 && entity.ptr[1] == '#')
        return utf8_encode(number(entity), out);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_eq(entity, str_from(entities[i].name)))
            return utf8_encode(entities[i].cp, out);
    return 0;
}

bool markdown_decode(const MD_ATTRIBUTE *attribute, struct markdown_target *out)
{
    out->len = 0;
    for (size_t i = 0; attribute->size && attribute->substr_offsets[i] < attribute->size; i++) {
        MD_OFFSET from = attribute->substr_offsets[i];
        struct str part = {attribute->text + from, attribute->substr_offsets[i + 1] - from};
        char decoded[4];
        size_t n =
            attribute->substr_types[i] == MD_TEXT_ENTITY ? markdown_entity(part, decoded) : 0;

        if (n)
            part = (struct str){decoded, n};
        if (part.len > sizeof out->text - out->len)
            return false;
        memcpy(out->text + out->len, part.ptr, part.len);
        out->len += part.len;
    }
    return true;
}

/* Browsers drop control characters and outer spaces before they look for a scheme, so a target that
 * has any is refused outright. What has a colon before the first / ? # has a scheme. */
bool markdown_target_safe(struct str target)
{
    size_t i;

    if (target.len == 0 || target.ptr[0] == ' ' || target.ptr[target.len - 1] == ' ')
        return false;
    for (i = 0; i < target.len; i++)
        if ((unsigned char)target.ptr[i] < 0x20 || target.ptr[i] == 0x7f)
            return false;
    for (i = 0; i < target.len && !strchr(":/?#", target.ptr[i]); i++)
        ;
    if (i == target.len || target.ptr[i] != ':')
        return true;
    struct str scheme = str_slice(target, 0, i), rest = str_slice(target, i + 1, target.len);
    if (str_eq_nocase(scheme, S("mailto")))
        return true;
    return (str_eq_nocase(scheme, S("http")) || str_eq_nocase(scheme, S("https"))) &&
        str_starts(rest, S("//"));
}

#include "domain/labels.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

/* Senders write labels sorted nearly always, and there are few: insertion is one pass then. */
void labels_normalize(struct labels *ls)
{
    size_t n = 0;

    for (size_t i = 1; i < ls->n; i++) {
        struct label l = ls->v[i];
        size_t to = i;
        for (; to > 0 && str_cmp(ls->v[to - 1].name, l.name) > 0; to--)
            ls->v[to] = ls->v[to - 1];
        ls->v[to] = l;
    }
    for (size_t i = 0; i < ls->n; i++) {
        bool replaced = i + 1 < ls->n && str_eq(ls->v[i].name, ls->v[i + 1].name);
        if (!replaced && ls->v[i].value.len)
            ls->v[n++] = ls->v[i];
    }
    ls->n = n;
}

struct str labels_get(const struct labels *ls, struct str name)
{
    for (size_t i = 0; i < ls->n; i++)
        if (str_eq(ls->v[i].name, name))
            return ls->v[i].value;
    return STR_NONE;
}

#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static uint64_t mix(uint64_t h, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * FNV_PRIME;
    return (h ^ 0xff) * FNV_PRIME; /* a byte no UTF-8 holds, so pairs cannot run together */
}

uint64_t labels_fingerprint(const struct labels *ls)
{
    uint64_t h = FNV_OFFSET;

    for (size_t i = 0; i < ls->n; i++)
        h = mix(mix(h, ls->v[i].name), ls->v[i].value);
    return h;
}

void labels_write(struct buf *out, const struct labels *ls)
{
    buf_addc(out, '{');
    for (size_t i = 0; i < ls->n; i++) {
        if (i)
            buf_addc(out, ',');
        json_write_string(out, ls->v[i].name);
        buf_addc(out, ':');
        json_write_string(out, ls->v[i].value);
    }
    buf_addc(out, '}');
}

struct str labels_text(struct arena *a, const struct labels *ls)
{
    struct buf b;

    buf_init(&b, a, a->size); /* the set is bounded already */
    labels_write(&b, ls);
    return buf_str(&b);
}

struct reader {
    struct arena *arena;
    const char *p, *end;
};

static bool take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* From the opening quote to past the closing one. Escapes are rare: those go through the parser. */
static bool take_string(struct reader *r, struct str *out)
{
    const char *from = r->p, *quote;
    struct json *v;
    struct error ignored = {0};

    if (!take(r, '"'))
        return false;
    quote = memchr(r->p, '"', (size_t)(r->end - r->p));
    if (!quote)
        return false;
    if (!memchr(r->p, '\\', (size_t)(quote - r->p))) {
        *out = (struct str){r->p, (size_t)(quote - r->p)};
        r->p = quote + 1;
        return true;
    }
    while (r->end - r->p >= 2 && *r->p != '"')
        r->p += *r->p == '\\' ? 2 : 1;
    if (!take(r, '"'))
        return false;
    if (!json_parse(r->arena, (struct str){from, (size_t)(r->p - from)}, &v, &ignored))
        return false;
    *out = v->text;
    return true;
}

bool labels_read(struct arena *a, struct str json, struct labels *out)
{
    struct reader r = {.arena = a};
    struct labels ls = {arena_array(a, struct label, 8), 0};
    size_t room = 8;

    if (!json.len)
        return false;
    r.p = json.ptr;
    r.end = json.ptr + json.len;
    if (!take(&r, '{'))
        return false;
    while (!take(&r, '}')) {
        struct label *l;
        if (ls.n == LABELS_MAX || (ls.n && !take(&r, ',')))
            return false;
        if (ls.n == room) {
            ls.v = arena_grow(a, ls.v, room * sizeof *l, 2 * room * sizeof *l);
            room *= 2;
        }
        l = &ls.v[ls.n++];
        if (!take_string(&r, &l->name) || !take(&r, ':') || !take_string(&r, &l->value))
            return false;
        if (ls.n > 1 && str_cmp(l[-1].name, l->name) >= 0)
            return false;
    }
    *out = ls;
    return r.p == r.end;
}

bool label_name_classic(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9'))
            return false;
    }
    return name.len > 0;
}

#include "text/catalog.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/utf8.h"
#include "text/plural.h"

#define HEADER_BYTES 28u

struct entry {
    struct str id, id_many; /* id_many is STR_NONE unless it has plural forms */
    struct str text;        /* the forms, with a NUL between them */
};

struct catalog {
    struct entry *entries; /* ascending by id */
    size_t count;
    struct str formula;
    uint64_t forms;
};

struct reader {
    struct str mo;
    bool big_endian;
    struct error *err;
};

static uint32_t u32(const struct reader *r, uint64_t at)
{
    const unsigned char *p = (const unsigned char *)r->mo.ptr + at;

    if (r->big_endian)
        return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* String `i` of the table at `table`, whose bounds are checked already. */
static bool read_string(const struct reader *r, uint64_t table, uint64_t i, struct str *out)
{
    uint64_t len = u32(r, table + i * 8), at = u32(r, table + i * 8 + 4);

    if (at + len >= r->mo.len || r->mo.ptr[at + len] != '\0')
        return fail(r->err, MALFORMED, "catalogue: string %zu is out of bounds", (size_t)i);
    *out = str_slice(r->mo, at, at + len);
    if (!utf8_valid(*out))
        return fail(r->err, MALFORMED, "catalogue: string %zu is not UTF-8", (size_t)i);
    return true;
}

static bool read_header(struct reader *r, uint64_t *ids, uint64_t *texts, size_t *count)
{
    struct str mo = r->mo;

    if (mo.len < HEADER_BYTES || mo.len > CATALOG_MAX_BYTES)
        return fail(r->err, MALFORMED, "catalogue: %zu bytes are not a .mo file", mo.len);
    r->big_endian = str_starts(mo, S("\x95\x04\x12\xde"));
    if (!r->big_endian && !str_starts(mo, S("\xde\x12\x04\x95")))
        return fail(r->err, MALFORMED, "catalogue: not a .mo file");
    if (u32(r, 4) != 0)
        return fail(r->err, MALFORMED, "catalogue: format revision %u", (unsigned)u32(r, 4));
    *count = u32(r, 8);
    *ids = u32(r, 12);
    *texts = u32(r, 16);
    if (*ids + (uint64_t)*count * 8 > mo.len || *texts + (uint64_t)*count * 8 > mo.len)
        return fail(r->err, MALFORMED, "catalogue: its tables are out of bounds");
    return true;
}

static bool read_entries(struct reader *r, struct arena *a, struct catalog *c)
{
    uint64_t ids = 0, texts = 0;

    if (!read_header(r, &ids, &texts, &c->count))
        return false;
    c->entries = arena_array(a, struct entry, c->count);
    for (size_t i = 0; i < c->count; i++) {
        struct entry *e = &c->entries[i];
        struct str id;
        if (!read_string(r, ids, i, &id) || !read_string(r, texts, i, &e->text))
            return false;
        e->id_many = str_cut(id, '\0', &e->id);
        if (i && str_cmp(e[-1].id, e->id) >= 0)
            return fail(r->err, MALFORMED, "catalogue: string %zu is out of order", i);
    }
    return true;
}

static const struct entry *find(const struct catalog *c, struct str id)
{
    size_t lo = 0, hi = c ? c->count : 0;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int order = str_cmp(id, c->entries[mid].id);
        if (order == 0)
            return &c->entries[mid];
        if (order < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

/* The value of a header line such as "Plural-Forms: …"; STR_NONE if there is none. */
static struct str header_line(struct str header, struct str name)
{
    struct str line;

    while (header.len) {
        header = str_cut(header, '\n', &line);
        if (line.len > name.len && str_eq_nocase(str_slice(line, 0, name.len), name))
            return str_trim(str_slice(line, name.len, line.len));
    }
    return STR_NONE;
}

/* `nplurals=3; plural=n%10==1 ? 0 : 1;` */
static bool read_plural_forms(struct catalog *c, struct str line, struct error *err)
{
    struct str first, second, name;
    int64_t forms;

    struct str rest = str_cut(line, ';', &first);
    str_cut(rest, ';', &second);
    struct str count = str_cut(first, '=', &name);
    if (!str_eq(str_trim(name), S("nplurals")) || !str_int(str_trim(count), &forms) || forms < 1 ||
        forms > CATALOG_MAX_FORMS)
        return fail(err, MALFORMED, "catalogue: nplurals must be 1 to %d", CATALOG_MAX_FORMS);
    c->forms = (uint64_t)forms;
    c->formula = str_trim(str_cut(second, '=', &name));
    if (!str_eq(str_trim(name), S("plural")) || c->formula.len > CATALOG_MAX_FORMULA)
        return fail(err, MALFORMED, "catalogue: there is no plural formula");
    return true;
}

static bool read_meta(struct catalog *c, struct error *err)
{
    const struct entry *meta = find(c, S(""));
    struct str header = meta ? meta->text : S("");
    struct str type = header_line(header, S("Content-Type:"));
    struct str plural = header_line(header, S("Plural-Forms:"));

    if (!str_ends(type, S("charset=UTF-8")) && !str_ends(type, S("charset=utf-8")))
        return fail(err, MALFORMED, "catalogue: its charset is not UTF-8");
    c->forms = 2;
    c->formula = S("n != 1");
    if (plural.ptr && !read_plural_forms(c, plural, err))
        return false;
    for (uint64_t n = 0; n < 1000; n++) {
        uint64_t form;
        if (!plural_form(c->formula, n, &form) || form >= c->forms)
            return fail(err, MALFORMED, "catalogue: the plural formula fails for %u", (unsigned)n);
    }
    return true;
}

bool catalog_open(struct arena *a, struct str mo, struct catalog **out, struct error *err)
{
    struct reader r = {.mo = mo, .err = err};
    struct catalog *c = arena_new(a, struct catalog);

    if (!read_entries(&r, a, c) || !read_meta(c, err))
        return false;
    *out = c;
    return true;
}

struct str catalog_text(const struct catalog *c, struct str msgid)
{
    const struct entry *e = msgid.len ? find(c, msgid) : NULL;
    struct str text = STR_NONE;

    if (e)
        str_cut(e->text, '\0', &text);
    return text.len ? text : msgid;
}

struct str catalog_plural(const struct catalog *c, struct str one, struct str many, int64_t n)
{
    const struct entry *e = one.len ? find(c, one) : NULL;
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n, form;
    struct str text = STR_NONE;

    if (e && str_eq(e->id_many, many) && plural_form(c->formula, size, &form) && form < c->forms) {
        struct str rest = e->text;
        for (uint64_t i = 0; i <= form; i++)
            rest = str_cut(rest, '\0', &text);
    }
    return text.len ? text : size == 1 ? one : many;
}

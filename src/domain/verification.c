#include "domain/verification.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/pack.h"

#define LINE_MAX 200 /* bytes: what an error has room for, besides its own words */
#define ITEM_MAX 48  /* characters of one thing, so that at least one fits */

const struct field verification_fields[] = {
    FIELD(struct verification, incident_id, .flags = FIELD_HIDDEN),
    FIELD(struct verification, round, .doc = "How many times it has been in monitoring"),
    FIELD(struct verification, started_at, .flags = FIELD_NULLABLE, .doc = "When the soak began; null while it does not run"),
    FIELD(struct verification, soak_until, .flags = FIELD_NULLABLE, .doc = "When the soak is over"),
    FIELD(struct verification, soaked, .flags = FIELD_HIDDEN),
    FIELD(struct verification, passed_at, .flags = FIELD_NULLABLE, .doc = "When the gate was passed"),
    FIELD(struct verification, waived_by, .flags = FIELD_NULLABLE, .doc = "Who waived it"),
    FIELD(struct verification, waived_name, .flags = FIELD_NULLABLE, .doc = "Their name then"),
    FIELD(struct verification, waived_reason, .flags = FIELD_NULLABLE, .doc = "Why it was waived"),
    FIELD(struct verification, waived_at, .flags = FIELD_NULLABLE, .doc = "When it was waived"),
    {0},
};

static void add(struct verification_missing *out, struct str line)
{
    if (out->n < VERIFICATION_MAX_MISSING)
        out->v[out->n++] = line;
}

/* "30 min", "1 h 5 min"; rounded up, so that it never says nothing is left while something is. */
static struct str minutes(struct arena *a, int64_t us)
{
    int64_t m = (us + MINUTE_US - 1) / MINUTE_US;

    return m < 60 ? str_printf(a, "%lld min", (long long)m)
        : m % 60 ? str_printf(a, "%lld h %lld min", (long long)(m / 60), (long long)(m % 60))
                 : str_printf(a, "%lld h", (long long)(m / 60));
}

void verification_judge(struct arena *a, const struct verification_facts *f, struct verification_missing *out)
{
    bool started = f->now && instant_is_set(f->now->started_at);

    out->n = 0;
    if (!started)
        add(out, str_printf(a, "it has to stay well in monitoring for %.*s", STR(minutes(a, f->soak_us))));
    else if (f->at.us < f->now->soak_until.us)
        add(out, str_printf(a, "the soak lasts %.*s more", STR(minutes(a, f->now->soak_until.us - f->at.us))));
    if (f->firing)
        add(out, str_printf(a, f->firing == 1 ? "%lld alert fires" : "%lld alerts fire", (long long)f->firing));
    for (size_t k = 0; k < f->nbad; k++)
        add(out, str_printf(a, "probe %.*s does not pass", STR(f->bad[k])));
    for (size_t k = 0; started && k < f->nopen; k++)
        add(out, str_printf(a, "not checked: %.*s", STR(f->open[k])));
}

struct str verification_line(struct arena *a, const struct verification_missing *m)
{
    struct buf b;

    buf_init(&b, a, LINE_MAX);
    for (size_t k = 0; k < m->n && !b.full; k++) {
        size_t before = b.len;
        struct str item = utf8_truncate(m->v[k], ITEM_MAX);
        buf_printf(&b, "%s%.*s%s", k ? "; " : "", STR(item), item.len < m->v[k].len ? "…" : "");
        if (b.full)
            b.len = before;
    }
    return (struct str){b.ptr ? b.ptr : "", b.len};
}

int64_t verification_soak(const struct pack *p, struct str severity)
{
    const struct pack_severity *s = severity.len ? pack_severity_find(p, severity) : NULL;

    return s && s->soak_us > 0 ? s->soak_us : 0;
}

struct str verification_by(const struct pack *p, struct str text)
{
    for (size_t k = 0; k < p->nverification; k++)
        if (str_eq(p->verification[k].text, text))
            return p->verification[k].by;
    return STR_NONE;
}

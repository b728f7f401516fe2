/* A pack's runbook as the document that it would be. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "domain/pack.h"
#include "domain/runbook.h"

static void add_section(struct buf *b, struct arena *a, const struct pack_step *s)
{
    buf_printf(b, "\n## %.*s", STR(s->group.len ? s->group : S("Steps")));
    if (s->within_us > 0)
        buf_printf(b, " · %.*s", STR(duration_text(a, s->within_us)));
    buf_addc(b, '\n');
}

static void add_step(struct buf *b, const struct pack_step *s)
{
    buf_printf(b, "### %.*s%s%.*s\n", STR(s->when), s->when.len ? " → " : "", STR(s->text));
    if (s->command.len)
        buf_printf(b, "```sh\n%.*s\n```\n", STR(s->command));
    if (s->expected.len)
        buf_printf(b, "Expected: %.*s\n", STR(s->expected));
}

struct str runbook_of_pack(struct arena *a, const struct pack *pack, const struct pack_runbook *p)
{
    bool russian = str_eq(pack->language, S("ru"));
    struct buf b;

    buf_init(&b, a, RUNBOOK_MAX_BODY);
    buf_printf(&b, "---\nslug: %.*s\nkind: playbook\ntitle: ", STR(p->id));
    json_write_string(&b, p->title);
    buf_printf(&b, "\n---\n%.*s\n", STR(p->scenario));
    if (p->nsymptoms)
        buf_add(&b, russian ? S("\n## Симптомы\n") : S("\n## Symptoms\n"));
    for (size_t k = 0; k < p->nsymptoms; k++)
        buf_printf(&b, "- %.*s\n", STR(p->symptoms[k]));
    for (size_t k = 0; k < p->nsteps; k++) {
        const struct pack_step *s = &p->steps[k];
        if (!k || !str_eq(s[-1].group, s->group) || s[-1].within_us != s->within_us)
            add_section(&b, a, s);
        add_step(&b, s);
    }
    if (p->escalate_us > 0)
        buf_printf(&b, russian ? "\n## Эскалация\nЕсли не решено за %lld мин:\n- Эскалировать: %.*s\n"
                               : "\n## Escalation\nIf not resolved in %lld min:\n- Escalate to: %.*s\n",
            (long long)(p->escalate_us / MINUTE_US), STR(p->escalate_to));
    return buf_str(&b);
}

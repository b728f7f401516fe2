#include "engine/postmortem_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "store/event.h"
#include "store/incident.h"
#include "text/language.h"
#include "text/mustache.h"

#define DRAFT_EVENTS 500
#define ACTIONS S("actions")

/* Templates were compiled when the pack was read; one that writes too much is cut where it is full. */
static struct str fill(struct arena *a, struct str template, const struct json *names)
{
    struct template_env env = {.plain = true, .no_raw = true};
    struct error ignored = {0};
    struct template *t;
    struct buf b;

    buf_init(&b, a, POSTMORTEM_MAX_BODY);
    if (template_compile(a, &env, S("postmortem"), template, &t, &ignored))
        (void)!template_render(t, names, NULL, &b, &ignored);
    return buf_str(&b);
}

static struct str word_of(const struct pack_word *v, size_t n, struct str id)
{
    for (size_t k = 0; k < n; k++)
        if (str_eq(v[k].id, id))
            return v[k].name;
    return id;
}

static struct str names_of(struct arena *a, const struct list *services)
{
    const struct named *s = services->v;
    struct buf b;

    buf_init(&b, a, 20000);
    for (size_t k = 0; k < services->n; k++)
        buf_printf(&b, "%s%.*s", k ? ", " : "", STR(s[k].name));
    return buf_str(&b);
}

bool postmortem_body(const struct env *env, struct db *db, struct arena *a, const struct incident *i,
    struct str commander, struct str *out, struct error *err)
{
    const struct pack *p = env->pack;
    const struct language *language = language_find(env->languages, p->language);
    const struct pack_status *status = pack_status_find(p, i->status);
    struct list events, services;
    int64_t us = incident_lasted(i);
    struct buf b;

    if (!event_list(db, a, i->id, 0, DRAFT_EVENTS, &events, err) || !incident_services(db, a, i->id, &services, err))
        return false;
    struct postmortem_words words = {.commander = commander, .services = names_of(a, &services),
        .incident_status = status ? status->name : i->status,
        .status = word_of(p->postmortem.statuses, p->postmortem.nstatuses, S("draft")),
        .duration = language_span(language, a, us < 0 ? 0 : us)};
    struct json *names = postmortem_names(a, i, events.v, events.n, &words);
    buf_init(&b, a, POSTMORTEM_MAX_BODY);
    for (size_t k = 0; k < p->postmortem.nsections; k++) {
        const struct pack_section *s = &p->postmortem.sections[k];
        struct str text = str_eq(s->id, ACTIONS) ? STR_NONE : fill(a, s->body, names);
        if (text.ptr && b.len + text.len + s->title.len + 10 < b.max)
            buf_printf(&b, "%s## %.*s\n\n%.*s", b.len ? "\n" : "", STR(s->title), STR(text));
    }
    *out = buf_str(&b);
    return true;
}

/* Where the action items belong: before the section that follows theirs in the pack, if it is still there. */
static size_t place_of_actions(const struct pack *p, struct arena *a, struct str body)
{
    bool passed = false;

    for (size_t k = 0; k < p->postmortem.nsections; k++) {
        struct str heading = str_printf(a, "\n## %.*s\n", STR(p->postmortem.sections[k].title));
        const char *at = passed && body.len ? memmem(body.ptr, body.len, heading.ptr, heading.len) : NULL;
        if (at)
            return (size_t)(at - body.ptr);
        passed |= str_eq(p->postmortem.sections[k].id, ACTIONS);
    }
    return body.len;
}

struct str postmortem_document(const struct env *env, struct arena *a, const struct postmortem *pm,
    const struct incident *i, struct json *actions)
{
    const struct pack *p = env->pack;
    struct incident named = *i;
    struct json *names;
    struct buf b;

    named.title = pm->title;
    names = postmortem_names(a, &named, NULL, 0, &(struct postmortem_words){0});
    json_set(names, ACTIONS, actions);
    buf_init(&b, a, 4 * POSTMORTEM_MAX_BODY);
    size_t place = place_of_actions(p, a, pm->body);
    buf_printf(&b, "# %.*s\n\n%.*s", STR(fill(a, p->postmortem.title, names)), STR(str_slice(pm->body, 0, place)));
    for (size_t k = 0; k < p->postmortem.nsections; k++)
        if (str_eq(p->postmortem.sections[k].id, ACTIONS))
            buf_printf(&b, "\n## %.*s\n\n%.*s", STR(p->postmortem.sections[k].title),
                STR(fill(a, p->postmortem.sections[k].body, names)));
    buf_add(&b, str_slice(pm->body, place, pm->body.len));
    return buf_str(&b);
}

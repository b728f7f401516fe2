/* What must hold between the parts of a pack. The tables have seen to each part alone. */
#include "domain/pack.h"

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"
#include "domain/incident.h"
#include "domain/pack_shape.h"

struct check {
    struct pack_reader reader;
    const struct json *doc;
    const struct pack *pack;
};

static const struct json *element(const struct json *list, size_t i)
{
    const struct json *v = list ? list->first : NULL;

    while (v && i--)
        v = v->next;
    return v;
}

/* Complains about entry `i` of a list of the pack. */
#define complain(c, list, i, key, ...)                                                             \
    pack_complain(&(c)->reader, element(json_get((c)->doc, str_from(list)), (i)),            \
        str_printf((c)->reader.arena, "%s[%zu]%s", (list), (i), (key)), __VA_ARGS__)

static bool check_severities(struct check *c)
{
    const struct pack *p = c->pack;

    if (p->nseverities == 0 || p->nseverities > PACK_MAX_SEVERITIES)
        return pack_complain(&c->reader, json_get(c->doc, S("severities")), S("severities"),
            "must have 1 to %d entries", PACK_MAX_SEVERITIES);
    for (size_t i = 0; i < p->nseverities; i++) {
        const struct pack_severity *s = &p->severities[i];
        if (s->rank != (int64_t)i + 1)
            return complain(
                c, "severities", i, ".rank", "must be %zu: ranks count from 1, worst first", i + 1);
        if (s->id.len > PACK_MAX_SEVERITY_ID)
            return complain(
                c, "severities", i, ".id", "must not be longer than %d characters", PACK_MAX_SEVERITY_ID);
        if (s->acknowledge_us && s->respond_us > 0 && s->acknowledge_us > s->respond_us)
            return complain(c, "severities", i, ".acknowledge", "must not be later than 'respond'");
    }
    return true;
}

static bool check_impact(struct check *c)
{
    for (size_t i = 0; i < c->pack->nimpact; i++) {
        const struct pack_factor *f = &c->pack->impact[i];
        if (f->nlevels != c->pack->nseverities)
            return complain(c, "impact", i, ".levels", "must have one text per severity");
        if (f->nat_least && f->nat_least != f->nlevels)
            return complain(c, "impact", i, ".at_least", "must have one percentage per severity");
        for (size_t k = 1; k < f->nat_least; k++)
            if (f->at_least[k] > f->at_least[k - 1])
                return complain(c, "impact", i, ".at_least", "must fall from severity to severity");
    }
    return true;
}

/* These end an incident outside the normal course; a pack may leave their words to the core. */
static bool is_side_exit(struct str status)
{
    return str_eq(status, S("declined")) || str_eq(status, S("merged")) ||
        str_eq(status, S("cancelled"));
}

static bool check_statuses(struct check *c)
{
    const struct pack *p = c->pack;

    for (size_t i = 0; i < p->nstatuses; i++)
        if (!incident_status_known(p->statuses[i].status))
            return complain(c, "statuses", i, ".status", "'%.*s' is not a core status",
                STR(p->statuses[i].status));
    for (const char *const *s = incident_statuses; *s; s++)
        if (!is_side_exit(str_from(*s)) && !pack_status_find(p, str_from(*s)))
            return pack_complain(&c->reader, json_get(c->doc, S("statuses")), S("statuses"),
                "the core status '%s' has no words", *s);
    return true;
}

static bool check_public_statuses(struct check *c)
{
    const struct pack *p = c->pack;
    const char *const *s;

    for (size_t i = 0; i < p->npublic_statuses; i++) {
        for (s = pack_public_statuses; *s && !str_eq(p->public_statuses[i].id, str_from(*s)); s++)
            ;
        if (!*s)
            return complain(c, "public_statuses", i, ".id", "'%.*s' is not a public status",
                STR(p->public_statuses[i].id));
    }
    /* Ids are unique, so four of four are all. */
    return p->npublic_statuses == 4 ||
        pack_complain(&c->reader, json_get(c->doc, S("public_statuses")), S("public_statuses"),
            "must give words for investigating, identified, monitoring and resolved");
}

static size_t phases_with(const struct pack *p, struct str status)
{
    size_t n = 0;

    for (size_t i = 0; i < p->nphases; i++)
        for (size_t k = 0; k < p->phases[i].nstatuses; k++)
            n += str_eq(p->phases[i].statuses[k], status);
    return n;
}

const struct pack_role *pack_role_find(const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->nroles; i++)
        if (str_eq(p->roles[i].id, id))
            return &p->roles[i];
    return NULL;
}

static bool check_items(struct check *c, const char *list, size_t i, const struct pack_item *v, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (v[k].role.ptr && !pack_role_find(c->pack, v[k].role))
            return complain(c, list, i, ".checklist", "there is no role '%.*s'", STR(v[k].role));
    return true;
}

static bool check_phase(struct check *c, const char *list, size_t i, const struct pack_phase *phase)
{
    for (size_t k = 0; k < phase->nstatuses; k++)
        if (!incident_status_known(phase->statuses[k]))
            return complain(
                c, list, i, ".statuses", "'%.*s' is not a core status", STR(phase->statuses[k]));
    return check_items(c, list, i, phase->checklist, phase->nchecklist);
}

static bool check_war_room(struct check *c)
{
    const struct pack_war_room *w = &c->pack->war_room;

    for (size_t k = 0; k < w->nchecklist; k++)
        if (w->checklist[k].role.ptr && !pack_role_find(c->pack, w->checklist[k].role))
            return pack_complain(&c->reader,
                element(json_get(json_get(c->doc, S("war_room")), S("checklist")), k),
                str_printf(c->reader.arena, "war_room.checklist[%zu].role", k), "there is no role '%.*s'",
                STR(w->checklist[k].role));
    return true;
}

static bool check_phases(struct check *c)
{
    const struct pack *p = c->pack;

    for (size_t i = 0; i < p->nphases; i++)
        if (!check_phase(c, "phases", i, &p->phases[i]))
            return false;
    for (size_t i = 0; i < p->niterations; i++)
        if (!check_phase(c, "iterations", i, &p->iterations[i]))
            return false;
    for (const char *const *s = incident_statuses; *s; s++)
        if (!is_side_exit(str_from(*s)) && phases_with(p, str_from(*s)) != 1)
            return pack_complain(&c->reader, json_get(c->doc, S("phases")), S("phases"),
                "the core status '%s' must be in one phase", *s);
    return true;
}

static bool check_roles(struct check *c)
{
    const struct pack *p = c->pack;

    if (!pack_role_find(p, p->commander))
        return pack_complain(&c->reader, json_get(c->doc, S("commander")), S("commander"),
            "there is no role '%.*s'", STR(p->commander));
    for (size_t i = 0; i < p->nclasses; i++)
        for (size_t k = 0; k < p->classes[i].nroles; k++)
            if (!pack_role_find(p, p->classes[i].roles[k]))
                return complain(c, "classes", i, ".roles", "there is no role '%.*s'",
                    STR(p->classes[i].roles[k]));
    return true;
}

static bool check_templates(struct check *c)
{
    const struct pack *p = c->pack;

    for (size_t i = 0; i < p->ntemplates; i++) {
        size_t k = 0;
        while (k < p->naudiences && !str_eq(p->audiences[k].id, p->templates[i].audience))
            k++;
        if (k == p->naudiences)
            return complain(c, "templates", i, ".audience", "there is no audience '%.*s'",
                STR(p->templates[i].audience));
    }
    return true;
}

static bool check_audiences(struct check *c)
{
    const struct pack *p = c->pack;

    for (size_t i = 0; i < p->naudiences; i++)
        if (p->audiences[i].shown_on.len && p->audiences[i].external != str_eq(p->audiences[i].shown_on, S("status_page")))
            return complain(c, "audiences", i, ".shown_on", "external audiences read the status page, the others the incident's");
    return true;
}

static bool check_kpis(struct check *c)
{
    for (size_t i = 0; i < c->pack->nkpis; i++) {
        const struct pack_kpi *k = &c->pack->kpis[i];
        bool direction = str_eq(k->comparison, S("higher")) || str_eq(k->comparison, S("lower"));
        int targets = (k->target_us != 0) + (k->percent != 0);
        if (targets != !direction)
            return complain(c, "kpis", i, "", direction ? "'%.*s' takes no target"
                : "'%.*s' needs a target or a percent", STR(k->comparison));
    }
    return true;
}

static bool check_meeting(struct check *c)
{
    const struct pack_meeting *m = &c->pack->postmortem.meeting;
    int64_t sum = 0;

    for (size_t i = 0; i < m->nagenda; i++)
        sum += m->agenda[i].length_us;
    return sum == m->length_us ||
        pack_complain(&c->reader, json_get(json_get(c->doc, S("postmortem")), S("meeting")),
            S("postmortem.meeting"), "the agenda does not add up to 'length'");
}

bool pack_read(struct arena *a, const struct json *doc, int (*line)(const struct json *value),
    struct pack *out, struct error *err)
{
    struct check c = {.reader = {.arena = a, .line = line, .pack = out, .err = err}, .doc = doc,
        .pack = out};
    const struct pack_member *m = pack_shape.members;

    *out = (struct pack){0};
    if (!pack_check_keys(&c.reader, &pack_shape, doc, S("")))
        return false;
    /* Severities first: elsewhere ranks are written as their ids. */
    if (!pack_read_member(&c.reader, m, doc, S(""), (char *)out) || !check_severities(&c))
        return false;
    for (m++; m->key; m++)
        if (!pack_read_member(&c.reader, m, doc, S(""), (char *)out))
            return false;
    return check_impact(&c) && check_statuses(&c) && check_public_statuses(&c) &&
        check_roles(&c) && check_phases(&c) && check_war_room(&c) && check_templates(&c) &&
        check_audiences(&c) && check_kpis(&c) && check_meeting(&c);
}

bool pack_applies(int64_t ranks, int64_t rank)
{
    return rank >= 1 && rank <= PACK_MAX_SEVERITIES && (ranks >> rank & 1);
}

const struct pack_severity *pack_severity_find(const struct pack *p, struct str id)
{
    for (size_t i = 0; i < p->nseverities; i++)
        if (str_eq(p->severities[i].id, id))
            return &p->severities[i];
    return NULL;
}

const struct pack_status *pack_status_find(const struct pack *p, struct str status)
{
    for (size_t i = 0; i < p->nstatuses; i++)
        if (str_eq(p->statuses[i].status, status))
            return &p->statuses[i];
    return NULL;
}

bool pack_each_template(const struct pack *p,
    bool (*each)(void *ctx, const char *what, struct str id, struct str body), void *ctx)
{
    const struct pack_postmortem *pm = &p->postmortem;

    for (size_t i = 0; i < p->ntemplates; i++)
        if (!each(ctx, "templates", p->templates[i].id, p->templates[i].body))
            return false;
    for (size_t i = 0; i < pm->nsections; i++)
        if (!each(ctx, "postmortem.sections", pm->sections[i].id, pm->sections[i].body))
            return false;
    for (size_t i = 0; i < p->ndocuments; i++)
        if (!each(ctx, "documents", p->documents[i].id, p->documents[i].name))
            return false;
    return each(ctx, "postmortem.title", STR_NONE, pm->title) && each(ctx, "channel", STR_NONE, p->channel) &&
        each(ctx, "on_call.handoff", STR_NONE, p->on_call.handoff) &&
        each(ctx, "runbook_template", STR_NONE, p->runbook_template);
}

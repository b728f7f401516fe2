#include "engine/brief.h"

#include "base/zone.h"
#include "domain/alert.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "store/alert.h"
#include "store/brief.h"
#include "store/incident.h"
#include "store/postmortem.h"
#include "store/task.h"
#include "store/user.h"
#include "text/language.h"

#define MAX_ALERTS 50

/* --- words --- */

struct speaker {
    const struct language *language;
    const struct zone *utc;
};

static struct str text(const void *ctx, const char *msgid)
{
    return language_text(((const struct speaker *)ctx)->language, msgid);
}

static struct str when(const void *ctx, struct arena *a, instant t)
{
    const struct speaker *s = ctx;
    struct civil c = zone_civil(s->utc, t, NULL, NULL);

    return str_printf(a, "%.*s UTC", STR(language_datetime(s->language, a, &c)));
}

static struct str span(const void *ctx, struct arena *a, int64_t us)
{
    return language_span(((const struct speaker *)ctx)->language, a, us);
}

bool brief_words(struct arena *a, const struct env *env, struct brief_words *out, struct error *err)
{
    struct speaker *s = arena_new(a, struct speaker);
    const struct pack *pack = env->pack; /* once: it may be another one a moment later */

    s->language = language_find(env->languages, pack->language);
    *out = (struct brief_words){.pack = pack, .ctx = s, .text = text, .when = when, .span = span};
    return zone_load(a, S("UTC"), &s->utc, err);
}

/* --- facts --- */

struct source {
    struct db *db;
    struct arena *arena;
    struct str incident_id;
};

static bool add_services(const struct source *s, struct brief_facts *f, struct error *err)
{
    struct list all;

    if (!incident_services(s->db, s->arena, s->incident_id, &all, err))
        return false;
    struct str *names = arena_array(s->arena, struct str, all.n + 1);
    for (size_t k = 0; k < all.n; k++)
        names[k] = ((const struct named *)all.v)[k].name;
    f->services = names;
    f->nservices = all.n;
    return true;
}

/* Those that the severity asks for, and those that somebody has. */
static bool add_roles(const struct source *s, const struct pack *pack, struct brief_facts *f, struct error *err)
{
    const struct pack_severity *severity = pack_severity_find(pack, f->incident->severity);
    struct list held;

    if (!role_list(s->db, s->arena, s->incident_id, &held, err))
        return false;
    struct brief_role *roles = arena_array(s->arena, struct brief_role, pack->nroles + 1);
    for (size_t k = 0; k < pack->nroles; k++) {
        const struct pack_role *role = &pack->roles[k];
        struct str holder = STR_NONE;
        for (size_t h = 0; h < held.n; h++)
            if (str_eq(((const struct role_holder *)held.v)[h].role, role->id))
                holder = ((const struct role_holder *)held.v)[h].name;
        if (holder.len || (severity && pack_applies(role->ranks, severity->rank)))
            roles[f->nroles++] = (struct brief_role){role->name, holder};
    }
    f->roles = roles;
    return true;
}

static bool add_rows(const struct source *s, struct brief_facts *f, struct error *err)
{
    struct list alerts, tasks, decisions, updates;

    if (!alert_list(s->db, s->arena, Q_ALERT_OF_INCIDENT, ARGS(v_text(s->incident_id), v_int(MAX_ALERTS)), &alerts, err) ||
        !task_list(s->db, s->arena, s->incident_id, &tasks, err) ||
        !brief_events(s->db, s->arena, s->incident_id, S("decision"), &decisions, err) ||
        !brief_events(s->db, s->arena, s->incident_id, S("update"), &updates, err))
        return false;
    f->alerts = alerts.v;
    f->nalerts = alerts.n;
    f->tasks = tasks.v;
    f->ntasks = tasks.n;
    f->decisions = decisions.v;
    f->ndecisions = decisions.n;
    f->updates = updates.v;
    f->nupdates = updates.n;
    return true;
}

static bool owner_name(const struct source *s, struct str user_id, struct str *out, struct error *err)
{
    struct error missing = {0};
    struct user u = {0};

    *out = STR_NONE;
    if (!user_id.len)
        return true;
    if (user_get(s->db, s->arena, user_id, &u, &missing))
        *out = u.name;
    else if (missing.kind != ERROR_NOT_FOUND)
        *err = missing;
    return err->kind == ERROR_NONE;
}

static bool add_postmortem(const struct source *s, struct brief_facts *f, struct error *err)
{
    struct postmortem *pm = arena_new(s->arena, struct postmortem);
    struct error missing = {0};
    struct list items;

    if (!postmortem_of_incident(s->db, s->arena, s->incident_id, pm, &missing)) {
        if (missing.kind != ERROR_NOT_FOUND)
            *err = missing;
        return err->kind == ERROR_NONE;
    }
    if (!action_list(s->db, s->arena, pm->id, &items, err))
        return false;
    struct str *owners = arena_array(s->arena, struct str, items.n + 1);
    for (size_t k = 0; k < items.n; k++)
        if (!owner_name(s, ((const struct action_item *)items.v)[k].owner_id, &owners[k], err))
            return false;
    f->postmortem = pm;
    f->items = items.v;
    f->nitems = items.n;
    f->owners = owners;
    return true;
}

bool brief_now(struct db *db, struct arena *a, const struct env *env, const struct incident *i, struct str *body,
    struct error *err)
{
    struct brief_facts f = {.incident = i};
    struct source s = {db, a, i->id};
    struct brief_words words;

    if (!brief_words(a, env, &words, err) || !add_services(&s, &f, err) || !add_roles(&s, words.pack, &f, err) ||
        !add_rows(&s, &f, err) || !add_postmortem(&s, &f, err))
        return false;
    *body = brief_body(a, &f, &words);
    return true;
}

/* --- versions --- */

static const char *const iterations[] = {"diagnosis", "response", "stabilisation"};

bool engine_brief_write(struct op *op, const struct incident *i, struct brief *out, bool *fresh, struct error *err)
{
    bool found;
    struct str body;

    *fresh = false;
    if (!brief_now(op->db, op->arena, op->env, i, &body, err) ||
        !brief_latest(op->db, op->arena, i->id, out, &found, err))
        return false;
    if (found && str_eq(out->body, body))
        return true;
    struct brief next = {.incident_id = i->id, .version = found ? out->version + 1 : 1,
        .iteration = brief_iteration(i->status), .body = body,
        .file = found ? out->file : brief_file(op->arena, i->detected_at, i->title),
        .changes = found ? brief_changes(op->arena, out->body, body) : S(""), .created_at = op->now,
        .created_by = op->actor.name.len ? op->actor.name : S("Tocsin")};
    *out = next;
    *fresh = true;
    return brief_add(op->db, out, err) &&
        op_tell(op, i->id, "brief", err, "Brief, version %lld (%s)", (long long)out->version, iterations[out->iteration - 1]);
}

bool brief_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool moved = !str_eq(before->status, after->status) || !str_eq(before->severity, after->severity) ||
        !instant_is_set(before->acknowledged_at);
    const struct pack *pack = op->env->pack;
    struct brief written;
    bool fresh;

    /* Until somebody is there a page has to leave as fast as it can. */
    return !pack->nbrief || !instant_is_set(after->acknowledged_at) || !moved || engine_brief_write(op, after, &written, &fresh, err);
}

#include "engine/runbook.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/json.h"
#include "domain/alert.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/task.h"
#include "engine/threshold.h"
#include "store/alert.h"
#include "store/incident.h"
#include "store/runbook.h"
#include "store/task.h"
#include "store/threshold.h"
#include "text/yaml.h"

#define CASE_ALERTS 50
#define ATTACH_MAX 3 /* by themselves: more help nobody at night */
#define NAME_MAX 200

bool runbook_read(struct arena *a, struct str body, struct runbook *out, struct error *err)
{
    struct str text, front = runbook_front(body, &text);
    struct json *meta = NULL;
    struct error why = {0};

    if (str_trim(front).len && !yaml_parse(a, front, &meta, &why))
        return fail_field(err, "body", "front matter: %s", why.message);
    out->body = body;
    return runbook_describe(a, json_is(meta, JSON_OBJECT) ? meta : NULL, text, out, err);
}

static bool check_slug(struct op *op, const struct runbook *r, struct error *err)
{
    struct runbook same = {0};
    struct error looked = {0};

    if (runbook_by_slug(op->db, op->arena, r->slug, &same, &looked))
        return str_eq(same.id, r->id) || fail_field(err, "body", "there is a runbook of this title already");
    if (looked.kind == ERROR_NOT_FOUND)
        return true;
    *err = looked;
    return false;
}

bool engine_runbook_put(struct op *op, struct str ref, struct str body, int64_t version, struct runbook *out,
    struct error *err)
{
    struct runbook old = {0}, r = {0};
    int64_t n;

    if (ref.len && !runbook_find(op->db, op->arena, ref, &old, err))
        return false;
    if (ref.len && version != old.version)
        return fail(err, CONFLICT, "somebody saved version %lld while you were editing version %lld; "
            "your text was not saved: copy it, reload and merge", (long long)old.version, (long long)version);
    if (!ref.len && (!store_count(op->db, Q_RUNBOOK_COUNT, NO_ARGS, &n, err) ||
            (n >= RUNBOOK_MAX && !fail(err, CONFLICT, "the library is full: %d runbooks", RUNBOOK_MAX))))
        return false;
    r = old;
    if (!runbook_read(op->arena, body, &r, err))
        return false;
    if (str_cmp(r.tested_on, old.tested_on.ptr ? old.tested_on : S("")) < 0)
        r.tested_on = old.tested_on;
    if (!ref.len) {
        r.id = op_id(op, "rb");
        r.created_at = op->now;
    }
    r.updated_by = op->actor.name;
    r.updated_at = op->now;
    r.version = old.version + 1;
    *out = r;
    return check_slug(op, &r, err) && runbook_put(op->db, &r, err) &&
        op_say(op, r.id, "runbook", err, "Runbook %s: %.*s, version %lld", ref.len ? "changed" : "made", STR(r.title),
            (long long)r.version);
}

bool engine_runbook_tested(struct op *op, struct str ref, struct runbook *out, struct error *err)
{
    if (!runbook_find(op->db, op->arena, ref, out, err))
        return false;
    out->tested_on = str_slice(time_text(op->arena, op->now), 0, 10);
    out->updated_by = op->actor.name;
    out->updated_at = op->now;
    out->version++;
    return runbook_put(op->db, out, err) &&
        op_say(op, out->id, "runbook", err, "Runbook tested by %.*s: %.*s", STR(op->actor.name), STR(out->title));
}

struct str runbook_built_in(const struct env *env, struct arena *a, struct str slug)
{
    const struct pack *p = env->pack;

    for (size_t k = 0; p && k < p->nrunbooks; k++)
        if (p->runbooks[k].nsteps && str_eq(p->runbooks[k].id, slug))
            return runbook_of_pack(a, p, &p->runbooks[k]);
    if (!env->playbooks)
        return STR_NONE;
    const struct embedded *file = embedded_find(env->playbooks, str_printf(a, "%.*s.md", STR(slug)));
    return file ? file->data : STR_NONE;
}

/* Of the library; a built-in playbook comes into it when it is wanted for the first time. */
static bool find(struct op *op, struct str ref, struct runbook *out, struct error *err)
{
    struct error looked = {0};

    if (runbook_find(op->db, op->arena, ref, out, &looked))
        return true;
    if (looked.kind != ERROR_NOT_FOUND) {
        *err = looked;
        return false;
    }
    struct str body = runbook_built_in(op->env, op->arena, ref);
    if (!body.len)
        return fail_field(err, "runbook_id", "is not a runbook");
    struct actor who = op->actor;
    op->actor = actor_system;
    bool made = engine_runbook_put(op, STR_NONE, body, 0, out, err);
    op->actor = who;
    return made;
}

/* One list of tasks for each section, so that one sees where in the runbook one is. */
static bool add_tasks(struct op *op, const struct incident *i, const struct runbook *r, struct error *err)
{
    struct runbook_step *step = arena_array(op->arena, struct runbook_step, RUNBOOK_MAX_STEPS);
    struct task *items = arena_array(op->arena, struct task, RUNBOOK_MAX_STEPS);
    size_t n = runbook_steps(op->arena, r->body, step, RUNBOOK_MAX_STEPS);
    int section = 0;

    for (size_t from = 0, k; from < n; from = k) {
        for (k = from; k < n && str_eq(step[k].section, step[from].section); k++)
            items[k - from] = (struct task){.text = step[k].text, .command = step[k].command, .expected = step[k].expected};
        struct str name = step[from].section.len
            ? str_printf(op->arena, "%.*s · %.*s", STR(r->title), STR(step[from].section)) : r->title;
        struct str list = str_printf(op->arena, "runbook:%.*s:%02d", STR(r->id), ++section);
        if (!engine_tasks_add(op, i->id, list, name, items, k - from, err))
            return false;
    }
    return true;
}

static bool add_escalation(struct op *op, const struct incident *i, const struct runbook *r, struct error *err)
{
    struct runbook_escalation e;

    if (!runbook_escalates(op->arena, r->body, &e))
        return true;
    struct threshold t = {.runbook_id = r->id, .within = e.after,
        .text = str_printf(op->arena, "Not resolved by \"%.*s\"", STR(r->title)),
        .action = str_printf(op->arena, "escalate%s%.*s", e.to.len ? " to " : "", STR(e.to))};
    return engine_threshold_add(op, i->id, &t, err);
}

static bool attach(struct op *op, const struct incident *i, const struct runbook *r, struct str reason,
    struct error *err)
{
    struct attachment v = {.runbook_id = r->id, .version = r->version, .reason = reason, .attached_at = op->now};

    return attachment_put(op->db, i->id, &v, err) &&
        op_say(op, i->id, "runbook", err, "Runbook attached: %.*s (%.*s)", STR(r->title), STR(reason)) &&
        add_tasks(op, i, r, err) && add_escalation(op, i, r, err);
}

static const struct attachment *attached(const struct list *all, struct str runbook_id)
{
    const struct attachment *v = all->v;

    for (size_t k = 0; k < all->n; k++)
        if (str_eq(v[k].runbook_id, runbook_id))
            return &v[k];
    return NULL;
}

bool engine_runbook_attach(struct op *op, struct str incident_ref, struct str ref, struct str reason,
    struct runbook *out, struct error *err)
{
    struct incident i = {0};
    struct list all;

    if (!incident_find(op->db, op->arena, incident_ref, &i, err) || !find(op, ref, out, err) ||
        !attachment_list(op->db, op->arena, i.id, &all, err))
        return false;
    if (!i.is_open)
        return fail(err, CONFLICT, "%.*s is over", STR(i.number));
    const struct attachment *known = attached(&all, out->id);
    if (known && !known->removed)
        return true;
    return attach(op, &i, out, reason, err);
}

static bool skip_tasks(struct op *op, struct str incident_id, struct str runbook_id, struct error *err)
{
    struct str prefix = str_printf(op->arena, "runbook:%.*s:", STR(runbook_id));
    struct list all;

    if (!task_list(op->db, op->arena, incident_id, &all, err))
        return false;
    struct task *t = all.v;
    for (size_t k = 0; k < all.n; k++) {
        if (!str_starts(t[k].list, prefix) || !str_eq(t[k].state, S("open")))
            continue;
        t[k].state = S("skipped");
        t[k].note = S("The runbook was put away");
        t[k].done_by = op->actor.id;
        t[k].done_name = op->actor.name;
        t[k].done_at = op->now;
        if (!task_set(op->db, &t[k], err))
            return false;
    }
    return true;
}

static bool drop_escalation(struct op *op, struct str incident_id, struct str runbook_id, struct error *err)
{
    struct list all;
    struct threshold out;

    if (!threshold_list(op->db, op->arena, incident_id, &all, err))
        return false;
    const struct threshold *t = all.v;
    for (size_t k = 0; k < all.n; k++)
        if (str_eq(t[k].runbook_id, runbook_id) && str_eq(t[k].state, S("armed")) &&
            !engine_threshold_end(op, incident_id, t[k].id, S("dropped"), &out, err))
            return false;
    return true;
}

bool engine_runbook_remove(struct op *op, struct str incident_ref, struct str ref, struct error *err)
{
    struct incident i = {0};
    struct list all;

    if (!incident_find(op->db, op->arena, incident_ref, &i, err) ||
        !attachment_list(op->db, op->arena, i.id, &all, err))
        return false;
    const struct attachment *known = attached(&all, ref);
    if (!known || known->removed)
        return fail(err, NOT_FOUND, "%.*s does not follow this runbook", STR(i.number));
    struct attachment gone = *known;
    gone.removed = true;
    return attachment_put(op->db, i.id, &gone, err) && skip_tasks(op, i.id, ref, err) &&
        drop_escalation(op, i.id, ref, err) &&
        op_say(op, i.id, "runbook", err, "Runbook put away: %.*s", STR(gone.title));
}

/* The names of its alerts and affected services. */
static bool describe(struct op *op, const struct incident *i, struct runbook_case *out, struct error *err)
{
    struct list alerts, services;

    if (!alert_list(op->db, op->arena, Q_ALERT_OF_INCIDENT, ARGS(v_text(i->id), v_int(CASE_ALERTS)), &alerts, err) ||
        !incident_services(op->db, op->arena, i->id, &services, err))
        return false;
    struct str *a = arena_array(op->arena, struct str, alerts.n + 1), *s = arena_array(op->arena, struct str, services.n + 1);
    for (size_t k = 0; k < alerts.n; k++)
        a[k] = ((const struct alert *)alerts.v)[k].name;
    for (size_t k = 0; k < services.n; k++)
        s[k] = ((const struct named *)services.v)[k].name;
    *out = (struct runbook_case){.alerts = a, .nalerts = alerts.n, .services = s, .nservices = services.n, .severity = i->severity};
    return true;
}

static bool attach_found(struct op *op, const struct incident *i, const struct runbook *r, enum runbook_match by,
    struct error *err)
{
    static const char *const reasons[] = {"", "by severity", "by service", "by alert"};
    struct runbook whole = {0};

    return runbook_get(op->db, op->arena, r->id, &whole, err) && attach(op, i, &whole, str_from(reasons[by]), err);
}

bool runbook_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool first = !instant_is_set(before->acknowledged_at) && instant_is_set(after->acknowledged_at);
    struct actor who = op->actor;
    struct runbook_case c;
    struct list library, all;

    if (!after->is_open || !instant_is_set(after->acknowledged_at) ||
        (!first && str_eq(before->severity, after->severity)))
        return true;
    if (!runbook_list(op->db, op->arena, &library, err) || !library.n || !describe(op, after, &c, err) ||
        !attachment_list(op->db, op->arena, after->id, &all, err))
        return err->kind == ERROR_NONE;
    const struct runbook *r = library.v;
    size_t n = all.n;
    op->actor = actor_system;
    for (int by = RUNBOOK_BY_ALERT; by > RUNBOOK_NO; by--)
        for (size_t k = 0; k < library.n && n < ATTACH_MAX; k++) {
            if (runbook_matches(&r[k], &c) != (enum runbook_match)by || attached(&all, r[k].id))
                continue;
            n++;
            if (!attach_found(op, after, &r[k], (enum runbook_match)by, err))
                return false;
        }
    op->actor = who;
    return true;
}

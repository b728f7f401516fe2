#include "engine/task.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "store/incident.h"
#include "store/task.h"

bool engine_tasks_add(struct op *op, struct str incident_id, struct str list, struct str list_name,
    const struct task *items, size_t n, struct error *err)
{
    for (size_t k = 0; k < n; k++) {
        struct task t = {.id = op_id(op, "task"), .incident_id = incident_id, .list = list, .list_name = list_name,
            .position = (int64_t)k, .text = items[k].text, .command = items[k].command, .expected = items[k].expected,
            .role = items[k].role, .state = S("open"), .created_at = op->now};
        if (!task_add(op->db, &t, err))
            return false;
    }
    return true;
}

bool engine_task_set(struct op *op, struct str ref, struct str task_id, const struct task_change *in,
    struct task *out, struct error *err)
{
    struct incident i = {0};

    if (!incident_find(op->db, op->arena, ref, &i, err) || !task_get(op->db, op->arena, task_id, out, err))
        return false;
    if (!str_eq(out->incident_id, i.id))
        return fail(err, NOT_FOUND, "%.*s has no such task", STR(i.number));
    if (str_eq(out->state, in->state) && str_eq(out->note, in->note))
        return true;
    bool open = str_eq(in->state, S("open"));
    out->state = in->state;
    out->note = in->note.len ? in->note : STR_NONE;
    out->done_by = open ? STR_NONE : op->actor.id;
    out->done_name = open ? STR_NONE : op->actor.name;
    out->done_at = open ? (instant){0} : op->now;
    return task_set(op->db, out, err) &&
        op_say(op, i.id, "task", err, "%.*s: %.*s — %.*s%s%.*s", STR(out->list_name), STR(out->text), STR(out->state),
            out->note.len ? ". " : "", STR(out->note));
}

static bool covers(const struct pack_phase *phase, struct str status)
{
    for (size_t k = 0; k < phase->nstatuses; k++)
        if (str_eq(phase->statuses[k], status))
            return true;
    return false;
}

static bool add_phase(struct op *op, const struct pack_phase *phase, const struct incident *i, struct error *err)
{
    const struct pack_severity *s = pack_severity_find(op->env->pack, i->severity);
    struct task *items = arena_array(op->arena, struct task, phase->nchecklist + 1);
    size_t n = 0;

    for (size_t k = 0; k < phase->nchecklist; k++) /* without a severity: everything */
        if (!s || pack_applies(phase->checklist[k].ranks, s->rank))
            items[n++] = (struct task){.text = phase->checklist[k].text, .role = phase->checklist[k].role};
    return engine_tasks_add(op, i->id, str_printf(op->arena, "phase:%.*s", STR(phase->id)), phase->name, items, n, err);
}

bool task_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    const struct pack *p = op->env->pack;
    bool first = !instant_is_set(before->acknowledged_at) && instant_is_set(after->acknowledged_at);

    if (!instant_is_set(after->acknowledged_at) || (!first && str_eq(before->status, after->status)))
        return true;
    for (size_t k = 0; k < p->nphases; k++) {
        /* What comes before there is an incident, and triage: nobody was there while it lasted. */
        bool begins = first && (p->phases[k].nstatuses == 0 || covers(&p->phases[k], S("triage")));
        if ((begins || covers(&p->phases[k], after->status)) && !add_phase(op, &p->phases[k], after, err))
            return false;
    }
    return true;
}

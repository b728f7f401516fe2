#include "engine/rollout.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/mitigation.h"
#include "store/incident.h"
#include "store/rollout.h"
#include "store/timer.h"

static struct str label(struct op *op, const struct rollout_stage *s)
{
    return s->percent_least && s->percent_least != s->percent
        ? str_printf(op->arena, "%.*s, %lld–%lld %%", STR(s->name), (long long)s->percent_least, (long long)s->percent)
        : str_printf(op->arena, "%.*s, %lld %%", STR(s->name), (long long)s->percent);
}

/* The current stage begins (again) now. */
static bool enter(struct op *op, struct rollout *r, struct rollout_stage *s, struct error *err)
{
    s->entered_at = op->now;
    s->health = STR_NONE;
    r->stage = s->position;
    r->held_at = instant_add(op->now, s->hold_us);
    return rollout_stage_put(op->db, s, err) &&
        (s->hold_us == 0 || op_timer(op, "rollout", r->id, r->held_at, err)) &&
        op_say(op, r->incident_id, "rollout", err, "Rollout of %.*s: %.*s%s%.*s", STR(r->title), STR(label(op, s)),
            s->hold_us ? ", holds for " : "", STR(s->hold_us ? duration_text(op->arena, s->hold_us) : S("")));
}

static bool save(struct op *op, struct rollout *r, struct error *err)
{
    r->version++;
    return rollout_put(op->db, r, err);
}

static bool end(struct op *op, struct rollout *r, struct str state, struct error *err)
{
    r->state = state;
    r->held_at = (instant){0};
    r->ended_at = op->now;
    return timer_cancel(op->db, S("rollout"), r->id, err);
}

bool engine_rollout_start(struct op *op, struct str ref, struct str title, struct rollout *out, struct error *err)
{
    struct incident i = {0};
    struct list all;
    size_t n;
    const struct pack_stage *of_pack = rollout_stages(op->env->pack, &n);

    if (!incident_find(op->db, op->arena, ref, &i, err) || !rollout_list(op->db, op->arena, i.id, &all, err))
        return false;
    const struct rollout *other = all.v;
    if (all.n && !rollout_is_over(other))
        return fail(err, CONFLICT, "the rollout of %.*s is still under way", STR(other->title));
    *out = (struct rollout){.id = op_id(op, "rol"), .incident_id = i.id, .title = title, .state = S("running"),
        .started_by = op->actor.id, .started_name = op->actor.name, .created_at = op->now,
        .held_at = instant_add(op->now, of_pack[0].watch_least_us)};
    if (!save(op, out, err))
        return false;
    for (size_t k = n; k-- > 0;) {
        struct rollout_stage s = {.rollout_id = out->id, .position = (int64_t)k, .name = of_pack[k].name,
            .percent_least = of_pack[k].percent_least, .percent = of_pack[k].percent,
            .hold_us = of_pack[k].watch_least_us, .hold_most_us = of_pack[k].watch_us};
        if (!(k ? rollout_stage_put(op->db, &s, err) : enter(op, out, &s, err)))
            return false;
    }
    return true;
}

static bool find(struct op *op, struct str ref, struct str id, struct rollout *out, struct error *err)
{
    struct incident i = {0};

    if (!incident_find(op->db, op->arena, ref, &i, err) || !rollout_get(op->db, op->arena, id, out, err))
        return false;
    return str_eq(out->incident_id, i.id) || fail(err, NOT_FOUND, "%.*s has no such rollout", STR(i.number));
}

static bool failing(struct op *op, struct rollout *r, struct rollout_stage *s, struct error *err)
{
    r->state = S("failing");
    r->held_at = (instant){0}; /* once it is well it holds anew */
    return timer_cancel(op->db, S("rollout"), r->id, err) && rollout_stage_put(op->db, s, err) &&
        op_say(op, r->incident_id, "rollout", err, "Rollout of %.*s is failing at %.*s%s%.*s. Rolling back is recommended",
            STR(r->title), STR(label(op, s)), s->note.len ? ": " : "", STR(s->note));
}

static bool sign_off(struct op *op, struct rollout *r, struct rollout_stage *s, struct rollout_stage *next,
    struct error *err)
{
    s->signed_by = op->actor.id;
    s->signed_name = op->actor.name;
    s->signed_at = op->now;
    if (!rollout_stage_put(op->db, s, err) ||
        !op_say(op, r->incident_id, "rollout", err, "Rollout of %.*s: %.*s signed off%s%.*s%s%.*s", STR(r->title),
            STR(label(op, s)), s->reason.len ? " before its time: " : "", STR(s->reason), s->note.len ? ". " : "",
            STR(s->note)))
        return false;
    if (next)
        return enter(op, r, next, err);
    return end(op, r, S("complete"), err) &&
        op_say(op, r->incident_id, "rollout", err, "Rollout of %.*s is complete", STR(r->title));
}

bool engine_rollout_check(struct op *op, struct str ref, struct str id, const struct rollout_check *in,
    struct rollout *out, struct error *err)
{
    struct list stages;

    if (!find(op, ref, id, out, err) || !rollout_check_valid(out, in, op->now, err) ||
        !rollout_stage_list(op->db, op->arena, out->id, &stages, err))
        return false;
    struct rollout_stage *all = stages.v, *s = &all[out->stage];
    struct rollout_stage *next = (size_t)out->stage + 1 < stages.n ? s + 1 : NULL;
    bool good = str_eq(in->health, S("passing")), stopped = str_eq(out->state, S("failing"));
    s->health = in->health;
    s->note = in->note.len ? in->note : STR_NONE;
    s->reason = op->now.us < out->held_at.us && good && in->reason.len ? in->reason : STR_NONE;
    bool ok = !good ? failing(op, out, s, err) : stopped ? (out->state = S("running"), enter(op, out, s, err))
                                                         : sign_off(op, out, s, next, err);
    return ok && save(op, out, err);
}

bool engine_rollout_back(struct op *op, struct str ref, struct str id, struct str reason, struct rollout *out,
    struct error *err)
{
    struct mitigation done;

    if (!find(op, ref, id, out, err))
        return false;
    if (rollout_is_over(out) && !str_eq(out->state, S("complete")))
        return fail(err, CONFLICT, "this rollout was rolled back already");
    struct mitigation action = {.kind = S("rollback"), .text = str_printf(op->arena, "the rollout of %.*s", STR(out->title)),
        .result = reason};
    return end(op, out, S("rolled_back"), err) && save(op, out, err) &&
        engine_mitigate(op, out->incident_id, &action, &done, err);
}

bool rollout_held(struct op *op, struct str id, struct error *err)
{
    struct rollout r = {0};
    struct list stages;

    if (!rollout_get(op->db, op->arena, id, &r, err) || !rollout_stage_list(op->db, op->arena, id, &stages, err))
        return false;
    if (!str_eq(r.state, S("running")))
        return true;
    const struct rollout_stage *s = (const struct rollout_stage *)stages.v + r.stage;
    return op_tell(op, r.incident_id, "rollout", err, "Rollout of %.*s: %.*s has held for its time; check its health and sign it off",
        STR(r.title), STR(label(op, s)));
}

/* Maintenance: a plan that timers carry out. */
#include "engine/statuspage.h"

#include "store/statuspage.h"
#include "store/timer.h"

#define REMIND_US HOUR_US          /* how long before its beginning subscribers are reminded */
#define VERIFY_US (30 * MINUTE_US) /* how long an automatic one is verified before it is completed */
#define LONGEST_US (30 * DAY_US)

static bool check_plan(const struct op *op, const struct public_incident *p, struct error *err)
{
    if (p->scheduled_until.us <= p->scheduled_for.us)
        return fail_field(err, "scheduled_until", "must be after its beginning");
    if (p->scheduled_until.us - p->scheduled_for.us > LONGEST_US)
        return fail_field(err, "scheduled_until", "at most 30 days after its beginning");
    if (p->scheduled_until.us <= op->now.us)
        return fail_field(err, "scheduled_until", "must be in the future");
    return true;
}

static bool set_timer(struct op *op, const char *kind, struct str id, bool wanted, instant due, struct error *err)
{
    return wanted ? op_timer(op, kind, id, due, err) : timer_cancel(op->db, str_from(kind), id, err);
}

/* Timers as the plan and the status want them; setting one again moves it. */
static bool set_timers(struct op *op, const struct public_incident *p, struct error *err)
{
    bool waits = str_eq(p->status, S("scheduled")), runs = str_eq(p->status, S("in_progress")),
         verifies = str_eq(p->status, S("verifying"));
    instant remind = instant_add(p->scheduled_for, -REMIND_US);
    instant end = verifies ? instant_add(op->now, VERIFY_US) : p->scheduled_until;

    return set_timer(op, "maintenance_remind", p->id, waits && remind.us > op->now.us, remind, err) &&
        set_timer(op, "maintenance_start", p->id, waits && p->automatic, p->scheduled_for, err) &&
        set_timer(op, "maintenance_end", p->id, (waits || runs || verifies) && p->automatic, end, err);
}

bool statuspage_plan(struct op *op, const struct public_input *in, struct public_incident *out, struct error *err)
{
    struct public_input first = *in;

    *out = (struct public_incident){.id = op_id(op, "pub"), .kind = S("maintenance"), .status = S("scheduled"),
        .impact = S("maintenance"), .is_open = true, .automatic = in->automatic, .scheduled_for = in->scheduled_for,
        .scheduled_until = in->scheduled_until, .started_at = in->scheduled_for, .created_at = op->now};
    first.status = S("scheduled");
    return check_plan(op, out, err) && statuspage_say(op, out, &first, err) && set_timers(op, out, err);
}

static bool given_field(uint64_t given, const char *name)
{
    for (size_t i = 0; public_edit_fields[i].name; i++)
        if (str_eq(str_from(public_edit_fields[i].name), str_from(name)))
            return (given >> i) & 1;
    return false;
}

bool statuspage_edit(struct op *op, struct str id, const struct public_input *in, uint64_t given,
    struct public_incident *out, struct error *err)
{
    if (!public_incident_get(op->db, op->arena, id, out, err))
        return false;
    bool planned = str_eq(out->kind, S("maintenance"));
    bool moved = given_field(given, "scheduled_for") || given_field(given, "scheduled_until") ||
        given_field(given, "automatic");
    if (moved && (!planned || !out->is_open))
        return fail(err, CONFLICT, "only a maintenance that is not over has a plan to change");
    if (given_field(given, "title") && in->title.len)
        out->title = in->title;
    if (given_field(given, "scheduled_for"))
        out->scheduled_for = in->scheduled_for;
    if (given_field(given, "scheduled_until"))
        out->scheduled_until = in->scheduled_until;
    if (given_field(given, "automatic"))
        out->automatic = in->automatic;
    if (moved && !check_plan(op, out, err))
        return false;
    if (str_eq(out->status, S("scheduled")))
        out->started_at = out->scheduled_for;
    out->updated_at = op->now;
    out->version++;
    op->fx->status_changed = true;
    return public_incident_put(op->db, out, err) && (!moved || set_timers(op, out, err));
}

/* Moves it on in Tocsin's name. A timer that comes too late (moved by hand meanwhile) does nothing. */
static bool advance(struct op *op, struct str id, const char *from, const char *to, struct error *err)
{
    struct public_incident p = {0};
    struct public_input in = {.status = str_from(to), .text = S("")};
    struct actor who = op->actor;

    if (!public_incident_get(op->db, op->arena, id, &p, err))
        return false;
    if (!str_eq(p.status, str_from(from)) || !p.automatic)
        return true;
    op->actor = actor_system;
    bool ok = statuspage_say(op, &p, &in, err) && set_timers(op, &p, err);
    op->actor = who;
    return ok;
}

bool maintenance_start(struct op *op, struct str id, struct error *err)
{
    return advance(op, id, "scheduled", "in_progress", err);
}

/* Twice: at the planned end it is verified, and a while later it is completed. */
bool maintenance_end(struct op *op, struct str id, struct error *err)
{
    struct public_incident p = {0};

    if (!public_incident_get(op->db, op->arena, id, &p, err))
        return false;
    if (str_eq(p.status, S("scheduled")) && !advance(op, id, "scheduled", "in_progress", err))
        return false;
    return str_eq(p.status, S("verifying")) ? advance(op, id, "verifying", "completed", err)
                                            : advance(op, id, "in_progress", "verifying", err);
}

/* Subscribers hear of the plan once more; nothing about it has changed. */
bool maintenance_remind(struct op *op, struct str id, struct error *err)
{
    struct public_incident p = {0};
    struct list updates;

    if (!public_incident_get(op->db, op->arena, id, &p, err) ||
        !public_update_of(op->db, op->arena, id, &updates, err))
        return false;
    if (!str_eq(p.status, S("scheduled")) || !updates.n)
        return true;
    const struct public_update *latest = updates.v;
    return op_timer(op, "status_notify", str_printf(op->arena, "%.*s/remind", STR(latest->id)), op->now, err);
}

#include "engine/room.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/brief.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/user.h"
#include "engine/notice.h"
#include "engine/task.h"
#include "store/incident.h"
#include "store/role.h"
#include "store/room.h"
#include "store/timer.h"
#include "store/user.h"
#include "text/language.h"
#include "text/mustache.h"

/* --- what everything below begins with --- */

static bool save(struct op *op, struct war_room *r, struct error *err)
{
    r->version++;
    if (room_put(op->db, r, err))
        return true;
    err->retry = err->retry || err->kind == ERROR_CONFLICT;
    return false;
}

/* The incident and its room, which must be open. */
static bool open_room(struct op *op, struct str ref, struct incident *i, struct war_room *r, struct error *err)
{
    bool found;

    if (!incident_find(op->db, op->arena, ref, i, err) || !room_get(op->db, op->arena, i->id, r, &found, err))
        return false;
    if (!found || instant_is_set(r->closed_at))
        return fail(err, CONFLICT, "%.*s has no open war room", STR(i->number));
    return true;
}

static bool find_commander(struct op *op, struct str incident_id, struct str *user_id, struct error *err)
{
    struct list holders;

    *user_id = STR_NONE;
    if (!role_list(op->db, op->arena, incident_id, &holders, err))
        return false;
    const struct role_holder *v = holders.v;
    for (size_t k = 0; k < holders.n; k++)
        if (str_eq(v[k].role, op->env->pack->commander))
            *user_id = v[k].user_id;
    return true;
}

static bool plan_check_in(struct op *op, struct war_room *r, instant due, struct error *err)
{
    int64_t period = op->env->pack->war_room.check_in_us;

    r->next_check_in_at = due;
    return op_timer(op, "room_check_in", r->incident_id, instant_add(due, room_grace_us(period)), err);
}

/* --- opening --- */

bool room_channel_name(struct arena *a, const struct pack *p, const struct incident *i, struct str *out, struct error *err)
{
    const struct template_env plain = {.plain = true};
    struct json *view = json_object(a), *incident = json_object(a);
    struct template *t;
    struct buf b;

    json_set_str(a, incident, S("number"), i->number);
    json_set_str(a, incident, S("severity"), i->severity.len ? i->severity : S(""));
    json_set(view, S("incident"), incident);
    json_set_str(a, view, S("date"), str_slice(time_text(a, i->declared_at), 0, 10));
    json_set_str(a, view, S("slug"), brief_slug(a, i->title));
    buf_init(&b, a, 1000);
    if (!template_compile(a, &plain, S("channel"), p->channel.len ? p->channel : S("inc-{{date}}-{{slug}}"), &t, err) ||
        !template_render(t, view, NULL, &b, err))
        return false;
    *out = room_channel(a, buf_str(&b));
    return true;
}

/* Its checklist, one list under each heading. */
static bool add_checklist(struct op *op, const struct incident *i, struct error *err)
{
    const struct pack_war_room *w = &op->env->pack->war_room;
    const struct pack_severity *s = i->severity.len ? pack_severity_find(op->env->pack, i->severity) : NULL;
    struct task *items = arena_array(op->arena, struct task, w->nchecklist + 1);
    int lists = 0;

    for (size_t k = 0; k < w->nchecklist;) {
        struct str group = w->checklist[k].group;
        size_t n = 0;
        for (; k < w->nchecklist && str_eq(w->checklist[k].group, group); k++)
            if (!s || pack_applies(w->checklist[k].ranks, s->rank))
                items[n++] = (struct task){.text = w->checklist[k].text, .role = w->checklist[k].role};
        struct str name = group.len ? str_printf(op->arena, "War room: %.*s", STR(group)) : S("War room");
        if (!engine_tasks_add(op, i->id, str_printf(op->arena, "war_room:%d", ++lists), name, items, n, err))
            return false;
    }
    return true;
}

static bool put_person(struct op *op, struct str incident_id, struct str user_id, struct str name, struct str state,
    struct str purpose, struct error *err)
{
    return room_person_put(op->db, &(struct room_person){.incident_id = incident_id, .user_id = user_id, .name = name,
        .state = state, .purpose = purpose.len ? purpose : STR_NONE, .since = op->now}, err);
}

/* Whoever holds a role is let in and told; so is whoever answered first. */
static bool gather(struct op *op, const struct incident *i, const struct war_room *r, struct error *err)
{
    struct list holders;
    struct user first = {0};
    struct error missing = {0};
    struct str where = r->bridge.len ? r->bridge : STR_NONE;
    struct notice news = {.lead = N_("The war room of this incident is open. Channel: #%.*s"), .values = {r->channel},
        .text = where};

    if (!role_list(op->db, op->arena, i->id, &holders, err))
        return false;
    const struct role_holder *v = holders.v;
    bool told = false;
    for (size_t k = 0; k < holders.n; k++) {
        bool again = false;
        for (size_t m = 0; m < k; m++)
            again |= str_eq(v[m].user_id, v[k].user_id);
        told |= str_eq(v[k].user_id, i->acknowledged_by);
        if (!again && (!put_person(op, i->id, v[k].user_id, v[k].name, S("joined"), STR_NONE, err) ||
                (!str_eq(v[k].user_id, op->actor.id) && !notice_send(op, i, v[k].user_id, &news, err))))
            return false;
    }
    if (told || !i->acknowledged_by.len || !user_get(op->db, op->arena, i->acknowledged_by, &first, &missing))
        return missing.kind == ERROR_NONE || missing.kind == ERROR_NOT_FOUND || (*err = missing, false);
    return put_person(op, i->id, first.id, first.name, S("joined"), STR_NONE, err) &&
        (str_eq(first.id, op->actor.id) || notice_send(op, i, first.id, &news, err));
}

static bool open_now(struct op *op, const struct incident *i, struct str by, struct war_room *r, struct error *err)
{
    struct room_settings set = {0};

    r->incident_id = i->id;
    if (!r->channel.len && !room_channel_name(op->arena, op->env->pack, i, &r->channel, err))
        return false;
    if (!room_settings_get(op->db, op->arena, &set, err))
        return false;
    r->bridge = set.bridge;
    r->backup = set.backup;
    r->phone = set.phone;
    r->opened_at = op->now;
    r->opened_by = by;
    r->closed_at = (instant){0};
    r->missed_in_a_row = 0;
    int64_t period = op->env->pack->war_room.check_in_us;
    return plan_check_in(op, r, instant_add(op->now, period), err) && save(op, r, err) &&
        timer_cancel(op->db, S("room_open"), i->id, err) && add_checklist(op, i, err) && gather(op, i, r, err);
}

bool engine_room_open(struct op *op, struct str ref, struct war_room *out, struct error *err)
{
    struct incident i = {0};
    bool found;

    *out = (struct war_room){0};
    if (!incident_find(op->db, op->arena, ref, &i, err) || !room_get(op->db, op->arena, i.id, out, &found, err))
        return false;
    if (!i.is_open)
        return fail(err, CONFLICT, "%.*s is over", STR(i.number));
    if (op->env->pack->war_room.check_in_us <= 0)
        return fail(err, CONFLICT, "the policy pack %.*s has no war room", STR(op->env->pack->id));
    if (found && !instant_is_set(out->closed_at))
        return true;
    return open_now(op, &i, op->actor.id, out, err) && put_person(op, i.id, op->actor.id, op->actor.name, S("joined"), STR_NONE, err) &&
        op_say(op, i.id, "room", err, "War room opened by %.*s. Channel #%.*s", STR(op->actor.name), STR(out->channel));
}

bool engine_room_due(struct op *op, struct str incident_id, struct error *err)
{
    const struct pack_war_room *w = &op->env->pack->war_room;
    struct incident i = {0};
    struct war_room r = {0};
    bool found;
    instant at;

    if (!incident_get(op->db, op->arena, incident_id, &i, err) || !room_get(op->db, op->arena, i.id, &r, &found, err))
        return false;
    if (found || !room_wanted(op->env->pack, &i, &at))
        return true;
    return open_now(op, &i, actor_system.id, &r, err) && (w->after_us
        ? op_tell(op, i.id, "room", err, "War room opened: %.*s for %.*s. Channel #%.*s", STR(i.severity),
              STR(duration_text(op->arena, w->after_us)), STR(r.channel))
        : op_tell(op, i.id, "room", err, "War room opened: %.*s. Channel #%.*s", STR(i.severity), STR(r.channel)));
}

/* --- closing --- */

static bool close_now(struct op *op, const struct incident *i, struct war_room *r, struct error *err)
{
    int64_t minutes = (op->now.us - r->opened_at.us) / MINUTE_US;

    r->closed_at = op->now;
    r->next_check_in_at = (instant){0};
    return save(op, r, err) && timer_cancel(op->db, S("room_check_in"), i->id, err) &&
        db_exec(op->db, Q_ROOM_PEOPLE_LEFT, NULL, ARGS(v_text(i->id), v_time(op->now)), err) &&
        db_exec(op->db, Q_RESOURCE_END_ALL, NULL, ARGS(v_text(i->id), v_time(op->now)), err) &&
        op_say(op, i->id, "room", err, "War room closed after %lld min: %lld check-ins, %lld missed", (long long)minutes,
            (long long)r->check_ins, (long long)r->missed);
}

bool engine_room_close(struct op *op, struct str ref, struct war_room *out, struct error *err)
{
    struct incident i = {0};
    struct str commander;

    if (!open_room(op, ref, &i, out, err) || !find_commander(op, i.id, &commander, err))
        return false;
    if (commander.len && !str_eq(commander, op->actor.id))
        return fail(err, FORBIDDEN, "the commander closes the war room");
    return close_now(op, &i, out, err);
}

/* --- who is in it --- */

bool room_expect(struct op *op, struct str incident_id, struct str user_id, struct str name, struct error *err)
{
    struct war_room r = {0};
    bool found;

    if (!room_get(op->db, op->arena, incident_id, &r, &found, err))
        return false;
    return !found || instant_is_set(r.closed_at) || put_person(op, incident_id, user_id, name, S("joined"), STR_NONE, err);
}

/* Holds a role, or has accepted to come. */
static bool expected(struct op *op, struct str incident_id, bool *out, struct error *err)
{
    struct list holders, requests;

    if (!role_list(op->db, op->arena, incident_id, &holders, err) ||
        !request_list(op->db, op->arena, incident_id, &requests, err))
        return false;
    const struct role_holder *v = holders.v;
    const struct responder_request *q = requests.v;
    *out = false;
    for (size_t k = 0; k < holders.n; k++)
        *out |= str_eq(v[k].user_id, op->actor.id);
    for (size_t k = 0; k < requests.n; k++)
        *out |= str_eq(q[k].user_id, op->actor.id) && str_eq(q[k].state, S("accepted"));
    return true;
}

bool engine_room_join(struct op *op, struct str ref, const struct room_join *in, struct room_person *out,
    struct error *err)
{
    struct incident i = {0};
    struct war_room r = {0};
    bool found, may;

    if (!open_room(op, ref, &i, &r, err) || !expected(op, i.id, &may, err) ||
        !room_person_get(op->db, op->arena, i.id, op->actor.id, out, &found, err))
        return false;
    if (found && str_eq(out->state, S("joined")))
        return true;
    *out = (struct room_person){.incident_id = i.id, .user_id = op->actor.id, .name = op->actor.name,
        .state = room_admit(may, in->purpose), .purpose = in->purpose.len ? in->purpose : STR_NONE, .since = op->now};
    if (!room_person_put(op->db, out, err))
        return false;
    if (str_eq(out->state, S("refused")))
        return true; /* they are told on their page; the timeline is no place for onlookers */
    return may ? op_say(op, i.id, "room", err, "%.*s joined the war room", STR(out->name))
               : op_say(op, i.id, "room", err, "%.*s asks to join the war room: %.*s", STR(out->name), STR(in->purpose));
}

/* True if the actor may decide about others. */
static bool may_admit(struct op *op, struct str incident_id, bool *out, struct error *err)
{
    struct room_person me = {0};
    struct str commander;
    bool found;

    if (!find_commander(op, incident_id, &commander, err) ||
        !room_person_get(op->db, op->arena, incident_id, op->actor.id, &me, &found, err))
        return false;
    *out = commander.len ? str_eq(commander, op->actor.id) : found && str_eq(me.state, S("joined"));
    return true;
}

bool engine_room_person(struct op *op, struct str ref, struct str user_id, const struct room_admission *in,
    struct room_person *out, struct error *err)
{
    struct incident i = {0};
    struct war_room r = {0};
    bool found, may;

    if (!open_room(op, ref, &i, &r, err) || !may_admit(op, i.id, &may, err) ||
        !room_person_get(op->db, op->arena, i.id, user_id, out, &found, err))
        return false;
    if (!found)
        return fail(err, NOT_FOUND, "there is no such person in the war room");
    bool myself = str_eq(user_id, op->actor.id) && str_eq(in->state, S("left"));
    if (!may && !myself)
        return fail(err, FORBIDDEN, "the commander lets people into the war room");
    if (str_eq(out->state, in->state))
        return true;
    out->state = in->state;
    out->since = op->now;
    return room_person_put(op->db, out, err) && (myself
        ? op_say(op, i.id, "room", err, "%.*s left the war room", STR(out->name))
        : op_say(op, i.id, "room", err, str_eq(in->state, S("joined")) ? "%.*s let into the war room"
              : str_eq(in->state, S("refused")) ? "%.*s not let into the war room" : "%.*s sent out of the war room",
              STR(out->name)));
}

/* --- check-ins --- */

bool engine_room_check_in(struct op *op, struct str ref, const struct check_in *in, struct war_room *out,
    struct error *err)
{
    const struct pack_war_room *w = &op->env->pack->war_room;
    struct json *data = json_object(op->arena);
    struct incident i = {0};
    struct buf text;
    bool any = false;

    if (!open_room(op, ref, &i, out, err))
        return false;
    buf_init(&text, op->arena, 16000);
    buf_printf(&text, "Check-in %lld", (long long)out->check_ins + 1);
    for (size_t k = 0; k < w->nquestions && k < ROOM_QUESTIONS; k++) {
        struct str answer = str_trim(check_in_answer(in, k));
        any |= answer.len > 0;
        if (answer.len)
            buf_printf(&text, "\n\n**%.*s** %.*s", STR(w->questions[k]), STR(answer));
    }
    if (!any)
        return fail_field(err, "answer_1", "one of the questions needs an answer");
    json_set_str(op->arena, data, S("text"), buf_str(&text));
    json_set_int(op->arena, data, S("check_in"), ++out->check_ins);
    out->missed_in_a_row = 0;
    return plan_check_in(op, out, instant_add(op->now, w->check_in_us), err) && save(op, out, err) &&
        op_event(op, i.id, "check_in", (instant){0}, 0, data, NULL, err);
}

bool engine_room_check_in_missed(struct op *op, struct str incident_id, struct error *err)
{
    int64_t period = op->env->pack->war_room.check_in_us;
    struct incident i = {0};
    struct war_room r = {0};
    instant due = {0}, next;

    if (!open_room(op, incident_id, &i, &r, err)) {
        bool closed = err->kind == ERROR_CONFLICT;
        *err = closed ? (struct error){0} : *err;
        return closed;
    }
    if (period <= 0 || !instant_is_set(r.next_check_in_at))
        return true;
    due = r.next_check_in_at;
    int64_t missed = room_missed(due, period, op->now, &next), before = r.missed_in_a_row;
    r.missed += missed;
    r.missed_in_a_row += missed;
    if (!plan_check_in(op, &r, next, err) || !save(op, &r, err))
        return false;
    return !room_missed_said(before, r.missed_in_a_row) ||
        op_tell(op, i.id, "check_in_missed", err, "Check-in missed: nobody has answered since %.*s UTC (%lld in a row, "
            "%lld in all)", STR(str_slice(time_text(op->arena, due), 11, 16)), (long long)r.missed_in_a_row,
            (long long)r.missed);
}

/* --- who works on what --- */

bool engine_resource(struct op *op, struct str ref, const struct resource_input *in, struct resource *out,
    struct error *err)
{
    struct incident i = {0};
    struct user u = {0};
    struct str user_id = in->user_id.len ? in->user_id : op->actor.id;

    if (!incident_find(op->db, op->arena, ref, &i, err))
        return false;
    if (!user_get(op->db, op->arena, user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    *out = (struct resource){.id = op_id(op, "res"), .incident_id = i.id, .user_id = u.id, .name = u.name,
        .work = in->work.len ? in->work : S(""), .from_at = op->now};
    if (!resource_end(op->db, i.id, u.id, op->now, err))
        return false;
    if (!in->work.len) {
        out->until_at = op->now;
        return op_say(op, i.id, "resource", err, "%.*s is free", STR(u.name));
    }
    return resource_add(op->db, out, err) &&
        op_say(op, i.id, "resource", err, "%.*s works on: %.*s", STR(u.name), STR(in->work));
}

/* --- settings --- */

static void check_link(struct str link, const char *field, struct error *err)
{
    if (link.len && !str_starts(link, S("https://")) && !str_starts(link, S("http://")))
        fail_name(err, str_from(field), "must be a link that begins with https://");
}

bool engine_room_settings(struct op *op, const struct room_settings *in, struct error *err)
{
    check_link(in->bridge, "bridge", err);
    check_link(in->backup, "backup", err);
    return err->kind == ERROR_NONE && room_settings_put(op->db, in, err) &&
        op_say(op, S("settings"), "room", err, "War room links changed");
}

/* --- what follows from the incident --- */

bool room_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool acked = instant_is_set(after->acknowledged_at), found;
    bool changed = !instant_is_set(before->acknowledged_at) || !str_eq(before->severity, after->severity) ||
        !str_eq(before->status, after->status);
    struct war_room r = {0};
    instant at;

    /* A record made afterwards has had its room. */
    if (!acked || !changed || (!before->id.len && after->detected_at.us < op->now.us))
        return true;
    if (before->is_open && !after->is_open)
        return timer_cancel(op->db, S("room_open"), after->id, err) &&
            room_get(op->db, op->arena, after->id, &r, &found, err) &&
            (!found || instant_is_set(r.closed_at) || close_now(op, after, &r, err));
    if (!room_wanted(op->env->pack, after, &at))
        return timer_cancel(op->db, S("room_open"), after->id, err);
    return at.us <= op->now.us ? engine_room_due(op, after->id, err) : op_timer(op, "room_open", after->id, at, err);
}

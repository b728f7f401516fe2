#include "web/room.h"

#include "domain/event.h"
#include "domain/pack.h"
#include "domain/room.h"
#include "engine/incident.h"
#include "engine/role.h"
#include "engine/room.h"
#include "store/event.h"
#include "store/incident.h"
#include "store/role.h"
#include "store/room.h"
#include "web/language.h"
#include "web/view.h"

#define SCRIBE_EVENTS 30
#define PRESENT_NAMES 20

/* --- what the page shows --- */

struct around { /* who is asking, in this room */
    bool commands, inside, admits, vacant; /* vacant: nobody commands */
    struct str state;              /* mine: waiting, refused, left… */
};

static struct json *person_view(struct request *req, const struct room_person *p, const struct incident *i,
    bool may_admit)
{
    struct json *o = fields_view(req->arena, room_person_fields, p);

    json_set_bool(req->arena, o, S("may_admit"), may_admit);
    json_set_str(req->arena, o, S("action"), str_printf(req->arena, "/incidents/%.*s/room/people/%.*s", STR(i->id), STR(p->user_id)));
    return o;
}

static bool people(struct request *req, const struct incident *i, struct json *o, struct around *me, struct error *err)
{
    struct json *joined = json_set(o, S("joined"), json_array(req->arena));
    struct json *waiting = json_set(o, S("waiting"), json_array(req->arena));
    struct list all, holders;

    if (!room_person_list(req->db, req->arena, i->id, &all, err) || !role_list(req->db, req->arena, i->id, &holders, err))
        return false;
    const struct role_holder *h = holders.v;
    me->vacant = true;
    for (size_t k = 0; k < holders.n; k++)
        if (str_eq(h[k].role, req->env->pack->commander)) {
            me->vacant = false;
            me->commands = str_eq(h[k].user_id, req->user.id);
        }
    const struct room_person *p = all.v;
    me->inside = me->commands;
    for (size_t k = 0; k < all.n; k++)
        if (str_eq(p[k].user_id, req->user.id)) {
            me->state = p[k].state;
            me->inside |= str_eq(p[k].state, S("joined"));
        }
    me->admits = me->vacant ? me->inside : me->commands;
    for (size_t k = 0; k < all.n; k++) {
        bool in = str_eq(p[k].state, S("joined"));
        if (in || str_eq(p[k].state, S("waiting")))
            json_push(in ? joined : waiting, person_view(req, &p[k], i, me->admits));
    }
    json_set_int(req->arena, o, S("joined_count"), (int64_t)joined->count);
    json_set_bool(req->arena, o, S("has_waiting"), waiting->count > 0);
    return true;
}

static void check_in_view(struct request *req, const struct war_room *r, struct json *o)
{
    const struct pack_war_room *w = &req->env->pack->war_room;
    struct json *c = json_set(o, S("check_in"), json_object(req->arena));
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < w->nquestions && k < ROOM_QUESTIONS; k++) {
        struct json *q = json_push(list, json_object(req->arena));
        json_set_str(req->arena, q, S("name"), str_printf(req->arena, "answer_%zu", k + 1));
        json_set_str(req->arena, q, S("text"), w->questions[k]);
    }
    json_set_int(req->arena, c, S("number"), r->check_ins + 1);
    json_set_str(req->arena, c, S("due_at"), time_text(req->arena, r->next_check_in_at));
    json_set_bool(req->arena, c, S("overdue"), r->next_check_in_at.us <= req->now.us);
    json_set_int(req->arena, c, S("missed"), r->missed);
    json_set(c, S("questions"), list);
}

/* The way in is for those who are let in: bridges are null for everybody else. */
static bool room_view(struct request *req, const struct incident *i, const struct war_room *r, struct json **out,
    struct error *err)
{
    const struct pack_war_room *w = &req->env->pack->war_room;
    struct json *o = *out = json_object(req->arena);
    struct around me = {0};
    bool open = !instant_is_set(r->closed_at);

    if (!people(req, i, o, &me, err))
        return false;
    struct json *rules = json_set(o, S("rules"), json_array(req->arena));
    for (size_t k = 0; k < w->nrules; k++)
        json_push(rules, json_string(req->arena, w->rules[k]));
    json_set_bool(req->arena, o, S("has_rules"), w->nrules > 0);
    json_set_bool(req->arena, o, S("open"), open);
    json_set_str(req->arena, o, S("channel"), r->channel);
    json_set_str(req->arena, o, S("opened_at"), time_text(req->arena, r->opened_at));
    json_set_str(req->arena, o, S("closed_at"), time_text(req->arena, r->closed_at));
    json_set_int(req->arena, o, S("check_ins"), r->check_ins);
    json_set_int(req->arena, o, S("missed"), r->missed);
    json_set_str(req->arena, o, S("bridge"), me.inside && r->bridge.len ? r->bridge : STR_NONE);
    json_set_str(req->arena, o, S("backup"), me.inside && r->backup.len ? r->backup : STR_NONE);
    json_set_str(req->arena, o, S("phone"), me.inside && r->phone.len ? r->phone : STR_NONE);
    json_set_bool(req->arena, o, S("has_bridge"), r->bridge.len > 0);
    json_set_bool(req->arena, o, S("inside"), me.inside);
    json_set_bool(req->arena, o, S("may_admit"), me.admits);
    json_set_bool(req->arena, o, S("may_close"), me.vacant || me.commands);
    json_set_bool(req->arena, o, S("asked"), str_eq(me.state, S("waiting")));
    json_set_bool(req->arena, o, S("refused"), str_eq(me.state, S("refused")));
    check_in_view(req, r, o);
    return true;
}

/* room: null before there was one; room_opens_at: when the pack's rule will open one. */
bool room_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *room = NULL, *work;
    struct war_room r = {0};
    struct list all;
    instant at = {0};
    bool found;

    if (!room_get(req->db, req->arena, i->id, &r, &found, err) || (found && !room_view(req, i, &r, &room, err)) ||
        !resource_list(req->db, req->arena, i->id, &all, err))
        return false;
    bool planned = !found && instant_is_set(i->acknowledged_at) && room_wanted(req->env->pack, i, &at) && at.us > req->now.us;
    struct str channel;
    if (!room_channel_name(req->arena, req->env->pack, i, &channel, err))
        return false;
    json_set_str(req->arena, o, S("channel"), channel);
    if (planned)
        incident_due(req, o, at, web_text(req, "War room"), "room");
    if (found && instant_is_set(r.next_check_in_at))
        incident_due(req, o, r.next_check_in_at, web_format(req, "Check-in %lld", (long long)r.check_ins + 1), "room");
    json_set(o, S("room"), room ? room : json_string(req->arena, STR_NONE));
    json_set_str(req->arena, o, S("room_opens_at"), planned ? time_text(req->arena, at) : STR_NONE);
    json_set_bool(req->arena, o, S("can_open_room"), i->is_open && req->env->pack->war_room.check_in_us > 0 &&
        (!found || instant_is_set(r.closed_at)));
    work = json_set(o, S("resources"), json_array(req->arena));
    const struct resource *v = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(work, fields_view(req->arena, resource_fields, &v[k]));
    json_set_bool(req->arena, o, S("has_resources"), all.n > 0);
    int64_t count;
    struct json *present = json_set(o, S("present"), web_present(req->web, req->arena, i->id, PRESENT_NAMES, &count));
    json_set_bool(req->arena, o, S("has_present"), present->count > 0);
    json_set_int(req->arena, o, S("present_count"), count);
    if (count > PRESENT_NAMES)
        json_set_int(req->arena, o, S("present_more"), count - PRESENT_NAMES);
    else
        json_set_str(req->arena, o, S("present_more"), STR_NONE);
    return true;
}

/* --- handlers --- */

static bool back(struct request *req, struct reply *out, const struct incident *i, struct error *err)
{
    struct war_room r = {0};
    bool found;

    reply_see(req, out, "/incidents/%.*s#room", STR(i->id));
    return req->html || (room_get(req->db, req->arena, i->id, &r, &found, err) && room_view(req, i, &r, &out->view, err));
}

bool post_incident_room(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct war_room r;

    return incident_for(req, req->params[0], &i, err) && engine_room_open(req->op, i.id, &r, err) && back(req, out, &i, err);
}

bool post_room_close(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct war_room r = {0};

    return incident_for(req, req->params[0], &i, err) && engine_room_close(req->op, i.id, &r, err) && back(req, out, &i, err);
}

bool post_room_join(struct request *req, struct reply *out, struct error *err)
{
    struct room_join in = {0};
    struct room_person p = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && incident_for(req, req->params[0], &i, err) &&
        engine_room_join(req->op, i.id, &in, &p, err) && back(req, out, &i, err);
}

bool post_room_person(struct request *req, struct reply *out, struct error *err)
{
    struct room_admission in = {0};
    struct room_person p = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && incident_for(req, req->params[0], &i, err) &&
        engine_room_person(req->op, i.id, req->params[1], &in, &p, err) && back(req, out, &i, err);
}

bool post_room_check_in(struct request *req, struct reply *out, struct error *err)
{
    struct check_in in = {0};
    struct war_room r = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && incident_for(req, req->params[0], &i, err) &&
        engine_room_check_in(req->op, i.id, &in, &r, err) && back(req, out, &i, err);
}

bool post_incident_resources(struct request *req, struct reply *out, struct error *err)
{
    struct resource_input in = {0};
    struct resource r;
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_resource(req->op, i.id, &in, &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#work", STR(i.id));
    out->view = fields_view(req->arena, resource_fields, &r);
    return true;
}

/* --- the scribe: one box, the latest entries below it --- */

static bool scribe_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    struct list events;

    if (!incident_row_view(req, i, out, err) ||
        !store_list(req->db, req->arena, Q_EVENT_LATEST, ARGS(v_text(i->id), v_int(SCRIBE_EVENTS)), event_fields,
            sizeof(struct event), &events, err))
        return false;
    json_set(*out, S("events"), events_view(req, &events, instant_is_set(i->started_at) ? i->started_at : i->detected_at));
    return true;
}

bool get_incident_scribe(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};

    if (!incident_for(req, req->params[0], &i, err) || !scribe_view(req, &i, &out->view, err))
        return false;
    out->about = i.id;
    out->title = str_printf(req->arena, "%.*s · %.*s", STR(web_text(req, "Scribe")), STR(i.title));
    return true;
}

bool post_incident_scribe(struct request *req, struct reply *out, struct error *err)
{
    struct scribe_input in = {0};
    struct incident_note note = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err))
        return false;
    note.kind = scribe_kind(in.text, &note.text);
    if (!engine_note(req->op, i.id, &note, &i, err))
        return false;
    reply_see(req, out, "/incidents/%.*s/scribe", STR(i.id));
    return req->html || scribe_view(req, &i, &out->view, err);
}

/* --- settings --- */

bool get_admin_room(struct request *req, struct reply *out, struct error *err)
{
    struct room_settings set = {0};
    struct json *people;
    struct list turns;

    if (!room_settings_get(req->db, req->arena, &set, err) || !role_turn_list(req->db, req->arena, &turns, err) ||
        !responders_view(req, &people, err))
        return false;
    struct json *v = out->view = fields_view(req->arena, room_settings_fields, &set);
    struct json *list = json_set(v, S("turns"), json_array(req->arena));
    const struct role_turn *t = turns.v;
    size_t next = role_next_turn(t, turns.n);
    for (size_t k = 0; k < turns.n; k++)
        json_set_bool(req->arena, json_push(list, fields_view(req->arena, role_turn_fields, &t[k])), S("next"), k == next);
    json_set_bool(req->arena, v, S("has_turns"), turns.n > 0);
    json_set(v, S("responders"), people);
    out->title = web_text(req, "War room");
    return true;
}

bool post_admin_room(struct request *req, struct reply *out, struct error *err)
{
    struct room_settings in = {0};

    if (!web_input(req, &in, NULL, err) || !engine_room_settings(req->op, &in, err))
        return false;
    reply_see(req, out, "/admin/war-room?said=saved");
    return req->html || get_admin_room(req, out, err);
}

bool post_admin_turns(struct request *req, struct reply *out, struct error *err)
{
    struct role_turn_input in = {0};

    if (!web_input(req, &in, NULL, err) || !engine_turn_add(req->op, in.user_id, err))
        return false;
    reply_see(req, out, "/admin/war-room?said=added");
    return req->html || get_admin_room(req, out, err);
}

bool post_admin_turn_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!engine_turn_remove(req->op, req->params[0], err))
        return false;
    reply_see(req, out, "/admin/war-room?said=removed");
    return req->html || get_admin_room(req, out, err);
}

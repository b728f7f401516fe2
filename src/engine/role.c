#include "engine/role.h"

#include "base/buf.h"
#include "base/json.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/user.h"
#include "engine/incident.h"
#include "engine/notice.h"
#include "engine/room.h"
#include "store/incident.h"
#include "store/role.h"
#include "store/timer.h"
#include "store/user.h"
#include "text/language.h"

#define CHASE_US (5 * MINUTE_US)  /* a role without a holder is chased once, this long after the acknowledgement */
#define ANSWER_US (5 * MINUTE_US) /* a request without an answer is spoken of after this long */

static const struct role_holder *holder_of(const struct list *holders, struct str role)
{
    const struct role_holder *v = holders->v;

    for (size_t k = 0; k < holders->n; k++)
        if (str_eq(v[k].role, role))
            return &v[k];
    return NULL;
}

static struct str duties(struct op *op, const struct pack_role *role)
{
    struct buf b;

    buf_init(&b, op->arena, 20000);
    for (size_t k = 0; k < role->nduties; k++)
        buf_printf(&b, "%s- %.*s", k ? "\n" : "", STR(role->duties[k]));
    return buf_str(&b);
}

/* One entry for one hand-over, with both names in its data for those who count them later. */
static bool tell_change(struct op *op, const struct incident *i, const struct pack_role *role,
    const struct role_holder *was, const struct user *now, const struct incident_change *in, struct error *err)
{
    struct str reason = in->reason;
    struct json *data = json_object(op->arena);
    struct str text;

    if (was && now)
        text = str_printf(op->arena, "%.*s handed over from %.*s to %.*s%s%.*s", STR(role->name), STR(was->name),
            STR(now->name), reason.len ? ": " : "", STR(reason));
    else
        text = str_printf(op->arena, "%.*s: %.*s%s%.*s", STR(role->name), STR(now ? now->name : S("nobody any more")),
            reason.len ? ". " : "", STR(reason));
    json_set_str(op->arena, data, S("text"), text);
    json_set_str(op->arena, data, S("role"), role->id);
    json_set_str(op->arena, data, S("from"), was ? was->user_id : STR_NONE);
    json_set_str(op->arena, data, S("to"), now ? now->id : STR_NONE);
    return op_event(op, i->id, "role", in->at, 0, data, NULL, err);
}

static bool tell_holder(struct op *op, const struct incident *i, const struct pack_role *role, const struct user *u,
    struct str reason, struct error *err)
{
    struct str about = reason.len ? str_printf(op->arena, "%.*s\n\n%.*s", STR(reason), STR(duties(op, role)))
                                  : duties(op, role);

    if (str_eq(op->actor.id, u->id))
        return true; /* they did it themselves, and see it on the page */
    return notice_send(op, i, u->id, &(struct notice){.lead = N_("%.*s has given you the role: %.*s"),
        .values = {op->actor.name, role->name}, .text = about}, err);
}

/* Whoever commands should not repair at the same time: said when it comes about. */
static bool warn_if_fixing(struct op *op, const struct incident *i, struct error *err)
{
    const struct pack *p = op->env->pack;
    struct list holders;

    if (!role_list(op->db, op->arena, i->id, &holders, err))
        return false;
    const struct role_holder *c = holder_of(&holders, p->commander), *v = holders.v;
    for (size_t k = 0; c && k < holders.n; k++) {
        const struct pack_role *role = pack_role_find(p, v[k].role);
        if (role && role->repairs && str_eq(v[k].user_id, c->user_id))
            return op_tell(op, i->id, "warning", err, "%.*s commands and is also %.*s: a commander who repairs does "
                "not command. Hand one of the two over", STR(c->name), STR(role->name));
    }
    return true;
}

/* A change that is written down later belongs between what was and now: history does not overlap. */
static bool check_at(struct op *op, const struct incident *i, struct str role, instant at, struct error *err)
{
    struct list all;

    if (at.us > op->now.us + MINUTE_US)
        return fail_field(err, "at", "must not be in the future");
    if (!instant_is_set(at))
        return true;
    if (!role_term_list(op->db, op->arena, i->id, &all, err))
        return false;
    const struct role_term *t = all.v;
    for (size_t k = 0; k < all.n; k++)
        if (str_eq(t[k].role, role) && (at.us < t[k].from_at.us || at.us < t[k].to_at.us))
            return fail_field(err, "at", "%.*s had it then", STR(t[k].name));
    return true;
}

static bool give(struct op *op, struct incident *i, const struct pack_role *role, const struct user *u,
    const struct incident_change *in, struct error *err)
{
    instant at = instant_is_set(in->at) ? in->at : op->now;
    struct list holders;

    if (!role_list(op->db, op->arena, i->id, &holders, err) || !check_at(op, i, role->id, in->at, err))
        return false;
    const struct role_holder *was = holder_of(&holders, role->id);
    if (was ? u && str_eq(was->user_id, u->id) : !u)
        return true;
    if (!role_term_end(op->db, i->id, role->id, at, err) || !incident_save(op, i, err))
        return false;
    if (!u)
        return role_delete(op->db, i->id, role->id, err) && tell_change(op, i, role, was, NULL, in, err);
    struct role_term term = {.id = op_id(op, "term"), .incident_id = i->id, .role = role->id, .user_id = u->id,
        .name = u->name, .from_at = at, .reason = in->reason.len ? in->reason : STR_NONE};
    bool commands = str_eq(role->id, op->env->pack->commander);
    return role_term_add(op->db, &term, err) && role_put(op->db, i->id, role->id, u->id, at, err) &&
        tell_change(op, i, role, was, u, in, err) && tell_holder(op, i, role, u, in->reason, err) &&
        room_expect(op, i->id, u->id, u->name, err) &&
        (!commands || db_exec(op->db, Q_TURN_LED, NULL, ARGS(v_text(u->id), v_time(op->now)), err)) &&
        ((!commands && !role->repairs) || warn_if_fixing(op, i, err));
}

bool engine_role(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err)
{
    const struct pack *p = op->env->pack;
    const struct pack_role *role = pack_role_find(p, in->role);
    struct user u = {0};

    if (!role)
        return fail_field(err, "role", "is not a role of the policy pack %.*s", STR(p->id));
    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    if (!in->user_id.len && out->is_open && str_eq(role->id, p->commander))
        return fail_field(err, "user_id", "somebody has to command: hand it over instead");
    if (!in->user_id.len)
        return give(op, out, role, NULL, in, err);
    if (!user_get(op->db, op->arena, in->user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    if (u.disabled)
        return fail_field(err, "user_id", "%.*s is disabled", STR(u.name));
    return give(op, out, role, &u, in, err);
}

/* --- asking people to come --- */

static bool check_request(struct op *op, const struct incident *i, const struct request_input *in, struct user *u,
    struct error *err)
{
    int64_t open = 0;

    if (!i->is_open)
        return fail(err, CONFLICT, "%.*s is over; nobody has to come", STR(i->number));
    if (in->role.len && !pack_role_find(op->env->pack, in->role))
        return fail_field(err, "role", "is not a role of the policy pack %.*s", STR(op->env->pack->id));
    if (!user_get(op->db, op->arena, in->user_id, u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    if (u->disabled)
        return fail_field(err, "user_id", "%.*s is disabled", STR(u->name));
    if (role_of(u->role) < ROLE_RESPONDER)
        return fail_field(err, "user_id", "%.*s may only look on", STR(u->name));
    if (!store_count(op->db, Q_REQUEST_OPEN_OF, ARGS(v_text(i->id), v_text(u->id)), &open, err))
        return false;
    return open == 0 || fail_field(err, "user_id", "%.*s has been asked and has not answered yet", STR(u->name));
}

bool engine_request(struct op *op, struct str ref, const struct request_input *in, struct responder_request *out,
    struct error *err)
{
    struct incident i = {0};
    struct user u = {0};
    bool reached;

    if (!incident_find(op->db, op->arena, ref, &i, err) || !check_request(op, &i, in, &u, err))
        return false;
    const struct pack_role *role = in->role.len ? pack_role_find(op->env->pack, in->role) : NULL;
    struct str message = in->message.ptr ? in->message : S("");
    *out = (struct responder_request){.id = op_id(op, "ask"), .incident_id = i.id, .role = role ? role->id : STR_NONE,
        .user_id = u.id, .user_name = u.name, .asked_by = op->actor.id, .asked_name = op->actor.name,
        .message = message, .state = S("open"), .asked_at = op->now};
    struct notice ask = {.lead = role ? N_("%.*s asks you to come as %.*s") : N_("%.*s asks you to come and help"),
        .values = {op->actor.name, role ? role->name : STR_NONE}, .text = message};
    return request_add(op->db, out, err) &&
        op_say(op, i.id, "request", err, "%.*s asked to come%s%.*s%s%.*s", STR(u.name), role ? " as " : "",
            STR(role ? role->name : S("")), message.len ? ": " : "", STR(message)) &&
        notice_ask(op, &i, u.id, &ask, out->id, &reached, err) &&
        (reached || op_tell(op, i.id, "unreachable", err, "%.*s has switched off every contact", STR(u.name))) &&
        op_timer(op, "request_silent", out->id, instant_add(op->now, ANSWER_US), err);
}

/* Tells whoever asked; a request of Tocsin's own has nobody to tell. */
static bool tell_asker(struct op *op, const struct incident *i, const struct responder_request *r, const char *lead,
    struct str text, struct error *err)
{
    return notice_send(op, i, r->asked_by, &(struct notice){.lead = lead, .values = {r->user_name}, .text = text}, err);
}

static bool accepted(struct op *op, struct incident *i, const struct responder_request *r, struct error *err)
{
    const struct pack_role *role = r->role.len ? pack_role_find(op->env->pack, r->role) : NULL;
    struct user u = {0};
    struct list holders;

    if (!op_say(op, i->id, "request", err, "%.*s accepts%s%.*s", STR(r->user_name), r->answer.len ? ": " : "",
            STR(r->answer)) || !room_expect(op, i->id, r->user_id, r->user_name, err) ||
        !role_list(op->db, op->arena, i->id, &holders, err))
        return false;
    if (!role || holder_of(&holders, role->id))
        return true;
    return user_get(op->db, op->arena, r->user_id, &u, err) && give(op, i, role, &u, &(struct incident_change){0}, err);
}

bool engine_request_answer(struct op *op, struct str id, const struct request_answer *in,
    struct responder_request *out, struct error *err)
{
    struct incident i = {0};
    bool accept = str_eq(in->answer, S("accept")), first;

    if (!request_get(op->db, op->arena, id, out, err) || !incident_get(op->db, op->arena, out->incident_id, &i, err))
        return false;
    if (!str_eq(out->user_id, op->actor.id))
        return fail(err, FORBIDDEN, "%.*s was asked, and nobody else", STR(out->user_name));
    if (!i.is_open || !str_eq(out->state, S("open")))
        return true;
    out->state = accept ? S("accepted") : S("declined");
    out->answer = in->reason.len ? in->reason : STR_NONE;
    out->answered_at = op->now;
    if (!request_answered(op->db, out, &first, err) || !timer_cancel(op->db, S("request_silent"), id, err))
        return false;
    if (!first)
        return true;
    if (accept)
        return accepted(op, &i, out, err);
    return op_say(op, i.id, "request", err, "%.*s declines%s%.*s", STR(out->user_name), out->answer.len ? ": " : "",
               STR(out->answer)) &&
        tell_asker(op, &i, out, N_("%.*s cannot come"), out->answer, err);
}

bool engine_request_silent(struct op *op, struct str id, struct error *err)
{
    struct responder_request r = {0};
    struct incident i = {0};

    if (!request_get(op->db, op->arena, id, &r, err) || !incident_get(op->db, op->arena, r.incident_id, &i, err))
        return false;
    if (!i.is_open || !str_eq(r.state, S("open")))
        return true;
    return op_tell(op, i.id, "request", err, "%.*s has not answered for 5 minutes", STR(r.user_name)) &&
        tell_asker(op, &i, &r, N_("%.*s has not answered yet"), STR_NONE, err);
}

/* --- turns at commanding --- */

bool engine_turn_add(struct op *op, struct str user_id, struct error *err)
{
    struct user u = {0};
    struct list turns;

    if (!user_get(op->db, op->arena, user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    if (role_of(u.role) < ROLE_RESPONDER)
        return fail_field(err, "user_id", "%.*s may only look on", STR(u.name));
    if (!role_turn_list(op->db, op->arena, &turns, err))
        return false;
    if (turns.n >= ROLE_MAX_TURNS)
        return fail_field(err, "user_id", "at most %d people take turns", ROLE_MAX_TURNS);
    const struct role_turn *v = turns.v;
    int64_t last = turns.n ? v[turns.n - 1].position : 0;
    return db_exec(op->db, Q_TURN_PUT, NULL, ARGS(v_text(u.id), v_int(last + 1)), err) &&
        op_say(op, S("commanders"), "turn", err, "%.*s takes turns at commanding", STR(u.name));
}

bool engine_turn_remove(struct op *op, struct str user_id, struct error *err)
{
    return store_delete(op->db, Q_TURN_DELETE, ARGS(v_text(user_id)), "turn", err) &&
        op_say(op, S("commanders"), "turn", err, "%.*s takes no more turns at commanding", STR(user_id));
}

/* --- what nobody holds --- */

/* Names of the roles wanted at this severity that nobody holds; empty if there are none. */
static struct str missing(struct op *op, const struct incident *i, const struct list *holders)
{
    const struct pack *p = op->env->pack;
    struct buf names;

    buf_init(&names, op->arena, 2000);
    for (size_t k = 0; k < p->nroles; k++)
        if (role_required(p, &p->roles[k], i->severity) && !holder_of(holders, p->roles[k].id))
            buf_printf(&names, "%s%.*s", names.len ? ", " : "", STR(p->roles[k].name));
    return buf_str(&names);
}

bool engine_roles_chase(struct op *op, struct str incident_id, struct error *err)
{
    struct incident i = {0};
    struct list holders;

    if (!incident_get(op->db, op->arena, incident_id, &i, err) || !role_list(op->db, op->arena, i.id, &holders, err))
        return false;
    struct str names = i.is_open ? missing(op, &i, &holders) : STR_NONE;
    if (!names.len)
        return true;
    const struct role_holder *c = holder_of(&holders, op->env->pack->commander);
    return op_tell(op, i.id, "role", err, "Nobody has taken these roles yet: %.*s", STR(names)) &&
        notice_send(op, &i, c ? c->user_id : i.acknowledged_by,
            &(struct notice){.lead = N_("Nobody has taken these roles yet: %.*s"), .values = {names}}, err);
}

static bool propose_commander(struct op *op, const struct incident *i, struct error *err)
{
    const struct pack_role *role = pack_role_find(op->env->pack, op->env->pack->commander);
    struct list holders, turns;

    if (!role_required(op->env->pack, role, i->severity))
        return true;
    if (!role_list(op->db, op->arena, i->id, &holders, err) || !role_turn_list(op->db, op->arena, &turns, err))
        return false;
    const struct role_turn *v = turns.v;
    size_t next = role_next_turn(v, turns.n);
    if (holder_of(&holders, role->id) || next == turns.n)
        return true;
    return op_tell(op, i->id, "role", err, "Next in turn as %.*s: %.*s", STR(role->name), STR(v[next].name));
}

bool role_follow(struct op *op, const struct incident *before, const struct incident *after, struct error *err)
{
    bool acked = instant_is_set(after->acknowledged_at);
    bool begins = acked && (!instant_is_set(before->acknowledged_at) || !str_eq(before->severity, after->severity));

    if (before->is_open && !after->is_open)
        return timer_cancel(op->db, S("roles_chase"), after->id, err);
    /* A record made afterwards is nobody's to command. */
    if (!begins || !after->is_open || !after->severity.len || (!before->id.len && after->detected_at.us < op->now.us))
        return true;
    return propose_commander(op, after, err) &&
        op_timer(op, "roles_chase", after->id, instant_add(op->now, CHASE_US), err);
}

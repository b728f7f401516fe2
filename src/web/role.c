#include "web/role.h"

#include "base/sign.h"
#include "domain/pack.h"
#include "domain/role.h"
#include "engine/role.h"
#include "store/incident.h"
#include "store/role.h"
#include "store/user.h"
#include "web/language.h"
#include "web/view.h"

static struct str role_name(const struct request *req, struct str id)
{
    const struct pack_role *r = id.len ? pack_role_find(req->env->pack, id) : NULL;

    return r ? r->name : id;
}

static struct json *texts(struct arena *a, const struct str *v, size_t n)
{
    struct json *list = json_array(a);

    for (size_t k = 0; k < n; k++)
        json_push(list, json_string(a, v[k]));
    return list;
}

static const struct role_holder *holder_of(const struct list *holders, struct str role)
{
    const struct role_holder *v = holders->v;

    for (size_t k = 0; k < holders->n; k++)
        if (str_eq(v[k].role, role))
            return &v[k];
    return NULL;
}

/* --- what the page shows --- */

/* my_roles: what the signed-in person holds, with the duties; a moved-on incident asks nothing of them. */
static void my_roles(struct request *req, const struct incident *i, const struct list *holders, struct json *o)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_set(o, S("my_roles"), json_array(req->arena));

    for (size_t k = 0; k < p->nroles && i->is_open; k++) {
        const struct role_holder *h = holder_of(holders, p->roles[k].id);
        if (!h || !str_eq(h->user_id, req->user.id))
            continue;
        struct json *r = json_push(list, json_object(req->arena));
        json_set_str(req->arena, r, S("role"), p->roles[k].id);
        json_set_str(req->arena, r, S("name"), p->roles[k].name);
        json_set(r, S("duties"), texts(req->arena, p->roles[k].duties, p->roles[k].nduties));
    }
    json_set_bool(req->arena, o, S("has_my_roles"), list->count > 0);
}

/* missing_roles: what the severity asks for and nobody holds; commander_next: whose turn it is. */
static bool vacancies(struct request *req, const struct incident *i, const struct list *holders, struct json *o,
    struct error *err)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_set(o, S("missing_roles"), json_array(req->arena)), *next = NULL;
    bool commander = false;
    struct list turns;

    for (size_t k = 0; k < p->nroles && i->is_open; k++)
        if (role_required(p, &p->roles[k], i->severity) && !holder_of(holders, p->roles[k].id)) {
            json_push(list, view_ref(req->arena, p->roles[k].id, p->roles[k].name));
            commander |= str_eq(p->roles[k].id, p->commander);
        }
    json_set_bool(req->arena, o, S("has_missing_roles"), list->count > 0);
    if (commander) {
        if (!role_turn_list(req->db, req->arena, &turns, err))
            return false;
        const struct role_turn *v = turns.v;
        size_t at = role_next_turn(v, turns.n);
        next = at < turns.n ? view_ref(req->arena, v[at].user_id, v[at].name) : NULL;
    }
    json_set(o, S("commander_next"), next ? next : json_string(req->arena, STR_NONE));
    json_set_str(req->arena, o, S("commander_role"), p->commander);
    json_set_str(req->arena, o, S("commander_name"), role_name(req, p->commander));
    return true;
}

/* commander_fixing: in words, when whoever commands holds a role that repairs, or has logged actions
 * since they command. */
static bool fixing(struct request *req, const struct incident *i, const struct list *holders, struct json *o,
    struct error *err)
{
    const struct pack *p = req->env->pack;
    const struct role_holder *c = holder_of(holders, p->commander), *v = holders->v;
    struct str said = STR_NONE;
    int64_t actions = 0;

    for (size_t k = 0; c && i->is_open && k < holders->n; k++) {
        const struct pack_role *role = pack_role_find(p, v[k].role);
        if (role && role->repairs && str_eq(v[k].user_id, c->user_id))
            said = web_format(req, "%.*s commands and is also %.*s. A commander who repairs does not command: hand one of the two over.", STR(c->name), STR(role->name));
    }
    if (c && i->is_open && !said.len) {
        if (!store_count(req->db, Q_EVENT_COUNT_OF_ACTOR, ARGS(v_text(i->id), v_text(S("mitigation")), v_text(c->user_id), v_time(c->assigned_at)), &actions, err))
            return false;
        if (actions > 0)
            said = web_format(req, "%.*s commands and has carried out actions. A commander who repairs does not command: let somebody else do it.", STR(c->name));
    }
    json_set_str(req->arena, o, S("commander_fixing"), said);
    return true;
}

static struct json *request_view(struct request *req, const struct responder_request *r)
{
    struct json *o = fields_view(req->arena, responder_request_fields, r);

    json_set_str(req->arena, o, S("role_name"), r->role.len ? role_name(req, r->role) : STR_NONE);
    return o;
}

/* requests: who was asked; my_request: the one that waits for the signed-in person. */
static bool requests(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("requests"), json_array(req->arena)), *mine = NULL;
    struct list all;

    if (!request_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct responder_request *r = all.v;
    for (size_t k = 0; k < all.n; k++) {
        json_push(list, request_view(req, &r[k]));
        if (i->is_open && str_eq(r[k].state, S("open")) && str_eq(r[k].user_id, req->user.id))
            mine = request_view(req, &r[k]);
    }
    json_set_bool(req->arena, o, S("has_requests"), all.n > 0);
    json_set(o, S("my_request"), mine ? mine : json_string(req->arena, STR_NONE));
    return true;
}

static struct json *term_view(struct request *req, const struct role_term *t)
{
    struct json *o = fields_view(req->arena, role_term_fields, t);

    json_set_str(req->arena, o, S("role_name"), role_name(req, t->role));
    return o;
}

/* role_history: every term that has ended; those that last are in `roles`. */
static bool history(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("role_history"), json_array(req->arena));
    struct list all;

    if (!role_term_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct role_term *t = all.v;
    for (size_t k = 0; k < all.n; k++)
        if (instant_is_set(t[k].to_at))
            json_push(list, term_view(req, &t[k]));
    json_set_bool(req->arena, o, S("has_role_history"), list->count > 0);
    return true;
}

bool role_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct list holders;

    if (!role_list(req->db, req->arena, i->id, &holders, err))
        return false;
    my_roles(req, i, &holders, o);
    return vacancies(req, i, &holders, o, err) && fixing(req, i, &holders, o, err) && requests(req, i, o, err) && history(req, i, o, err);
}

/* --- handlers --- */

bool get_incident_roles(struct request *req, struct reply *out, struct error *err)
{
    struct str at = web_query(req, "at");
    struct incident i = {0};
    struct list all;
    instant when;

    if (!incident_for(req, req->params[0], &i, err))
        return false;
    if (at.len && !time_parse(at, &when))
        return fail_field(err, "at", "must be a time such as 2026-11-21T03:20:00Z");
    if (at.len ? !role_term_at(req->db, req->arena, i.id, when, &all, err)
               : !role_term_list(req->db, req->arena, i.id, &all, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    struct json *items = json_set(v, S("items"), json_array(req->arena));
    const struct role_term *t = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(items, term_view(req, &t[k]));
    json_set_str(req->arena, v, S("next"), STR_NONE);
    return true;
}

bool post_incident_roles(struct request *req, struct reply *out, struct error *err)
{
    struct incident_change in = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_role(req->op, i.id, &in, &i, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#roles", STR(i.id));
    return req->html || incident_view(req, &i, &out->view, err);
}

bool post_incident_requests(struct request *req, struct reply *out, struct error *err)
{
    struct request_input in = {0};
    struct responder_request r;
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_request(req->op, i.id, &in, &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#roles", STR(i.id));
    out->view = request_view(req, &r);
    return true;
}

bool post_incident_request(struct request *req, struct reply *out, struct error *err)
{
    struct request_answer in = {0};
    struct responder_request r = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !request_get(req->db, req->arena, req->params[1], &r, err))
        return false;
    if (!str_eq(r.incident_id, i.id))
        return fail(err, NOT_FOUND, "%.*s has no such request", STR(i.number));
    if (!engine_request_answer(req->op, r.id, &in, &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s", STR(i.id));
    out->view = request_view(req, &r);
    return true;
}

/* --- the link in a request --- */

static bool read_link(struct request *req, struct responder_request *r, struct incident *i, struct error *err)
{
    struct link link;

    if (!link_read(&req->env->links, req->params[0], req->now, &link, err))
        return false;
    if (!str_eq(link.action, S("respond")))
        return fail(err, FORBIDDEN, "this link does something else");
    return request_get(req->db, req->arena, link.subject, r, err) &&
        incident_get(req->db, req->arena, r->incident_id, i, err);
}

static bool respond_view(struct request *req, struct reply *out, const struct responder_request *r,
    const struct incident *i, struct error *err)
{
    struct json *v;

    if (!incident_row_view(req, i, &v, err))
        return false;
    json_set_str(req->arena, v, S("summary"), i->summary.len ? i->summary : STR_NONE);
    json_set_bool(req->arena, v, S("over"), !i->is_open);
    json_set_str(req->arena, v, S("action"), str_printf(req->arena, "/r/%.*s", STR(req->params[0])));
    json_set_str(req->arena, v, S("web_url"), str_printf(req->arena, "/incidents/%.*s", STR(i->id)));
    json_set(v, S("request"), request_view(req, r));
    json_set_bool(req->arena, v, S("open"), i->is_open && str_eq(r->state, S("open")));
    json_set_bool(req->arena, v, S("accepted"), str_eq(r->state, S("accepted")));
    json_set_bool(req->arena, v, S("declined"), str_eq(r->state, S("declined")));
    out->view = v;
    out->title = i->title;
    return true;
}

/* GET changes nothing: mail scanners follow links. */
bool get_respond_link(struct request *req, struct reply *out, struct error *err)
{
    struct responder_request r = {0};
    struct incident i = {0};

    return read_link(req, &r, &i, err) && respond_view(req, out, &r, &i, err);
}

bool post_respond_link(struct request *req, struct reply *out, struct error *err)
{
    struct request_answer in = {0};
    struct responder_request r = {0};
    struct incident i = {0};

    if (!read_link(req, &r, &i, err) || !web_input(req, &in, NULL, err))
        return false;
    req->op->actor = (struct actor){S("link"), r.user_id, r.user_name};
    if (!engine_request_answer(req->op, r.id, &in, &r, err))
        return false;
    reply_see(req, out, "/r/%.*s", STR(req->params[0]));
    return req->html || respond_view(req, out, &r, &i, err);
}

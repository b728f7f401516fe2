#include "web/access.h"

#include "domain/access.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/postmortem.h"
#include "engine/access.h"
#include "store/access.h"
#include "store/incident.h"
#include "store/postmortem.h"
#include "web/incident_view.h"
#include "web/language.h"

#define RESTRICTED 100

bool incident_visible(struct request *req, const struct incident *i, bool *out, struct error *err)
{
    *out = !i->restricted;
    return *out || !req->signed_in || access_sees(req->db, i->id, req->user.id, out, err);
}

bool incidents_visible(struct request *req, struct list *incidents, struct error *err)
{
    struct incident *v = incidents->v;
    size_t kept = 0;
    bool visible;

    for (size_t k = 0; k < incidents->n; k++) {
        if (!incident_visible(req, &v[k], &visible, err))
            return false;
        if (visible)
            v[kept++] = v[k];
    }
    incidents->n = kept;
    return true;
}

bool postmortem_visible(struct request *req, struct str postmortem_id, bool *out, struct error *err)
{
    struct postmortem pm = {0};
    struct incident i = {0};

    return postmortem_get(req->db, req->arena, postmortem_id, &pm, err) &&
        incident_get(req->db, req->arena, pm.incident_id, &i, err) && incident_visible(req, &i, out, err);
}

/* --- the gate --- */

static bool about(const struct request *req, const char *pattern)
{
    return str_starts(str_from(req->route->pattern), str_from(pattern));
}

bool access_gate(struct request *req, struct error *err)
{
    struct incident i = {0};
    struct action_item item = {0};
    bool visible = true;

    if (req->route->flags & WEB_UNSEEN)
        return true;
    if (about(req, "/incidents/{id}"))
        return incident_for(req, req->params[0], &i, err);
    if (about(req, "/postmortems/{id}"))
        return postmortem_visible(req, req->params[0], &visible, err) &&
            (visible || fail(err, NOT_FOUND, "no such postmortem"));
    if (about(req, "/action-items/{id}"))
        return action_get(req->db, req->arena, req->params[0], &item, err) &&
            postmortem_visible(req, item.postmortem_id, &visible, err) &&
            (visible || fail(err, NOT_FOUND, "no such action item"));
    return true;
}

/* --- letting people in --- */

INCIDENT_CHANGE(post_incident_restriction, struct access_change, engine_restrict, "#access")
INCIDENT_CHANGE(post_incident_restriction_lift, struct access_change, engine_unrestrict, "#access")
INCIDENT_CHANGE(post_incident_members, struct access_change, engine_invite, "#access")
INCIDENT_CHANGE(post_incident_break_glass, struct access_change, engine_break_glass, "#access")

bool post_incident_member_remove(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    bool visible;

    if (!engine_uninvite(req->op, req->params[0], req->params[1], &i, err) || !incident_visible(req, &i, &visible, err))
        return false;
    if (visible)
        return incident_changed(req, out, &i, "#access", err);
    reply_see(req, out, "/incidents"); /* they have let themselves out */
    out->view = json_object(req->arena);
    return true;
}

static struct str why_text(struct request *req, const struct member *m)
{
    const struct pack *p = req->env->pack;

    if (str_eq(m->why, S("role")))
        for (size_t k = 0; k < p->nroles; k++)
            if (str_eq(p->roles[k].id, m->detail))
                return p->roles[k].name;
    if (str_eq(m->why, S("declared")))
        return web_text(req, "declared it");
    if (str_eq(m->why, S("acknowledged")))
        return web_text(req, "acknowledged it");
    return str_eq(m->why, S("paged")) ? web_text(req, "was paged") : m->detail;
}

bool access_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *list = json_array(req->arena), *one = NULL;
    struct list members;

    if (!i->restricted) {
        json_set(o, S("members"), list);
        return true;
    }
    if (!access_members(req->db, req->arena, i->id, &members, err))
        return false;
    const struct member *m = members.v;
    for (size_t k = 0; k < members.n;) {
        struct str why = STR_NONE, id = m[k].user_id;
        bool invited = false;
        one = json_push(list, json_object(req->arena));
        json_set_str(req->arena, one, S("user_id"), id);
        json_set_str(req->arena, one, S("name"), m[k].name);
        for (; k < members.n && str_eq(m[k].user_id, id); k++) {
            struct str text = why_text(req, &m[k]);
            invited |= str_eq(m[k].why, S("invited"));
            why = why.len ? str_printf(req->arena, "%.*s; %.*s", STR(why), STR(text)) : text;
        }
        json_set_str(req->arena, one, S("why"), why);
        json_set_bool(req->arena, one, S("invited"), invited);
    }
    json_set(o, S("members"), list);
    return true;
}

bool restricted_view(struct request *req, struct json **out, struct error *err)
{
    struct list all;
    bool visible;

    *out = json_array(req->arena);
    if (!store_list(req->db, req->arena, Q_ACCESS_RESTRICTED_LIST, ARGS(v_int(RESTRICTED)), incident_fields,
            sizeof(struct incident), &all, err))
        return false;
    const struct incident *v = all.v;
    for (size_t k = 0; k < all.n; k++) {
        if (!incident_visible(req, &v[k], &visible, err))
            return false;
        if (visible)
            continue;
        struct json *o = json_push(*out, json_object(req->arena));
        json_set_str(req->arena, o, S("id"), v[k].id);
        json_set_str(req->arena, o, S("number"), v[k].number);
        json_set_str(req->arena, o, S("declared_at"), time_text(req->arena, v[k].declared_at));
    }
    return true;
}

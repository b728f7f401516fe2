#include "web/mitigation.h"

#include "domain/pack.h"
#include "engine/mitigation.h"
#include "store/mitigation.h"

static struct json *words(struct arena *a, const char *const *list)
{
    struct json *v = json_array(a);

    for (; *list; list++)
        json_push(v, json_string(a, str_from(*list)));
    return v;
}

static struct json *action_view(struct request *req, const struct mitigation *m)
{
    struct json *o = fields_view(req->arena, mitigation_fields, m);

    json_set_bool(req->arena, o, S("unjudged"), str_eq(m->effect, S("unknown")));
    return o;
}

/* mitigations: the log, the latest first. can_mitigate: there is harm to stop and somebody is on it.
 * authority: what the method lets whoever is on call do without asking. */
bool mitigation_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    const struct pack_on_call *on_call = &req->env->pack->on_call;
    struct json *list = json_array(req->arena), *authority = json_array(req->arena);
    bool can = i->is_open && instant_is_set(i->acknowledged_at);
    struct list all;

    if (!mitigation_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct mitigation *m = all.v;
    for (size_t k = all.n; k-- > 0;)
        json_push(list, action_view(req, &m[k]));
    for (size_t k = 0; k < on_call->nauthority; k++)
        json_push(authority, json_string(req->arena, on_call->authority[k]));
    json_set(o, S("mitigations"), list);
    json_set(o, S("mitigation_kinds"), words(req->arena, mitigation_kinds));
    json_set(o, S("mitigation_effects"), words(req->arena, mitigation_effects + 1));
    json_set(o, S("authority"), authority);
    json_set_bool(req->arena, o, S("has_authority"), on_call->nauthority > 0);
    json_set_bool(req->arena, o, S("can_mitigate"), can);
    json_set_bool(req->arena, o, S("has_mitigations"), all.n > 0);
    return true;
}

bool post_incident_mitigation(struct request *req, struct reply *out, struct error *err)
{
    struct mitigation in = {0}, m;
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_mitigate(req->op, i.id, &in, &m, err))
        return false;
    reply_created(req, out, "/incidents/%.*s#mitigation", STR(i.id));
    out->view = action_view(req, &m);
    return true;
}

bool post_incident_mitigation_change(struct request *req, struct reply *out, struct error *err)
{
    struct mitigation_change in = {0};
    struct mitigation m = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_mitigation_judge(req->op, i.id, req->params[1], &in, &m, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#mitigation", STR(i.id));
    out->view = action_view(req, &m);
    return true;
}

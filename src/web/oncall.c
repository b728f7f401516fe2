#include "web/oncall.h"

#include "domain/service.h"
#include "store/policy.h"
#include "store/service.h"
#include "web/language.h"
#include "web/policy_view.h"

#define LIST 500

static void gap(struct request *req, struct json *gaps, const struct service *s, struct str reason)
{
    struct json *o = json_push(gaps, json_object(req->arena));

    json_set_str(req->arena, o, S("service_id"), s->id);
    json_set_str(req->arena, o, S("service_name"), s->name);
    json_set_str(req->arena, o, S("reason"), reason);
}

static bool reaches_somebody(const struct json *policy)
{
    for (const struct json *s = json_get(policy, S("steps"))->first; s; s = s->next)
        if (!json_bool(json_get(s, S("unreachable")), true))
            return true;
    return false;
}

static const struct json *policy_of(const struct json *items, struct str id)
{
    for (const struct json *p = items->first; p; p = p->next)
        if (str_eq(json_get_str(p, S("id")), id))
            return p;
    return NULL;
}

bool get_oncall(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    struct json *items = json_array(a), *gaps = json_array(a), *one;
    struct list policies, services;

    if (!policy_list(req->db, a, S(""), LIST, &policies, err) ||
        !service_list(req->db, a, S(""), LIST, &services, err))
        return false;
    const struct policy *p = policies.v;
    for (size_t i = 0; i < policies.n; i++) {
        if (!policy_view(req, &p[i], &one, err))
            return false;
        json_push(items, one);
    }
    const struct service *s = services.v;
    for (size_t i = 0; i < services.n; i++) {
        const struct json *policy = policy_of(items, s[i].policy_id);
        if (!s[i].policy_id.len)
            gap(req, gaps, &s[i], web_text(req, "no escalation policy, so an alert pages nobody"));
        else if (policy && !reaches_somebody(policy))
            gap(req, gaps, &s[i], web_text(req, "nobody its escalation policy names can be reached"));
    }
    struct json *v = out->view = json_object(a);
    json_set(v, S("gaps"), gaps);
    json_set(v, S("items"), items);
    out->title = web_text(req, "On call now");
    return true;
}

#include "web/policy_view.h"

#include "domain/service.h"
#include "store/policy.h"
#include "store/service.h"
#include "store/user.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/view.h"

/* As the engine does it: every enabled contact; without any contact, the address of the account. */
bool policy_reaches(struct request *req, const struct user *u, bool *reaches, struct error *err)
{
    struct list contacts;

    *reaches = false;
    if (u->disabled)
        return true;
    if (!contact_list(req->db, req->arena, u->id, &contacts, err))
        return false;
    const struct contact *c = contacts.v;
    *reaches = contacts.n == 0;
    for (size_t i = 0; i < contacts.n; i++)
        *reaches |= c[i].enabled;
    return true;
}

/* A target may be gone since the policy was written: it is shown, as one that reaches nobody. */
static bool target_view(
    struct request *req, const struct target *t, struct json **out, struct error *err)
{
    struct arena *a = req->arena;
    struct json *o = *out = json_object(a);
    struct user u = {.name = web_text(req, "somebody who is gone")};
    struct endpoint w = {.name = web_text(req, "a webhook that is gone")};
    struct error missing = {0};
    bool person = t->kind == TARGET_USER, reaches = false;
    bool found = person ? user_get(req->db, a, t->id, &u, &missing)
                        : endpoint_get(req->db, a, t->id, &w, &missing);

    if (!found && missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    if (found && person && !policy_reaches(req, &u, &reaches, err))
        return false;
    json_set_str(a, o, S("kind"), person ? S("user") : S("webhook"));
    json_set_str(a, o, S("id"), t->id);
    json_set_str(a, o, S("name"), person ? u.name : w.name);
    json_set_bool(a, o, S("unreachable"), !found || (person && !reaches));
    return true;
}

static bool step_view(struct request *req, const struct policy_step *s, size_t i, struct json **out,
    struct error *err)
{
    struct arena *a = req->arena;
    struct json *o = *out = json_object(a), *targets = json_array(a), *t;
    bool unreachable = true;
    struct buf who;

    buf_init(&who, a, 8192);
    for (size_t k = 0; k < s->ntargets; k++) {
        if (!target_view(req, &s->targets[k], &t, err))
            return false;
        json_push(targets, t);
        buf_printf(&who, "%s%.*s", k ? ", " : "", STR(json_get_str(t, S("name"))));
        unreachable &= json_bool(json_get(t, S("unreachable")), false);
    }
    json_set_int(a, o, S("position"), (int64_t)i + 1);
    json_set_int(a, o, S("delay_us"), s->delay_us);
    json_set_bool(a, o, S("first"), i == 0);
    json_set_str(a, o, S("who"), buf_str(&who));
    json_set_bool(a, o, S("unreachable"), unreachable);
    json_set(o, S("targets"), targets);
    return true;
}

bool policy_view(struct request *req, const struct policy *p, struct json **out, struct error *err)
{
    struct arena *a = req->arena;
    struct json *o = *out = json_object(a), *one;
    struct policy_steps steps;
    struct list used;

    if (!policy_steps_read(a, p->steps, &steps, err) ||
        !service_of_policy(req->db, a, p->id, &used, err))
        return false;
    json_set_str(a, o, S("id"), p->id);
    json_set_str(a, o, S("name"), p->name);
    json_set_str(a, o, S("description"), p->description);
    json_set_int(a, o, S("repeat"), p->repeat);
    json_set_str(a, o, S("created_at"), time_text(a, p->created_at));
    json_set_str(a, o, S("updated_at"), time_text(a, p->updated_at));
    json_set_int(a, o, S("version"), p->version);
    struct json *list = json_set(o, S("steps"), json_array(a));
    for (size_t i = 0; i < steps.n; i++) {
        if (!step_view(req, &steps.v[i], i, &one, err))
            return false;
        json_push(list, one);
    }
    list = json_set(o, S("used_by"), json_array(a));
    const struct service *s = used.v;
    for (size_t i = 0; i < used.n; i++)
        json_push(list, view_ref(a, s[i].id, s[i].name));
    return true;
}

bool policy_first_view(
    struct request *req, const struct policy *p, struct json **out, struct error *err)
{
    struct policy_steps steps;
    struct json *t;

    *out = json_array(req->arena);
    if (!policy_steps_read(req->arena, p->steps, &steps, err))
        return false;
    for (size_t k = 0; k < steps.v[0].ntargets; k++) {
        if (!target_view(req, &steps.v[0].targets[k], &t, err))
            return false;
        json_push(*out, t);
    }
    return true;
}

bool policy_targets_view(struct request *req, struct json **out, struct error *err)
{
    struct list webhooks;

    if (!responders_view(req, out, err) || !endpoint_list(req->db, req->arena, &webhooks, err))
        return false;
    const struct endpoint *w = webhooks.v;
    for (size_t i = 0; i < webhooks.n; i++)
        json_push(*out, view_ref(req->arena, w[i].id, w[i].name));
    return true;
}

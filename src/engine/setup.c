#include "engine/setup.h"

#include "base/sign.h"
#include "domain/alert.h"
#include "domain/matcher.h"
#include "domain/pack.h"
#include "domain/user.h"
#include "store/listener.h"
#include "store/policy.h"
#include "store/service.h"
#include "store/user.h"

/* For references in input: true if `found`, a field error if not, the failure otherwise. */
static bool reference(bool found, struct error *looked, struct error *err, struct str field, const char *what)
{
    if (found)
        return true;
    if (looked->kind == ERROR_NOT_FOUND)
        return fail_name(err, field, "is not a %s", what);
    *err = *looked;
    return false;
}

static bool changed(struct op *op, struct str subject, struct error *err, const char *what, struct str name)
{
    op->fx->config_changed = true;
    return op_say(op, subject, "configured", err, "%s: %.*s", what, STR(name));
}

static bool check_severity(struct op *op, struct str *severity, const char *field, struct error *err)
{
    if (!severity->len)
        *severity = STR_NONE;
    return !severity->len || pack_severity_find(op->env->pack, *severity) ||
        fail_name(err, str_from(field), "is not a severity of the policy pack %.*s", STR(op->env->pack->id));
}

bool engine_service_put(struct op *op, struct service *s, struct error *err)
{
    struct policy p = {0};
    struct service same = {0};
    struct error looked = {0};
    bool fresh = !s->id.len;

    if (!s->policy_id.len)
        s->policy_id = STR_NONE;
    if (!s->description.ptr)
        s->description = S("");
    if (!s->group_by.ptr)
        s->group_by = S("");
    check_severity(op, &s->default_severity, "default_severity", err);
    if (s->policy_id.len)
        reference(policy_get(op->db, op->arena, s->policy_id, &p, &looked), &looked, err, S("policy_id"), "policy");
    looked = (struct error){0};
    if (service_by_name(op->db, op->arena, s->name, &same, &looked) && !str_eq(same.id, s->id))
        fail_field(err, "name", "is taken by another service");
    if (err->kind != ERROR_NONE)
        return false;
    if (fresh) {
        s->id = op_id(op, "svc");
        s->created_at = op->now;
    }
    s->updated_at = op->now;
    s->version++;
    return service_put(op->db, s, err) &&
        changed(op, s->id, err, fresh ? "Service made" : "Service changed", s->name);
}

bool engine_key_add(struct op *op, struct str service_id, struct integration_key *k, struct str *key,
    struct error *err)
{
    struct service s = {0};
    struct integration_key same = {0};
    struct error looked = {0};

    if (!service_get(op->db, op->arena, service_id, &s, err))
        return false;
    if (!key->len)
        *key = token_make(op->arena, "key");
    if (!integration_key_valid(*key))
        return fail_field(err, "integration_key", "must have %d to %d letters, digits, - _ . or ~",
            INTEGRATION_KEY_MIN, INTEGRATION_KEY_MAX);
    k->id = op_id(op, "key");
    k->service_id = service_id;
    k->hint = str_slice(*key, key->len - 4, key->len);
    k->hash = sha256_hex(op->arena, *key);
    k->created_at = op->now;
    if (key_by_hash(op->db, op->arena, k->hash, &same, &looked))
        return fail_field(err, "integration_key", "is in use already");
    return key_insert(op->db, k, err) && changed(op, service_id, err, "Integration key added", k->name);
}

bool engine_key_remove(struct op *op, struct str service_id, struct str id, struct error *err)
{
    struct integration_key k = {0};

    if (!key_get(op->db, op->arena, id, &k, err))
        return false;
    if (!str_eq(k.service_id, service_id))
        return fail(err, NOT_FOUND, "no such integration key");
    return key_delete(op->db, id, err) && changed(op, service_id, err, "Integration key removed", k.name);
}

bool engine_route_add(struct op *op, struct route *r, struct error *err)
{
    struct service s = {0};
    struct matcher *matchers;
    struct error looked = {0};
    size_t n = 0;

    if (!matchers_parse(op->arena, r->matchers, &matchers, &n, &looked))
        fail_field(err, "matchers", "%s", looked.message);
    else if (n == 0)
        fail_field(err, "matchers", "must have at least one matcher, such as team=\"payments\"");
    check_severity(op, &r->severity, "severity", err);
    looked = (struct error){0};
    reference(service_get(op->db, op->arena, r->service_id, &s, &looked), &looked, err, S("service_id"), "service");
    if (err->kind != ERROR_NONE)
        return false;
    r->id = op_id(op, "rte");
    r->created_at = op->now;
    return route_insert(op->db, r, err) && changed(op, r->service_id, err, "Route added", r->matchers);
}

bool engine_route_remove(struct op *op, struct str id, struct error *err)
{
    struct route r = {0};

    return route_get(op->db, op->arena, id, &r, err) && route_delete(op->db, id, err) &&
        changed(op, r.service_id, err, "Route removed", r.matchers);
}

static bool check_target(struct op *op, const struct target *t, size_t step, size_t k, struct error *err)
{
    struct str field = str_printf(op->arena, "steps[%zu].targets[%zu].id", step, k);
    struct error looked = {0};
    struct user u = {0};
    struct endpoint e = {0};

    return t->kind == TARGET_USER
        ? reference(user_get(op->db, op->arena, t->id, &u, &looked), &looked, err, field, "user")
        : reference(endpoint_get(op->db, op->arena, t->id, &e, &looked), &looked, err, field, "webhook");
}

bool engine_policy_put(struct op *op, struct policy *p, struct error *err)
{
    struct policy_steps steps;
    bool fresh = !p->id.len;

    if (!policy_steps_read(op->arena, p->steps, &steps, err))
        return false;
    for (size_t i = 0; i < steps.n; i++)
        for (size_t k = 0; k < steps.v[i].ntargets; k++)
            check_target(op, &steps.v[i].targets[k], i, k, err);
    if (err->kind != ERROR_NONE)
        return false;
    p->steps = policy_steps_text(op->arena, &steps);
    if (!p->description.ptr)
        p->description = S("");
    if (fresh) {
        p->id = op_id(op, "pol");
        p->created_at = op->now;
    }
    p->updated_at = op->now;
    p->version++;
    if (!policy_put(op->db, p, err)) {
        if (err->kind == ERROR_CONFLICT && fresh)
            return fail_field(err, "name", "is taken by another policy");
        return false;
    }
    return changed(op, p->id, err, fresh ? "Policy made" : "Policy changed", p->name);
}

bool engine_endpoint_add(struct op *op, struct endpoint *e, struct str *secret, struct error *err)
{
    if (!str_starts(e->url, S("https://")) && !str_starts(e->url, S("http://")))
        return fail_field(err, "url", "must begin with https:// or http://");
    *secret = webhook_secret_make(op->arena);
    e->id = op_id(op, "whk");
    e->secret = seal(op->arena, &op->env->seals, e->id, *secret);
    e->created_at = op->now;
    if (!endpoint_insert(op->db, e, err))
        return err->kind == ERROR_CONFLICT ? fail_field(err, "name", "is taken by another webhook") : false;
    return changed(op, e->id, err, "Webhook made", e->name);
}

bool engine_endpoint_remove(struct op *op, struct str id, struct error *err)
{
    struct endpoint e = {0};

    return endpoint_get(op->db, op->arena, id, &e, err) && listener_drop_endpoint(op->db, id, err) &&
        endpoint_delete(op->db, id, err) &&
        changed(op, id, err, "Webhook removed", e.name);
}

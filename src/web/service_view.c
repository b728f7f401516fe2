#include "web/service_view.h"

#include "engine/change.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/service.h"
#include "web/access.h"
#include "web/incident_view.h"
#include "web/policy_view.h"
#include "web/probe.h"
#include "web/view.h"

#define CHOICES 500
#define OPEN 20

/* Numbers per service in one read each, however many services there are. */
struct counts {
    struct count {
        struct str service_id;
        int64_t n;
    } * v;
    size_t n;
};

static bool counts_read(struct request *req, enum query q, struct counts *out, struct error *err)
{
    CLEANUP(rows_end) struct rows rows = {0};
    size_t cap = 0;

    *out = (struct counts){0};
    if (!db_query(req->db, q, &rows, NO_ARGS, err))
        return false;
    while (rows_next(&rows, err)) {
        if (out->n == cap) {
            size_t more = cap ? cap * 2 : 64;
            out->v = arena_grow(req->arena, out->v, cap * sizeof *out->v, more * sizeof *out->v);
            cap = more;
        }
        out->v[out->n++] =
            (struct count){str_copy(req->arena, rows_text(&rows, 0)), rows_int(&rows, 1)};
    }
    return !rows.failed;
}

static int64_t count_of(const struct counts *c, struct str service_id)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->v[i].service_id, service_id))
            return c->v[i].n;
    return 0;
}

static bool policy_ref(struct request *req, struct str id, struct json **out, struct error *err)
{
    struct policy p = {0};

    *out = json_string(req->arena, STR_NONE);
    if (!id.len)
        return true;
    if (!policy_get(req->db, req->arena, id, &p, err))
        return false;
    *out = view_ref(req->arena, p.id, p.name);
    return true;
}

static bool head_view(struct request *req, const struct service *s, const struct counts *incidents,
    const struct counts *alerts, struct json **out, struct error *err)
{
    struct json *policy;

    *out = fields_view(req->arena, service_fields, s);
    if (!policy_ref(req, s->policy_id, &policy, err))
        return false;
    json_set(*out, S("policy"), policy);
    json_set_int(req->arena, *out, S("open_incidents"), count_of(incidents, s->id));
    json_set_int(req->arena, *out, S("firing_alerts"), count_of(alerts, s->id));
    return true;
}

bool services_view(struct request *req, struct str after, int64_t limit, struct json **out,
    struct str *last, struct error *err)
{
    struct counts incidents, alerts;
    struct list list;
    struct json *one;

    *out = json_array(req->arena);
    if (!service_list(req->db, req->arena, after, limit, &list, err) ||
        !counts_read(req, Q_INCIDENT_COUNT_BY_SERVICE, &incidents, err) ||
        !counts_read(req, Q_ALERT_COUNT_BY_SERVICE, &alerts, err))
        return false;
    const struct service *s = list.v;
    for (size_t i = 0; i < list.n; i++) {
        if (!head_view(req, &s[i], &incidents, &alerts, &one, err))
            return false;
        json_push(*out, one);
    }
    *last = list.n == (size_t)limit ? s[list.n - 1].name : STR_NONE;
    return true;
}

bool policy_choices_view(
    struct request *req, struct str current, struct json **out, struct error *err)
{
    struct list list;

    *out = json_array(req->arena);
    if (!policy_list(req->db, req->arena, S(""), CHOICES, &list, err))
        return false;
    const struct policy *p = list.v;
    for (size_t i = 0; i < list.n; i++)
        json_set_bool(req->arena, json_push(*out, view_ref(req->arena, p[i].id, p[i].name)),
            S("current"), str_eq(p[i].id, current));
    return true;
}

static struct str address(struct request *req, const char *key)
{
    return str_printf(req->arena, "%.*s/in/%s/api/v2/alerts", STR(req->env->base_url), key);
}

static bool keys_view(
    struct request *req, const struct service *s, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("integration_keys"), json_array(req->arena));
    struct list keys;

    if (!key_list(req->db, req->arena, s->id, &keys, err))
        return false;
    const struct integration_key *k = keys.v;
    for (size_t i = 0; i < keys.n; i++) {
        struct json *v = json_push(list, fields_view(req->arena, integration_key_fields, &k[i]));
        json_set_str(req->arena, v, S("url"),
            address(req, str_printf(req->arena, "…%.*s", STR(k[i].hint)).ptr));
        bool manager = req->signed_in && role_of(req->user.role) >= ROLE_MANAGER;
        json_set_str(req->arena, v, S("signing_secret"),
            manager ? change_secret(req->arena, req->env, k[i].id) : STR_NONE);
    }
    return true;
}

struct json *new_key_view(struct request *req, const struct new_key *key)
{
    struct json *o = fields_view(req->arena, integration_key_fields, &key->key);

    json_set_str(req->arena, o, S("integration_key"), key->text);
    json_set_str(req->arena, o, S("url"), address(req, str_z(req->arena, key->text)));
    json_set_str(req->arena, o, S("signing_secret"), change_secret(req->arena, req->env, key->key.id));
    return o;
}

struct json *route_view(struct request *req, const struct route *r)
{
    struct json *o = json_object(req->arena);

    json_set_str(req->arena, o, S("id"), r->id);
    json_set_int(req->arena, o, S("position"), r->position);
    json_set_str(req->arena, o, S("matchers"), r->matchers);
    json_set_str(req->arena, o, S("service_id"), r->service_id);
    severity_view(req, o, r->severity);
    json_set_str(req->arena, o, S("created_at"), time_text(req->arena, r->created_at));
    return o;
}

static bool routes_view(
    struct request *req, const struct service *s, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("routes"), json_array(req->arena));
    struct list routes;

    if (!route_of_service(req->db, req->arena, s->id, &routes, err))
        return false;
    const struct route *r = routes.v;
    for (size_t i = 0; i < routes.n; i++)
        json_push(list, route_view(req, &r[i]));
    return true;
}

static bool incidents_view(
    struct request *req, const struct service *s, struct json *o, struct error *err)
{
    struct list open;
    struct json *rows;

    if (!store_list(req->db, req->arena, Q_INCIDENT_OF_SERVICE, ARGS(v_text(s->id), v_int(OPEN)),
            incident_fields, sizeof(struct incident), &open, err) ||
        !incidents_visible(req, &open, err) || !incident_rows_view(req, &open, &rows, err))
        return false;
    json_set(o, S("incidents"), rows);
    return true;
}

static bool on_call_view(
    struct request *req, const struct service *s, struct json *o, struct error *err)
{
    struct json *first = json_array(req->arena);
    struct policy p = {0};

    if (s->policy_id.len && (!policy_get(req->db, req->arena, s->policy_id, &p, err) ||
                                !policy_first_view(req, &p, &first, err)))
        return false;
    json_set(o, S("on_call"), first);
    return true;
}

bool service_view(struct request *req, const struct service *s, const struct new_key *key,
    struct json **out, struct error *err)
{
    struct counts incidents, alerts;
    struct json *policies;

    if (!counts_read(req, Q_INCIDENT_COUNT_BY_SERVICE, &incidents, err) ||
        !counts_read(req, Q_ALERT_COUNT_BY_SERVICE, &alerts, err) ||
        !head_view(req, s, &incidents, &alerts, out, err) ||
        !policy_choices_view(req, s->policy_id, &policies, err) ||
        !on_call_view(req, s, *out, err) || !keys_view(req, s, *out, err) ||
        !probes_view(req, s->id, *out, err) ||
        !routes_view(req, s, *out, err) || !incidents_view(req, s, *out, err))
        return false;
    json_set_str(req->arena, *out, S("service_id"), s->id);
    json_set(*out, S("policies"), policies);
    json_set(*out, S("severities"), severities_view(req, s->default_severity));
    json_set(*out, S("new_key"), key ? new_key_view(req, key) : json_string(req->arena, STR_NONE));
    return true;
}

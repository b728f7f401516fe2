#include "web/service.h"

#include "domain/service.h"
#include "engine/setup.h"
#include "store/service.h"
#include "web/language.h"
#include "web/paging.h"
#include "web/service_view.h"

#define LIST 200
#define LIST_MAX 500

struct key_input {
    struct str name, integration_key;
};
const struct field service_key_fields[] = {
    FIELD(struct key_input, name, .flags = FIELD_REQUIRED, .max = 100,
        .doc = "Which sender uses it", .example = "prometheus-eu"),
    FIELD(struct key_input, integration_key, .flags = FIELD_NULLABLE, .min = INTEGRATION_KEY_MIN,
        .max = INTEGRATION_KEY_MAX,
        .doc = "The key itself, to keep one that senders have already; made if not given"),
    {0},
};

/* A route as the service's page adds it: the service is in the address. */
const struct field service_route_fields[] = {
    FIELD(struct route, matchers, .flags = FIELD_REQUIRED, .max = 2000,
        .doc = "Label matchers, all of which must hold",
        .example = "team=\"payments\", severity=~\"critical|page\""),
    FIELD(struct route, severity, .flags = FIELD_NULLABLE, .max = 16,
        .doc = "Severity of the incident, whatever the label says"),
    FIELD(struct route, position, .flags = FIELD_NULLABLE, .min = 0, .max = 100000,
        .doc = "Lower is tried first; after all others if not given"),
    {0},
};

bool get_services(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    struct str after = web_query(req, "after"), last;
    struct json *items, *policies;
    int64_t limit;

    if (!web_query_int(req, "limit", LIST, 1, LIST_MAX, &limit, err) ||
        !services_view(req, after.ptr ? after : S(""), limit, &items, &last, err) ||
        !policy_choices_view(req, STR_NONE, &policies, err))
        return false;
    struct json *v = out->view = json_object(a);
    json_set(v, S("items"), items);
    json_set_str(a, v, S("next"), paging_next(a, "/services", last, limit));
    json_set(v, S("policies"), policies);
    out->title = web_text(req, "Services");
    return true;
}

bool get_service(struct request *req, struct reply *out, struct error *err)
{
    struct service s = {0};

    if (!service_get(req->db, req->arena, req->params[0], &s, err) ||
        !service_view(req, &s, NULL, &out->view, err))
        return false;
    out->title = s.name;
    return true;
}

static bool changed(struct request *req, struct reply *out, const struct service *s,
    const char *said, struct error *err)
{
    reply_see(req, out, "/services/%.*s%s%s", STR(s->id), req->html ? "?said=" : "",
        req->html ? said : "");
    return req->html || service_view(req, s, NULL, &out->view, err);
}

bool post_services(struct request *req, struct reply *out, struct error *err)
{
    struct service s = {.group_by = S("alertname")};

    if (!web_input(req, &s, NULL, err) || !engine_service_put(req->op, &s, err))
        return false;
    reply_created(req, out, "/services/%.*s", STR(s.id));
    return service_view(req, &s, NULL, &out->view, err);
}

bool post_service(struct request *req, struct reply *out, struct error *err)
{
    struct service s = {0};

    return service_get(req->db, req->arena, req->params[0], &s, err) &&
           web_input(req, &s, NULL, err) && engine_service_put(req->op, &s, err) &&
           changed(req, out, &s, "saved", err);
}

/* The key is in this answer and nowhere else: a browser gets the page at once, not a redirect. */
bool post_service_keys(struct request *req, struct reply *out, struct error *err)
{
    struct key_input in = {0};
    struct new_key made = {0};
    struct service s = {0};

    if (!web_input(req, &in, NULL, err))
        return false;
    made.key.name = in.name;
    made.text = in.integration_key;
    if (!service_get(req->db, req->arena, req->params[0], &s, err) ||
        !engine_key_add(req->op, s.id, &made.key, &made.text, err))
        return false;
    out->title = s.name;
    out->status = 201;
    if (req->html)
        return service_view(req, &s, &made, &out->view, err);
    out->view = new_key_view(req, &made);
    return true;
}

bool post_service_key_remove(struct request *req, struct reply *out, struct error *err)
{
    struct service s = {0};

    return service_get(req->db, req->arena, req->params[0], &s, err) &&
           engine_key_remove(req->op, s.id, req->params[1], err) &&
           changed(req, out, &s, "removed", err);
}

/* --- routes --- */

bool get_routes(struct request *req, struct reply *out, struct error *err)
{
    struct list routes;

    if (!route_all(req->db, req->arena, &routes, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    struct json *items = json_set(v, S("items"), json_array(req->arena));
    const struct route *r = routes.v;
    for (size_t i = 0; i < routes.n; i++)
        json_push(items, route_view(req, &r[i]));
    json_set_str(req->arena, v, S("next"), STR_NONE);
    return true;
}

/* Without a position a route goes to the end, where it takes nothing away from the others. */
static bool add_route(struct request *req, struct route *r, struct error *err)
{
    struct list all;

    if (r->position == INT_NONE) {
        if (!route_all(req->db, req->arena, &all, err))
            return false;
        r->position = all.n ? ((const struct route *)all.v)[all.n - 1].position + 10 : 10;
    }
    return engine_route_add(req->op, r, err);
}

bool post_routes(struct request *req, struct reply *out, struct error *err)
{
    struct route r = {.position = INT_NONE};

    if (!web_input(req, &r, NULL, err) || !add_route(req, &r, err))
        return false;
    reply_created(req, out, "/services/%.*s", STR(r.service_id));
    out->view = route_view(req, &r);
    return true;
}

bool post_service_routes(struct request *req, struct reply *out, struct error *err)
{
    struct route r = {.position = INT_NONE};
    struct service s = {0};

    if (!service_get(req->db, req->arena, req->params[0], &s, err) ||
        !web_input(req, &r, NULL, err))
        return false;
    r.service_id = s.id;
    if (!add_route(req, &r, err))
        return false;
    reply_created(req, out, "/services/%.*s", STR(s.id));
    out->view = route_view(req, &r);
    return true;
}

bool post_route_remove(struct request *req, struct reply *out, struct error *err)
{
    struct route r = {0};
    struct service s = {0};

    return route_get(req->db, req->arena, req->params[0], &r, err) &&
           service_get(req->db, req->arena, r.service_id, &s, err) &&
           engine_route_remove(req->op, r.id, err) && changed(req, out, &s, "removed", err);
}

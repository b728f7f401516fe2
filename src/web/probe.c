#include "web/probe.h"

#include "engine/probe.h"
#include "store/probe.h"

bool probes_view(struct request *req, struct str service_id, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("probes"), json_array(req->arena));
    struct list all;

    if (!probe_of_service(req->db, req->arena, service_id, &all, err))
        return false;
    const struct probe *p = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(list, fields_view(req->arena, probe_fields, &p[k]));
    return true;
}

bool post_service_probes(struct request *req, struct reply *out, struct error *err)
{
    struct probe p = {0};

    if (!web_input(req, &p, NULL, err) || !engine_probe_add(req->op, req->params[0], &p, err))
        return false;
    reply_created(req, out, "/services/%.*s#probes", STR(p.service_id));
    out->view = fields_view(req->arena, probe_fields, &p);
    return true;
}

bool post_service_probe_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!engine_probe_remove(req->op, req->params[0], req->params[1], err))
        return false;
    reply_see(req, out, "/services/%.*s#probes", STR(req->params[0]));
    out->view = json_object(req->arena);
    return true;
}

bool post_service_probe_run(struct request *req, struct reply *out, struct error *err)
{
    struct probe p = {0};

    if (!engine_probe_run(req->op, req->params[0], req->params[1], &p, err))
        return false;
    reply_see(req, out, "/services/%.*s#probes", STR(req->params[0]));
    out->view = fields_view(req->arena, probe_fields, &p);
    return true;
}

#include "web/threshold.h"

#include "engine/threshold.h"
#include "store/threshold.h"
#include "web/view.h"

static struct json *threshold_view(struct request *req, const struct threshold *t)
{
    struct json *o = fields_view(req->arena, threshold_fields, t);

    json_set_bool(req->arena, o, S("armed"), str_eq(t->state, S("armed")));
    return o;
}

/* What has been reached comes first; what was dropped is on the timeline. */
bool threshold_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *reached = json_array(req->arena), *armed = json_array(req->arena);
    struct list all;

    if (!threshold_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct threshold *t = all.v;
    for (size_t k = 0; k < all.n && i->is_open; k++)
        if (!str_eq(t[k].state, S("dropped")))
            json_push(str_eq(t[k].state, S("reached")) ? reached : armed, threshold_view(req, &t[k]));
    json_set_bool(req->arena, o, S("has_reached"), reached->count > 0);
    json_set(o, S("reached_thresholds"), reached);
    json_set_bool(req->arena, o, S("has_armed"), armed->count > 0);
    json_set(o, S("armed_thresholds"), armed);
    return true;
}

bool post_incident_thresholds(struct request *req, struct reply *out, struct error *err)
{
    struct threshold t = {0};
    struct incident i = {0};

    if (!web_input(req, &t, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_threshold_add(req->op, i.id, &t, err))
        return false;
    if (req->html)
        reply_see(req, out, "/incidents/%.*s#thresholds", STR(i.id));
    else
        reply_created(req, out, "/incidents/%.*s#thresholds", STR(i.id));
    out->view = threshold_view(req, &t);
    return true;
}

bool post_incident_threshold(struct request *req, struct reply *out, struct error *err)
{
    struct threshold in = {0}, t = {0};
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_threshold_end(req->op, i.id, req->params[1], in.state, &t, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#thresholds", STR(i.id));
    out->view = threshold_view(req, &t);
    return true;
}

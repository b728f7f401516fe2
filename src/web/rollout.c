#include "web/rollout.h"

#include "engine/rollout.h"
#include "store/rollout.h"

static struct json *stage_view(struct request *req, const struct rollout_stage *s, const struct rollout *r)
{
    struct json *o = fields_view(req->arena, rollout_stage_fields, s);
    bool range = s->percent_least && s->percent_least != s->percent;

    json_set_str(req->arena, o, S("share"), range
        ? str_printf(req->arena, "%lld–%lld %%", (long long)s->percent_least, (long long)s->percent)
        : str_printf(req->arena, "%lld %%", (long long)s->percent));
    json_set_bool(req->arena, o, S("done"), instant_is_set(s->signed_at));
    json_set_bool(req->arena, o, S("current"), s->position == r->stage && !rollout_is_over(r));
    return o;
}

static bool rollout_view(struct request *req, const struct rollout *r, struct json **out, struct error *err)
{
    struct json *o = *out = fields_view(req->arena, rollout_fields, r);
    struct json *stages = json_array(req->arena);
    struct list all;

    if (!rollout_stage_list(req->db, req->arena, r->id, &all, err))
        return false;
    const struct rollout_stage *s = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(stages, stage_view(req, &s[k], r));
    json_set(o, S("stages"), stages);
    json_set_bool(req->arena, o, S("failing"), str_eq(r->state, S("failing")));
    json_set_bool(req->arena, o, S("over"), rollout_is_over(r));
    json_set_bool(req->arena, o, S("holding"), str_eq(r->state, S("running")) && req->now.us < r->held_at.us);
    return true;
}

/* rollout: the newest with its stages, null if there was none; rollouts: those before. */
bool rollout_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *older = json_array(req->arena), *newest = json_string(req->arena, STR_NONE), *one;
    struct list all;

    if (!rollout_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct rollout *r = all.v;
    for (size_t k = 0; k < all.n; k++) {
        if (!rollout_view(req, &r[k], &one, err))
            return false;
        if (k)
            json_push(older, one);
        else
            newest = one;
    }
    json_set(o, S("rollout"), newest);
    json_set(o, S("rollouts"), older);
    json_set_bool(req->arena, o, S("can_roll_out"), i->is_open && (!all.n || rollout_is_over(r)));
    return true;
}

bool post_incident_rollout(struct request *req, struct reply *out, struct error *err)
{
    struct rollout in = {0}, r;
    struct incident i = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_rollout_start(req->op, i.id, in.title, &r, err))
        return false;
    reply_created(req, out, "/incidents/%.*s#rollout", STR(i.id));
    return rollout_view(req, &r, &out->view, err);
}

bool post_incident_rollout_check(struct request *req, struct reply *out, struct error *err)
{
    struct rollout_check in = {.stage = INT_NONE};
    struct incident i = {0};
    struct rollout r = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_rollout_check(req->op, i.id, req->params[1], &in, &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#rollout", STR(i.id));
    return rollout_view(req, &r, &out->view, err);
}

bool post_incident_rollout_back(struct request *req, struct reply *out, struct error *err)
{
    struct rollout_end in = {0};
    struct incident i = {0};
    struct rollout r = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_rollout_back(req->op, i.id, req->params[1], in.reason, &r, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#rollout", STR(i.id));
    return rollout_view(req, &r, &out->view, err);
}

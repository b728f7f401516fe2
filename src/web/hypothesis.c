#include "web/hypothesis.h"

#include "engine/hypothesis.h"
#include "store/hypothesis.h"
#include "store/user.h"
#include "web/view.h"

#define TIMEBOX_US (15 * MINUTE_US) /* unless one says otherwise */
#define MIDDLE 3

/* What the template tests; an item lacks none of it. */
static void flags_view(struct request *req, struct json *o, const struct hypothesis *h, const struct incident *i)
{
    static const char *const names[] = {"proposed", "testing", "supported", "refuted", "confirmed"};

    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        json_set_bool(req->arena, o, str_printf(req->arena, "is_%s", names[k]), str_eq(h->state, str_from(names[k])));
    bool ended = str_eq(h->state, S("refuted")) || str_eq(h->state, S("confirmed"));
    json_set_bool(req->arena, o, S("undecided"), !ended);
    json_set_bool(req->arena, o, S("proposes_cause"), str_eq(h->state, S("confirmed")) && !str_eq(h->text, i->cause));
}

static bool hypothesis_view(struct request *req, const struct hypothesis *h, const struct incident *i,
    const struct list *evidence, struct json **out, struct error *err)
{
    struct json *list = json_array(req->arena), *o = *out = fields_view(req->arena, hypothesis_fields, h);
    struct user owner = {0};

    if (h->owner_id.len && !user_get(req->db, req->arena, h->owner_id, &owner, err))
        return false;
    json_set_int(req->arena, o, S("rank"), hypothesis_rank(h));
    json_set_str(req->arena, o, S("owner_name"), owner.name);
    const struct finding *e = evidence->v;
    for (size_t k = 0; k < evidence->n; k++)
        if (str_eq(e[k].hypothesis_id, h->id))
            json_push(list, fields_view(req->arena, finding_fields, &e[k]));
    json_set(o, S("findings"), list);
    flags_view(req, o, h, i);
    return true;
}

bool hypothesis_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *v = json_object(req->arena), *open = json_array(req->arena), *refuted = json_array(req->arena), *one;
    struct list all, evidence;

    if (!hypothesis_list(req->db, req->arena, i->id, &all, err) ||
        !finding_list(req->db, req->arena, i->id, &evidence, err))
        return false;
    struct hypothesis *h = all.v;
    hypotheses_sort(h, all.n);
    for (size_t k = 0; k < all.n; k++) {
        if (!hypothesis_view(req, &h[k], i, &evidence, &one, err))
            return false;
        json_push(str_eq(h[k].state, S("refuted")) ? refuted : open, one);
    }
    json_set(v, S("items"), open);
    json_set_int(req->arena, v, S("refuted_count"), refuted->count);
    json_set(v, S("refuted"), refuted);
    json_set(o, S("hypotheses"), v);
    json_set_bool(req->arena, o, S("has_hypotheses"), all.n > 0 || (i->is_open && instant_is_set(i->acknowledged_at)));
    return true;
}

static bool answer(struct request *req, struct reply *out, const struct incident *i, const struct hypothesis *h,
    struct error *err)
{
    struct list evidence;

    return finding_list(req->db, req->arena, i->id, &evidence, err) &&
        hypothesis_view(req, h, i, &evidence, &out->view, err);
}

bool post_incident_hypotheses(struct request *req, struct reply *out, struct error *err)
{
    struct hypothesis_input in = {.likelihood = MIDDLE, .impact = MIDDLE, .timebox = TIMEBOX_US};
    struct hypothesis h = {0};
    struct incident i = {0};
    bool fresh;

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_hypothesis_add(req->op, i.id, &in, &h, &fresh, err))
        return false;
    if (fresh && !req->html)
        reply_created(req, out, "/incidents/%.*s#hypotheses", STR(i.id));
    else
        reply_see(req, out, "/incidents/%.*s#hypotheses", STR(i.id));
    return answer(req, out, &i, &h, err);
}

bool post_incident_hypothesis(struct request *req, struct reply *out, struct error *err)
{
    struct hypothesis_input in = {0};
    struct hypothesis h = {0};
    struct incident i = {0};
    uint64_t given;

    if (!web_input(req, &in, &given, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_hypothesis_edit(req->op, i.id, req->params[1], &in, given, &h, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#hypotheses", STR(i.id));
    return answer(req, out, &i, &h, err);
}

bool post_incident_finding(struct request *req, struct reply *out, struct error *err)
{
    struct finding e = {0};
    struct incident i = {0};
    struct hypothesis h = {0};

    if (!web_input(req, &e, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_finding_add(req->op, i.id, req->params[1], &e, err) ||
        !hypothesis_get(req->db, req->arena, req->params[1], &h, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#hypotheses", STR(i.id));
    return answer(req, out, &i, &h, err);
}

#include "web/classify.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/classify.h"
#include "store/classify.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/service_view.h"
#include "web/view.h"

const struct field team_fields[] = {
    FIELD(struct team_input, role, .flags = FIELD_REQUIRED, .max = 40, .doc = "Role that a class of the policy pack calls", .example = "security"),
    FIELD(struct team_input, policy_id, .flags = FIELD_NULLABLE, .max = 64, .doc = "Escalation policy whose people are paged; null: nobody"),
    {0},
};

static struct json *classes_view(struct request *req, const struct incident *i)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < p->nclasses; k++) {
        const struct pack_class *c = &p->classes[k];
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("class"), c->id);
        json_set_str(req->arena, o, S("name"), c->name);
        json_set_str(req->arena, o, S("example"), c->nexamples ? c->examples[0] : STR_NONE);
        json_set_bool(req->arena, o, S("restricts"), c->restricted);
        json_set_bool(req->arena, o, S("current"), str_eq(c->id, i->class));
    }
    return list;
}

static bool clocks_view(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("clocks"), json_array(req->arena));
    struct list clocks;

    if (!clock_list(req->db, req->arena, i->id, &clocks, err))
        return false;
    const struct legal_clock *c = clocks.v;
    for (size_t k = 0; k < clocks.n; k++) {
        struct json *one = json_push(list, fields_view(req->arena, legal_clock_fields, &c[k]));
        bool running = str_eq(c[k].state, S("running"));
        if (running)
            incident_due(req, o, c[k].due_at, c[k].name, "class");
        json_set_bool(req->arena, one, S("running"), running);
        json_set_bool(req->arena, one, S("overdue"), running && c[k].due_at.us <= req->now.us);
    }
    json_set_bool(req->arena, o, S("has_clocks"), clocks.n > 0);
    return true;
}

bool class_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    const struct pack_class *c = pack_class_find(req->env->pack, i->class);

    json_set(o, S("classes"), classes_view(req, i));
    json_set_str(req->arena, o, S("class_name"), c ? c->name : STR_NONE);
    return clocks_view(req, i, o, err);
}

bool post_incident_class(struct request *req, struct reply *out, struct error *err)
{
    struct classification in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && engine_classify(req->op, req->params[0], &in, &i, err) &&
        incident_changed(req, out, &i, "#class", err);
}

bool post_incident_clock(struct request *req, struct reply *out, struct error *err)
{
    struct clock_change in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && engine_clock(req->op, req->params[0], req->params[1], &in, &i, err) &&
        incident_changed(req, out, &i, "#class", err);
}

/* --- who is paged for a class --- */

static bool called(const struct pack *p, struct str role)
{
    for (size_t k = 0; k < p->nclasses; k++)
        for (size_t n = 0; n < p->classes[k].nroles; n++)
            if (str_eq(p->classes[k].roles[n], role))
                return true;
    return false;
}

bool teams_view(struct request *req, struct json **out, struct error *err)
{
    const struct pack *p = req->env->pack;

    *out = json_array(req->arena);
    for (size_t k = 0; k < p->nroles; k++) {
        struct json *o, *policies;
        struct str policy_id;
        if (!called(p, p->roles[k].id))
            continue;
        if (!setting_get(req->db, req->arena, team_setting(req->arena, p->roles[k].id), &policy_id, err) ||
            !policy_choices_view(req, policy_id, &policies, err))
            return false;
        o = json_push(*out, json_object(req->arena));
        json_set_str(req->arena, o, S("role"), p->roles[k].id);
        json_set_str(req->arena, o, S("name"), p->roles[k].name);
        json_set_str(req->arena, o, S("policy_id"), policy_id.len ? policy_id : STR_NONE);
        json_set(o, S("policies"), policies);
    }
    return true;
}

bool post_admin_teams(struct request *req, struct reply *out, struct error *err)
{
    struct team_input in = {0};

    if (!web_input(req, &in, NULL, err) || !engine_team(req->op, in.role, in.policy_id, err))
        return false;
    reply_see(req, out, "/admin?said=saved");
    out->view = json_object(req->arena);
    json_set_str(req->arena, out->view, S("role"), in.role);
    json_set_str(req->arena, out->view, S("policy_id"), in.policy_id.len ? in.policy_id : STR_NONE);
    return true;
}

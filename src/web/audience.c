#include "web/audience.h"

#include "domain/listener.h"
#include "domain/pack.h"
#include "domain/promise.h"
#include "domain/service.h"
#include "domain/update.h"
#include "domain/user.h"
#include "engine/listener.h"
#include "store/listener.h"
#include "store/service.h"
#include "store/user.h"
#include "web/language.h"
#include "web/view.h"

/* What the pack promises at each severity that has a clock for this audience. */
static struct json *beats_view(struct request *req, const struct pack_audience *a)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < p->nseverities; k++) {
        const struct pack_severity *s = &p->severities[k];
        int64_t first = promise_wait(p, s, a, true), next = promise_wait(p, s, a, false);
        if (!first && !next)
            continue;
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("severity"), s->id);
        json_set_int(req->arena, o, S("severity_rank"), s->rank);
        json_set_str(req->arena, o, S("severity_name"), s->name);
        json_set_int(req->arena, o, S("first_us"), first);
        if (next)
            json_set_int(req->arena, o, S("every_us"), next);
        else
            json_set_str(req->arena, o, S("every_us"), STR_NONE);
        json_set_bool(req->arena, o, S("business_hours"), s->business_hours);
    }
    return list;
}

static struct str name_of(const struct list *services, struct str id)
{
    const struct service *s = services->v;

    for (size_t k = 0; k < services->n; k++)
        if (str_eq(s[k].id, id))
            return s[k].name;
    return STR_NONE;
}

static struct json *listeners_view(struct request *req, const struct pack_audience *a, const struct list *all,
    const struct list *services)
{
    struct json *list = json_array(req->arena);
    const struct listener *l = all->v;

    for (size_t k = 0; k < all->n; k++) {
        if (!str_eq(l[k].audience, a->id))
            continue;
        struct json *o = json_push(list, fields_view(req->arena, listener_fields, &l[k]));
        json_set_str(req->arena, o, S("service_name"), name_of(services, l[k].service_id));
        json_set_str(req->arena, o, S("channel"), l[k].endpoint_id.len ? S("webhook") : S("email"));
    }
    return list;
}

static bool audience_view(struct request *req, const struct pack_audience *a, const struct list *all,
    const struct list *services, struct json **out, struct error *err)
{
    struct op op = {.db = req->db, .arena = req->arena, .env = req->env, .now = req->now};
    struct json *o = *out = json_object(req->arena);
    struct str language;
    bool two;

    if (!audience_language(&op, a->id, &language, err) || !audience_two_people(&op, a->id, &two, err))
        return false;
    json_set_str(req->arena, o, S("id"), a->id);
    json_set_str(req->arena, o, S("name"), a->name);
    json_set_bool(req->arena, o, S("external"), a->external);
    json_set_str(req->arena, o, S("shown_on"), a->shown_on);
    json_set_str(req->arena, o, S("language"), language);
    json_set_bool(req->arena, o, S("two_people"), two);
    json_set(o, S("beats"), beats_view(req, a));
    json_set_bool(req->arena, o, S("has_beats"), json_get(o, S("beats"))->count > 0);
    json_set(o, S("subscribers"), listeners_view(req, a, all, services));
    json_set_bool(req->arena, o, S("failed"), req->failure && str_eq(req->params[0], a->id));
    struct json *choices = json_set(o, S("languages"), json_array(req->arena));
    const char *const codes[] = {"en", "ru"};
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        struct json *c = json_push(choices, json_object(req->arena));
        json_set_str(req->arena, c, S("code"), str_from(codes[k]));
        json_set_bool(req->arena, c, S("current"), str_eq(language, str_from(codes[k])));
    }
    return true;
}

/* Of the form to add one. */
static bool choices_view(struct request *req, struct json *v, const struct list *services, struct error *err)
{
    struct json *people = json_array(req->arena), *hooks = json_array(req->arena), *names = json_array(req->arena);
    struct list users, endpoints;

    if (!user_list(req->db, req->arena, S(""), S(""), 500, &users, err) || !endpoint_list(req->db, req->arena, &endpoints, err))
        return false;
    const struct user *u = users.v;
    for (size_t k = 0; k < users.n; k++)
        if (!u[k].disabled)
            json_push(people, view_ref(req->arena, u[k].id, u[k].name));
    const struct endpoint *e = endpoints.v;
    for (size_t k = 0; k < endpoints.n; k++)
        json_push(hooks, view_ref(req->arena, e[k].id, e[k].name));
    const struct service *s = services->v;
    for (size_t k = 0; k < services->n; k++)
        json_push(names, view_ref(req->arena, s[k].id, s[k].name));
    struct json *o = json_set(v, S("choices"), json_object(req->arena));
    json_set(o, S("people"), people);
    json_set(o, S("webhooks"), hooks);
    json_set_bool(req->arena, o, S("has_webhooks"), endpoints.n > 0);
    json_set(o, S("services"), names);
    return true;
}

bool get_audiences(struct request *req, struct reply *out, struct error *err)
{
    const struct pack *p = req->env->pack;
    struct list all, services;

    if (!listener_all(req->db, req->arena, &all, err) ||
        !service_list(req->db, req->arena, S(""), 500, &services, err))
        return false;
    struct json *v = out->view = json_object(req->arena), *items = json_array(req->arena), *one;
    for (size_t k = 0; k < p->naudiences; k++) {
        if (!audience_view(req, &p->audiences[k], &all, &services, &one, err))
            return false;
        json_push(items, one);
    }
    json_set(v, S("items"), items);
    json_set_str(req->arena, v, S("next"), STR_NONE);
    out->title = web_text(req, "Audiences");
    return choices_view(req, v, &services, err);
}

bool post_audience(struct request *req, struct reply *out, struct error *err)
{
    struct audience_edit in = {0};
    uint64_t given;

    if (!web_input(req, &in, &given, err) || !engine_audience_edit(req->op, req->params[0], &in, given, err))
        return false;
    reply_see(req, out, "/audiences?said=saved");
    return req->html || get_audiences(req, out, err);
}

bool post_audience_subscribers(struct request *req, struct reply *out, struct error *err)
{
    struct listener_input in = {0};
    struct listener l;

    if (!web_input(req, &in, NULL, err) || !engine_listener_add(req->op, req->params[0], &in, &l, err))
        return false;
    reply_created(req, out, "/audiences%s", req->html ? "?said=added" : "");
    out->view = fields_view(req->arena, listener_fields, &l);
    return true;
}

bool post_audience_subscriber_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!engine_listener_remove(req->op, req->params[0], req->params[1], err))
        return false;
    reply_see(req, out, "/audiences%s", req->html ? "?said=removed" : "");
    return req->html || get_audiences(req, out, err);
}

#include "web/update.h"

#include "domain/delivery.h"
#include "domain/pack.h"
#include "domain/promise.h"
#include "engine/update.h"
#include "store/delivery.h"
#include "store/promise.h"
#include "store/update.h"
#include "web/language.h"

#define MAX_RECIPIENTS 500

/* What the engine's questions need; nothing is written with it. */
static struct op reading(struct request *req)
{
    return (struct op){.db = req->db, .arena = req->arena, .now = req->now, .env = req->env,
        .actor = {S("user"), req->user.id, req->user.name}};
}

static void about(struct request *req, struct json *v, const struct incident *i)
{
    json_set_str(req->arena, v, S("incident_id"), i->id);
    json_set_str(req->arena, v, S("incident_number"), i->number);
    json_set_str(req->arena, v, S("incident_title"), i->title);
}

/* Why not, in the reader's language; null if nothing stands in the way. */
static struct str reason_of(struct request *req, const struct error *refusal)
{
    return refusal->kind == ERROR_NONE
        ? STR_NONE
        : str_copy(req->arena, language_message(req->language, req->arena, refusal->format, str_from(refusal->message)));
}

static bool promises_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    struct list all;

    *out = json_array(req->arena);
    if (!promise_of_incident(req->db, req->arena, i->id, &all, err))
        return false;
    const struct promise *p = all.v;
    for (size_t k = all.n; k-- > 0;) {
        struct json *o = json_push(*out, fields_view(req->arena, promise_fields, &p[k]));
        const struct pack_audience *a = pack_audience_find(req->env->pack, p[k].audience);
        json_set_str(req->arena, o, S("audience_name"), a ? a->name : p[k].audience);
        bool late = str_eq(p[k].state, S("missed")) && instant_is_set(p[k].settled_at);
        if (late)
            json_set_int(req->arena, o, S("late_us"), p[k].settled_at.us - p[k].due_at.us);
        else
            json_set_str(req->arena, o, S("late_us"), STR_NONE);
    }
    return true;
}

bool get_incident_updates(struct request *req, struct reply *out, struct error *err)
{
    struct json *told, *promises;
    struct incident i = {0};
    struct list all;

    if (!incident_for(req, req->params[0], &i, err) || !update_of_incident(req->db, req->arena, i.id, &all, err) ||
        !told_view(req, &i, &told, err) || !promises_view(req, &i, &promises, err))
        return false;
    struct json *v = out->view = json_object(req->arena), *items = json_array(req->arena);
    const struct update *u = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(items, update_view(req, &u[k]));
    about(req, v, &i);
    json_set(v, S("items"), items);
    json_set_str(req->arena, v, S("next"), STR_NONE);
    json_set(v, S("told"), told);
    json_set(v, S("promises"), promises);
    json_set_bool(req->arena, v, S("has_promises"), json_get(v, S("promises"))->count > 0);
    out->title = web_text(req, "Updates");
    return true;
}

/* --- the form --- */

static struct json *choices(struct request *req, const char *const *values, struct str current, bool external)
{
    struct json *list = json_array(req->arena);

    for (; *values; values++) {
        const struct pack_status *s = external ? NULL : pack_status_find(req->env->pack, str_from(*values));
        if (!external && !incident_status_open(str_from(*values)) && !str_eq(str_from(*values), S("resolved")))
            continue;
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(*values));
        json_set_str(req->arena, o, S("label"), s ? s->name : STR_NONE);
        json_set_bool(req->arena, o, S("current"), str_eq(str_from(*values), current));
    }
    return list;
}

static struct json *causes(struct request *req, struct str current)
{
    struct json *list = json_array(req->arena);

    for (const char *const *c = cause_states; *c; c++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(*c));
        json_set_bool(req->arena, o, S("current"), str_eq(str_from(*c), current));
    }
    return list;
}

/* What was typed stands before what is proposed. */
static struct json *blanks_view(struct request *req, const struct update_input *in)
{
    struct json *o = json_object(req->arena);

    for (const struct field *f = update_input_fields; f->name; f++) {
        struct str typed = json_get_str(req->input, str_from(f->name));
        if (f->type == FIELD_TEXT)
            json_set_str(req->arena, o, str_from(f->name), typed.ptr ? typed : field_text(req->arena, f, in));
    }
    return o;
}

/* What they hear by default: the next time that the pack promises. */
static instant next_beat(struct request *req, const struct incident *i, const struct pack_audience *a)
{
    const struct pack *p = req->env->pack;
    const struct pack_severity *s = i->severity.len ? pack_severity_find(p, i->severity) : NULL;
    int64_t wait = s ? promise_wait(p, s, a, false) : 0;

    return wait && i->is_open ? promise_due(s, req->now, wait) : (instant){0};
}

bool get_incident_update_new(struct request *req, struct reply *out, struct error *err)
{
    struct str audience = web_query(req, "audience");
    struct op op = reading(req);
    struct update_input in = {0};
    struct incident i = {0};
    struct error refusal;
    struct json *told;

    if (!audience.len)
        audience = json_get_str(req->input, S("audience"));
    const struct pack_audience *a = pack_audience_find(req->env->pack, audience);
    if (!a)
        a = req->env->pack->audiences;
    if (!incident_for(req, req->params[0], &i, err) || !update_blanks(&op, &i, a->id, &in, err) ||
        !update_may_approve(&op, &i, &(struct update){.audience = a->id, .author_id = req->user.id}, &refusal, err) ||
        !told_view(req, &i, &told, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    about(req, v, &i);
    for (struct json *row = told->first; row; row = row->next)
        json_set_bool(req->arena, row, S("current"), str_eq(json_get_str(row, S("id")), a->id));
    json_set(v, S("told"), told);
    json_set_str(req->arena, v, S("audience"), a->id);
    json_set_str(req->arena, v, S("audience_name"), a->name);
    json_set_bool(req->arena, v, S("external"), a->external);
    json_set(v, S("blanks"), blanks_view(req, &in));
    json_set(v, S("statuses"), choices(req, a->external ? pack_public_statuses : incident_statuses, in.status, a->external));
    json_set(v, S("causes"), causes(req, in.cause_state));
    json_set_str(req->arena, v, S("next_beat"), time_text(req->arena, next_beat(req, &i, a)));
    json_set_bool(req->arena, v, S("may_publish"), !a->external || refusal.kind == ERROR_NONE);
    json_set_str(req->arena, v, S("refusal"), a->external ? reason_of(req, &refusal) : STR_NONE);
    out->title = web_format(req, "Update: %.*s", STR(a->name));
    return true;
}

/* --- one update --- */

static bool recipients_view(struct request *req, struct str update_id, struct json *v, struct error *err)
{
    struct json *list = json_set(v, S("recipients"), json_array(req->arena));
    struct list sent;
    int64_t told = 0;

    if (!delivery_list(req->db, req->arena, Q_DELIVERY_OF_SUBJECT, ARGS(v_text(update_id), v_int(MAX_RECIPIENTS)), &sent, err))
        return false;
    const struct delivery *d = sent.v;
    for (size_t k = 0; k < sent.n; k++) {
        struct json *o = json_push(list, json_object(req->arena));
        if (!str_eq(d[k].kind, S("update")))
            continue;
        told += str_eq(d[k].state, S("sent"));
        json_set_str(req->arena, o, S("name"), d[k].recipient);
        json_set_str(req->arena, o, S("channel"), d[k].channel);
        json_set_str(req->arena, o, S("state"), d[k].state);
        json_set_str(req->arena, o, S("at"), time_text(req->arena, instant_is_set(d[k].sent_at) ? d[k].sent_at : d[k].created_at));
        json_set_str(req->arena, o, S("error"), d[k].error.len ? d[k].error : STR_NONE);
    }
    json_set_int(req->arena, v, S("recipients_told"), told);
    json_set_int(req->arena, v, S("recipients_total"), (int64_t)list->count);
    json_set_bool(req->arena, v, S("has_recipients"), list->count > 0);
    return true;
}

static bool one_view(struct request *req, const struct incident *i, const struct update *u, struct json **out,
    struct error *err)
{
    struct json *v = *out = update_view(req, u);
    struct op op = reading(req);
    struct error refusal;

    about(req, v, i);
    if (!update_may_approve(&op, i, u, &refusal, err) || !recipients_view(req, u->id, v, err))
        return false;
    bool waits = str_eq(u->state, S("draft")) || str_eq(u->state, S("approved"));
    bool may = refusal.kind == ERROR_NONE;
    json_set_bool(req->arena, v, S("may_approve"), u->external && may && str_eq(u->state, S("draft")));
    json_set_bool(req->arena, v, S("may_publish"), waits && (!u->external || may || str_eq(u->state, S("approved"))));
    json_set_str(req->arena, v, S("refusal"), str_eq(u->state, S("draft")) && u->external ? reason_of(req, &refusal) : STR_NONE);
    return true;
}

bool get_incident_update(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct update u = {0};

    if (!incident_for(req, req->params[0], &i, err) ||
        !update_find(req->db, req->arena, i.id, req->params[1], &u, err) || !one_view(req, &i, &u, &out->view, err))
        return false;
    out->title = str_printf(req->arena, "#%lld %.*s", (long long)u.number, STR(json_get_str(out->view, S("audience_name"))));
    return true;
}

bool post_incident_updates(struct request *req, struct reply *out, struct error *err)
{
    struct update_input in = {0};
    struct incident i = {0};
    struct update u = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_update_write(req->op, i.id, &in, &u, err))
        return false;
    reply_created(req, out, "/incidents/%.*s/updates/%.*s", STR(i.id), STR(u.id));
    return req->html || one_view(req, &i, &u, &out->view, err);
}

typedef bool act_on_update(struct op *op, struct str ref, struct str which, int64_t version, struct update *out,
    struct error *err);

static bool act(struct request *req, struct reply *out, act_on_update *run, struct error *err)
{
    struct update_act in = {0};
    struct incident i = {0};
    struct update u = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !run(req->op, i.id, req->params[1], in.version, &u, err))
        return false;
    bool gone = run == engine_update_retract && !instant_is_set(u.published_at);
    reply_see(req, out, "/incidents/%.*s/updates%s%.*s", STR(i.id), gone ? "" : "/", STR(gone ? STR_NONE : u.id));
    return req->html || one_view(req, &i, &u, &out->view, err);
}

bool post_incident_update_approve(struct request *req, struct reply *out, struct error *err)
{
    return act(req, out, engine_update_approve, err);
}

bool post_incident_update_publish(struct request *req, struct reply *out, struct error *err)
{
    return act(req, out, engine_update_publish, err);
}

bool post_incident_update_retract(struct request *req, struct reply *out, struct error *err)
{
    return act(req, out, engine_update_retract, err);
}

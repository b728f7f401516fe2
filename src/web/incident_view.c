#include "web/incident_view.h"

#include "domain/delivery.h"
#include "domain/pack.h"
#include "domain/policy.h"
#include "domain/role.h"
#include "domain/service.h"
#include "store/alert.h"
#include "store/delivery.h"
#include "store/event.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/postmortem.h"
#include "store/service.h"
#include "store/user.h"
#include "text/markdown.h"
#include "web/language.h"
#include "web/view.h"

#define PAGE_EVENTS 60
#define PAGE_ALERTS 100

static struct str timestamp(struct request *req, instant t)
{
    return time_text(req->arena, t);
}

static void set_time(struct request *req, struct json *o, const char *key, instant t)
{
    json_set_str(req->arena, o, str_from(key), timestamp(req, t));
}

static void set_span(struct request *req, struct json *o, const char *key, instant from, instant to)
{
    if (instant_is_set(from) && instant_is_set(to))
        json_set_int(req->arena, o, str_from(key), to.us - from.us);
    else
        json_set_str(req->arena, o, str_from(key), STR_NONE);
}

static void severity_words(struct request *req, struct json *o, struct str severity)
{
    const struct pack_severity *s = severity.len ? pack_severity_find(req->env->pack, severity) : NULL;

    json_set_int(req->arena, o, S("severity_rank"), s ? s->rank : 0);
    json_set_str(req->arena, o, S("severity_name"), s ? s->name : STR_NONE);
}

/* Its word stays; what the word means now is only said if the pack in use gives it the same rank. */
static void incident_severity_words(struct request *req, struct json *o, const struct incident *i)
{
    const struct pack_severity *s = i->severity.len ? pack_severity_find(req->env->pack, i->severity) : NULL;

    json_set_int(req->arena, o, S("severity_rank"), i->severity_rank);
    json_set_str(req->arena, o, S("severity_name"), s && s->rank == i->severity_rank ? s->name : STR_NONE);
}

void severity_view(struct request *req, struct json *o, struct str severity)
{
    json_set_str(req->arena, o, S("severity"), severity.len ? severity : STR_NONE);
    severity_words(req, o, severity);
}

struct json *severities_view(struct request *req, struct str current)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_array(req->arena);

    for (size_t i = 0; i < p->nseverities; i++) {
        struct json *s = json_push(list, json_object(req->arena));
        severity_view(req, s, p->severities[i].id);
        json_set_str(req->arena, s, S("criteria"), p->severities[i].criteria);
        json_set_bool(req->arena, s, S("current"), str_eq(p->severities[i].id, current));
    }
    return list;
}

static instant began(const struct incident *i)
{
    return instant_is_set(i->started_at) ? i->started_at : i->detected_at;
}

static bool named_view(struct request *req, struct str incident_id, struct json **out, struct error *err)
{
    struct list services;

    if (!incident_services(req->db, req->arena, incident_id, &services, err))
        return false;
    const struct named *n = services.v;
    *out = json_array(req->arena);
    for (size_t i = 0; i < services.n; i++)
        json_push(*out, view_ref(req->arena, n[i].id, n[i].name));
    return true;
}

/* The role the pack says owns an incident. */
static struct json *commander_view(struct request *req, const struct list *roles)
{
    const struct role_holder *r = roles->v;

    for (size_t i = 0; i < roles->n; i++)
        if (str_eq(r[i].role, req->env->pack->commander))
            return view_ref(req->arena, r[i].user_id, r[i].name);
    return json_string(req->arena, STR_NONE);
}

bool incident_row_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    struct json *o = *out = json_object(req->arena), *services;
    struct list roles;

    if (!named_view(req, i->id, &services, err) || !role_list(req->db, req->arena, i->id, &roles, err))
        return false;
    json_set_str(req->arena, o, S("id"), i->id);
    json_set_str(req->arena, o, S("incident_id"), i->id);
    json_set_str(req->arena, o, S("number"), i->number);
    json_set_str(req->arena, o, S("title"), i->title);
    json_set_str(req->arena, o, S("status"), i->status);
    json_set_str(req->arena, o, S("severity"), i->severity.len ? i->severity : STR_NONE);
    incident_severity_words(req, o, i);
    json_set_bool(req->arena, o, S("restricted"), i->restricted);
    json_set(o, S("services"), services);
    json_set(o, S("commander"), commander_view(req, &roles));
    set_time(req, o, "started_at", i->started_at);
    set_time(req, o, "began_at", began(i));
    set_time(req, o, "declared_at", i->declared_at);
    set_time(req, o, "acknowledged_at", i->acknowledged_at);
    set_time(req, o, "resolved_at", i->resolved_at);
    set_time(req, o, "next_update_at", i->next_update_at);
    json_set_bool(req->arena, o, S("update_overdue"), instant_is_set(i->next_update_at) && i->next_update_at.us < req->now.us);
    set_span(req, o, "duration_us", began(i), i->resolved_at);
    return true;
}

bool incident_rows_view(struct request *req, const struct list *incidents, struct json **out, struct error *err)
{
    const struct incident *v = incidents->v;
    struct json *row;

    *out = json_array(req->arena);
    for (size_t i = 0; i < incidents->n; i++) {
        if (!incident_row_view(req, &v[i], &row, err))
            return false;
        json_push(*out, row);
    }
    return true;
}

bool responders_view(struct request *req, struct json **out, struct error *err)
{
    struct list users;

    if (!store_list(req->db, req->arena, Q_USER_RESPONDERS, NO_ARGS, named_fields, sizeof(struct named), &users, err))
        return false;
    const struct named *u = users.v;
    *out = json_array(req->arena);
    for (size_t i = 0; i < users.n; i++)
        json_push(*out, view_ref(req->arena, u[i].id, u[i].name));
    return true;
}

static struct json *entry_view(struct request *req, const struct event *e, instant start)
{
    struct json *o = json_object(req->arena), *data = NULL;
    struct error ignored = {0};
    bool prose = str_eq(e->kind, S("note")) || str_eq(e->kind, S("update")) || str_eq(e->kind, S("decision")) ||
        str_eq(e->kind, S("correction")) || str_eq(e->kind, S("action")) || str_eq(e->kind, S("question")) ||
        str_eq(e->kind, S("check_in"));

    json_parse(req->arena, e->data, &data, &ignored);
    struct str text = json_get_str(data, S("text"));
    json_set_int(req->arena, o, S("seq"), e->seq);
    json_set_int(req->arena, o, S("number"), e->number);
    set_time(req, o, "at", e->at);
    set_time(req, o, "recorded_at", e->recorded_at);
    json_set_str(req->arena, o, S("kind"), e->kind);
    json_set_str(req->arena, o, S("actor_name"), str_eq(e->actor_kind, S("user")) || str_eq(e->actor_kind, S("link")) ? e->actor_name : STR_NONE);
    json_set_str(req->arena, o, S("text"), text);
    json_set_int(req->arena, o, S("offset_us"), e->at.us - start.us);
    if (e->corrects != INT_NONE)
        json_set_int(req->arena, o, S("corrects"), e->corrects);
    else
        json_set_str(req->arena, o, S("corrects"), STR_NONE);
    json_set_bool(req->arena, o, S("backdated"), e->recorded_at.us - e->at.us > MINUTE_US);
    struct buf html;
    buf_init(&html, req->arena, 64 << 10);
    if (prose && req->html)
        markdown_html(&html, text, 3);
    view_html(req, o, "html_text", html.len ? buf_str(&html) : STR_NONE);
    return o;
}

struct json *events_view(struct request *req, const struct list *events, instant start)
{
    struct json *list = json_array(req->arena);
    const struct event *e = events->v;

    for (size_t i = 0; i < events->n; i++)
        json_push(list, entry_view(req, &e[i], start));
    return list;
}

static bool roles_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    const struct pack *p = req->env->pack;
    struct json *list = json_array(req->arena);
    struct list roles;

    if (!role_list(req->db, req->arena, i->id, &roles, err))
        return false;
    const struct role_holder *r = roles.v;
    for (size_t k = 0; k < p->nroles; k++) {
        struct json *role = json_push(list, json_object(req->arena));
        struct json *holder = json_string(req->arena, STR_NONE);
        for (size_t n = 0; n < roles.n; n++)
            if (str_eq(r[n].role, p->roles[k].id))
                holder = view_ref(req->arena, r[n].user_id, r[n].name);
        json_set_str(req->arena, role, S("role"), p->roles[k].id);
        json_set_str(req->arena, role, S("name"), p->roles[k].name);
        json_set(role, S("user"), holder);
        struct buf duties;
        buf_init(&duties, req->arena, 4096);
        for (size_t d = 0; d < p->roles[k].nduties; d++)
            buf_printf(&duties, "%s%.*s", d ? "; " : "", STR(p->roles[k].duties[d]));
        json_set_str(req->arena, role, S("duties"), buf_str(&duties));
        json_set_bool(req->arena, role, S("required"), i->is_open && role_required(p, &p->roles[k], i->severity));
    }
    json_set(o, S("commander"), commander_view(req, &roles));
    json_set(o, S("roles"), list);
    return true;
}

static bool alerts_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    struct json *list = json_array(req->arena);
    struct list alerts;
    struct error ignored = {0};

    if (!alert_list(req->db, req->arena, Q_ALERT_OF_INCIDENT, ARGS(v_text(i->id), v_int(PAGE_ALERTS)), &alerts, err))
        return false;
    const struct alert *a = alerts.v;
    for (size_t k = 0; k < alerts.n; k++) {
        struct json *v = json_push(list, json_object(req->arena)), *annotations = NULL;
        struct service s = {0};
        if (!service_get(req->db, req->arena, a[k].service_id, &s, err))
            return false;
        json_parse(req->arena, a[k].annotations, &annotations, &ignored);
        json_set_str(req->arena, v, S("id"), str_printf(req->arena, "%lld", (long long)a[k].id));
        json_set_str(req->arena, v, S("name"), a[k].name);
        json_set_str(req->arena, v, S("severity"), a[k].severity);
        json_set_int(req->arena, v, S("severity_rank"), severity_rank_of_label(a[k].severity));
        json_set_str(req->arena, v, S("summary"), json_get_str(annotations, S("summary")));
        json_set_bool(req->arena, v, S("firing"), a[k].firing);
        set_time(req, v, "starts_at", a[k].starts_at);
        json_set_int(req->arena, v, S("count"), a[k].count);
        json_set_str(req->arena, v, S("service_name"), s.name);
    }
    json_set(o, S("alerts"), list);
    return true;
}

static bool pages_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    struct json *list = json_array(req->arena);
    struct list sent;

    if (!delivery_list(req->db, req->arena, Q_DELIVERY_OF_INCIDENT, ARGS(v_text(i->id), v_int(50)), &sent, err))
        return false;
    const struct delivery *d = sent.v;
    for (size_t k = 0; k < sent.n; k++) {
        struct json *v = json_push(list, json_object(req->arena));
        bool page = str_eq(d[k].kind, S("page"));
        json_set_str(req->arena, v, S("id"), d[k].id);
        json_set_str(req->arena, v, S("kind"), d[k].kind);
        json_set_str(req->arena, v, S("user_name"), d[k].recipient);
        json_set_str(req->arena, v, S("channel"), d[k].channel);
        json_set_str(req->arena, v, S("state"), d[k].state);
        set_time(req, v, "at", instant_is_set(d[k].sent_at) ? d[k].sent_at : d[k].created_at);
        struct str why = !page ? web_text(req, "told that it is over") : d[k].step < 0 ? web_text(req, "by hand") : web_format(req, "step %lld", (long long)d[k].step + 1);
        json_set_str(req->arena, v, S("reason"), d[k].error.len ? str_printf(req->arena, "%.*s: %.*s", STR(why), STR(d[k].error)) : why);
    }
    json_set(o, S("pages"), list);
    return true;
}

/* Names of whom the next step tells. */
static struct str next_names(struct request *req, const struct escalation *e)
{
    struct policy_steps steps;
    struct error ignored = {0};
    struct buf names;

    buf_init(&names, req->arena, 1000);
    if (!policy_steps_read(req->arena, e->steps, &steps, &ignored))
        return S("");
    size_t at = (size_t)e->step;
    if (at >= steps.n) {
        if (e->loop >= e->repeat)
            return web_text(req, "nobody else");
        at = 0;
    }
    for (size_t k = 0; k < steps.v[at].ntargets; k++) {
        const struct target *t = &steps.v[at].targets[k];
        struct user u = {0};
        struct endpoint w = {0};
        ignored = (struct error){0};
        if (t->kind == TARGET_USER ? user_get(req->db, req->arena, t->id, &u, &ignored)
                                   : endpoint_get(req->db, req->arena, t->id, &w, &ignored))
            buf_printf(&names, "%s%.*s", names.len ? ", " : "", STR(u.id.len ? u.name : w.name));
    }
    return buf_str(&names);
}

static bool escalation_of(struct request *req, struct str incident_id, struct escalation *e, bool *found, struct error *err)
{
    *found = escalation_get(req->db, req->arena, incident_id, e, err);
    if (!*found && err->kind != ERROR_NOT_FOUND)
        return false;
    *err = *found ? *err : (struct error){0};
    return true;
}

static bool escalation_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    struct escalation e = {0};
    bool found;

    if (!escalation_of(req, i->id, &e, &found, err))
        return false;
    if (!found) {
        json_set_str(req->arena, o, S("escalation"), STR_NONE);
        return true;
    }
    struct json *v = json_set(o, S("escalation"), json_object(req->arena));
    json_set_str(req->arena, v, S("policy_name"), e.policy_name);
    json_set_str(req->arena, v, S("state"), e.state);
    json_set_int(req->arena, v, S("step"), e.step);
    json_set_int(req->arena, v, S("loop"), e.loop);
    set_time(req, v, "next_at", e.next_at);
    json_set_str(req->arena, v, S("next_name"), instant_is_set(e.next_at) ? next_names(req, &e) : STR_NONE);
    return true;
}

bool my_page_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    struct list mine;
    struct escalation e = {0};
    bool found;

    *out = json_string(req->arena, STR_NONE);
    if (!req->signed_in || !i->is_open)
        return true;
    if (!delivery_list(req->db, req->arena, Q_DELIVERY_PAGE_OF, ARGS(v_text(i->id), v_text(req->user.id)), &mine, err))
        return false;
    bool me = str_eq(i->acknowledged_by, req->user.id);
    if (!mine.n || (instant_is_set(i->acknowledged_at) && !me))
        return true;
    if (!escalation_of(req, i->id, &e, &found, err))
        return false;
    const struct delivery *d = mine.v;
    struct json *v = *out = json_object(req->arena);
    bool going = found && instant_is_set(e.next_at);
    set_time(req, v, "at", d->created_at);
    json_set_str(req->arena, v, S("next_name"), going ? next_names(req, &e) : STR_NONE);
    set_time(req, v, "next_at", going ? e.next_at : (instant){0});
    json_set_str(req->arena, v, S("delivery_id"), d->id);
    set_time(req, v, "acked_at", i->acknowledged_at);
    return true;
}

static struct str status_name(struct request *req, const char *status)
{
    const struct pack_status *s = pack_status_find(req->env->pack, str_from(status));

    return s ? s->name : str_from(status);
}

static void step(struct request *req, struct json *list, struct str label, instant at, bool current, bool done)
{
    struct json *s = json_push(list, json_object(req->arena));

    json_set_str(req->arena, s, S("label"), label);
    set_time(req, s, "at", at);
    json_set_bool(req->arena, s, S("done"), done);
    json_set_bool(req->arena, s, S("current"), current);
}

/* Detected and acknowledged, then the working statuses; those before the current one count as done. */
static struct json *steps_view(struct request *req, const struct incident *i)
{
    static const char *const working[] = {"investigating", "identified", "mitigating", "monitoring", "resolved"};
    struct json *list = json_array(req->arena);
    bool acked = instant_is_set(i->acknowledged_at);
    int at = -1;

    for (int k = 0; k < 5; k++)
        if (str_eq(i->status, str_from(working[k])))
            at = k;
    if (!i->is_open)
        at = 4;
    step(req, list, web_text(req, "Detected"), i->detected_at, at < 0 && !acked, true);
    step(req, list, web_text(req, "Acknowledged"), i->acknowledged_at, at < 0 && acked, acked);
    for (int k = 0; k < 5; k++) {
        instant when = k == 3 ? i->mitigated_at : k == 4 ? i->resolved_at : (instant){0};
        step(req, list, status_name(req, working[k]), when, k == at, k < at);
    }
    return list;
}

static void choices_view(struct request *req, struct json *o, const struct incident *i)
{
    struct json *allowed = json_set(o, S("allowed"), json_object(req->arena));
    struct json *status = json_set(allowed, S("status"), json_array(req->arena));

    for (size_t k = 0; incident_statuses[k]; k++)
        if (incident_status_allowed(i->status, str_from(incident_statuses[k])) &&
            !str_eq(str_from(incident_statuses[k]), S("resolved")))
            json_push(status, json_string(req->arena, str_from(incident_statuses[k])));
    json_set_bool(req->arena, o, S("can_update"), i->is_open);
    json_set_bool(req->arena, o, S("can_reopen"), !i->is_open && incident_status_allowed(i->status, S("investigating")));
    json_set(o, S("severities"), severities_view(req, i->severity));
}

static bool postmortem_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    const struct pack_severity *s = i->severity.len ? pack_severity_find(req->env->pack, i->severity) : NULL;
    struct postmortem pm = {0};
    bool found = postmortem_of_incident(req->db, req->arena, i->id, &pm, err);

    if (!found && err->kind != ERROR_NOT_FOUND)
        return false;
    *err = found ? *err : (struct error){0};
    json_set_bool(req->arena, o, S("wants_postmortem"), found || !i->is_open || (s && s->postmortem_us > 0));
    json_set_str(req->arena, o, S("postmortem_id"), found ? pm.id : STR_NONE);
    set_time(req, o, "postmortem_due_at", pm.due_at);
    return true;
}

static bool services_view(struct request *req, struct json *o, const struct incident *i, struct error *err)
{
    struct json *affected, *others = json_array(req->arena);
    struct list all;

    if (!named_view(req, i->id, &affected, err) || !service_list(req->db, req->arena, S(""), 500, &all, err))
        return false;
    const struct service *s = all.v;
    for (size_t k = 0; k < all.n; k++) {
        bool in = false;
        for (const struct json *a = affected->first; a; a = a->next)
            in |= str_eq(json_get_str(a, S("id")), s[k].id);
        if (!in)
            json_push(others, view_ref(req->arena, s[k].id, s[k].name));
    }
    json_set(o, S("services"), affected);
    json_set(o, S("other_services"), others);
    return true;
}

/* By when it happened, the latest first; of one moment, what was written last comes first. */
static void by_time(struct list *events)
{
    struct event *e = events->v;

    for (size_t i = 1; i < events->n; i++) {
        struct event one = e[i];
        size_t at = i;
        for (; at > 0 && e[at - 1].at.us < one.at.us; at--)
            e[at] = e[at - 1];
        e[at] = one;
    }
}

bool incident_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    struct json *o = *out = fields_view(req->arena, incident_fields, i), *mine, *people;
    struct list events;

    incident_severity_words(req, o, i);
    json_set_str(req->arena, o, S("incident_id"), i->id);
    json_set_bool(req->arena, o, S("has_numbers"), i->impact_users != INT_NONE || i->impact_percent != INT_NONE || i->impact_revenue.len);
    set_time(req, o, "began_at", began(i));
    set_span(req, o, "duration_us", began(i), i->resolved_at);
    set_span(req, o, "ack_us", i->detected_at, i->acknowledged_at);
    json_set_bool(req->arena, o, S("update_overdue"), instant_is_set(i->next_update_at) && i->next_update_at.us < req->now.us);
    if (!roles_view(req, o, i, err) || !services_view(req, o, i, err) || !alerts_view(req, o, i, err) ||
        !store_list(req->db, req->arena, Q_EVENT_LATEST, ARGS(v_text(i->id), v_int(PAGE_EVENTS)), event_fields,
            sizeof(struct event), &events, err) ||
        !pages_view(req, o, i, err) || !escalation_view(req, o, i, err) || !my_page_view(req, i, &mine, err) ||
        !responders_view(req, &people, err) || !postmortem_view(req, o, i, err))
        return false;
    if (!incident_rooms_view(req, i, o, err))
        return false;
    by_time(&events);
    json_set(o, S("events"), events_view(req, &events, began(i)));
    json_set(o, S("my_page"), mine);
    json_set(o, S("responders"), people);
    json_set(o, S("steps"), steps_view(req, i));
    choices_view(req, o, i);
    json_set_str(req->arena, o, S("web_url"), str_printf(req->arena, "%.*s/incidents/%.*s", STR(req->env->base_url), STR(i->id)));
    return true;
}

bool incident_changed(struct request *req, struct reply *out, const struct incident *i, const char *anchor, struct error *err)
{
    reply_see(req, out, "/incidents/%.*s%s", STR(i->id), anchor);
    return req->html || incident_view(req, i, &out->view, err);
}

#include "web/alert_view.h"

#include "domain/incident.h"
#include "store/alert.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/service.h"
#include "web/access.h"
#include "web/language.h"
#include "web/view.h"

#define HISTORY 20

struct alert_incident {
    struct incident incident;
    bool mine; /* I was paged for it, or acknowledged it */
    bool visible;
    struct alert_incident *next;
};

bool alert_names_load(struct alert_names *out, struct request *req, struct error *err)
{
    *out = (struct alert_names){.req = req};
    return service_list(req->db, req->arena, S(""), 10000, &out->services, err);
}

struct str alert_service_name(const struct alert_names *n, struct str id)
{
    const struct service *s = n->services.v;

    for (size_t i = 0; i < n->services.n; i++)
        if (str_eq(s[i].id, id))
            return s[i].name;
    return web_text(n->req, "a service that is gone");
}

/* The alert's incident; *out is NULL if it has none. */
static bool incident_of(
    struct alert_names *n, struct str id, struct alert_incident **out, struct error *err)
{
    struct request *req = n->req;
    struct list pages;

    *out = NULL;
    if (!id.len)
        return true;
    for (struct alert_incident *m = n->met; m; m = m->next)
        if (str_eq(m->incident.id, id)) {
            *out = m;
            return true;
        }
    struct alert_incident *m = arena_new(req->arena, struct alert_incident);
    if (!incident_get(req->db, req->arena, id, &m->incident, err) ||
        !incident_visible(req, &m->incident, &m->visible, err) ||
        !delivery_list(req->db, req->arena, Q_DELIVERY_PAGE_OF,
            ARGS(v_text(id), v_text(req->user.id)), &pages, err))
        return false;
    m->mine = pages.n > 0 || str_eq(m->incident.acknowledged_by, req->user.id);
    m->next = n->met;
    n->met = *out = m;
    return true;
}

static struct str annotation(struct arena *a, const struct alert *v, struct str name)
{
    struct labels set;

    return labels_read(a, v->annotations, &set) ? labels_get(&set, name) : STR_NONE;
}

static void set_time(struct request *req, struct json *o, const char *key, instant t)
{
    json_set_str(req->arena, o, str_from(key), time_text(req->arena, t));
}

bool alert_row_view(
    struct alert_names *n, const struct alert *v, struct json **out, struct error *err)
{
    struct arena *a = n->req->arena;
    struct json *o = *out = json_object(a), *incident = json_string(a, STR_NONE);
    struct str summary = annotation(a, v, S("summary"));
    struct alert_incident *m;

    if (!incident_of(n, v->incident_id, &m, err))
        return false;
    if (m && m->visible) {
        incident = json_object(a);
        json_set_str(a, incident, S("id"), m->incident.id);
        json_set_str(a, incident, S("number"), m->incident.number);
        json_set_str(a, incident, S("title"), m->incident.title);
    }
    json_set_str(a, o, S("id"), str_printf(a, "%lld", (long long)v->id));
    json_set_str(a, o, S("name"), v->name);
    json_set_str(a, o, S("severity"), v->severity.len ? v->severity : STR_NONE);
    json_set_int(a, o, S("severity_rank"), severity_rank_of_label(v->severity));
    json_set_str(a, o, S("summary"), summary.ptr ? summary : annotation(a, v, S("description")));
    json_set_bool(a, o, S("firing"), v->firing);
    json_set(o, S("service"), view_ref(a, v->service_id, alert_service_name(n, v->service_id)));
    json_set_str(a, o, S("service_name"), alert_service_name(n, v->service_id));
    set_time(n->req, o, "starts_at", v->starts_at);
    set_time(n->req, o, "ends_at", v->ends_at);
    set_time(n->req, o, "updated_at", v->updated_at);
    set_time(n->req, o, "resolved_at", v->resolved_at);
    json_set_int(a, o, S("count"), v->count);
    json_set_bool(a, o, S("mine"), m && m->mine);
    json_set(o, S("incident"), incident);
    return true;
}

static struct json *pairs_view(struct arena *a, struct str text)
{
    struct json *list = json_array(a);
    struct labels set;

    if (!labels_read(a, text, &set))
        return list;
    for (size_t i = 0; i < set.n; i++) {
        struct json *o = json_push(list, json_object(a));
        json_set_str(a, o, S("name"), set.v[i].name);
        json_set_str(a, o, S("value"), set.v[i].value);
    }
    return list;
}

/* Earlier episodes of the same labels. */
static bool history_view(
    struct request *req, const struct alert *v, struct json **out, struct error *err)
{
    struct arena *a = req->arena;
    struct list past;

    *out = json_array(a);
    if (!alert_list(
            req->db, a, Q_ALERT_HISTORY, ARGS(v_text(v->dedup), v_int(HISTORY)), &past, err))
        return false;
    const struct alert *p = past.v;
    for (size_t i = 0; i < past.n; i++) {
        if (p[i].id == v->id)
            continue;
        struct json *o = json_push(*out, json_object(a));
        json_set_str(a, o, S("id"), str_printf(a, "%lld", (long long)p[i].id));
        set_time(req, o, "starts_at", p[i].starts_at);
        set_time(req, o, "resolved_at", p[i].resolved_at);
        json_set_int(a, o, S("duration_us"), p[i].resolved_at.us - p[i].starts_at.us);
        json_set_int(a, o, S("count"), p[i].count);
    }
    return true;
}

bool alert_view(struct request *req, const struct alert *v, struct json **out, struct error *err)
{
    struct arena *a = req->arena;
    struct alert_names names;
    struct json *history;
    /* A sender may write anything there; only addresses of the web become links. */
    bool link =
        str_starts(v->generator_url, S("https://")) || str_starts(v->generator_url, S("http://"));

    if (!alert_names_load(&names, req, err) || !alert_row_view(&names, v, out, err) ||
        !history_view(req, v, &history, err))
        return false;
    json_set(*out, S("labels"), pairs_view(a, v->labels));
    json_set(*out, S("annotations"), pairs_view(a, v->annotations));
    json_set_str(a, *out, S("generator_url"), link ? v->generator_url : STR_NONE);
    json_set_str(
        a, *out, S("fingerprint"), str_printf(a, "%016llx", (unsigned long long)v->fingerprint));
    set_time(req, *out, "received_at", v->received_at);
    json_set(*out, S("history"), history);
    return true;
}

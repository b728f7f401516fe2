#include "web/admin.h"

#include "domain/delivery.h"
#include "store/delivery.h"
#include "store/incident.h"
#include "store/user.h"
#include "web/access.h"
#include "web/classify.h"
#include "web/filters.h"
#include "web/health.h"
#include "web/language.h"

#define SHOWN 50
#define TOKENS 500
#define UNSENT_LIMIT_US (30 * SECOND_US)
#define LATENESS_LIMIT_US (10 * SECOND_US)

static void card(struct request *req, struct json *list, const char *label, struct str value,
    bool ok, struct str note)
{
    struct json *o = json_push(list, json_object(req->arena));

    json_set_str(req->arena, o, S("label"), web_text(req, label));
    json_set_str(req->arena, o, S("value"), value);
    json_set_bool(req->arena, o, S("ok"), ok);
    json_set_str(req->arena, o, S("note"), note);
}

static struct str whole_seconds(const struct request *req, int64_t us)
{
    return duration_words(req->language, req->arena, us);
}

static struct str size_text(const struct request *req, int64_t bytes)
{
    return bytes < 10000000 ? web_format(req, "%lld kB", (long long)bytes / 1000)
                            : web_format(req, "%lld MB", (long long)bytes / 1000000);
}

static struct json *health_view(struct request *req, const struct vitals *v, int64_t troubled)
{
    struct arena *a = req->arena;
    struct json *list = json_array(a);
    const struct writer_stats *w = &v->writer;

    card(req, list, N_("Oldest message not sent"), whole_seconds(req, v->oldest_unsent_us),
        v->oldest_unsent_us <= UNSENT_LIMIT_US, web_text(req, "limit 30 s"));
    card(req, list, N_("Oldest timer not run"), whole_seconds(req, v->lateness_us),
        v->lateness_us <= LATENESS_LIMIT_US, web_text(req, "limit 10 s"));
    card(req, list, N_("Deliveries in trouble, 24 h"), str_printf(a, "%lld", (long long)troubled),
        troubled == 0, troubled ? web_text(req, "see below") : web_text(req, "all went through"));
    card(req, list, N_("Database"), size_text(req, v->database_bytes), true,
        db_kind(req->db) == DB_SQLITE ? S("SQLite") : S("PostgreSQL"));
    card(req, list, N_("Writes waiting"), str_printf(a, "%lld", (long long)w->queue), w->healthy,
        w->healthy ? web_format(req, "last commit %lld.%lld ms", (long long)w->last_commit_us / 1000,
                         (long long)w->last_commit_us % 1000 / 100)
                   : web_text(req, "the last attempt failed"));
    card(req, list, N_("Alerts since start"), str_printf(a, "%lld", (long long)v->ingest.received),
        true, web_count(req, "%lld was a repeat", "%lld were repeats", (int64_t)v->ingest.repeats));
    return list;
}

static struct str failing(struct request *req, const struct vitals *v, int64_t troubled)
{
    if (!v->writer.healthy)
        return web_text(req,
            "The last attempt to write to the database failed: new incidents cannot be recorded");
    if (v->lateness_us > LATENESS_LIMIT_US)
        return web_format(
            req, "Timers are late by %.*s", STR(whole_seconds(req, v->lateness_us)));
    if (troubled)
        return web_count(req, "%lld delivery was in trouble in the last 24 hours",
            "%lld deliveries were in trouble in the last 24 hours", troubled);
    return STR_NONE;
}

/* Why it was sent, in a few words, or what went wrong. */
static struct str why(struct request *req, const struct delivery *d)
{
    struct json *reason = NULL;
    struct error ignored = {0};

    if (d->error.len)
        return d->error;
    json_parse(req->arena, d->reason, &reason, &ignored);
    struct str asked = json_get_str(reason, S("asked_by")),
               policy = json_get_str(reason, S("policy"));
    if (asked.len)
        return web_format(req, "asked for by %.*s", STR(asked));
    if (str_eq(d->kind, S("resolved")))
        return web_text(req, "told that it is over");
    return policy.len
               ? web_format(req, "step %lld of %.*s", (long long)d->step + 1, STR(policy))
               : web_text(req, "by hand");
}

static bool delivery_row(
    struct request *req, const struct delivery *d, struct json *list, struct error *err)
{
    struct arena *a = req->arena;
    struct json *o = json_push(list, json_object(a)), *incident = json_string(a, STR_NONE);
    struct incident i = {0};
    bool visible = true;

    if (d->incident_id.len && (!incident_get(req->db, a, d->incident_id, &i, err) ||
            !incident_visible(req, &i, &visible, err)))
        return false;
    if (i.id.len && visible) {
        incident = json_object(a);
        json_set_str(a, incident, S("id"), i.id);
        json_set_str(a, incident, S("number"), i.number);
        json_set_str(a, incident, S("title"), i.title);
    }
    json_set_str(a, o, S("id"), d->id);
    json_set_str(
        a, o, S("at"), time_text(a, instant_is_set(d->sent_at) ? d->sent_at : d->created_at));
    json_set_str(a, o, S("target_name"), d->recipient);
    json_set_str(a, o, S("channel"), d->channel);
    json_set_str(a, o, S("state"), d->state);
    if (d->attempts > 1)
        json_set_int(a, o, S("attempts"), d->attempts);
    else
        json_set_str(a, o, S("attempts"), STR_NONE);
    json_set_str(a, o, S("about"), !i.id.len ? web_text(req, "Test message")
        : visible ? STR_NONE : web_text(req, "A restricted incident"));
    json_set(o, S("incident"), incident);
    json_set_str(a, o, S("reason"), visible ? why(req, d) : STR_NONE);
    return true;
}

static bool in_trouble(const struct delivery *d)
{
    return str_eq(d->state, S("failed")) || (d->error.len && instant_is_set(d->next_at));
}

static bool deliveries_view(
    struct request *req, instant since, struct json **out, struct error *err)
{
    struct list troubled, latest;

    *out = json_array(req->arena);
    if (!delivery_list(req->db, req->arena, Q_DELIVERY_TROUBLED,
            ARGS(v_int(since.us), v_int(SHOWN)), &troubled, err) ||
        !delivery_list(req->db, req->arena, Q_DELIVERY_LATEST, ARGS(v_int(SHOWN)), &latest, err))
        return false;
    const struct delivery *d = troubled.v;
    for (size_t i = 0; i < troubled.n; i++)
        if (!delivery_row(req, &d[i], *out, err))
            return false;
    d = latest.v;
    for (size_t i = 0; i < latest.n && (*out)->count < SHOWN; i++)
        if ((d[i].created_at.us < since.us || !in_trouble(&d[i])) &&
            !delivery_row(req, &d[i], *out, err))
            return false;
    return true;
}

static bool tokens_view(struct request *req, struct json **out, struct error *err)
{
    struct list list;

    *out = json_array(req->arena);
    if (!token_all(req->db, req->arena, TOKENS, &list, err))
        return false;
    const struct owned_token *t = list.v;
    for (size_t i = 0; i < list.n; i++)
        json_push(*out, fields_view(req->arena, owned_token_fields, &t[i]));
    return true;
}

bool get_admin(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    instant since = instant_add(req->now, -DAY_US);
    struct json *deliveries, *tokens, *restricted, *teams;
    struct vitals v;
    int64_t troubled;

    if (!vitals_read(req, &v, err) ||
        !store_count(req->db, Q_DELIVERY_TROUBLED_COUNT, ARGS(v_int(since.us)), &troubled, err) ||
        !deliveries_view(req, since, &deliveries, err) || !tokens_view(req, &tokens, err) ||
        !restricted_view(req, &restricted, err) || !teams_view(req, &teams, err))
        return false;
    struct json *o = out->view = json_object(a);
    json_set_str(a, o, S("failing"), failing(req, &v, troubled));
    json_set(o, S("health"), health_view(req, &v, troubled));
    json_set(o, S("deliveries"), deliveries);
    json_set(o, S("tokens"), tokens);
    json_set(o, S("restricted"), restricted);
    json_set_int(a, o, S("restricted_count"), restricted->count);
    json_set(o, S("teams"), teams);
    json_set_int(a, o, S("connections"), v.server.connections);
    json_set_int(a, o, S("requests"), v.server.requests);
    json_set_str(a, o, S("version"), S(TOCSIN_VERSION));
    json_set_str(a, o, S("node"), req->env->node);
    json_set_str(a, o, S("backup_command"), S("tocsin backup FILE"));
    json_set_str(a, o, S("health_url"), str_printf(a, "%.*s/readyz", STR(req->env->base_url)));
    out->title = web_text(req, "Administration");
    return true;
}

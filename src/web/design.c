#include "web/admin.h"

#include "domain/incident.h"
#include "domain/event.h"
#include "web/incident_view.h"
#include "web/language.h"

static const char *const other_statuses[] = {"queued", "sent", "failed", "overdue", NULL};

static struct json *statuses(struct arena *a)
{
    const char *const *const lists[] = {incident_statuses, other_statuses};
    struct json *out = json_array(a);

    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; lists[i][k]; k++)
            json_set_str(a, json_push(out, json_object(a)), S("status"), str_from(lists[i][k]));
    return out;
}

static struct json *steps(struct request *req)
{
    static const char *const labels[] = {
        "Detected", "Acknowledged", "Investigating", "Mitigating", "Resolved"};
    struct json *out = json_array(req->arena);

    for (int i = 0; i < 5; i++) {
        struct json *o = json_push(out, json_object(req->arena));
        instant at = i < 3 ? instant_add(req->now, (i - 3) * 10 * MINUTE_US) : (instant){0};
        json_set_str(req->arena, o, S("label"), str_from(labels[i]));
        json_set_str(req->arena, o, S("at"), time_text(req->arena, at));
        json_set_bool(req->arena, o, S("done"), i < 2);
        json_set_bool(req->arena, o, S("current"), i == 2);
    }
    return out;
}

static struct json *events(struct request *req)
{
    static const char *const kinds[] = {"declared", "alert", "page", "acknowledged", "escalated",
        "note", "update", "decision", "severity", "status", "role", "correction", "delivery_failed",
        "exhausted"};
    struct event v[sizeof kinds / sizeof *kinds];
    size_t n = sizeof kinds / sizeof *kinds;

    for (size_t i = 0; i < n; i++)
        v[i] = (struct event){.seq = (int64_t)(n - i),
            .number = (int64_t)(n - i),
            .kind = str_from(kinds[i]),
            .at = instant_add(req->now, -(int64_t)i * MINUTE_US),
            .recorded_at = req->now,
            .actor_kind = S("user"),
            .actor_name = S("Mara Lindqvist"),
            .corrects = INT_NONE,
            .data = S("{\"text\":\"What happened, in one line\"}")};
    return events_view(req, &(struct list){v, n}, instant_add(req->now, -HOUR_US));
}

bool get_admin_design(struct request *req, struct reply *out, struct error *err)
{
    struct error *shown = arena_new(req->arena, struct error);
    struct json *v = out->view = json_object(req->arena);

    (void)err;
    json_set(v, S("severities"), severities_view(req, STR_NONE));
    json_set(v, S("statuses"), statuses(req->arena));
    json_set(v, S("events"), events(req));
    json_set(v, S("steps"), steps(req));
    fail_field(shown, "name", "must not be empty");
    req->failure = shown;
    out->flash = web_text(req, "Said after a redirect.");
    out->title = web_text(req, "Every part in every state");
    return true;
}

#include "engine/incident.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "domain/alert.h"
#include "domain/pack.h"
#include "domain/policy.h"
#include "domain/promise.h"
#include "domain/service.h"
#include "domain/user.h"
#include "engine/escalate.h"
#include "engine/follow.h"
#include "engine/postmortem.h"
#include "engine/verification.h"
#include "engine/promise.h"
#include "store/alert.h"
#include "store/incident.h"
#include "store/policy.h"
#include "store/service.h"
#include "store/user.h"

bool incident_save(struct op *op, struct incident *i, struct error *err)
{
    const struct pack_severity *s = i->severity_rank ? NULL : pack_severity_find(op->env->pack, i->severity);

    if (s)
        i->severity_rank = s->rank;
    i->version++;
    i->updated_at = op->now;
    if (incident_put(op->db, i, err))
        return true;
    /* Another node was faster, with this incident or with one for the same alerts: look again, decide
     * anew. A person's own version has been checked before and will be again. */
    err->retry = err->retry || err->kind == ERROR_CONFLICT;
    return false;
}

/* Finds the incident and, when the person says which version they saw, insists on it. */
static bool find(struct op *op, struct str ref, int64_t version, struct incident *i, struct error *err)
{
    if (!incident_lock(op->db, ref, err) || !incident_find(op->db, op->arena, ref, i, err))
        return false;
    if (version && version != i->version)
        return fail(err, CONFLICT, "%.*s has changed since you looked at it; look again and repeat",
            STR(i->number));
    return true;
}

static bool check_severity(struct op *op, struct str severity, struct error *err)
{
    if (!severity.len || pack_severity_find(op->env->pack, severity))
        return true;
    return fail_field(err, "severity", "is not a severity of the policy pack %.*s", STR(op->env->pack->id));
}

static bool create(struct op *op, struct incident *i, struct error *err)
{
    int64_t n;

    i->id = op_id(op, "inc");
    /* A record made afterwards belongs to its own day. */
    if (!counter_add(op->db, incident_counter(op->arena, i->detected_at), 1, &n, err))
        return false;
    i->number = incident_number(op->arena, i->detected_at, n);
    i->declared_at = i->detected_at;
    i->is_open = true;
    /* No clock runs until somebody is there; this is when it will ring. */
    i->next_update_at = promise_earliest(op->env->pack, pack_severity_find(op->env->pack, i->severity), op->now);
    if (!incident_save(op, i, err))
        return false;
    return !i->service_id.len || incident_service_put(op->db, i->id, i->service_id, err);
}

/* Starts the service's policy; false in *paging when it has none. */
static bool start_paging(struct op *op, const struct service *s, const struct incident *i, int64_t wait_us,
    bool *paging, struct error *err)
{
    struct policy p = {0};

    *paging = s->policy_id.len > 0;
    return !*paging || (policy_get(op->db, op->arena, s->policy_id, &p, err) &&
        escalation_start(op, i, &p, wait_us, err));
}

/* What is written down later is written at its own time, never ahead of us. */
static bool check_at(struct op *op, instant at, struct error *err)
{
    return at.us <= op->now.us + MINUTE_US || fail_field(err, "at", "must not be in the future");
}

static bool check_started(struct op *op, instant started, struct error *err)
{
    return started.us <= op->now.us + MINUTE_US || fail_field(err, "started_at", "must not be in the future");
}

/* Times of a record made afterwards have to be in order and not ahead of us. */
static bool check_afterwards(struct op *op, const struct incident_declare *in, struct error *err)
{
    if (in->detected_at.us > op->now.us)
        fail_field(err, "detected_at", "must not be in the future");
    if (instant_is_set(in->acknowledged_at) && !instant_is_set(in->detected_at))
        fail_field(err, "detected_at", "is needed with acknowledged_at");
    if (instant_is_set(in->acknowledged_at) && (in->acknowledged_at.us < in->detected_at.us || in->acknowledged_at.us > op->now.us))
        fail_field(err, "acknowledged_at", "must be after detected_at and not in the future");
    return err->kind == ERROR_NONE;
}

static bool declared(struct op *op, const struct incident *i, bool afterwards, struct error *err)
{
    struct json *data = json_object(op->arena);

    json_set_str(op->arena, data, S("text"), str_printf(op->arena, "Declared by %.*s: %.*s%s", STR(op->actor.name),
        STR(i->title), afterwards ? " (recorded afterwards)" : ""));
    return op_event(op, i->id, "declared", i->detected_at, 0, data, NULL, err);
}

/* Links the alert unless it belongs to another incident already. */
static bool link_alert(struct op *op, const struct incident *i, struct str alert_id, struct error *err)
{
    struct alert a = {0};
    int64_t id;

    if (!alert_id.len)
        return true;
    if (!str_int(alert_id, &id) || !alert_get(op->db, op->arena, id, &a, err))
        return err->kind == ERROR_NONE || err->kind == ERROR_NOT_FOUND ? fail_field(err, "alert_id", "is not an alert") : false;
    if (a.incident_id.len)
        return fail_field(err, "alert_id", "belongs to an incident already");
    return db_exec(op->db, Q_ALERT_LINK, NULL, ARGS(v_int(id), v_text(i->id)), err) &&
        op_say(op, i->id, "alert", err, "Alert linked: %.*s", STR(a.name));
}

bool engine_declare(struct op *op, const struct incident_declare *in, struct incident *out, struct error *err)
{
    struct service s = {0};
    struct incident i = {.title = in->title, .severity = in->severity, .summary = in->summary.ptr ? in->summary : S(""),
        .cause = S(""), .actions_now = S(""), .next_decision = S(""),
        .impact_text = in->impact_text.ptr ? in->impact_text : S(""), .impact_users = INT_NONE,
        .impact_percent = INT_NONE, .impact_revenue = S(""), .service_id = in->service_id,
        .status = S("triage"), .started_at = in->started_at, .detected_at = op->now, .created_by = op->actor.id};
    bool paging = false;

    check_severity(op, in->severity, err);
    check_started(op, in->started_at, err);
    if (!check_afterwards(op, in, err))
        return false;
    bool afterwards = instant_is_set(in->detected_at);
    if (in->service_id.len && !service_get(op->db, op->arena, in->service_id, &s, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "service_id", "is not a service") : false;
    bool page = in->page && s.policy_id.len && !afterwards;
    if (afterwards)
        i.detected_at = in->detected_at;
    if (!page) { /* whoever declares without paging is the first responder */
        i.acknowledged_at = instant_is_set(in->acknowledged_at) ? in->acknowledged_at : afterwards ? in->detected_at : op->now;
        i.acknowledged_by = op->actor.id;
        i.status = S("investigating");
    }
    if (!create(op, &i, err) ||
        !declared(op, &i, afterwards, err) || !link_alert(op, &i, in->alert_id, err))
        return false;
    if (page && !start_paging(op, &s, &i, 0, &paging, err))
        return false;
    *out = i;
    if (in->page && !page && !afterwards && !op_tell(op, i.id, "unreachable", err, "Nobody was paged: %s",
            s.id.len ? "its service has no escalation policy" : "no service was named"))
        return false;
    return incident_follow(op, &(struct incident){0}, out, err);
}

#define TITLE_MAX 200 /* characters, as for people */

/* What an alert says of itself: the summary annotation, or its name. */
static struct str alert_title(struct op *op, const struct alert *a)
{
    struct json *annotations = NULL;
    struct error ignored = {0};
    struct str summary = STR_NONE;

    if (json_parse(op->arena, a->annotations, &annotations, &ignored))
        summary = json_get_str(annotations, S("summary"));
    if (!summary.len)
        summary = a->name.len ? a->name : S("Alert without a name");
    return utf8_truncate(summary, TITLE_MAX);
}

bool engine_alert_incident(struct op *op, const struct service *service, struct str group_key,
    struct str severity, const struct alert *first, struct incident *out, bool *fresh, struct error *err)
{
    bool paging;

    *fresh = false;
    if (incident_open_group(op->db, op->arena, group_key, out, err))
        return true;
    if (err->kind != ERROR_NOT_FOUND)
        return false;
    *err = (struct error){0};
    *fresh = true;
    *out = (struct incident){.title = alert_title(op, first), .severity = severity, .summary = S(""),
        .cause = S(""), .actions_now = S(""), .next_decision = S(""), .impact_text = S(""),
        .impact_users = INT_NONE, .impact_percent = INT_NONE, .impact_revenue = S(""),
        .service_id = service->id, .group_key = group_key, .status = S("triage"),
        .started_at = first->starts_at.us < op->now.us ? first->starts_at : op->now, .detected_at = op->now,
        .created_by = S("alert")};
    return create(op, out, err) &&
        op_say(op, out->id, "declared", err, "Opened by alert %.*s on %.*s", STR(first->name), STR(service->name)) &&
        start_paging(op, service, out, service->group_wait, &paging, err) &&
        incident_follow(op, &(struct incident){0}, out, err);
}

static bool finish(struct op *op, struct incident *i, struct error *err)
{
    return escalation_stop(op, i->id, S("stopped"), err) &&
        (!str_eq(i->status, S("resolved")) ||
            (escalation_tell_resolved(op, i, err) && engine_postmortem_due(op, i, err)));
}

bool engine_alerts_over(struct op *op, struct str incident_id, struct error *err)
{
    struct incident i = {0};

    if (!incident_lock(op->db, incident_id, err) || !incident_get(op->db, op->arena, incident_id, &i, err))
        return false;
    if (!i.is_open)
        return true;
    if (instant_is_set(i.acknowledged_at))
        return op_say(op, i.id, "quiet", err, "Every alert of this incident has resolved") &&
            verification_refresh(op, i.id, err);
    struct incident before = i;
    return incident_move(&i, S("resolved"), op->now, err) && incident_save(op, &i, err) &&
        op_say(op, i.id, "resolved", err, "Resolved by itself: every alert has resolved") && finish(op, &i, err) &&
        incident_follow(op, &before, &i, err);
}

bool engine_acknowledge(struct op *op, struct str ref, struct str reason, struct incident *out, bool *first,
    struct error *err)
{
    *first = false;
    if (!find(op, ref, 0, out, err))
        return false;
    if (!out->is_open)
        return true;
    struct incident before = *out;
    *first = incident_acknowledge(out, op->actor.id, op->now);
    if (!*first)
        return true;
    return incident_save(op, out, err) && escalation_stop(op, out->id, S("acknowledged"), err) &&
        op_say(op, out->id, "acknowledged", err, "Acknowledged by %.*s%s%.*s", STR(op->actor.name),
            reason.len ? ": " : "", STR(reason)) &&
        incident_follow(op, &before, out, err);
}

bool engine_note(struct op *op, struct str ref, const struct incident_note *in, struct incident *out,
    struct error *err)
{
    struct json *data = json_object(op->arena);
    bool update = str_eq(in->kind, S("update"));

    if (!check_at(op, in->at, err) || !find(op, ref, 0, out, err))
        return false;
    if (in->corrects) {
        struct list entry;
        if (!store_list(op->db, op->arena, Q_EVENT_LIST,
                ARGS(v_text(out->id), v_int(in->corrects - 1), v_int(1)), event_fields, sizeof(struct event), &entry, err))
            return false;
        if (entry.n == 0 || ((struct event *)entry.v)->number != in->corrects)
            return fail_field(err, "corrects", "there is no entry with number %lld", (long long)in->corrects);
    }
    json_set_str(op->arena, data, S("text"), in->text);
    const char *kind = in->corrects ? "correction" : in->kind.len ? str_z(op->arena, in->kind) : "note";
    if (!op_event(op, out->id, kind, in->at, in->corrects, data, NULL, err))
        return false;
    if (!update)
        return true;
    return promise_keep_readers(op, out, S("incident"), err) && incident_save(op, out, err);
}

/* Alerts of one group belong to one open incident. */
static bool check_reopened(struct op *op, const struct incident *i, struct error *err)
{
    struct incident other = {0};

    if (!i->group_key.len)
        return true;
    if (incident_open_group(op->db, op->arena, i->group_key, &other, err))
        return fail(err, CONFLICT, "%.*s is open for the same alerts", STR(other.number));
    if (err->kind != ERROR_NOT_FOUND)
        return false;
    *err = (struct error){0};
    return true;
}

bool engine_status(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err)
{
    if (!find(op, ref, in->version, out, err))
        return false;
    struct incident before = *out;
    bool resolved = str_eq(in->status, S("resolved")), verified = false;
    instant at = instant_is_set(in->at) ? in->at : op->now;
    if (at.us > op->now.us + MINUTE_US || (instant_is_set(out->detected_at) && resolved && at.us < out->detected_at.us))
        return fail_field(err, "at", "must be after the incident was detected and not in the future");
    if (resolved && incident_status_allowed(out->status, in->status) &&
        !verification_pass(op, out, in->waive, &verified, err))
        return false;
    if (!incident_move(out, in->status, at, err) ||
        (!before.is_open && out->is_open && !check_reopened(op, out, err)))
        return false;
    if (in->cause.len)
        out->cause = in->cause;
    if (verified)
        out->verified_at = op->now;
    /* Whoever moves it has responded, also by resolving it at once. */
    bool first = incident_acknowledge(out, op->actor.id, at) && out->is_open;
    if (out->is_open &&
        !(before.is_open ? promise_keep_readers(op, out, S("incident"), err) : promise_restart(op, out, err)))
        return false;
    struct json *data = json_object(op->arena);
    json_set_str(op->arena, data, S("text"), str_printf(op->arena, "Status: %.*s → %.*s%s%.*s", STR(before.status),
        STR(out->status), in->text.len ? ". " : "", STR(in->text)));
    if (!incident_save(op, out, err) || (first && !escalation_stop(op, out->id, S("acknowledged"), err)) ||
        !op_event(op, out->id, resolved ? "resolved" : "status", at, 0, data, NULL, err))
        return false;
    return (!before.is_open || out->is_open || finish(op, out, err)) && incident_follow(op, &before, out, err);
}

bool engine_severity(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err)
{
    if (!check_severity(op, in->severity, err) || !find(op, ref, in->version, out, err))
        return false;
    struct str from = out->severity.len ? out->severity : S("none");
    if (str_eq(from, in->severity))
        return true;
    struct incident before = *out;
    out->severity = in->severity;
    out->severity_rank = 0;
    return promise_restart(op, out, err) && incident_save(op, out, err) && op_say(op, out->id, "severity", err, "Severity: %.*s → %.*s. %.*s", STR(from),
        STR(out->severity), STR(in->reason)) &&
        incident_follow(op, &before, out, err);
}

/* Copies the given fields and lists their names for the timeline. */
static struct str apply_edit(struct op *op, struct incident *i, const struct incident_edit *in, uint64_t given)
{
    struct buf names;

    buf_init(&names, op->arena, 500);
    for (size_t k = 0; incident_edit_fields[k].name; k++) {
        const struct field *from = &incident_edit_fields[k];
        const struct field *to = field_find(incident_fields, str_from(from->name));
        if (!(given & (UINT64_C(1) << k)) || from->offset == offsetof(struct incident_edit, version) ||
            from->offset == offsetof(struct incident_edit, at))
            continue;
        size_t size = from->type == FIELD_TEXT ? sizeof(struct str) : sizeof(int64_t);
        const char *source = (const char *)in + from->offset;
        char *target = (char *)i + to->offset;
        if (from->type == FIELD_TEXT ? str_eq(*(const struct str *)(const void *)source, *(struct str *)(void *)target)
                                     : __builtin_memcmp(source, target, size) == 0)
            continue;
        __builtin_memcpy(target, source, size);
        if (from->type == FIELD_TEXT && !((struct str *)(void *)target)->ptr)
            *(struct str *)(void *)target = S("");
        buf_printf(&names, "%s%s", names.len ? ", " : "", from->name);
    }
    return buf_str(&names);
}

bool engine_edit(struct op *op, struct str ref, const struct incident_edit *in, uint64_t given,
    struct incident *out, struct error *err)
{
    if (!check_started(op, in->started_at, err) || !check_at(op, in->at, err) || !find(op, ref, in->version, out, err))
        return false;
    struct incident before = *out;
    struct str changed = apply_edit(op, out, in, given);
    if (!changed.len)
        return true;
    struct json *data = json_object(op->arena);
    struct buf words;
    buf_init(&words, op->arena, 1000);
    buf_add(&words, S("Changed "));
    for (size_t k = 0; k < changed.len; k++) /* impact_users, for people */
        buf_addc(&words, changed.ptr[k] == '_' ? ' ' : changed.ptr[k]);
    json_set_str(op->arena, data, S("text"), buf_str(&words));
    for (size_t k = 0; incident_edit_fields[k].name; k++) {
        const struct field *f = &incident_edit_fields[k];
        if (f->offset != offsetof(struct incident_edit, at) && str_contains(changed, str_from(f->name)))
            json_set_str(op->arena, data, str_from(f->name), field_text(op->arena, f, in));
    }
    return incident_save(op, out, err) &&
        op_event(op, out->id, str_contains(changed, S("impact")) ? "impact" : "edited", in->at, 0, data, NULL, err) &&
        incident_follow(op, &before, out, err);
}

bool engine_affect(struct op *op, struct str ref, struct str service_id, bool affected, struct incident *out,
    struct error *err)
{
    struct service s = {0};

    if (!find(op, ref, 0, out, err))
        return false;
    if (!service_get(op->db, op->arena, service_id, &s, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "service_id", "is not a service") : false;
    bool ok = affected ? incident_service_put(op->db, out->id, service_id, err)
                       : incident_service_delete(op->db, out->id, service_id, err);
    return ok && incident_save(op, out, err) && verification_probe(op, out->id, err) &&
        op_say(op, out->id, "service", err, "%.*s is %s", STR(s.name), affected ? "affected" : "not affected");
}

bool engine_page(struct op *op, struct str ref, const struct incident_change *in, struct incident *out,
    struct error *err)
{
    if (!find(op, ref, 0, out, err))
        return false;
    if (!out->is_open)
        return fail(err, CONFLICT, "%.*s is over; nobody is paged for it", STR(out->number));
    return escalation_page(op, out, in->user_id, in->text, err);
}

bool engine_pass(struct op *op, struct str ref, struct incident *out, struct error *err)
{
    return find(op, ref, 0, out, err) && escalation_pass(op, out, err);
}

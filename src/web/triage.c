#include "web/triage.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "engine/triage.h"
#include "store/triage.h"
#include "store/user.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/view.h"

/* Words of the answers; those of a pack's matrix are shown beside them. */
static const struct {
    const char *value, *label;
} words[] = {{"significant", N_("Significant")}, {"moderate", N_("Moderate")}, {"low", N_("Low")}, {"none", N_("None")},
    {"yes", N_("Yes")}, {"possible", N_("Possible")}, {"no", N_("No")}, {"difficult", N_("Difficult")},
    {"available", N_("Available")}, {"easy", N_("Easy")}};

static struct str word(struct request *req, struct str value)
{
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (str_eq(value, str_from(words[k].value)))
            return web_text(req, words[k].label);
    return value;
}

static const char *const *choices_of(struct str input)
{
    return str_eq(input, S("revenue")) ? triage_revenue : str_eq(input, S("data")) ? triage_data
        : str_eq(input, S("workaround")) ? triage_workaround : triage_security;
}

static struct str answer_of(const struct assessment *a, struct str input)
{
    return str_eq(input, S("revenue")) ? a->revenue : str_eq(input, S("data")) ? a->data
        : str_eq(input, S("workaround")) ? a->workaround : a->security;
}

/* One question, its answer, and what follows from it. */
static void factor_view(struct request *req, struct json *list, const struct triage_factor *f, const struct assessment *a)
{
    struct json *o = json_push(list, json_object(req->arena));
    bool users = str_eq(f->input, S("users"));

    json_set_str(req->arena, o, S("name"), f->name);
    json_set_str(req->arena, o, S("input"), users ? S("users_percent") : f->input);
    json_set_bool(req->arena, o, S("users"), users);
    if (users && a->users_percent != INT_NONE)
        json_set_int(req->arena, o, S("answer"), a->users_percent);
    else
        json_set_str(req->arena, o, S("answer"), users ? STR_NONE : answer_of(a, f->input));
    if (!users) {
        struct json *options = json_set(o, S("options"), json_array(req->arena));
        for (const char *const *c = choices_of(f->input); *c; c++) {
            struct json *one = json_push(options, json_object(req->arena));
            json_set_str(req->arena, one, S("value"), str_from(*c));
            json_set_str(req->arena, one, S("label"), word(req, str_from(*c)));
            json_set_bool(req->arena, one, S("current"), str_eq(answer_of(a, f->input), str_from(*c)));
        }
    }
    json_set_str(req->arena, o, S("level"), f->level.len ? f->level : STR_NONE);
    json_set_bool(req->arena, o, S("known"), f->rank > 0);
    severity_view(req, o, f->rank ? req->env->pack->severities[f->rank - 1].id : STR_NONE);
}

static bool assessment_view(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct assessment a = {.users_percent = INT_NONE};
    struct triage_verdict v;
    bool found = assessment_get(req->db, req->arena, i->id, &a, err);

    if (!found && err->kind != ERROR_NOT_FOUND)
        return false;
    *err = found ? *err : (struct error){0};
    triage_assess(req->env->pack, &a, &v);
    struct json *one = json_set(o, S("assessment"), json_object(req->arena));
    struct json *factors = json_set(one, S("factors"), json_array(req->arena));
    for (size_t k = 0; k < v.n; k++)
        factor_view(req, factors, &v.v[k], &a);
    json_set_bool(req->arena, one, S("made"), found);
    json_set_int(req->arena, one, S("unknown"), found ? (int64_t)v.unknown : 0);
    struct json *proposed = json_string(req->arena, STR_NONE);
    if (found && v.severity) {
        proposed = json_object(req->arena);
        severity_view(req, proposed, v.severity->id);
    }
    bool decided = a.chosen.len > 0;
    json_set(one, S("proposed"), proposed);
    json_set_bool(req->arena, one, S("undecided"), found && !decided);
    json_set_str(req->arena, one, S("chosen"), decided ? a.chosen : STR_NONE);
    json_set_str(req->arena, one, S("reason"), a.reason.len ? a.reason : STR_NONE);
    json_set_str(req->arena, one, S("by_name"), a.by_name);
    json_set_str(req->arena, one, S("at"), time_text(req->arena, a.at));
    return true;
}

bool triage_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct user u = {0};
    struct error missing = {0};

    json_set_bool(req->arena, o, S("needs_severity"), i->is_open && !i->severity.len);
    if (i->is_open && !i->severity.len && instant_is_set(i->acknowledged_at))
        incident_due(req, o, instant_add(i->acknowledged_at, triage_time(req->env->pack)), web_text(req, "Severity"), "triage");
    json_set_bool(req->arena, o, S("can_decline"), incident_status_allowed(i->status, S("declined")));
    if (i->confirmed_by.len && !user_get(req->db, req->arena, i->confirmed_by, &u, &missing))
        u.name = web_text(req, "Somebody");
    json_set_str(req->arena, o, S("confirmed_name"), u.name);
    return assessment_view(req, i, o, err);
}

bool post_incident_assessment(struct request *req, struct reply *out, struct error *err)
{
    struct assessment_input in = {.users_percent = INT_NONE};
    struct incident i = {0};
    uint64_t given;

    return web_input(req, &in, &given, err) && engine_assess(req->op, req->params[0], &in, given, &i, err) &&
        incident_changed(req, out, &i, "#triage", err);
}

bool post_incident_confirmation(struct request *req, struct reply *out, struct error *err)
{
    struct confirmation in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) && engine_confirm(req->op, req->params[0], &in, &i, err) &&
        incident_changed(req, out, &i, "#triage", err);
}

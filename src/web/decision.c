#include "web/decision.h"

#include "engine/decision.h"
#include "store/decision.h"
#include "web/language.h"

#define VERSIONS 20

static const struct {
    const char *name, *label;
} questions[] = {
    {"rollback_loses_data", N_("Would a rollback lose data?")},
    {"recent_deploy", N_("Caused by a recent deployment?")},
    {"data_at_risk", N_("Is the integrity of data at risk?")},
    {"cause_understood", N_("Is the cause well understood?")},
    {"fix_simple", N_("Is the fix simple?")},
};

/* Lines of a text, without the empty ones. */
static struct json *lines(struct arena *a, struct str rest)
{
    struct json *list = json_array(a);
    struct str line;

    while (rest.ptr) {
        rest = str_cut(rest, '\n', &line);
        if (str_trim(line).len)
            json_push(list, json_string(a, str_trim(line)));
    }
    return list;
}

static struct json *decision_view(struct request *req, const struct decision *d)
{
    struct json *o = fields_view(req->arena, decision_fields, d);
    bool decided = instant_is_set(d->decided_at);

    json_set(o, S("undone_lines"), lines(req->arena, d->undone));
    json_set_bool(req->arena, o, S("is_rollback"), str_eq(d->recommendation, S("rollback")));
    json_set_bool(req->arena, o, S("overridden"), decided && !str_eq(d->choice, d->recommendation));
    json_set_bool(req->arena, o, S("chose_rollback"), decided && str_eq(d->choice, S("rollback")));
    return o;
}

/* The questions with what was answered last, for the form. */
static struct json *facts_view(struct request *req, const struct decision *d)
{
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < sizeof questions / sizeof *questions; k++) {
        struct json *o = json_push(list, json_object(req->arena));
        struct str name = str_from(questions[k].name);
        struct str value = d ? *(const struct str *)(const void *)((const char *)d + field_find(decision_fields, name)->offset)
                             : S("unknown");
        json_set_str(req->arena, o, S("fact"), name);
        json_set_str(req->arena, o, S("label"), web_text(req, questions[k].label));
        for (size_t n = 0; decision_answers[n]; n++)
            json_set_bool(req->arena, o, str_from(decision_answers[n]), str_eq(value, str_from(decision_answers[n])));
    }
    return list;
}

/* decision: the newest with every rule's verdict, null if nobody has asked; decisions: those before. */
bool decision_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *older = json_array(req->arena);
    struct list all;

    if (!decision_list(req->db, req->arena, i->id, VERSIONS, &all, err))
        return false;
    const struct decision *d = all.v;
    for (size_t k = 1; k < all.n; k++)
        json_push(older, decision_view(req, &d[k]));
    json_set(o, S("decision"), all.n ? decision_view(req, d) : json_string(req->arena, STR_NONE));
    json_set(o, S("decisions"), older);
    json_set_bool(req->arena, o, S("has_decisions"), all.n > 1);
    json_set(o, S("decision_facts"), facts_view(req, all.n ? d : NULL));
    json_set_bool(req->arena, o, S("undecided"), all.n && !instant_is_set(d->decided_at));
    return true;
}

bool post_incident_decision(struct request *req, struct reply *out, struct error *err)
{
    struct decision_facts in = {.fix_takes = INT_NONE, .rollback_takes = INT_NONE};
    struct incident i = {0};
    struct decision d;

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_decision_ask(req->op, i.id, &in, &d, err))
        return false;
    reply_created(req, out, "/incidents/%.*s#decision", STR(i.id));
    out->view = decision_view(req, &d);
    return true;
}

bool post_incident_decision_choice(struct request *req, struct reply *out, struct error *err)
{
    struct decision_choice in = {0};
    struct incident i = {0};
    struct decision d = {0};

    if (!web_input(req, &in, NULL, err) || !incident_for(req, req->params[0], &i, err) ||
        !engine_decision_choose(req->op, i.id, req->params[1], &in, &d, err))
        return false;
    reply_see(req, out, "/incidents/%.*s#decision", STR(i.id));
    out->view = decision_view(req, &d);
    return true;
}

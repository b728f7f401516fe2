#include "web/policy.h"

#include "domain/policy.h"
#include "engine/setup.h"
#include "store/policy.h"
#include "web/language.h"
#include "web/paging.h"
#include "web/policy_view.h"

#define LIST 100
#define LIST_MAX 500

/* What a form or the API sends. A policy begins with `steps`, or with one `target` paged at once.
 */
struct policy_input {
    struct str name, description, steps, target;
    int64_t repeat;
};
const struct field policy_input_fields[] = {
    FIELD(struct policy_input, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Name",
        .example = "payments on-call"),
    FIELD(struct policy_input, description, .flags = FIELD_MULTILINE, .max = 2000,
        .doc = "When to use it"),
    FIELD(struct policy_input, repeat, .min = 0, .max = POLICY_MAX_REPEAT,
        .doc = "How often the steps run again after the first time"),
    FIELD(struct policy_input, steps, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 32768,
        .doc = "Ordered steps: delay before each, and who is told",
        .example = "[{\"delay\":\"0s\",\"targets\":[{\"kind\":\"user\",\"id\":\"usr_…\"}]}]"),
    FIELD(struct policy_input, target, .flags = FIELD_NULLABLE, .max = 64,
        .doc = "Instead of steps: the one user or webhook paged at once"),
    {0},
};

struct step_input {
    int64_t delay_minutes, position;
    struct str target;
};
const struct field policy_step_fields[] = {
    FIELD(struct step_input, delay_minutes, .min = 0, .max = 7 * 24 * 60,
        .doc = "How long the step before it is given to answer"),
    FIELD(struct step_input, target, .flags = FIELD_REQUIRED, .max = 64,
        .doc = "User or webhook to page"),
    FIELD(struct step_input, position, .flags = FIELD_NULLABLE, .min = 1, .max = POLICY_MAX_STEPS,
        .doc = "The step to page them with; a new last one if not given"),
    {0},
};

bool get_policies(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    struct str after = web_query(req, "after");
    struct json *items = json_array(a), *one, *targets;
    struct list list;
    int64_t limit;

    if (!web_query_int(req, "limit", LIST, 1, LIST_MAX, &limit, err) ||
        !policy_list(req->db, a, after.ptr ? after : S(""), limit, &list, err) ||
        !policy_targets_view(req, &targets, err))
        return false;
    const struct policy *p = list.v;
    for (size_t i = 0; i < list.n; i++) {
        if (!policy_view(req, &p[i], &one, err))
            return false;
        json_push(items, one);
    }
    struct json *v = out->view = json_object(a);
    json_set(v, S("items"), items);
    json_set_str(a, v, S("next"),
        paging_next(
            a, "/policies", list.n == (size_t)limit ? p[list.n - 1].name : STR_NONE, limit));
    json_set(v, S("responders"), targets);
    out->title = web_text(req, "Escalation policies");
    return true;
}

/* When each step would page, were nobody to answer. */
static struct json *preview(struct request *req, const struct json *policy)
{
    struct json *list = json_array(req->arena);
    instant at = req->now;
    int64_t delay;

    for (const struct json *s = json_get(policy, S("steps"))->first; s; s = s->next) {
        struct json *o = json_push(list, json_object(req->arena));
        if (json_int(json_get(s, S("delay_us")), &delay))
            at = instant_add(at, delay);
        json_set_str(req->arena, o, S("at"), time_text(req->arena, at));
        json_set_str(req->arena, o, S("name"), json_get_str(s, S("who")));
    }
    return list;
}

static bool page_view(
    struct request *req, const struct policy *p, struct json **out, struct error *err)
{
    struct json *targets;

    if (!policy_view(req, p, out, err) || !policy_targets_view(req, &targets, err))
        return false;
    json_set_str(req->arena, *out, S("policy_id"), p->id);
    json_set(*out, S("responders"), targets);
    json_set(*out, S("preview"), preview(req, *out));
    return true;
}

bool get_policy(struct request *req, struct reply *out, struct error *err)
{
    struct policy p = {0};

    if (!policy_get(req->db, req->arena, req->params[0], &p, err) ||
        !page_view(req, &p, &out->view, err))
        return false;
    out->title = p.name;
    return true;
}

static struct target target_of(struct str id)
{
    return (struct target){str_starts(id, S("whk_")) ? TARGET_WEBHOOK : TARGET_USER, id};
}

/* An unknown target is the form's mistake, not the steps'. */
static bool put(struct request *req, struct policy *p, const char *target_field, struct error *err)
{
    if (engine_policy_put(req->op, p, err))
        return true;
    for (size_t i = 0; i < err->nfields && target_field; i++)
        if (str_starts(str_from(err->fields[i].name), S("steps["))) {
            struct error named = {0};
            *err = named;
            return fail_name(err, str_from(target_field), "is not a user or a webhook");
        }
    return false;
}

static bool changed(
    struct request *req, struct reply *out, const struct policy *p, struct error *err)
{
    reply_see(req, out, "/policies/%.*s%s", STR(p->id), req->html ? "?said=saved" : "");
    return req->html || page_view(req, p, &out->view, err);
}

bool post_policies(struct request *req, struct reply *out, struct error *err)
{
    struct policy_input in = {.description = S("")};

    if (!web_input(req, &in, NULL, err))
        return false;
    if (in.steps.ptr && in.target.ptr)
        return fail_field(err, "target", "is instead of steps, not beside them");
    if (!in.steps.ptr && !in.target.ptr)
        return fail_field(err, "steps", "must have at least one step");
    struct policy p = {
        .name = in.name, .description = in.description, .repeat = in.repeat, .steps = in.steps};
    if (in.target.ptr) {
        struct target t = target_of(in.target);
        struct policy_step step = {.targets = &t, .ntargets = 1};
        p.steps = policy_steps_text(req->arena, &(struct policy_steps){&step, 1});
    }
    if (!put(req, &p, in.target.ptr ? "target" : NULL, err))
        return false;
    reply_created(req, out, "/policies/%.*s", STR(p.id));
    return page_view(req, &p, &out->view, err);
}

bool post_policy(struct request *req, struct reply *out, struct error *err)
{
    struct policy p = {0};

    return policy_get(req->db, req->arena, req->params[0], &p, err) &&
           web_input(req, &p, NULL, err) && put(req, &p, NULL, err) && changed(req, out, &p, err);
}

/* The policy and its steps, with room for one more of each. */
static bool open_steps(
    struct request *req, struct policy *p, struct policy_steps *steps, struct error *err)
{
    struct policy_steps old;

    if (!policy_get(req->db, req->arena, req->params[0], p, err) ||
        !policy_steps_read(req->arena, p->steps, &old, err))
        return false;
    steps->n = old.n;
    steps->v = arena_array(req->arena, struct policy_step, old.n + 1);
    for (size_t i = 0; i < old.n; i++) {
        struct target *targets = arena_array(req->arena, struct target, old.v[i].ntargets + 1);
        for (size_t k = 0; k < old.v[i].ntargets; k++)
            targets[k] = old.v[i].targets[k];
        steps->v[i] = (struct policy_step){old.v[i].delay_us, targets, old.v[i].ntargets};
    }
    return true;
}

bool post_policy_steps(struct request *req, struct reply *out, struct error *err)
{
    struct step_input in = {.position = INT_NONE};
    struct policy p = {0};
    struct policy_steps steps = {0};

    if (!web_input(req, &in, NULL, err) || !open_steps(req, &p, &steps, err))
        return false;
    if (in.position != INT_NONE && in.position > (int64_t)steps.n)
        return fail_field(err, "position", "there are only %zu steps", steps.n);
    struct policy_step *s =
        &steps.v[in.position == INT_NONE ? (int64_t)steps.n++ : in.position - 1];
    if (in.position == INT_NONE)
        *s = (struct policy_step){
            in.delay_minutes * MINUTE_US, arena_new(req->arena, struct target), 0};
    for (size_t k = 0; k < s->ntargets; k++)
        if (str_eq(s->targets[k].id, in.target))
            return fail_field(err, "target", "is in this step already");
    s->targets[s->ntargets++] = target_of(in.target);
    p.steps = policy_steps_text(req->arena, &steps);
    return put(req, &p, "target", err) && changed(req, out, &p, err);
}

bool post_policy_step_remove(struct request *req, struct reply *out, struct error *err)
{
    struct policy p = {0};
    struct policy_steps steps = {0};
    int64_t at;

    if (!open_steps(req, &p, &steps, err))
        return false;
    if (!str_int(req->params[1], &at) || at < 1 || at > (int64_t)steps.n)
        return fail(err, NOT_FOUND, "no such step");
    if (steps.n == 1)
        return fail(
            err, CONFLICT, "a policy without steps would reach nobody; add another step first");
    for (size_t i = (size_t)at; i < steps.n; i++)
        steps.v[i - 1] = steps.v[i];
    steps.n--;
    p.steps = policy_steps_text(req->arena, &steps);
    return put(req, &p, NULL, err) && changed(req, out, &p, err);
}

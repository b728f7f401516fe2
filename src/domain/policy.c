#include "domain/policy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"

const struct field policy_fields[] = {
    FIELD(struct policy, id, .flags = FIELD_READONLY, .doc = "Policy id, `pol_…`"),
    FIELD(struct policy, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "Name", .example = "payments on-call"),
    FIELD(struct policy, description, .flags = FIELD_MULTILINE, .max = 2000, .doc = "When to use it"),
    FIELD(struct policy, repeat, .min = 0, .max = POLICY_MAX_REPEAT, .doc = "How often the steps run again after the first time"),
    FIELD(struct policy, steps, .flags = FIELD_JSON | FIELD_REQUIRED, .max = 32768, .doc = "Ordered steps: delay before each, and who is told", .example = "[{\"delay\":\"0s\",\"targets\":[{\"kind\":\"user\",\"id\":\"usr_…\"}]}]"),
    FIELD(struct policy, created_at, .flags = FIELD_READONLY, .doc = "When it was made"),
    FIELD(struct policy, updated_at, .flags = FIELD_READONLY, .doc = "When it last changed"),
    FIELD(struct policy, version, .flags = FIELD_READONLY, .doc = "Rises with every change"),
    {0},
};

const struct field escalation_fields[] = {
    FIELD(struct escalation, incident_id, .flags = FIELD_HIDDEN),
    FIELD(struct escalation, policy_id, .doc = "Policy it was started from"),
    FIELD(struct escalation, policy_name, .doc = "Its name then"),
    FIELD(struct escalation, repeat, .doc = "Repeats of the snapshot"),
    FIELD(struct escalation, steps, .flags = FIELD_JSON, .doc = "Steps of the snapshot"),
    FIELD(struct escalation, state, .doc = "running, acknowledged, exhausted or stopped"),
    FIELD(struct escalation, loop, .doc = "Which time through the steps, from 0"),
    FIELD(struct escalation, step, .doc = "Steps taken in this loop"),
    FIELD(struct escalation, next_at, .flags = FIELD_NULLABLE, .doc = "When the next step is due"),
    FIELD(struct escalation, version, .flags = FIELD_HIDDEN),
    {0},
};

static bool read_target(const struct json *v, struct str at, struct target *out, struct arena *a,
    struct error *err)
{
    struct str kind = json_get_str(v, S("kind"));

    out->id = json_get_str(v, S("id"));
    out->kind = str_eq(kind, S("webhook")) ? TARGET_WEBHOOK : TARGET_USER;
    if (!json_is(v, JSON_OBJECT))
        return fail_name(err, at, "must be an object with kind and id");
    if (!str_eq(kind, S("user")) && !str_eq(kind, S("webhook")))
        fail_name(err, str_printf(a, "%.*s.kind", STR(at)), "must be one of user, webhook");
    if (out->id.len == 0)
        fail_name(err, str_printf(a, "%.*s.id", STR(at)), "must not be empty");
    return err->kind == ERROR_NONE;
}

static bool read_delay(const struct json *v, struct str at, int64_t *out, struct error *err)
{
    struct str text = json_get_str(v, S("delay"));
    int64_t us = 0;

    if (text.ptr && !duration_parse(text, &us))
        return fail_name(err, at, "must be a duration such as 5m or 90s");
    if (!text.ptr && json_get(v, S("delay_us")) && !json_int(json_get(v, S("delay_us")), &us))
        return fail_name(err, at, "must be a duration such as 5m or 90s");
    if (us < 0 || us > 7 * DAY_US)
        return fail_name(err, at, "must be between 0s and 7d");
    *out = us;
    return true;
}

static bool read_step(struct arena *a, const struct json *v, size_t i, struct policy_step *out,
    struct error *err)
{
    struct json *targets = json_get(v, S("targets"));
    struct str at = str_printf(a, "steps[%zu]", i);

    if (!json_is(v, JSON_OBJECT))
        return fail_name(err, at, "must be an object with delay and targets");
    read_delay(v, str_printf(a, "%.*s.delay", STR(at)), &out->delay_us, err);
    if (!json_is(targets, JSON_ARRAY) || targets->count == 0)
        return fail_name(err, str_printf(a, "%.*s.targets", STR(at)), "must name at least one target");
    if (targets->count > POLICY_MAX_TARGETS)
        return fail_name(err, str_printf(a, "%.*s.targets", STR(at)), "at most %d targets", POLICY_MAX_TARGETS);
    out->targets = arena_array(a, struct target, targets->count);
    for (struct json *t = targets->first; t; t = t->next, out->ntargets++)
        read_target(t, str_printf(a, "%.*s.targets[%zu]", STR(at), out->ntargets),
            &out->targets[out->ntargets], a, err);
    return err->kind == ERROR_NONE;
}

bool policy_steps_read(struct arena *a, struct str text, struct policy_steps *out, struct error *err)
{
    struct json *list;
    struct error bad = {0};

    *out = (struct policy_steps){0};
    if (!json_parse(a, text, &list, &bad) || !json_is(list, JSON_ARRAY))
        return fail_field(err, "steps", "must be a list of steps");
    if (list->count == 0)
        return fail_field(err, "steps", "must have at least one step");
    if (list->count > POLICY_MAX_STEPS)
        return fail_field(err, "steps", "at most %d steps", POLICY_MAX_STEPS);
    out->v = arena_array(a, struct policy_step, list->count);
    for (struct json *s = list->first; s; s = s->next, out->n++)
        read_step(a, s, out->n, &out->v[out->n], err);
    return err->kind == ERROR_NONE;
}

struct str policy_steps_text(struct arena *a, const struct policy_steps *s)
{
    struct json *list = json_array(a);

    for (size_t i = 0; i < s->n; i++) {
        struct json *step = json_push(list, json_object(a));
        json_set_int(a, step, S("delay_us"), s->v[i].delay_us);
        struct json *targets = json_set(step, S("targets"), json_array(a));
        for (size_t k = 0; k < s->v[i].ntargets; k++) {
            struct json *t = json_push(targets, json_object(a));
            json_set_str(a, t, S("kind"), s->v[i].targets[k].kind == TARGET_USER ? S("user") : S("webhook"));
            json_set_str(a, t, S("id"), s->v[i].targets[k].id);
        }
    }
    return json_text(a, list);
}

/* The delay before step `i`; a loop after the first waits its first step's delay, but at least one
 * minute, so that a policy of immediate steps does not page without pause. */
static int64_t delay_of(const struct policy_steps *s, size_t i, int64_t loop)
{
    int64_t delay = s->v[i].delay_us;

    return loop > 0 && i == 0 && delay < MINUTE_US ? MINUTE_US : delay;
}

struct escalation_move escalate(const struct policy_steps *steps, const struct escalation *e, instant now)
{
    if (!str_eq(e->state, S("running")) || !instant_is_set(e->next_at))
        return (struct escalation_move){.act = ESCALATION_NOTHING};
    if (now.us < e->next_at.us)
        return (struct escalation_move){.act = ESCALATION_WAIT, .wake = e->next_at};

    size_t step = (size_t)e->step;
    int64_t loop = e->loop;
    instant due = e->next_at;
    if (step == steps->n) { /* the last step's time to answer has passed too */
        if (loop >= e->repeat)
            return (struct escalation_move){.act = ESCALATION_EXHAUSTED};
        step = 0;
        loop++;
    }
    /* Overdue steps collapse into the latest one. Steps without a delay belong to the one before. */
    for (size_t k = step + 1; k < steps->n && due.us + delay_of(steps, k, loop) <= now.us; k++) {
        due = instant_add(due, delay_of(steps, k, loop));
        if (delay_of(steps, k, loop) > 0)
            step = k;
    }
    return (struct escalation_move){.act = ESCALATION_NOTIFY, .step = step, .loop = loop};
}

/* How long the last step is given before the next loop begins or the policy is exhausted. */
#define LAST_STEP_PATIENCE_US (5 * MINUTE_US)

void escalation_apply(const struct policy_steps *steps, struct escalation *e, struct escalation_move m,
    instant now)
{
    if (m.act == ESCALATION_EXHAUSTED) {
        e->state = S("exhausted");
        e->next_at = (instant){0};
    }
    if (m.act != ESCALATION_NOTIFY)
        return;
    e->loop = m.loop;
    e->step = (int64_t)m.step + 1;
    if (m.step + 1 < steps->n)
        e->next_at = instant_add(now, delay_of(steps, m.step + 1, m.loop));
    else if (m.loop < e->repeat && delay_of(steps, 0, m.loop + 1) > LAST_STEP_PATIENCE_US)
        e->next_at = instant_add(now, delay_of(steps, 0, m.loop + 1));
    else
        e->next_at = instant_add(now, LAST_STEP_PATIENCE_US);
}

void escalation_skip(const struct policy_steps *steps, struct escalation *e, instant now)
{
    if ((size_t)e->step < steps->n)
        e->next_at = now;
    else if (e->loop < e->repeat)
        e->next_at = instant_add(now, delay_of(steps, 0, e->loop + 1));
}

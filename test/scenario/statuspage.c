/* The status page in scenarios: components, publishing, maintenance. */
#include "base/json.h"
#include "base/sign.h"
#include "engine/statuspage.h"
#include "engine/subscriber.h"
#include "scenario.h"
#include "store/incident.h"
#include "store/statuspage.h"

static struct str component_id(struct scenario *s, struct str name)
{
    return value_of(s, "SELECT id FROM component WHERE name = '%.*s'", STR(name));
}

/* "on a=partial_outage b=operational": the words after `on` up to one that has no "=". */
static struct str states(struct scenario *s)
{
    struct json *o = json_object(s->arena);
    size_t i = 0;

    while (i < s->n && !str_eq(s->words[i], S("on")))
        i++;
    for (i++; i < s->n && str_contains(s->words[i], S("=")); i++) {
        struct str name, state = str_cut(s->words[i], '=', &name);
        json_set_str(s->arena, o, component_id(s, name), state);
    }
    return json_text(s->arena, o);
}

static bool op_component(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct component c = {.name = s->words[1], .shown = true};

    return statuspage_component_put(op, &c, err);
}

static bool op_publish(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct public_input in = {.title = word_after(s, 2, "title"), .status = s->words[2], .text = quoted(s),
        .impact = word_after(s, 2, "impact"), .components = states(s)};
    struct public_incident out;
    struct incident i = {0};

    return incident_find(op->db, op->arena, incident_ref(s), &i, err) && statuspage_publish(op, &i, &in, &out, err);
}

/* share alice "what was learned": on the status page, under the incident that was published */
static bool op_share(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct public_incident out;
    struct str id = value_of(s, "SELECT p.id FROM public_incident p JOIN incident i ON i.id = p.incident_id WHERE i.number = '%.*s'",
        STR(incident_ref(s)));

    return statuspage_postmortem(op, id, quoted(s), &out, err);
}

static instant ahead(struct scenario *s, const char *name, instant from)
{
    int64_t us = 0;

    duration_parse(word_after(s, 2, name), &us);
    return instant_add(from, us);
}

static bool op_plan(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct public_input in = {.title = s->words[2], .text = quoted(s), .automatic = !has_word(s, 2, "by-hand"),
        .components = states(s)};
    struct public_incident out;

    in.scheduled_for = ahead(s, "in", op->now);
    in.scheduled_until = ahead(s, "for", in.scheduled_for);
    return statuspage_plan(op, &in, &out, err);
}

static struct str maintenance_id(struct scenario *s)
{
    return value_of(s, "SELECT id FROM public_incident WHERE kind = 'maintenance' ORDER BY created_at DESC LIMIT 1");
}

static bool op_advance(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct public_input in = {.status = s->words[2], .text = quoted(s), .components = states(s)};
    struct public_incident out;

    return statuspage_update(op, maintenance_id(s), &in, &out, err);
}

static bool op_replan(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct public_input in = {0};
    struct public_incident out;
    uint64_t given = 0;

    in.scheduled_for = ahead(s, "in", op->now);
    in.scheduled_until = ahead(s, "for", in.scheduled_for);
    for (size_t i = 0; public_edit_fields[i].name; i++)
        if (str_starts(str_from(public_edit_fields[i].name), S("scheduled")))
            given |= UINT64_C(1) << i;
    return statuspage_edit(op, maintenance_id(s), &in, given, &out, err);
}

static bool op_status_page(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct status_page p = {.slug = s->words[1], .title = s->words[1]};
    struct str only = word_after(s, 2, "only");

    if (only.len)
        p.components = str_printf(s->arena, "[\"%.*s\"]", STR(component_id(s, only)));
    return statuspage_page_put(op, &p, err);
}

/* sign-up ADDRESS to PAGE [about COMPONENT] */
static bool op_subscribe(struct op *op, void *arg, struct error *err)
{
    struct scenario *s = arg;
    struct str about = word_after(s, 2, "about"), secret;
    struct subscriber in = {.kind = str_contains(s->words[1], S("://")) ? S("webhook") : S("email"), .address = s->words[1]};
    struct status_page page = {0};

    if (about.len)
        in.components = str_printf(s->arena, "[\"%.*s\"]", STR(component_id(s, about)));
    return status_page_get(op->db, op->arena, value_of(s, "SELECT id FROM status_page WHERE slug = '%.*s'",
        STR(word_after(s, 2, "to"))), &page, err) && subscriber_ask(op, &page, &in, &secret, err);
}

/* What the link in the mail does; `late` opens it after three days. */
static struct str link_of(struct op *op, struct scenario *s, const char *action)
{
    struct str id = value_of(s, "SELECT id FROM subscriber WHERE address = '%.*s'", STR(s->words[1]));

    return link_make(op->arena, &op->env->links, &(struct link){.subject = id.len ? id : S("sub_gone"), .user = S("page"),
        .action = str_from(action), .expires = {(op->now.us / SECOND_US + (has_word(s, 2, "late") ? -1 : 60)) * SECOND_US}});
}

static bool op_confirm(struct op *op, void *arg, struct error *err)
{
    struct subscriber out = {0};

    return subscriber_confirm(op, link_of(op, arg, "confirm"), &out, err);
}

static bool op_leave(struct op *op, void *arg, struct error *err)
{
    return subscriber_leave(op, link_of(op, arg, "leave"), err);
}

/* What housekeeping does. */
static bool op_forget(struct op *op, void *arg, struct error *err)
{
    (void)arg;
    return subscriber_forget(op, err);
}

const struct scenario_operation statuspage_operations[] = {
    {"advance", op_advance, true},
    {"component", op_component, false},
    {"forget", op_forget, false},
    {"opt-in", op_confirm, false},
    {"opt-out", op_leave, false},
    {"plan", op_plan, true},
    {"public", op_publish, true},
    {"replan", op_replan, true},
    {"sign-up", op_subscribe, false},
    {"status-page", op_status_page, false},
    {"share", op_share, true},
    {0},
};

/* component NAME STATE [since -10m] [times N]: times counts the states it has been in */
bool expect_component(struct scenario *s)
{
    struct str id = component_id(s, s->words[2]), state = value_of(s, "SELECT state FROM component WHERE id = '%.*s'", STR(id));
    struct str times = word_after(s, 4, "times");
    struct str spans = value_of(s, "SELECT COUNT(*) FROM component_state WHERE component_id = '%.*s'", STR(id));
    struct str open = value_of(s, "SELECT state FROM component_state WHERE component_id = '%.*s' AND ended_at IS NULL", STR(id));
    int64_t since;

    if (!str_eq(state, s->words[3]) || !str_eq(open, state))
        return scenario_fail(s, "it is %.*s, its history says %.*s", STR(state), STR(open));
    if (times.len && !str_eq(times, spans))
        return scenario_fail(s, "%.*s states are recorded", STR(spans));
    instant want = time_after(s, "since");
    str_int(value_of(s, "SELECT state_since FROM component WHERE id = '%.*s'", STR(id)), &since);
    return !instant_is_set(want) || want.us == since || scenario_fail(s, "it is so since %lld", (long long)since);
}

/* published KIND STATUS [impact X] [updates N] ["part of its postmortem"] */
bool expect_published(struct scenario *s)
{
    struct str row = value_of(s, "SELECT p.status, p.impact, (SELECT COUNT(*) FROM public_update u WHERE u.public_id = p.id)"
        " FROM public_incident p WHERE p.kind = '%.*s' ORDER BY p.created_at DESC LIMIT 1", STR(s->words[2]));
    struct str impact = word_after(s, 4, "impact"), updates = word_after(s, 4, "updates"), status, got;
    struct str count = str_cut(str_cut(row, '|', &status), '|', &got);

    if (!str_eq(status, s->words[3]) || (impact.len && !str_eq(impact, got)) || (updates.len && !str_eq(updates, count)))
        return scenario_fail(s, "it is %.*s", STR(row));
    struct str part = quoted(s), text = value_of(s, "SELECT p.postmortem FROM public_incident p WHERE p.kind = '%.*s'"
        " ORDER BY p.created_at DESC LIMIT 1", STR(s->words[2]));
    return !part.len || str_contains(text, part) || scenario_fail(s, "its postmortem is %.*s", STR(text));
}

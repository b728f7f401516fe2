#include "engine/statuspage.h"

#include "base/json.h"
#include "domain/incident.h"
#include "store/statuspage.h"

/* The state that open incidents and maintenance give a component, and which of them it is. */
static bool derive(struct op *op, struct component *c, struct error *err)
{
    struct list list;

    if (!component_impacts(op->db, op->arena, c->id, &list, err))
        return false;
    const struct component_impact *v = list.v;
    c->state = S("operational");
    c->state_cause = STR_NONE;
    for (size_t i = 0; i < list.n; i++)
        if (component_rank(v[i].state) > component_rank(c->state)) {
            c->state = v[i].state;
            c->state_cause = v[i].public_id;
        }
    return true;
}

/* Brings one component up to date and adds what became of it to `changes`. */
static bool settle(struct op *op, struct str id, struct json *changes, struct error *err)
{
    struct component c = {0};

    if (!component_get(op->db, op->arena, id, &c, err))
        return false;
    struct str old = c.state, cause = c.state_cause;
    if (!derive(op, &c, err))
        return false;
    struct json *o = json_push(changes, json_object(op->arena));
    json_set_str(op->arena, o, S("id"), c.id);
    json_set_str(op->arena, o, S("name"), c.name);
    json_set_str(op->arena, o, S("old"), old);
    json_set_str(op->arena, o, S("new"), c.state);
    if (str_eq(old, c.state) && str_eq(cause, c.state_cause))
        return true;
    bool turned = !str_eq(old, c.state);
    if (turned)
        c.state_since = op->now;
    c.updated_at = op->now;
    c.version++;
    return component_put(op->db, &c, err) &&
        (!turned || component_turn(op->db, c.id, c.state, c.state_cause, op->now, err));
}

/* {"ID": "state"} into rows. */
static bool name_components(struct op *op, const struct public_incident *p, struct str components, struct error *err)
{
    struct json *o = NULL;
    struct error bad = {0};

    if (!components.len)
        return true;
    if (!json_parse(op->arena, components, &o, &bad) || !json_is(o, JSON_OBJECT))
        return fail_field(err, "components", "must be an object of component ids and states");
    for (const struct json *v = o->first; v; v = v->next) {
        struct component c = {0};
        struct error missing = {0};
        struct component_impact impact = {.public_id = p->id, .component_id = v->key, .state = json_str(v)};
        if (component_rank(impact.state) < 0)
            return fail_field(err, "components", "%.*s is not a state of a component", STR(impact.state));
        if (!component_get(op->db, op->arena, v->key, &c, &missing) || c.is_group)
            return fail_field(err, "components", "there is no component %.*s", STR(v->key));
        if (!public_component_put(op->db, &impact, err))
            return false;
    }
    return true;
}

static bool worst_of(struct op *op, struct str public_id, struct list *list, int *rank, struct error *err)
{
    *rank = RANK_OPERATIONAL;
    if (!public_component_of(op->db, op->arena, public_id, list, err))
        return false;
    const struct component_impact *v = list->v;
    for (size_t i = 0; i < list->n; i++)
        if (component_rank(v[i].state) > *rank)
            *rank = component_rank(v[i].state);
    return true;
}

/* Its impact is what was chosen; otherwise the worst there was. */
static void judge(struct public_incident *p, const struct public_input *in, int rank)
{
    struct str found = impact_of_rank(rank);

    if (str_eq(p->kind, S("maintenance")))
        p->impact = S("maintenance");
    else if (in->impact.len)
        p->impact = in->impact;
    else if (rank_of_impact(found) > rank_of_impact(p->impact))
        p->impact = found;
}

static void move(struct public_incident *p, struct str to, instant now)
{
    bool over = !public_status_open(to);

    if (str_eq(to, S("monitoring")) && !str_eq(p->status, to))
        p->monitoring_at = now;
    if (str_eq(to, S("in_progress")) && !str_eq(p->status, to))
        p->started_at = now;
    if (over != !p->is_open || !instant_is_set(p->resolved_at))
        p->resolved_at = over ? now : (instant){0};
    p->is_open = !over;
    p->status = to;
}

bool statuspage_say(struct op *op, struct public_incident *p, const struct public_input *in, struct error *err)
{
    struct json *changes = json_array(op->arena);
    struct list named, before;
    int rank;

    if (!public_status_check(p->kind, p->status, in->status, err))
        return false;
    if (in->title.len)
        p->title = in->title;
    move(p, in->status, op->now);
    p->next_update_at = p->is_open ? in->next_update_at : (instant){0};
    p->updated_at = op->now;
    p->version++;
    if (!public_incident_put(op->db, p, err) || !name_components(op, p, in->components, err) ||
        !worst_of(op, p->id, &named, &rank, err) || !public_update_of(op->db, op->arena, p->id, &before, err))
        return false;
    struct str impact = p->impact;
    judge(p, in, rank);
    if (!str_eq(impact, p->impact) && (p->version++, !public_incident_put(op->db, p, err)))
        return false;
    const struct component_impact *v = named.v;
    for (size_t i = 0; i < named.n; i++)
        if (!settle(op, v[i].component_id, changes, err))
            return false;
    struct public_update u = {.id = op_id(op, "pup"), .public_id = p->id,
        .number = before.n ? ((struct public_update *)before.v)[0].number + 1 : 1, .status = p->status,
        .body = in->text.ptr ? in->text : S(""), .components = json_text(op->arena, changes), .created_by = op->actor.id,
        .created_at = op->now};
    op->fx->status_changed = true;
    return public_update_add(op->db, &u, err) && op_timer(op, "status_notify", u.id, op->now, err);
}

static struct str status_words(struct op *op, struct str status)
{
    char *p = arena_alloc(op->arena, status.len + 1, 1);

    for (size_t i = 0; i < status.len; i++)
        p[i] = status.ptr[i] == '_' ? ' ' : status.ptr[i];
    return (struct str){p, status.len};
}

/* On the timeline of the incident it is about, if it is about one. */
static bool tell_incident(struct op *op, const struct public_incident *p, struct str text, struct error *err)
{
    return !p->incident_id.len || op_say(op, p->incident_id, "update", err, "Status page: %.*s. %.*s",
        STR(status_words(op, p->status)), STR(text));
}

bool statuspage_publish(struct op *op, const struct incident *i, const struct public_input *in,
    struct public_incident *out, struct error *err)
{
    struct error missing = {0};

    if (!public_incident_of(op->db, op->arena, i->id, out, &missing)) {
        if (missing.kind != ERROR_NOT_FOUND) {
            *err = missing;
            return false;
        }
        if (!in->title.len)
            return fail_field(err, "title", "must be given: it is the title the public reads");
        *out = (struct public_incident){.id = op_id(op, "pub"), .kind = S("incident"), .incident_id = i->id,
            .status = S("investigating"), .impact = S("none"), .is_open = true, .started_at = op->now,
            .created_at = op->now};
    }
    return statuspage_say(op, out, in, err) && tell_incident(op, out, in->text, err);
}

bool statuspage_update(struct op *op, struct str id, const struct public_input *in, struct public_incident *out,
    struct error *err)
{
    return public_incident_get(op->db, op->arena, id, out, err) && statuspage_say(op, out, in, err) &&
        tell_incident(op, out, in->text, err);
}

bool statuspage_postmortem(struct op *op, struct str id, struct str text, struct public_incident *out,
    struct error *err)
{
    if (!public_incident_get(op->db, op->arena, id, out, err))
        return false;
    if (out->is_open)
        return fail(err, CONFLICT, "a postmortem is published when the incident is over");
    out->postmortem = text.len ? text : STR_NONE;
    out->postmortem_at = text.len ? op->now : (instant){0};
    out->updated_at = op->now;
    out->version++;
    op->fx->status_changed = true;
    return public_incident_put(op->db, out, err) && (!out->incident_id.len ||
        op_say(op, out->incident_id, "update", err, "Postmortem %s the status page", text.len ? "published on" : "withdrawn from"));
}

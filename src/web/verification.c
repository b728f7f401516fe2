#include "web/verification.h"

#include "domain/pack.h"
#include "domain/probe.h"
#include "domain/task.h"
#include "engine/verification.h"
#include "web/language.h"

static struct json *checks_view(struct request *req, const struct list *checks, size_t *left)
{
    struct json *list = json_array(req->arena);
    const struct task *t = checks->v;

    *left = 0;
    for (size_t k = 0; k < checks->n; k++) {
        struct json *o = json_push(list, fields_view(req->arena, task_fields, &t[k]));
        bool open = str_eq(t[k].state, S("open")) || (str_eq(t[k].state, S("skipped")) && !t[k].note.len);
        json_set_str(req->arena, o, S("by"), verification_by(req->env->pack, t[k].text));
        json_set_bool(req->arena, o, S("open"), open);
        *left += open || str_eq(t[k].state, S("failed"));
    }
    return list;
}

static struct json *missing_view(struct request *req, const struct verification_missing *m)
{
    struct json *list = json_array(req->arena);

    for (size_t k = 0; k < m->n; k++)
        json_push(list, json_string(req->arena, m->v[k]));
    return list;
}

static struct json *seen_view(struct request *req, const struct list *probes)
{
    struct json *list = json_array(req->arena);
    const struct probe *p = probes->v;

    for (size_t k = 0; k < probes->n; k++)
        json_push(list, fields_view(req->arena, probe_fields, &p[k]));
    return list;
}

static struct json *state_view(struct request *req, const struct verification_state *s)
{
    struct json *o = fields_view(req->arena, verification_fields, &s->v);
    bool soaking = s->gate && instant_is_set(s->v.started_at);
    size_t left;

    json_set_bool(req->arena, o, S("gate"), s->gate);
    json_set_bool(req->arena, o, S("soaking"), soaking);
    json_set_bool(req->arena, o, S("soak_over"), soaking && req->now.us >= s->v.soak_until.us);
    json_set_bool(req->arena, o, S("open"), s->gate && s->missing.n == 0);
    json_set(o, S("missing"), missing_view(req, &s->missing));
    json_set_int(req->arena, o, S("firing"), s->firing);
    json_set_str(req->arena, o, S("firing_text"), s->firing
        ? web_count(req, "%lld alert of this incident fires", "%lld alerts of this incident fire", s->firing) : STR_NONE);
    json_set(o, S("checks"), checks_view(req, &s->checks, &left));
    json_set_int(req->arena, o, S("checks_left"), (int64_t)left);
    json_set_int(req->arena, o, S("checks_total"), (int64_t)s->checks.n);
    json_set(o, S("probes"), seen_view(req, &s->probes));
    json_set_bool(req->arena, o, S("has_probes"), s->probes.n > 0);
    return o;
}

/* verification: how the gate stands, null if there never was one. gate_shut: resolving would be refused;
 * may_waive: not if this person gives a reason, and if not theirs to give, waive_by names whose. */
bool verification_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct verification_state s;
    struct str who = STR_NONE;
    bool may = false;

    if (!verification_look(req->db, req->arena, req->env->pack, i, req->now, &s, err) ||
        (s.gate && !verification_may_waive(req->db, req->arena, req->env->pack, i, req->signed_in ? req->user.id : STR_NONE,
            &may, &who, err)))
        return false;
    bool any = s.gate || s.v.round || instant_is_set(s.v.waived_at);
    json_set(o, S("verification"), any ? state_view(req, &s) : json_string(req->arena, STR_NONE));
    json_set_bool(req->arena, o, S("gate_shut"), s.gate && s.missing.n > 0);
    json_set_bool(req->arena, o, S("may_waive"), may);
    json_set_str(req->arena, o, S("waive_by"), who);
    return true;
}

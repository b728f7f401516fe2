#include "engine/probe.h"

#include "domain/service.h"
#include "engine/verification.h"
#include "store/incident.h"
#include "store/probe.h"
#include "store/service.h"
#include "store/verification.h"

void probe_ask(struct op *op, const struct probe *p)
{
    struct effect_probe *fx = arena_new(op->fx->arena, struct effect_probe);
    struct probe *copy = arena_new(op->fx->arena, struct probe);

    *copy = probe_copy(op->fx->arena, p);
    fx->probe = copy;
    *op->fx->probes_tail = fx;
    op->fx->probes_tail = &fx->next;
}

bool engine_probe_add(struct op *op, struct str service_id, struct probe *p, struct error *err)
{
    struct service s = {0};
    struct list all;

    if (!probe_valid(p, err) || !service_get(op->db, op->arena, service_id, &s, err) ||
        !probe_of_service(op->db, op->arena, service_id, &all, err))
        return false;
    if (all.n >= PROBE_MAX)
        return fail(err, CONFLICT, "a service has at most %d probes", PROBE_MAX);
    p->id = op_id(op, "prb");
    p->service_id = s.id;
    p->state = S("unknown");
    p->created_at = op->now;
    struct list soaking;
    if (!verification_soaking(op->db, op->arena, s.id, &soaking, err) || !probe_add(op->db, p, err))
        return false;
    const struct named *n = soaking.v;
    for (size_t k = 0; k < soaking.n; k++) /* runs it now, and then every minute */
        if (!verification_probe(op, n[k].id, err))
            return false;
    if (soaking.n == 0)
        probe_ask(op, p);
    return op_say(op, s.id, "configured", err, "Probe made: %.*s", STR(p->name));
}

static bool find(struct op *op, struct str service_id, struct str id, struct probe *out, struct error *err)
{
    return probe_get(op->db, op->arena, id, out, err) &&
        (str_eq(out->service_id, service_id) || fail(err, NOT_FOUND, "this service has no such probe"));
}

bool engine_probe_remove(struct op *op, struct str service_id, struct str id, struct error *err)
{
    struct probe p = {0};

    return find(op, service_id, id, &p, err) && probe_delete(op->db, id, err) &&
        op_say(op, service_id, "configured", err, "Probe removed: %.*s", STR(p.name));
}

bool engine_probe_run(struct op *op, struct str service_id, struct str id, struct probe *out, struct error *err)
{
    if (!find(op, service_id, id, out, err))
        return false;
    probe_ask(op, out);
    return true;
}

bool engine_probe_done(struct op *op, const struct probe_outcome *o, struct error *err)
{
    struct probe p = {0};
    struct list soaking;

    if (!probe_get(op->db, op->arena, o->id, &p, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
        return true; /* removed meanwhile */
    }
    p.state = o->passing ? S("passing") : S("failing");
    p.detail = o->detail;
    p.checked_at = o->at;
    if (!verification_soaking(op->db, op->arena, p.service_id, &soaking, err) || !probe_record(op->db, &p, err))
        return false;
    const struct named *n = soaking.v;
    for (size_t k = 0; k < soaking.n; k++)
        if (!verification_refresh(op, n[k].id, err))
            return false;
    return true;
}

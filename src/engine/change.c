#include "engine/change.h"

#include "store/change.h"
#include "store/incident.h"
#include "store/service.h"

static bool resolve_service(struct op *op, struct change *c, struct error *err)
{
    struct service s = {0};
    struct error looked = {0};

    if (!c->service_id.len || service_get(op->db, op->arena, c->service_id, &s, &looked))
        return true;
    if (looked.kind == ERROR_NOT_FOUND) {
        looked = (struct error){0};
        if (service_by_name(op->db, op->arena, c->service_id, &s, &looked)) {
            c->service_id = s.id;
            return true;
        }
    }
    if (looked.kind == ERROR_NOT_FOUND)
        return fail_field(err, "service_id", "is not a service");
    *err = looked;
    return false;
}

/* The clocks of webhooks are not ours, and nobody would read the complaint. */
static void tame(struct change *c, instant now)
{
    if (c->started_at.us > now.us)
        c->started_at = now;
    if (c->finished_at.us > now.us)
        c->finished_at = now;
    if (instant_is_set(c->finished_at) && c->finished_at.us < c->started_at.us)
        c->finished_at = c->started_at;
}

static bool known_before(struct op *op, struct change *c, struct change *known, bool *found, struct error *err)
{
    struct error looked = {0};

    *found = c->external_id.len && change_by_external(op->db, op->arena, c->source, c->external_id, known, &looked);
    if (*found || looked.kind == ERROR_NONE || looked.kind == ERROR_NOT_FOUND)
        return true;
    *err = looked;
    return false;
}

/* What ran before is what the last one left running. */
static bool fill_range(struct op *op, struct change *c, struct error *err)
{
    struct change last = {0};
    struct error looked = {0};

    if (c->commit_from.len || !c->commit_to.len || !c->service_id.len || !str_eq(c->kind, S("deployment")))
        return true;
    if (change_before(op->db, op->arena, c, &last, &looked)) {
        if (!str_eq(last.commit_to, c->commit_to))
            c->commit_from = last.commit_to;
        return true;
    }
    if (looked.kind == ERROR_NOT_FOUND)
        return true;
    *err = looked;
    return false;
}

static bool tell_incidents(struct op *op, const struct change *c, struct error *err)
{
    struct list open;

    if (!c->service_id.len || !change_live(c->environment))
        return true;
    if (!change_open_incidents(op->db, op->arena, c->service_id, &open, err))
        return false;
    const struct named *i = open.v;
    for (size_t k = 0; k < open.n; k++)
        if (!op_say(op, i[k].id, "change", err, "%.*s — %.*s", STR(change_line(op->arena, c)), STR(c->status)))
            return false;
    return true;
}

bool engine_change(struct op *op, struct change *c, bool *fresh, struct error *err)
{
    struct change known = {0};
    bool found, api = str_eq(c->source, S("api"));

    if (!resolve_service(op, c, err) || !known_before(op, c, &known, &found, err))
        return false;
    *fresh = !found;
    struct str was = known.status;
    if (found) {
        change_merge(&known, c);
        *c = known;
    } else {
        c->id = op_id(op, "chg");
        c->created_at = op->now;
        if (api && !c->author.len)
            c->author = op->actor.name;
    }
    if (!api)
        tame(c, op->now);
    c->updated_at = op->now;
    if (!change_complete(c, op->now, err) || !fill_range(op, c, err) || !change_put(op->db, c, err))
        return false;
    if (found && str_eq(was, c->status))
        return true;
    return op_say(op, c->id, "change", err, "%.*s — %.*s", STR(change_line(op->arena, c)), STR(c->status)) &&
        tell_incidents(op, c, err);
}

struct str change_secret(struct arena *a, const struct env *env, struct str key_id)
{
    struct secret_key key = secret_key_derive(&env->seals, S("webhooks of changes"));
    hash256 h = hash_256(&key, &key_id, 1);

    return hex_text(a, h.bytes, 20);
}

bool change_signed(struct arena *a, struct str secret, struct str body, struct str signature)
{
    hash256 h = hmac_sha256(secret, &body, 1);
    struct str want = str_printf(a, "sha256=%.*s", STR(hex_text(a, h.bytes, sizeof h.bytes)));

    return secret_equal(want, signature);
}

#include "engine/access.h"

#include "domain/incident.h"
#include "domain/user.h"
#include "engine/follow.h"
#include "engine/incident.h"
#include "store/access.h"
#include "store/incident.h"
#include "store/user.h"

static bool by_person(const struct op *op)
{
    return str_eq(op->actor.kind, S("user")) || str_eq(op->actor.kind, S("link"));
}

/* Whoever acted by the link of a webhook has no account. */
static bool let_in(struct op *op, struct str incident_id, struct str user_id, struct str reason, struct error *err)
{
    struct user u = {0};

    if (!user_get(op->db, op->arena, user_id, &u, err))
        return err->kind == ERROR_NOT_FOUND ? fail_field(err, "user_id", "is not a user") : false;
    return member_put(op->db, incident_id, u.id, reason, op->actor.id, op->now, err);
}

bool incident_restrict(struct op *op, struct incident *i, const char *why, struct error *err)
{
    if (i->restricted)
        return true;
    i->restricted = true;
    return (!by_person(op) || let_in(op, i->id, op->actor.id, S("restricted it"), err)) &&
        op_tell(op, i->id, "access", err, "Restricted: only its members see this incident from now on. %s", why);
}

bool engine_restrict(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err)
{
    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    struct incident before = *out;
    return out->restricted || (incident_restrict(op, out, str_z(op->arena, in->reason), err) && incident_save(op, out, err) &&
        incident_follow(op, &before, out, err));
}

bool engine_unrestrict(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err)
{
    if (!incident_find(op->db, op->arena, ref, out, err))
        return false;
    if (!out->restricted)
        return true;
    struct incident before = *out;
    out->restricted = false;
    return incident_save(op, out, err) &&
        op_say(op, out->id, "access", err, "No longer restricted: everybody sees this incident. %.*s", STR(in->reason)) &&
        incident_follow(op, &before, out, err);
}

bool engine_invite(struct op *op, struct str ref, const struct access_change *in, struct incident *out, struct error *err)
{
    struct user u = {0};

    if (!incident_find(op->db, op->arena, ref, out, err) || !let_in(op, out->id, in->user_id, in->reason, err) ||
        !user_get(op->db, op->arena, in->user_id, &u, err))
        return false;
    return op_say(op, out->id, "access", err, "%.*s let in: %.*s", STR(u.name), STR(in->reason));
}

bool engine_uninvite(struct op *op, struct str ref, struct str user_id, struct incident *out, struct error *err)
{
    struct user u = {0};

    return incident_find(op->db, op->arena, ref, out, err) && member_delete(op->db, out->id, user_id, err) &&
        user_get(op->db, op->arena, user_id, &u, err) &&
        op_say(op, out->id, "access", err, "%.*s is not invited any more", STR(u.name));
}

bool engine_break_glass(struct op *op, struct str ref, const struct access_change *in, struct incident *out,
    struct error *err)
{
    bool sees;

    if (!incident_find(op->db, op->arena, ref, out, err) || !access_sees(op->db, out->id, op->actor.id, &sees, err))
        return false;
    if (!out->restricted || sees)
        return true;
    return let_in(op, out->id, op->actor.id, in->reason, err) &&
        op_say(op, out->id, "access", err, "Glass broken: %.*s, an administrator, let themselves in. %.*s",
            STR(op->actor.name), STR(in->reason));
}

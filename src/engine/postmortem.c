#include "engine/postmortem.h"

#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/user.h"
#include "engine/postmortem_text.h"
#include "store/incident.h"
#include "store/postmortem.h"
#include "store/timer.h"
#include "store/user.h"

static bool draft(struct op *op, const struct incident *i, instant due, struct postmortem *out, struct error *err)
{
    struct list roles;
    struct str commander = STR_NONE, commander_id = STR_NONE;

    if (!role_list(op->db, op->arena, i->id, &roles, err))
        return false;
    const struct role_holder *r = roles.v;
    for (size_t k = 0; k < roles.n; k++)
        if (str_eq(r[k].role, op->env->pack->commander)) {
            commander = r[k].name;
            commander_id = r[k].user_id;
        }
    *out = (struct postmortem){.id = op_id(op, "pm"), .incident_id = i->id, .status = S("draft"),
        .title = i->title, .due_at = due, .author_id = commander_id, .created_at = op->now,
        .updated_at = op->now, .version = 1};
    if (!postmortem_body(op->env, op->db, op->arena, i, commander, &out->body, err) ||
        !postmortem_put(op->db, out, err))
        return false;
    /* Of a record made afterwards the due time may be past: it shows as overdue, and rings no bell. */
    if (due.us > op->now.us && !op_timer(op, "postmortem_due", out->id, due, err))
        return false;
    struct str day = time_text(op->arena, due);
    return instant_is_set(due)
        ? op_tell(op, i->id, "postmortem", err, "Postmortem drafted; due %.*s %.*s UTC", STR(str_slice(day, 0, 10)),
              STR(str_slice(day, 11, 16)))
        : op_tell(op, i->id, "postmortem", err, "Postmortem drafted");
}

static bool existing(struct op *op, struct str incident_id, struct postmortem *out, bool *found, struct error *err)
{
    *found = postmortem_of_incident(op->db, op->arena, incident_id, out, err);
    if (*found || err->kind != ERROR_NOT_FOUND)
        return *found;
    *err = (struct error){0};
    return true;
}

bool engine_postmortem_due(struct op *op, const struct incident *i, struct error *err)
{
    const struct pack_severity *s = pack_severity_find(op->env->pack, i->severity);
    struct postmortem pm = {0};
    bool found;

    if (!s || s->postmortem_us <= 0)
        return true;
    return existing(op, i->id, &pm, &found, err) &&
        (found || draft(op, i, instant_add(i->resolved_at, s->postmortem_us), &pm, err));
}

bool engine_postmortem_start(struct op *op, struct str incident_ref, struct postmortem *out, struct error *err)
{
    struct incident i = {0};
    bool found;

    return incident_find(op->db, op->arena, incident_ref, &i, err) && existing(op, i.id, out, &found, err) &&
        (found || draft(op, &i, (instant){0}, out, err));
}

bool engine_postmortem_edit(struct op *op, struct str id, const struct postmortem_edit *in, struct postmortem *out,
    struct error *err)
{
    if (!postmortem_get(op->db, op->arena, id, out, err))
        return false;
    if (in->version != out->version)
        return fail(err, CONFLICT, "somebody saved version %lld while you were editing version %lld; "
            "your text was not saved: copy it, reload and merge", (long long)out->version, (long long)in->version);
    bool completes = str_eq(in->status, S("complete")) && !str_eq(out->status, S("complete"));
    out->title = in->title;
    out->body = in->body;
    if (in->status.len)
        out->status = in->status;
    if (completes)
        out->completed_at = op->now;
    else if (!str_eq(out->status, S("complete")))
        out->completed_at = (instant){0};
    out->updated_at = op->now;
    out->version++;
    return postmortem_put(op->db, out, err) &&
        (!completes || (timer_cancel(op->db, S("postmortem_due"), id, err) &&
            op_say(op, out->incident_id, "postmortem", err, "Postmortem completed by %.*s", STR(op->actor.name))));
}

bool engine_postmortem_overdue(struct op *op, struct str id, struct error *err)
{
    struct postmortem pm = {0};

    return postmortem_get(op->db, op->arena, id, &pm, err) && (str_eq(pm.status, S("complete")) ||
        op_say(op, pm.incident_id, "postmortem", err, "The postmortem is overdue"));
}

static bool check_action(struct op *op, struct action_item *item, struct error *err)
{
    struct user owner = {0};
    struct error missing = {0};

    if (item->due_on.len && !date_valid(item->due_on))
        fail_field(err, "due_on", "must be a day such as 2026-12-24");
    if (item->owner_id.len && !user_get(op->db, op->arena, item->owner_id, &owner, &missing)) {
        if (missing.kind != ERROR_NOT_FOUND) {
            *err = missing;
            return false;
        }
        fail_field(err, "owner_id", "is not a user");
    }
    if (!item->due_on.len)
        item->due_on = STR_NONE;
    if (!item->owner_id.len)
        item->owner_id = STR_NONE;
    return err->kind == ERROR_NONE;
}

bool engine_action_add(struct op *op, struct str postmortem_id, struct action_item *item, struct error *err)
{
    struct postmortem pm = {0};

    if (!postmortem_get(op->db, op->arena, postmortem_id, &pm, err))
        return false;
    item->id = op_id(op, "act");
    item->postmortem_id = pm.id;
    item->created_at = item->updated_at = op->now;
    if (!item->priority.len)
        item->priority = S("P2");
    if (!item->status.len)
        item->status = S("open");
    return check_action(op, item, err) && action_put(op->db, item, err) &&
        op_say(op, pm.incident_id, "action", err, "Action item: %.*s", STR(item->title));
}

bool engine_action_edit(struct op *op, struct str id, const struct action_item *in, uint64_t given,
    struct action_item *out, struct error *err)
{
    if (!action_get(op->db, op->arena, id, out, err))
        return false;
    for (size_t k = 0; action_item_fields[k].name; k++) { /* every editable field is text */
        const struct field *f = &action_item_fields[k];
        if ((given & (UINT64_C(1) << k)) && f->type == FIELD_TEXT && !(f->flags & FIELD_READONLY))
            *(struct str *)(void *)((char *)out + f->offset) = *(const struct str *)(const void *)((const char *)in + f->offset);
    }
    out->updated_at = op->now;
    return check_action(op, out, err) && action_put(op->db, out, err);
}

#include "engine/mitigation.h"

#include "base/json.h"
#include "domain/incident.h"
#include "store/incident.h"
#include "store/mitigation.h"

static bool tell(struct op *op, const struct mitigation *m, struct error *err)
{
    struct json *data = json_object(op->arena);
    struct str line = mitigation_line(op->arena, m);

    if (m->command.len)
        line = str_printf(op->arena, "%.*s (%.*s)", STR(line), STR(m->command));
    if (m->result.len)
        line = str_printf(op->arena, "%.*s — %.*s", STR(line), STR(m->result));
    json_set_str(op->arena, data, S("text"), line);
    json_set_str(op->arena, data, S("mitigation"), m->id);
    return op_event(op, m->incident_id, "mitigation", m->at, 0, data, NULL, err);
}

bool engine_mitigate(struct op *op, struct str ref, const struct mitigation *in, struct mitigation *out,
    struct error *err)
{
    struct incident i = {0};

    if (in->at.us > op->now.us + MINUTE_US)
        return fail_field(err, "at", "must not be in the future");
    if (!incident_find(op->db, op->arena, ref, &i, err))
        return false;
    *out = *in;
    out->id = op_id(op, "mit");
    out->incident_id = i.id;
    out->command = in->command.len ? in->command : STR_NONE;
    out->result = in->result.len ? in->result : STR_NONE;
    out->effect = in->effect.len ? in->effect : S("unknown");
    out->judged_at = str_eq(out->effect, S("unknown")) ? (instant){0} : op->now;
    out->at = instant_is_set(in->at) ? in->at : op->now;
    out->done_by = op->actor.id;
    out->done_name = op->actor.name;
    out->created_at = op->now;
    return mitigation_add(op->db, out, err) && tell(op, out, err);
}

bool engine_mitigation_judge(struct op *op, struct str ref, struct str id, const struct mitigation_change *in,
    struct mitigation *out, struct error *err)
{
    struct incident i = {0};

    if (!incident_find(op->db, op->arena, ref, &i, err) || !mitigation_get(op->db, op->arena, id, out, err))
        return false;
    if (!str_eq(out->incident_id, i.id))
        return fail(err, NOT_FOUND, "%.*s has no such action", STR(i.number));
    bool same = str_eq(out->effect, in->effect) && (!in->result.len || str_eq(out->result, in->result));
    if (same)
        return true;
    out->effect = in->effect;
    out->result = in->result.len ? in->result : out->result;
    out->judged_at = op->now;
    struct str line = mitigation_line(op->arena, out);
    return mitigation_judge(op->db, out, err) &&
        op_say(op, i.id, "mitigation", err, "%.*s. Effect: %.*s%s%.*s", STR(line), STR(out->effect),
            in->result.len ? " — " : "", STR(in->result));
}

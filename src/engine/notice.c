#include "engine/notice.h"

#include "base/json.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/user.h"
#include "store/user.h"

static struct str reason_json(struct op *op, const struct incident *i, const struct notice *n, struct str request_id)
{
    struct json *r = json_object(op->arena), *values = json_array(op->arena);

    json_set_str(op->arena, r, S("incident"), i->number);
    json_set_str(op->arena, r, S("lead"), str_from(n->lead));
    for (size_t k = 0; k < NOTICE_VALUES && n->values[k].ptr; k++)
        json_push(values, json_string(op->arena, n->values[k]));
    json_set(r, S("values"), values);
    json_set_str(op->arena, r, S("text"), n->text);
    if (request_id.len)
        json_set_str(op->arena, r, S("request"), request_id);
    return json_text(op->arena, r);
}

static bool tell(struct op *op, const struct incident *i, struct str user_id, struct str kind, struct str reason,
    bool *reached, struct error *err)
{
    struct user u = {0};
    struct list contacts;
    int64_t loop = op_number(op); /* the same news twice is told twice */

    *reached = false;
    if (!user_get(op->db, op->arena, user_id, &u, err)) {
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        *err = (struct error){0};
        return true;
    }
    if (u.disabled)
        return true;
    if (!contact_list(op->db, op->arena, u.id, &contacts, err))
        return false;
    const struct contact *c = contacts.v;
    const struct contact fallback = {.kind = S("email"), .address = u.email, .enabled = true};
    if (contacts.n == 0) {
        c = &fallback;
        contacts.n = 1;
    }
    for (size_t k = 0; k < contacts.n; k++) {
        struct delivery d = {.incident_id = i->id, .kind = kind, .channel = c[k].kind, .user_id = u.id,
            .contact_id = c[k].id, .recipient = u.name, .address = c[k].address, .loop = loop, .step = DELIVERY_BY_HAND,
            .reason = reason};
        if (!c[k].enabled)
            continue;
        if (!op_deliver(op, &d, err))
            return false;
        *reached = true;
    }
    return true;
}

bool notice_send(struct op *op, const struct incident *i, struct str user_id, const struct notice *n, struct error *err)
{
    bool reached;

    return tell(op, i, user_id, S("notice"), reason_json(op, i, n, STR_NONE), &reached, err);
}

bool notice_ask(struct op *op, const struct incident *i, struct str user_id, const struct notice *n,
    struct str request_id, bool *reached, struct error *err)
{
    return tell(op, i, user_id, S("page"), reason_json(op, i, n, request_id), reached, err);
}

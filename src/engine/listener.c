#include "engine/listener.h"

#include "base/json.h"
#include "domain/delivery.h"
#include "domain/incident.h"
#include "domain/pack.h"
#include "domain/service.h"
#include "domain/update.h"
#include "domain/user.h"
#include "notify/channels.h"
#include "store/access.h"
#include "store/listener.h"
#include "store/service.h"
#include "store/user.h"
#include "text/language.h"

static bool find_audience(struct op *op, struct str id, const struct pack_audience **out, struct error *err)
{
    *out = pack_audience_find(op->env->pack, id);
    return *out || fail(err, NOT_FOUND, "there is no such audience");
}

/* Complains about a field when what it names does not exist; false only when the store failed. */
static bool reference(bool found, struct error *looked, const char *field, const char *what, struct error *err)
{
    if (found)
        return true;
    if (looked->kind != ERROR_NOT_FOUND) {
        *err = *looked;
        return false;
    }
    return fail_name(err, str_from(field), "is not a %s", what);
}

static bool resolve(struct op *op, const struct listener_input *in, struct listener *out, struct error *err)
{
    struct error looked = {0};
    struct service s = {0};
    struct endpoint w = {0};
    struct user u = {0};

    if ((in->user_id.len > 0) + (in->endpoint_id.len > 0) + (in->address.len > 0) != 1)
        return fail_field(err, "address", "name one of a person, a webhook or a mail address");
    if (in->service_id.len &&
        !reference(service_get(op->db, op->arena, in->service_id, &s, &looked), &looked, "service_id", "service", err))
        return false;
    if (in->user_id.len) {
        if (!reference(user_get(op->db, op->arena, in->user_id, &u, &looked), &looked, "user_id", "user", err))
            return false;
        out->user_id = u.id;
        out->name = u.name;
        out->address = u.email;
    } else if (in->endpoint_id.len) {
        if (!reference(endpoint_get(op->db, op->arena, in->endpoint_id, &w, &looked), &looked, "endpoint_id", "webhook", err))
            return false;
        out->endpoint_id = w.id;
        out->name = w.name;
        out->address = w.url;
    } else {
        if (!email_validate(in->address, &looked))
            return fail_field(err, "address", "%s", looked.message);
        out->name = out->address = str_lower(op->arena, in->address);
    }
    out->service_id = in->service_id.len ? in->service_id : STR_NONE;
    return true;
}

bool engine_listener_add(struct op *op, struct str audience, const struct listener_input *in, struct listener *out,
    struct error *err)
{
    const struct pack_audience *a;

    *out = (struct listener){.id = op_id(op, "sub"), .audience = audience, .created_by = op->actor.id, .created_at = op->now};
    if (!find_audience(op, audience, &a, err) || !resolve(op, in, out, err))
        return false;
    if (!listener_insert(op->db, out, err))
        return err->kind == ERROR_CONFLICT ? (*err = (struct error){0}, fail_field(err, "address", "is there already")) : false;
    return op_say(op, out->id, "subscriber", err, "%.*s subscribed to %.*s", STR(out->name), STR(a->name));
}

bool engine_listener_remove(struct op *op, struct str audience, struct str id, struct error *err)
{
    struct listener l = {0};

    if (!listener_get(op->db, op->arena, id, &l, err))
        return false;
    if (!str_eq(l.audience, audience))
        return fail(err, NOT_FOUND, "no such subscriber");
    return listener_delete(op->db, id, err) &&
        op_say(op, id, "subscriber", err, "%.*s unsubscribed from %.*s", STR(l.name), STR(audience));
}

/* --- settings --- */

static struct str key(struct op *op, struct str audience, const char *what)
{
    return str_printf(op->arena, "audience:%.*s:%s", STR(audience), what);
}

bool audience_language(struct op *op, struct str audience, struct str *code, struct error *err)
{
    const struct pack *p = op->env->pack;

    if (!setting_get(op->db, op->arena, key(op, audience, "language"), code, err))
        return false;
    if (!code->len)
        *code = p->language;
    return true;
}

bool audience_two_people(struct op *op, struct str audience, bool *out, struct error *err)
{
    struct str value;

    if (!setting_get(op->db, op->arena, key(op, audience, "two_people"), &value, err))
        return false;
    *out = value.len > 0;
    return true;
}

static bool set_or_clear(struct op *op, struct str name, struct str value, struct error *err)
{
    return value.len ? setting_put(op->db, name, value, err) : setting_delete(op->db, name, err);
}

bool engine_audience_edit(struct op *op, struct str audience, const struct audience_edit *in, uint64_t given,
    struct error *err)
{
    const struct pack_audience *a;

    if (!find_audience(op, audience, &a, err))
        return false;
    if ((given & 1) && in->language.len && !str_eq(in->language, S("en")) &&
        !language_find(op->env->languages, in->language))
        return fail_field(err, "language", "is not a language there is");
    if ((given & 1) && !set_or_clear(op, key(op, audience, "language"), in->language, err))
        return false;
    if ((given & 2) && !set_or_clear(op, key(op, audience, "two_people"), in->two_people ? S("1") : STR_NONE, err))
        return false;
    return op_say(op, str_printf(op->arena, "audience:%.*s", STR(audience)), "audience", err, "Settings of %.*s changed",
        STR(a->name));
}

/* --- sending --- */

/* What is said inside about a restricted incident is for its members. */
static bool may_hear(struct op *op, const struct incident *i, const struct update *u, const struct listener *l, bool *out,
    struct error *err)
{
    *out = !i->restricted || u->external;
    return *out || !l->user_id.len || access_sees(op->db, i->id, l->user_id, out, err);
}

static bool deliver_one(struct op *op, const struct incident *i, const struct update *u, const struct listener *l,
    struct error *err)
{
    struct json *why = json_object(op->arena);
    struct delivery d = {.incident_id = i->id, .kind = S("update"), .channel = l->endpoint_id.len ? S("webhook") : S("email"),
        .user_id = l->user_id, .endpoint_id = l->endpoint_id, .recipient = l->name, .address = l->address, .subject = u->id};
    struct endpoint w = {0};
    struct user person = {0};

    if (l->user_id.len) { /* as they are now, not as they were when they subscribed */
        if (!user_get(op->db, op->arena, l->user_id, &person, err))
            return false;
        if (person.disabled)
            return true;
        d.recipient = person.name;
        d.address = person.email;
    }
    if (l->endpoint_id.len) {
        if (!endpoint_get(op->db, op->arena, l->endpoint_id, &w, err))
            return false;
        d.recipient = w.name;
        d.address = w.url;
    }
    json_set_str(op->arena, why, S("audience"), u->audience);
    json_set_int(op->arena, why, S("number"), u->number);
    d.reason = json_text(op->arena, why);
    return op_deliver_at(op, &d, u->visible_at, err);
}

bool listener_deliver(struct op *op, const struct incident *i, const struct update *u, struct error *err)
{
    struct list all;

    if (!listener_of_incident(op->db, op->arena, u->audience, i->id, &all, err))
        return false;
    const struct listener *l = all.v;
    for (size_t k = 0; k < all.n; k++) {
        bool may;
        if (!may_hear(op, i, u, &l[k], &may, err) || (may && !deliver_one(op, i, u, &l[k], err)))
            return false;
    }
    return true;
}

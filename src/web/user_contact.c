/* How pages reach a person, and the API tokens that act in their name. */
#include "web/user.h"

#include "domain/delivery.h"
#include "engine/account.h"
#include "store/user.h"
#include "web/testing.h"
#include "web/user_view.h"

const struct field person_token_fields[] = {
    FIELD(struct api_token, name, .flags = FIELD_REQUIRED, .max = 100, .doc = "What it is for",
        .example = "deploy script"),
    FIELD(struct api_token, expires_at, .flags = FIELD_NULLABLE,
        .doc = "When it stops working; never if not given"),
    {0},
};

/* The person of the address, if the one who asks may change the account. */
static bool open(struct request *req, struct user *u, struct error *err)
{
    return user_get(req->db, req->arena, req->params[0], u, err) &&
           user_check_edit(req, u->id, err);
}

static bool changed(struct request *req, struct reply *out, const struct user *u, const char *said,
    struct error *err)
{
    reply_see(
        req, out, "/people/%.*s%s%s", STR(u->id), req->html ? "?said=" : "", req->html ? said : "");
    return req->html || user_view(req, u, STR_NONE, &out->view, err);
}

bool post_person_contacts(struct request *req, struct reply *out, struct error *err)
{
    struct contact c = {0};
    struct user u = {0};

    if (!open(req, &u, err) || !web_input(req, &c, NULL, err) ||
        !engine_contact_add(req->op, u.id, &c, err))
        return false;
    reply_created(req, out, "/people/%.*s", STR(u.id));
    out->view = fields_view(req->arena, contact_fields, &c);
    return true;
}

bool post_person_contact_remove(struct request *req, struct reply *out, struct error *err)
{
    struct user u = {0};

    return open(req, &u, err) && engine_contact_remove(req->op, u.id, req->params[1], err) &&
           changed(req, out, &u, "removed", err);
}

bool post_person_contact_test(struct request *req, struct reply *out, struct error *err)
{
    struct contact c = {0};
    struct user u = {0};

    if (!open(req, &u, err) || !contact_get(req->db, req->arena, req->params[1], &c, err))
        return false;
    if (!str_eq(c.user_id, u.id))
        return fail(err, NOT_FOUND, "no such contact");
    struct delivery d = {.channel = c.kind,
        .user_id = u.id,
        .contact_id = c.id,
        .recipient = u.name,
        .address = c.address};
    if (!test_deliver(req, &d, err))
        return false;
    reply_see(req, out, "/people/%.*s%s", STR(u.id), req->html ? "?said=sent" : "");
    out->status = 202;
    out->view = fields_view(req->arena, delivery_fields, &d);
    return true;
}

bool get_person_tokens(struct request *req, struct reply *out, struct error *err)
{
    struct user u = {0};
    struct list list;

    if (!open(req, &u, err) || !token_list(req->db, req->arena, u.id, &list, err))
        return false;
    struct json *v = out->view = json_object(req->arena);
    struct json *items = json_set(v, S("items"), json_array(req->arena));
    const struct api_token *t = list.v;
    for (size_t i = 0; i < list.n; i++)
        json_push(items, fields_view(req->arena, api_token_fields, &t[i]));
    json_set_str(req->arena, v, S("next"), STR_NONE);
    return true;
}

/* The token is in this answer and nowhere else: a browser gets the page at once, not a redirect. */
bool post_person_tokens(struct request *req, struct reply *out, struct error *err)
{
    struct api_token t = {0};
    struct user u = {0};
    struct str secret;

    if (!open(req, &u, err) || !web_input(req, &t, NULL, err) ||
        !engine_token_add(req->op, u.id, &t, &secret, err))
        return false;
    out->status = 201;
    out->title = u.name;
    if (req->html)
        return user_view(req, &u, secret, &out->view, err);
    out->view = fields_view(req->arena, api_token_fields, &t);
    json_set_str(req->arena, out->view, S("token"), secret);
    return true;
}

bool post_person_token_remove(struct request *req, struct reply *out, struct error *err)
{
    struct user u = {0};

    return open(req, &u, err) && engine_token_remove(req->op, u.id, req->params[1], err) &&
           changed(req, out, &u, "removed", err);
}

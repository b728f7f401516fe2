#include "web/webhook.h"

#include "domain/delivery.h"
#include "domain/service.h"
#include "engine/setup.h"
#include "notify/channels.h"
#include "store/service.h"
#include "web/language.h"
#include "web/testing.h"

/* `secret` is shown once, to whoever made the webhook. */
static bool list_view(
    struct request *req, struct str new_secret, struct json **out, struct error *err)
{
    struct list list;

    if (!endpoint_list(req->db, req->arena, &list, err))
        return false;
    struct json *v = *out = json_object(req->arena);
    struct json *items = json_set(v, S("items"), json_array(req->arena));
    const struct endpoint *e = list.v;
    for (size_t i = 0; i < list.n; i++)
        json_push(items, fields_view(req->arena, endpoint_fields, &e[i]));
    json_set_str(req->arena, v, S("next"), STR_NONE);
    json_set_str(req->arena, v, S("new_secret"), new_secret);
    return true;
}

bool get_webhooks(struct request *req, struct reply *out, struct error *err)
{
    out->title = web_text(req, "Webhooks");
    return list_view(req, STR_NONE, &out->view, err);
}

bool post_webhooks(struct request *req, struct reply *out, struct error *err)
{
    struct endpoint e = {0};
    struct error bad = {0};
    struct str secret;

    if (!web_input(req, &e, NULL, err))
        return false;
    if (!webhook_validate(e.url, &bad))
        return fail_field(err, "url", "%s", bad.message);
    if (!engine_endpoint_add(req->op, &e, &secret, err))
        return false;
    out->status = 201;
    out->title = web_text(req, "Webhooks");
    if (req->html)
        return list_view(req, secret, &out->view, err);
    out->view = fields_view(req->arena, endpoint_fields, &e);
    json_set_str(req->arena, out->view, S("secret"), secret);
    return true;
}

bool post_webhook_remove(struct request *req, struct reply *out, struct error *err)
{
    if (!engine_endpoint_remove(req->op, req->params[0], err))
        return false;
    reply_see(req, out, "/webhooks%s", req->html ? "?said=removed" : "");
    return req->html || list_view(req, STR_NONE, &out->view, err);
}

bool post_webhook_test(struct request *req, struct reply *out, struct error *err)
{
    struct endpoint e = {0};

    if (!endpoint_get(req->db, req->arena, req->params[0], &e, err))
        return false;
    struct delivery d = {
        .channel = S("webhook"), .endpoint_id = e.id, .recipient = e.name, .address = e.url};
    if (!test_deliver(req, &d, err))
        return false;
    reply_see(req, out, "/webhooks%s", req->html ? "?said=sent" : "");
    out->status = 202;
    out->view = fields_view(req->arena, delivery_fields, &d);
    return true;
}

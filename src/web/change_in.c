/* The doors of those who change things: the same integration keys as for alerts. */
#include "engine/change.h"
#include "store/service.h"
#include "web/change.h"
#include "web/internal.h"

/* Whoever has the key speaks in its name, about its service. */
static bool enter(struct request *req, struct integration_key *key, struct error *err)
{
    struct error looked = {0};

    if (!key_by_hash(req->db, req->arena, sha256_hex(req->arena, req->params[0]), key, &looked)) {
        *err = looked;
        return looked.kind == ERROR_NOT_FOUND ? fail(err, NOT_FOUND, "no such integration key") : false;
    }
    req->op->actor = (struct actor){S("sender"), key->id, key->name};
    return true;
}

static bool take(struct request *req, struct reply *out, struct change *c, const struct integration_key *key,
    struct error *err)
{
    bool fresh;

    if (!c->service_id.len)
        c->service_id = key->service_id;
    if (!engine_change(req->op, c, &fresh, err))
        return false;
    out->status = fresh ? 201 : 200;
    return change_view(req, c, &out->view, err);
}

bool post_in_changes(struct request *req, struct reply *out, struct error *err)
{
    struct change c = {.source = S("api")};
    struct integration_key key = {0};

    return enter(req, &key, err) && web_input(req, &c, NULL, err) && take(req, out, &c, &key, err);
}

/* Known, but nothing that we keep. */
static bool ignored(struct request *req, struct reply *out)
{
    out->status = 202;
    out->view = json_object(req->arena);
    json_set_bool(req->arena, out->view, S("ignored"), true);
    return true;
}

/* GitHub sends JSON, or a form whose `payload` is the JSON. */
static bool payload(struct request *req, const struct json **out, struct error *err)
{
    struct str text = json_get_str(req->input, S("payload"));
    struct json *parsed;

    *out = req->input;
    if (req->source != FIELD_FROM_FORM)
        return true;
    if (!json_parse(req->arena, text, &parsed, err))
        return false;
    *out = parsed;
    return true;
}

bool post_in_github(struct request *req, struct reply *out, struct error *err)
{
    const struct http_request *q = &req->x->request;
    struct integration_key key = {0};
    const struct json *body;
    struct change c = {0};
    bool about;

    if (!enter(req, &key, err))
        return false;
    if (!change_signed(req->arena, change_secret(req->arena, req->env, key.id), q->body,
            http_header(q, S("X-Hub-Signature-256"))))
        return fail(err, FORBIDDEN, "X-Hub-Signature-256 is not that of this body and the key's signing secret");
    if (!payload(req, &body, err) ||
        !change_read_github(req->arena, http_header(q, S("X-GitHub-Event")), body, &c, &about, err))
        return false;
    return about ? take(req, out, &c, &key, err) : ignored(req, out);
}

bool post_in_gitlab(struct request *req, struct reply *out, struct error *err)
{
    const struct http_request *q = &req->x->request;
    struct integration_key key = {0};
    struct change c = {0};
    bool about;

    if (!enter(req, &key, err))
        return false;
    if (!secret_equal(change_secret(req->arena, req->env, key.id), http_header(q, S("X-Gitlab-Token"))))
        return fail(err, FORBIDDEN, "X-Gitlab-Token is not the key's signing secret");
    if (!change_read_gitlab(req->arena, req->input, &c, &about, err))
        return false;
    return about ? take(req, out, &c, &key, err) : ignored(req, out);
}

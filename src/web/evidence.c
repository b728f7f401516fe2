#include "web/evidence.h"

#include "base/base64.h"
#include "domain/access.h"
#include "domain/incident.h"
#include "engine/evidence.h"
#include "store/evidence.h"
#include "web/incident_view.h"

bool evidence_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("evidence"), json_array(req->arena));
    struct list all;

    if (!evidence_list(req->db, req->arena, i->id, &all, err))
        return false;
    const struct evidence *e = all.v;
    for (size_t k = 0; k < all.n; k++)
        json_push(list, fields_view(req->arena, evidence_fields, &e[k]));
    json_set_bool(req->arena, o, S("keeps_evidence"), all.n > 0 || i->evidence_hold);
    return true;
}

bool post_incident_evidence(struct request *req, struct reply *out, struct error *err)
{
    struct evidence_input in = {0};
    struct evidence e = {0};

    if (!web_input(req, &in, NULL, err) || !engine_evidence_add(req->op, req->params[0], &in, &e, err))
        return false;
    if (req->html)
        reply_see(req, out, "/incidents/%.*s#evidence", STR(e.incident_id));
    else
        reply_created(req, out, "/incidents/%.*s/evidence/%.*s", STR(e.incident_id), STR(e.id));
    out->view = fields_view(req->arena, evidence_fields, &e);
    return true;
}

/* The name goes into a header: only what cannot break it, or a path, is kept. */
static struct str file_name(struct arena *a, struct str name)
{
    struct buf b;

    buf_init(&b, a, 256);
    for (size_t k = 0; k < name.len && k < 200; k++) {
        char c = name.ptr[k];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c == '.' && k) || c == '-';
        buf_addc(&b, plain ? c : '_');
    }
    return buf_str(&b);
}

/* The file as it was given; of a link, its description. */
bool get_incident_evidence(struct request *req, struct reply *out, struct error *err)
{
    struct incident i = {0};
    struct evidence e = {0};

    if (!incident_for(req, req->params[0], &i, err) || !evidence_get(req->db, req->arena, req->params[1], &e, err))
        return false;
    if (!str_eq(e.incident_id, i.id))
        return fail(err, NOT_FOUND, "no such evidence");
    if (!e.content.ptr)
        return fail(err, NOT_FOUND, "this evidence is a link: %.*s", STR(e.url));
    if (!base64_decode(req->arena, e.content, &out->raw))
        return fail(err, INTERNAL, "evidence %.*s cannot be read", STR(e.id));
    out->content_type = S("application/octet-stream");
    out->filename = file_name(req->arena, e.name);
    return true;
}

bool post_incident_evidence_remove(struct request *req, struct reply *out, struct error *err)
{
    struct access_change in = {0};
    struct incident i = {0};

    return web_input(req, &in, NULL, err) &&
        engine_evidence_remove(req->op, req->params[0], req->params[1], in.reason, &i, err) && incident_changed(req, out, &i, "#evidence", err);
}

INCIDENT_CHANGE(post_incident_hold, struct access_change, engine_hold, "#evidence")
INCIDENT_CHANGE(post_incident_hold_release, struct access_change, engine_hold_release, "#evidence")

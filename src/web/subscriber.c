#include "web/subscriber.h"

#include "domain/statuspage.h"
#include "engine/subscriber.h"
#include "store/statuspage.h"
#include "web/internal.h"
#include "web/language.h"
#include "web/statuspage.h"
#include "web/throttle.h"

static const char *const kinds[] = {"email", "webhook", NULL};

const struct field subscribe_fields[] = {
    FIELD(struct subscriber, address, .flags = FIELD_REQUIRED, .max = 500, .doc = "A mail address, or the URL of a webhook",
        .example = "alice@example.com"),
    FIELD(struct subscriber, kind, .choices = kinds, .doc = "email (if not given) or webhook"),
    FIELD(struct subscriber, components, .flags = FIELD_JSON | FIELD_NULLABLE, .max = 20000,
        .doc = "Ids of components; only news about these. Empty: all"),
    {0},
};

/* The page of the address, if it can be subscribed to; its texts are in its own language from then on. */
static bool page_of(struct request *req, struct status_page *out, struct error *err)
{
    struct list pages;

    if (!status_page_list(req->db, req->arena, &pages, err))
        return false;
    const struct status_page *p = pages.v;
    for (size_t i = 0; i < pages.n; i++)
        if (str_eq(p[i].slug, req->params[0]) && str_eq(p[i].visibility, S("public"))) {
            *out = p[i];
            if (req->html)
                req->language = pages_language(req->web->pages, p[i].language);
            return true;
        }
    return fail(err, NOT_FOUND, "there is no such status page");
}

/* What the frame of a public page wants. */
static struct json *frame(struct request *req, struct reply *out, const struct status_page *p, struct str root, struct str heading)
{
    struct json *o = out->view = json_object(req->arena);

    json_set_str(req->arena, o, S("page_title"), p->title);
    json_set_str(req->arena, o, S("lang"), p->language);
    json_set_str(req->arena, o, S("logo_url"), p->logo_url);
    json_set_str(req->arena, o, S("home_url"), p->home_url);
    json_set_str(req->arena, o, S("root"), root);
    json_set_str(req->arena, o, S("subtitle"), heading);
    json_set_str(req->arena, o, S("version"), S(TOCSIN_VERSION));
    json_set_str(req->arena, o, S("zone"), p->zone);
    return o;
}

bool get_status_subscribe(struct request *req, struct reply *out, struct error *err)
{
    struct status_page p = {0};
    struct list components;

    if (!page_of(req, &p, err) || !component_list(req->db, req->arena, &components, err))
        return false;
    struct json *o = frame(req, out, &p, S("./"), web_text(req, "Get updates"));
    struct json *list = json_set(o, S("components"), json_array(req->arena));
    const struct component *c = components.v;
    for (size_t i = 0; i < components.n; i++) {
        bool all = str_eq(p.components, S("[]"));
        if (c[i].is_group || !c[i].shown || (!all && !id_list_has(p.components, c[i].id)))
            continue;
        struct json *one = json_push(list, json_object(req->arena));
        json_set_str(req->arena, one, S("id"), c[i].id);
        json_set_str(req->arena, one, S("name"), c[i].name);
    }
    return true;
}

/* Whoever asks makes us write to a stranger: ten times to the same one, and from one peer (which may be
 * a proxy that stands for many) ten times in each of sixteen lots. */
bool prepare_status_subscribe(struct request *req, struct reply *out, struct error *err)
{
    struct subscriber in = {0};

    (void)out;
    statuspage_gather(req, true);
    if (!web_input(req, &in, NULL, err))
        return false;
    struct str lot = str_printf(req->arena, "subscribe %u", (unsigned)(str_hash(in.address) % 16));
    if (!throttle_allows(lot, req->x->request.peer, req->now))
        return fail(err, RATE_LIMITED, "too many attempts; wait a few minutes");
    throttle_count(lot, req->x->request.peer, req->now);
    return true;
}

/* One answer, whether the address is new, waits, or is subscribed already. */
bool post_status_subscribe(struct request *req, struct reply *out, struct error *err)
{
    struct subscriber in = {.kind = S("email"), .components = S("[]")};
    struct status_page p = {0};
    struct str secret;

    if (!web_input(req, &in, NULL, err) || !page_of(req, &p, err) || !subscriber_ask(req->op, &p, &in, &secret, err))
        return false;
    struct json *o = frame(req, out, &p, S("./"), web_text(req, "Get updates"));
    json_set_str(req->arena, o, S("address"), in.address);
    json_set_str(req->arena, o, S("kind"), in.kind);
    json_set_bool(req->arena, o, S("webhook"), str_eq(in.kind, S("webhook")));
    json_set_str(req->arena, o, S("secret"), secret);
    out->status = 202;
    return true;
}

/* A link is shown before it is followed: programs that look into mails open every link in them. */
static bool link_page(struct request *req, struct reply *out, const char *action, const char *heading, struct error *err)
{
    struct subscriber s = {0};
    struct status_page p = {0};

    if (!page_of(req, &p, err) || !subscriber_link(req->db, req->arena, req->env, req->params[1], action, req->now, &s, err))
        return false;
    struct json *o = frame(req, out, &p, S("../"), web_text(req, heading));
    json_set_str(req->arena, o, S("address"), s.address);
    json_set_bool(req->arena, o, S("done"), false);
    json_set_bool(req->arena, o, S("leaving"), str_eq(str_from(action), S("leave")));
    return true;
}

static bool link_done(struct request *req, struct reply *out, bool leaving, struct error *err)
{
    struct status_page p = {0};
    struct error gone = {0};

    if (!page_of(req, &p, &gone) && !leaving) {
        *err = gone;
        return false;
    }
    struct json *o = frame(req, out, &p, S("../"), STR_NONE);
    json_set_bool(req->arena, o, S("done"), true);
    json_set_bool(req->arena, o, S("leaving"), leaving);
    return true;
}

bool get_status_confirm(struct request *req, struct reply *out, struct error *err)
{
    return link_page(req, out, "confirm", "Get updates", err);
}

bool post_status_confirm(struct request *req, struct reply *out, struct error *err)
{
    struct subscriber s = {0};

    return subscriber_confirm(req->op, req->params[1], &s, err) && link_done(req, out, false, err);
}

bool get_status_unsubscribe(struct request *req, struct reply *out, struct error *err)
{
    return link_page(req, out, "leave", "Stop updates", err);
}

/* Also what a mail program sends by itself, List-Unsubscribe=One-Click (RFC 8058). */
bool post_status_unsubscribe(struct request *req, struct reply *out, struct error *err)
{
    return subscriber_leave(req->op, req->params[1], err) && link_done(req, out, true, err);
}

#include "web/change.h"

#include "base/buf.h"
#include "domain/change.h"
#include "engine/change.h"
#include "net/url.h"
#include "store/change.h"
#include "store/service.h"
#include "web/language.h"
#include "web/view.h"

#define PAGE 50
#define PAGE_MAX 200

static bool service_name(struct request *req, struct str id, struct str *out, struct error *err)
{
    struct service s = {0};

    *out = STR_NONE;
    if (id.len && !service_get(req->db, req->arena, id, &s, err))
        return false;
    *out = s.name;
    return true;
}

/* "6dcb09b5…c5b97d5a", or the only end there is. */
static struct str commits(struct arena *a, const struct change *c)
{
    struct str from = str_slice(c->commit_from, 0, 8), to = str_slice(c->commit_to, 0, 8);

    return from.len ? str_printf(a, "%.*s…%.*s", STR(from), STR(to)) : to;
}

bool change_view(struct request *req, const struct change *c, struct json **out, struct error *err)
{
    struct str name;

    if (!service_name(req, c->service_id, &name, err))
        return false;
    *out = fields_view(req->arena, change_fields, c);
    json_set_str(req->arena, *out, S("service_name"), name);
    json_set_bool(req->arena, *out, S("live"), change_live(c->environment));
    json_set_str(req->arena, *out, S("commits"), commits(req->arena, c));
    return true;
}

static bool asked(struct request *req, struct change_filter *f, struct error *err)
{
    struct str service = web_query(req, "service"), from = web_query(req, "from"), before = web_query(req, "before"), at;
    struct service s = {0};
    struct error looked = {0};

    *f = (struct change_filter){.kind = web_query(req, "kind"), .before = {INT64_MAX}, .before_id = S("")};
    if (!web_query_int(req, "limit", PAGE, 1, PAGE_MAX, &f->limit, err))
        return false;
    if (service.len) {
        if (!service_get(req->db, req->arena, service, &s, &looked) &&
            !service_by_name(req->db, req->arena, service, &s, &looked))
            return fail_field(err, "service", "is not a service");
        f->service_id = s.id;
    }
    if (from.len && !time_parse(from, &f->from))
        return fail_field(err, "from", "must be a time such as 2026-11-21T12:00:00Z");
    if (before.len) {
        f->before_id = str_cut(before, '_', &at);
        if (!f->before_id.ptr)
            f->before_id = S("");
        if (!time_parse(at, &f->before))
            return fail_field(err, "before", "must be a time such as 2026-11-21T12:00:00Z");
    }
    return true;
}

/* The next page begins after the last row, and keeps the filters. */
static struct str next_page(struct request *req, const struct change_filter *f, const struct change *last)
{
    struct str kept[] = {web_query(req, "service"), f->kind, web_query(req, "from")};
    static const char *const names[] = {"service", "kind", "from"};
    struct buf b;

    buf_init(&b, req->arena, 4096);
    buf_printf(&b, "/changes?limit=%lld&before=", (long long)f->limit);
    url_encode(&b, str_printf(req->arena, "%.*s_%.*s", STR(time_text(req->arena, last->at)), STR(last->id)));
    for (size_t k = 0; k < 3; k++) {
        if (!kept[k].len)
            continue;
        buf_printf(&b, "&%s=", names[k]);
        url_encode(&b, kept[k]);
    }
    return buf_str(&b);
}

static struct json *kinds_view(struct request *req, struct str current)
{
    struct json *list = json_array(req->arena);

    for (size_t k = 0; change_kinds[k]; k++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(change_kinds[k]));
        json_set_bool(req->arena, o, S("current"), str_eq(current, str_from(change_kinds[k])));
    }
    return list;
}

static bool services_choice(struct request *req, struct str current, struct json **out, struct error *err)
{
    struct list all;

    if (!service_list(req->db, req->arena, S(""), 500, &all, err))
        return false;
    const struct service *s = all.v;
    *out = json_array(req->arena);
    for (size_t k = 0; k < all.n; k++) {
        struct json *o = json_push(*out, view_ref(req->arena, s[k].id, s[k].name));
        json_set_bool(req->arena, o, S("current"), str_eq(current, s[k].id));
    }
    return true;
}

bool get_changes(struct request *req, struct reply *out, struct error *err)
{
    struct json *v = out->view = json_object(req->arena), *items = json_array(req->arena), *one, *services;
    struct change_filter f;
    struct list found;

    if (!asked(req, &f, err))
        return false;
    int64_t limit = f.limit++;
    if (!change_list(req->db, req->arena, &f, &found, err) || !services_choice(req, f.service_id, &services, err))
        return false;
    f.limit = limit;
    const struct change *c = found.v;
    bool more = found.n > (size_t)limit;
    for (size_t k = 0; k < found.n - more; k++) {
        if (!change_view(req, &c[k], &one, err))
            return false;
        json_push(items, one);
    }
    json_set(v, S("items"), items);
    json_set_str(req->arena, v, S("next"), more ? next_page(req, &f, &c[found.n - 2]) : STR_NONE);
    if (req->html) {
        json_set(v, S("services"), services);
        json_set(v, S("kinds"), kinds_view(req, f.kind));
    }
    out->title = web_text(req, "Changes");
    return true;
}

bool get_change(struct request *req, struct reply *out, struct error *err)
{
    struct change c = {0};

    if (!change_get(req->db, req->arena, req->params[0], &c, err) || !change_view(req, &c, &out->view, err))
        return false;
    out->title = c.title;
    return true;
}

bool post_changes(struct request *req, struct reply *out, struct error *err)
{
    struct change c = {.source = S("api")};
    bool fresh;

    if (!web_input(req, &c, NULL, err) || !engine_change(req->op, &c, &fresh, err))
        return false;
    if (req->html)
        reply_see(req, out, "/changes");
    else if (fresh)
        reply_created(req, out, "/changes/%.*s", STR(c.id));
    return change_view(req, &c, &out->view, err);
}

/* Pages and components: what there is to be shown. */
#include "engine/statuspage.h"

#include "base/json.h"
#include "base/zone.h"
#include "store/service.h"
#include "store/statuspage.h"

/* A JSON list of ids, each of which `known` finds; absent becomes an empty one. */
static bool check_ids(struct op *op, struct str *list, const char *field,
    bool (*known)(struct op *op, struct str id), struct error *err)
{
    struct json *v = NULL;
    struct error bad = {0};

    if (!list->len)
        *list = S("[]");
    if (!json_parse(op->arena, *list, &v, &bad) || !json_is(v, JSON_ARRAY))
        return fail_name(err, str_from(field), "must be a list of ids");
    for (const struct json *one = v->first; one; one = one->next)
        if (!known(op, json_str(one)))
            return fail_name(err, str_from(field), "there is no %.*s", STR(json_str(one)));
    return true;
}

static bool known_component(struct op *op, struct str id)
{
    struct component c = {0};
    struct error missing = {0};

    return component_get(op->db, op->arena, id, &c, &missing) && !c.is_group;
}

static bool known_service(struct op *op, struct str id)
{
    struct service s = {0};
    struct error missing = {0};

    return service_get(op->db, op->arena, id, &s, &missing);
}

static bool check_page(struct op *op, struct status_page *p, const struct list *all, struct error *err)
{
    const struct zone *z;
    struct error unknown = {0};
    const struct status_page *v = all->v;

    if (p->host.len)
        p->host = str_lower(op->arena, p->host);
    else
        p->host = STR_NONE;
    if (!status_slug_valid(p->slug))
        fail_field(err, "slug", "must be lower-case letters, digits and hyphens, and none of the words that stand for parts of a page");
    if (p->host.len && str_contains(op->env->base_url, str_printf(op->arena, "//%.*s", STR(p->host))))
        fail_field(err, "host", "is where Tocsin itself is reached; a page of its own domain would hide it");
    if (p->host.ptr && !status_host_valid(p->host))
        fail_field(err, "host", "must be a domain name like status.example.org");
    if (p->logo_url.len && !status_url_valid(p->logo_url))
        fail_field(err, "logo_url", "must be an https:// address");
    if (p->home_url.len && !status_url_valid(p->home_url))
        fail_field(err, "home_url", "must be an https:// address");
    if (!zone_load(op->arena, p->zone, &z, &unknown))
        fail_field(err, "zone", "is not a time zone of this system");
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(v[i].id, p->id))
            continue;
        if (str_eq(v[i].slug, p->slug))
            fail_field(err, "slug", "is taken by %.*s", STR(v[i].title));
        if (p->host.len && str_eq(v[i].host, p->host))
            fail_field(err, "host", "is taken by %.*s", STR(v[i].title));
    }
    check_ids(op, &p->components, "components", known_component, err);
    return err->kind == ERROR_NONE;
}

bool statuspage_page_put(struct op *op, struct status_page *p, struct error *err)
{
    struct list all;
    bool fresh = !p->id.len;

    if (!status_page_list(op->db, op->arena, &all, err))
        return false;
    if (fresh && all.n >= STATUS_MAX_PAGES)
        return fail_field(err, "slug", "at most %d pages", STATUS_MAX_PAGES);
    p->language = p->language.len ? p->language : S("en");
    p->zone = p->zone.len ? p->zone : S("UTC");
    p->visibility = p->visibility.len ? p->visibility : S("public");
    if (!check_page(op, p, &all, err))
        return false;
    if (fresh) {
        p->id = op_id(op, "page");
        p->created_at = op->now;
        p->is_default |= all.n == 0;
    }
    p->updated_at = op->now;
    p->version++;
    op->fx->status_changed = true;
    return status_page_put(op->db, p, err) &&
        (!p->is_default || db_exec(op->db, Q_STATUS_PAGE_NOT_DEFAULT, NULL, ARGS(v_text(p->id)), err)) &&
        op_say(op, p->id, "status_page", err, "Status page %.*s %s", STR(p->slug), fresh ? "made" : "changed");
}

bool statuspage_page_link(struct op *op, struct str id, struct str *token, struct error *err)
{
    struct status_page p = {0};

    if (!status_page_get(op->db, op->arena, id, &p, err))
        return false;
    if (!str_eq(p.visibility, S("token")))
        return fail(err, CONFLICT, "only a page that is visible by a secret link has one");
    *token = token_make(op->arena, "st");
    p.token_hash = token_hash(op->arena, *token);
    p.updated_at = op->now;
    p.version++;
    op->fx->status_changed = true;
    return status_page_put(op->db, &p, err) &&
        op_say(op, p.id, "status_page", err, "Status page %.*s has a new secret link", STR(p.slug));
}

bool statuspage_page_remove(struct op *op, struct str id, struct error *err)
{
    struct status_page p = {0};

    op->fx->status_changed = true;
    return status_page_get(op->db, op->arena, id, &p, err) &&
        db_exec(op->db, Q_SUBSCRIBER_DELETE_PAGE, NULL, ARGS(v_text(id)), err) &&
        store_delete(op->db, Q_STATUS_PAGE_DELETE, ARGS(v_text(id)), "status page", err) &&
        op_say(op, id, "status_page", err, "Status page %.*s removed", STR(p.slug));
}

static bool check_group(struct op *op, const struct component *c, struct error *err)
{
    struct component group = {0};
    struct error missing = {0};

    if (!c->group_id.len)
        return true;
    if (c->is_group)
        return fail_field(err, "group_id", "a group is in no other group");
    return (component_get(op->db, op->arena, c->group_id, &group, &missing) && group.is_group) ||
        fail_field(err, "group_id", "there is no such group");
}

bool statuspage_component_put(struct op *op, struct component *c, struct error *err)
{
    struct component was = {0};
    struct list all;
    bool fresh = !c->id.len;

    if (!component_list(op->db, op->arena, &all, err))
        return false;
    if (fresh && all.n >= STATUS_MAX_COMPONENTS)
        return fail_field(err, "name", "at most %d components", STATUS_MAX_COMPONENTS);
    if (!fresh && !component_get(op->db, op->arena, c->id, &was, err))
        return false;
    if (!fresh && was.is_group != c->is_group)
        return fail_field(err, "is_group", "cannot be changed");
    if (!c->group_id.len)
        c->group_id = STR_NONE;
    if (!check_group(op, c, err) || !check_ids(op, &c->services, "services", known_service, err))
        return false;
    if (fresh) {
        c->id = op_id(op, "cmp");
        c->state = S("operational");
        c->state_since = c->created_at = op->now;
    }
    c->updated_at = op->now;
    c->version++;
    op->fx->status_changed = true;
    return component_put(op->db, c, err) &&
        (!fresh || c->is_group || component_turn(op->db, c->id, c->state, STR_NONE, op->now, err)) &&
        op_say(op, c->id, "status_page", err, "Component %.*s %s", STR(c->name), fresh ? "made" : "changed");
}

bool statuspage_component_remove(struct op *op, struct str id, struct error *err)
{
    struct component c = {0};
    int64_t used;

    if (!component_get(op->db, op->arena, id, &c, err) ||
        !store_count(op->db, Q_COMPONENT_USED, ARGS(v_text(id)), &used, err))
        return false;
    if (used)
        return fail(err, CONFLICT, c.is_group ? "this group is not empty" : "it is part of what was published: hide it instead");
    op->fx->status_changed = true;
    return db_exec(op->db, Q_COMPONENT_STATES_DELETE, NULL, ARGS(v_text(id)), err) &&
        store_delete(op->db, Q_COMPONENT_DELETE, ARGS(v_text(id)), "component", err) &&
        op_say(op, id, "status_page", err, "Component %.*s removed", STR(c.name));
}

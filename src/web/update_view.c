#include "domain/pack.h"
#include "domain/promise.h"
#include "domain/update.h"
#include "store/incident.h"
#include "store/listener.h"
#include "store/promise.h"
#include "store/update.h"
#include "web/language.h"
#include "web/update.h"

static void set_time(struct request *req, struct json *o, const char *key, instant t)
{
    json_set_str(req->arena, o, str_from(key), time_text(req->arena, t));
}

static struct str ref_of(struct request *req, const struct update *u)
{
    return str_printf(req->arena, "%.*s-%lld", STR(u->audience), (long long)u->number);
}

static struct str audience_name(struct request *req, struct str id)
{
    const struct pack_audience *a = pack_audience_find(req->env->pack, id);

    return a ? a->name : id;
}

static struct json *items_view(struct request *req, struct str text)
{
    struct json *list = json_array(req->arena);
    struct str line, owner;

    while (update_line(&text, &line)) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("text"), update_step(line, &owner));
        json_set_str(req->arena, o, S("owner"), owner);
    }
    return list;
}

struct json *update_view(struct request *req, const struct update *u)
{
    struct json *o = fields_view(req->arena, update_fields, u);
    bool undo = str_eq(u->state, S("published")) && u->visible_at.us > req->now.us;

    json_set_str(req->arena, o, S("ref"), ref_of(req, u));
    json_set_str(req->arena, o, S("audience_name"), audience_name(req, u->audience));
    json_set(o, S("since_items"), items_view(req, u->since));
    json_set(o, S("next_items"), items_view(req, u->next_steps));
    json_set_bool(req->arena, o, S("waits"), str_eq(u->state, S("draft")) || str_eq(u->state, S("approved")));
    json_set_bool(req->arena, o, S("published"), str_eq(u->state, S("published")));
    json_set_str(req->arena, o, S("undo_until"), undo ? time_text(req->arena, u->visible_at) : STR_NONE);
    set_time(req, o, "at", instant_is_set(u->published_at) ? u->published_at : u->updated_at);
    return o;
}

/* The newest of an audience in that state; NULL if there is none. */
static const struct update *newest(const struct list *all, struct str audience, bool published)
{
    const struct update *u = all->v;

    for (size_t k = 0; k < all->n; k++) {
        bool waits = str_eq(u[k].state, S("draft")) || str_eq(u[k].state, S("approved"));
        if (str_eq(u[k].audience, audience) && (published ? str_eq(u[k].state, S("published")) : waits))
            return &u[k];
    }
    return NULL;
}

static int64_t listeners_of(const struct list *counts, struct str audience)
{
    const struct listener_count *c = counts->v;

    for (size_t k = 0; k < counts->n; k++)
        if (str_eq(c[k].audience, audience))
            return c[k].n;
    return 0;
}

static struct json *audience_row(struct request *req, const struct incident *i, const struct pack_audience *a,
    const struct list *updates, const struct list *running, const struct list *counts)
{
    const struct update *last = newest(updates, a->id, true), *draft = newest(updates, a->id, false);
    struct json *o = json_object(req->arena);
    const struct promise *p = running->v, *mine = NULL;

    for (size_t k = 0; k < running->n; k++)
        if (str_eq(p[k].audience, a->id))
            mine = &p[k];
    json_set_str(req->arena, o, S("id"), a->id);
    json_set_str(req->arena, o, S("name"), a->name);
    json_set_bool(req->arena, o, S("external"), a->external);
    json_set_str(req->arena, o, S("shown_on"), a->shown_on);
    json_set_int(req->arena, o, S("listeners"), listeners_of(counts, a->id));
    set_time(req, o, "last_at", last ? last->published_at : (instant){0});
    json_set_str(req->arena, o, S("last_ref"), last ? ref_of(req, last) : STR_NONE);
    json_set_str(req->arena, o, S("last_number"), last ? str_printf(req->arena, "%lld", (long long)last->number) : STR_NONE);
    json_set_str(req->arena, o, S("draft_ref"), draft ? ref_of(req, draft) : STR_NONE);
    json_set_str(req->arena, o, S("draft_state"), draft ? draft->state : STR_NONE);
    set_time(req, o, "due_at", mine ? mine->due_at : (instant){0});
    json_set_bool(req->arena, o, S("overdue"), mine && mine->due_at.us < req->now.us);
    json_set_str(req->arena, o, S("promise"), mine ? mine->kind : STR_NONE);
    json_set_str(req->arena, o, S("incident_id"), i->id);
    return o;
}

bool told_view(struct request *req, const struct incident *i, struct json **out, struct error *err)
{
    const struct pack *p = req->env->pack;
    struct list updates, running, counts;

    if (!update_of_incident(req->db, req->arena, i->id, &updates, err) ||
        !promise_running(req->db, req->arena, i->id, &running, err) ||
        !listener_counts(req->db, req->arena, i->id, &counts, err))
        return false;
    *out = json_array(req->arena);
    for (size_t k = 0; k < p->naudiences; k++)
        json_push(*out, audience_row(req, i, &p->audiences[k], &updates, &running, &counts));
    return true;
}

/* Those who wait for the same minute are one line of what is due. */
static void due_view(struct request *req, struct json *o, const struct json *told)
{
    struct str done = STR_NONE, at;

    for (const struct json *row = told->first; row; row = row->next) {
        struct buf names;
        instant due;
        at = json_get_str(row, S("due_at"));
        if (!at.len || str_contains(done, at) || !time_parse(at, &due))
            continue;
        buf_init(&names, req->arena, 300);
        for (const struct json *other = row; other; other = other->next)
            if (str_eq(json_get_str(other, S("due_at")), at))
                buf_printf(&names, "%s%.*s", names.len ? ", " : "", STR(json_get_str(other, S("name"))));
        incident_due(req, o, due, web_format(req, "Update: %.*s", STR(buf_str(&names))), "updates");
        done = str_printf(req->arena, "%.*s %.*s", STR(done), STR(at));
    }
}

/* told: one row an audience; has_told is false for an incident that was over before anybody was told. */
bool updates_room(struct request *req, const struct incident *i, struct json *o, struct error *err)
{
    struct json *told;
    bool any = i->is_open;

    if (!told_view(req, i, &told, err))
        return false;
    for (const struct json *row = told->first; row; row = row->next)
        any |= json_get_str(row, S("last_at")).len || json_get_str(row, S("draft_ref")).len;
    due_view(req, o, told);
    json_set(o, S("told"), told);
    json_set_bool(req->arena, o, S("has_told"), any);
    return true;
}

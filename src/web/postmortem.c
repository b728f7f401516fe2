#include "web/postmortem.h"

#include "domain/incident.h"
#include "domain/postmortem.h"
#include "engine/postmortem.h"
#include "engine/postmortem_text.h"
#include "store/incident.h"
#include "store/postmortem.h"
#include "store/user.h"
#include "text/markdown.h"
#include "web/access.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/view.h"

#define LIST 100
#define BODY_HTML (2u << 20)

static bool name_of(struct request *req, struct str user_id, struct str *out, struct error *err)
{
    struct user u = {0};
    struct error missing = {0};

    *out = STR_NONE;
    if (!user_id.len)
        return true;
    if (user_get(req->db, req->arena, user_id, &u, &missing)) {
        *out = u.name;
        return true;
    }
    if (missing.kind == ERROR_NOT_FOUND)
        return true;
    *err = missing;
    return false;
}

static bool overdue(const struct request *req, const struct action_item *item)
{
    struct str today = str_slice(time_text(req->arena, req->now), 0, 10);

    return item->due_on.len && str_cmp(item->due_on, today) < 0 &&
        (str_eq(item->status, S("open")) || str_eq(item->status, S("in_progress")));
}

/* What a <select> offers. */
static struct json *options_view(struct request *req, const char *const *values, struct str current)
{
    struct json *list = json_array(req->arena);

    for (size_t i = 0; values[i]; i++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(values[i]));
        json_set_bool(req->arena, o, S("current"), str_eq(current, str_from(values[i])));
    }
    return list;
}

static bool action_view(struct request *req, const struct action_item *item, struct json **out, struct error *err)
{
    struct str owner;

    if (!name_of(req, item->owner_id, &owner, err))
        return false;
    struct json *o = *out = fields_view(req->arena, action_item_fields, item);
    json_set(o, S("owner"), view_ref(req->arena, owner.len ? item->owner_id : STR_NONE, owner));
    json_set_bool(req->arena, o, S("overdue"), overdue(req, item));
    if (req->html)
        json_set(o, S("status_options"), options_view(req, action_statuses, item->status));
    return true;
}

static bool actions_view(struct request *req, const struct list *items, struct json **out, struct error *err)
{
    const struct action_item *v = items->v;
    struct json *one;

    *out = json_array(req->arena);
    for (size_t i = 0; i < items->n; i++) {
        if (!action_view(req, &v[i], &one, err))
            return false;
        json_push(*out, one);
    }
    return true;
}

/* What a postmortem shows of its incident. */
static bool incident_ref(struct request *req, struct str id, struct json **out, struct error *err)
{
    struct incident i = {0};

    if (!incident_get(req->db, req->arena, id, &i, err) || !incident_row_view(req, &i, out, err))
        return false;
    json_set_str(req->arena, *out, S("impact_text"), i.impact_text);
    return true;
}

static bool postmortem_view(struct request *req, const struct postmortem *pm, struct json **out, struct error *err)
{
    struct json *incident, *actions;
    struct list items;
    struct str author;

    if (!incident_ref(req, pm->incident_id, &incident, err) || !name_of(req, pm->author_id, &author, err) ||
        !action_list(req->db, req->arena, pm->id, &items, err) || !actions_view(req, &items, &actions, err))
        return false;
    struct json *o = *out = fields_view(req->arena, postmortem_fields, pm);
    json_set(o, S("incident"), incident);
    json_set_str(req->arena, o, S("author_name"), author);
    json_set(o, S("action_items"), actions);
    return true;
}

/* Leaves what is not about an incident that whoever asks must not know of. */
static bool keep_visible(struct request *req, struct list *postmortems, struct list *actions, struct error *err)
{
    struct postmortem *pm = postmortems->v;
    struct action_item *item = actions->v;
    size_t kept = 0, npm = postmortems->n, nitems = actions->n;
    bool visible;

    for (size_t k = 0; k < npm; k++) {
        if (!postmortem_visible(req, pm[k].id, &visible, err))
            return false;
        if (visible)
            pm[kept++] = pm[k];
    }
    postmortems->n = kept;
    kept = 0;
    for (size_t k = 0; k < nitems; k++) {
        if (!postmortem_visible(req, item[k].postmortem_id, &visible, err))
            return false;
        if (visible)
            item[kept++] = item[k];
    }
    actions->n = kept;
    return true;
}

/* Resolved incidents that owe a postmortem are those whose draft is not complete. */
bool get_reviews(struct request *req, struct reply *out, struct error *err)
{
    struct json *v = out->view = json_object(req->arena), *due = json_array(req->arena), *drafts = json_array(req->arena),
                *complete = json_array(req->arena), *actions;
    struct list all, open;

    if (!postmortem_list(req->db, req->arena, (instant){INT64_MAX}, S(""), LIST, &all, err) ||
        !action_open(req->db, req->arena, LIST, &open, err) || !keep_visible(req, &all, &open, err) ||
        !actions_view(req, &open, &actions, err))
        return false;
    const struct postmortem *pm = all.v;
    for (size_t i = 0; i < all.n; i++) {
        struct json *one, *incident;
        if (!postmortem_view(req, &pm[i], &one, err))
            return false;
        bool done = str_eq(pm[i].status, S("complete")), owed = !done && instant_is_set(pm[i].due_at);
        if (!owed) {
            json_push(done ? complete : drafts, one);
            continue;
        }
        if (!incident_ref(req, pm[i].incident_id, &incident, err))
            return false;
        json_set_str(req->arena, incident, S("postmortem_id"), pm[i].id);
        json_set_str(req->arena, incident, S("postmortem_due_at"), time_text(req->arena, pm[i].due_at));
        json_set_bool(req->arena, incident, S("overdue"), pm[i].due_at.us < req->now.us);
        json_push(due, incident);
    }
    json_set_int(req->arena, v, S("due_count"), due->count);
    json_set(v, S("due"), due);
    json_set(v, S("drafts"), drafts);
    json_set(v, S("complete"), complete);
    json_set(v, S("action_items"), actions);
    json_set_int(req->arena, v, S("action_count"), actions->count);
    out->title = web_text(req, "Reviews");
    return true;
}

bool get_postmortem(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem pm = {0};
    struct buf html;

    if (!postmortem_get(req->db, req->arena, req->params[0], &pm, err) || !postmortem_view(req, &pm, &out->view, err))
        return false;
    buf_init(&html, req->arena, BODY_HTML);
    if (req->html) /* its sections are ##, below the title, which the page has as h1 */
        markdown_html(&html, pm.body, 1);
    view_html(req, out->view, "html_body", buf_str(&html));
    out->title = pm.title;
    return true;
}

/* The form again after a conflict shows both texts: what was typed goes into the form. */
bool get_postmortem_edit(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem pm = {0};
    struct json *people;
    bool conflict = req->failure && req->failure->kind == ERROR_CONFLICT;

    if (!postmortem_get(req->db, req->arena, req->params[0], &pm, err) ||
        !postmortem_view(req, &pm, &out->view, err) || !responders_view(req, &people, err))
        return false;
    struct json *v = out->view;
    json_set_bool(req->arena, v, S("conflict"), conflict);
    json_set(v, S("responders"), people);
    json_set(v, S("status_options"), options_view(req, postmortem_statuses, pm.status));
    struct str typed = json_get_str(req->input, S("body"));
    json_set_str(req->arena, v, S("draft"), req->failure && typed.ptr ? typed : pm.body);
    out->title = web_text(req, "Edit the postmortem");
    return true;
}

/* The whole document: title, body, action items as a table. */
bool get_postmortem_markdown(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem pm = {0};
    struct incident i = {0};
    struct list items;

    if (!postmortem_get(req->db, req->arena, req->params[0], &pm, err) ||
        !incident_get(req->db, req->arena, pm.incident_id, &i, err) ||
        !action_list(req->db, req->arena, pm.id, &items, err))
        return false;
    const struct action_item *item = items.v;
    struct str *owners = arena_array(req->arena, struct str, items.n + 1);
    for (size_t k = 0; k < items.n; k++)
        if (!name_of(req, item[k].owner_id, &owners[k], err))
            return false;
    out->raw = postmortem_document(req->env, req->arena, &pm, &i, action_names(req->arena, item, items.n, owners));
    out->content_type = S("text/markdown; charset=utf-8");
    out->filename = str_printf(req->arena, "%.*s.md", STR(i.number));
    return true;
}

bool post_incident_postmortem(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem pm = {0};

    if (!engine_postmortem_start(req->op, req->params[0], &pm, err))
        return false;
    reply_created(req, out, "/postmortems/%.*s", STR(pm.id));
    return postmortem_view(req, &pm, &out->view, err);
}

bool post_postmortem(struct request *req, struct reply *out, struct error *err)
{
    struct postmortem_edit in = {0};
    struct postmortem pm = {0};

    if (!web_input(req, &in, NULL, err) || !engine_postmortem_edit(req->op, req->params[0], &in, &pm, err))
        return false;
    reply_see(req, out, "/postmortems/%.*s", STR(pm.id));
    return postmortem_view(req, &pm, &out->view, err);
}

bool post_postmortem_actions(struct request *req, struct reply *out, struct error *err)
{
    struct action_item item = {0};

    if (!web_input(req, &item, NULL, err) || !engine_action_add(req->op, req->params[0], &item, err))
        return false;
    reply_created(req, out, "/postmortems/%.*s", STR(item.postmortem_id));
    return action_view(req, &item, &out->view, err);
}

bool post_action_item(struct request *req, struct reply *out, struct error *err)
{
    struct action_item in = {0}, item = {0};
    uint64_t given;

    if (!web_input(req, &in, &given, err) || !engine_action_edit(req->op, req->params[0], &in, given, &item, err))
        return false;
    reply_see(req, out, "/postmortems/%.*s", STR(item.postmortem_id));
    return action_view(req, &item, &out->view, err);
}

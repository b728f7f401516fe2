#include "web/user.h"

#include "engine/account.h"
#include "store/user.h"
#include "web/language.h"
#include "web/paging.h"
#include "web/session.h"
#include "web/throttle.h"
#include "web/user_view.h"

#define LIST 200
#define LIST_MAX 500

struct password_change {
    struct str old_password, password;
};
const struct field person_password_fields[] = {
    FIELD(struct password_change, old_password, .flags = FIELD_SECRET | FIELD_NULLABLE, .max = 256,
        .doc = "The password until now; needed for one's own"),
    FIELD(struct password_change, password, .flags = FIELD_REQUIRED | FIELD_SECRET,
        .min = PASSWORD_MIN, .max = 256, .doc = "The new one, at least 10 characters"),
    {0},
};

bool get_people(struct request *req, struct reply *out, struct error *err)
{
    struct arena *a = req->arena;
    struct str after = web_query(req, "after");
    struct user from = {.name = S(""), .id = S("")};
    struct json *items = json_array(a), *one;
    struct list list;
    int64_t limit;

    if (!web_query_int(req, "limit", LIST, 1, LIST_MAX, &limit, err) ||
        (after.len && !user_get(req->db, a, after, &from, err)) ||
        !user_list(req->db, a, from.name, from.id, limit, &list, err))
        return false;
    const struct user *u = list.v;
    for (size_t i = 0; i < list.n; i++) {
        if (!user_row_view(req, &u[i], &one, err))
            return false;
        json_push(items, one);
    }
    struct json *v = out->view = json_object(a);
    json_set(v, S("items"), items);
    json_set_str(a, v, S("next"),
        paging_next(a, "/people", list.n == (size_t)limit ? u[list.n - 1].id : STR_NONE, limit));
    struct str role = json_get_str(req->input, S("role"));
    json_set(v, S("role_options"), role_choices_view(req, role.len ? role : S("responder")));
    out->title = web_text(req, "People");
    return true;
}

bool get_person(struct request *req, struct reply *out, struct error *err)
{
    struct user u = {0};

    if (!user_get(req->db, req->arena, req->params[0], &u, err) ||
        !user_view(req, &u, STR_NONE, &out->view, err))
        return false;
    out->title = u.name;
    return true;
}

static bool changed(struct request *req, struct reply *out, const struct user *u, const char *said,
    struct error *err)
{
    reply_see(
        req, out, "/people/%.*s%s%s", STR(u->id), req->html ? "?said=" : "", req->html ? said : "");
    return req->html || user_view(req, u, STR_NONE, &out->view, err);
}

/* --- accounts --- */

bool prepare_people(struct request *req, struct reply *out, struct error *err)
{
    struct user_input in = {0};

    (void)out;
    return web_input(req, &in, NULL, err) &&
           (!in.password.len || session_hash(req->arena, in.password, &req->prepared, err));
}

bool post_people(struct request *req, struct reply *out, struct error *err)
{
    struct user_input in = {0};
    struct user u = {0};

    if (!web_input(req, &in, NULL, err) || !engine_user_add(req->op, &in, req->prepared, &u, err))
        return false;
    reply_created(req, out, "/people/%.*s", STR(u.id));
    return user_view(req, &u, STR_NONE, &out->view, err);
}

static bool given(uint64_t seen, const char *name)
{
    for (size_t i = 0; user_input_fields[i].name; i++)
        if (str_eq(str_from(user_input_fields[i].name), str_from(name)))
            return seen >> i & 1;
    return false;
}

bool post_person(struct request *req, struct reply *out, struct error *err)
{
    struct user_input in = {0};
    struct user u = {0};
    uint64_t seen;

    if (!user_get(req->db, req->arena, req->params[0], &u, err) ||
        !user_check_edit(req, u.id, err) || !web_input(req, &in, &seen, err))
        return false;
    bool admin = role_of(req->user.role) >= ROLE_ADMIN;
    if (!admin && (given(seen, "role") || given(seen, "disabled")))
        return fail(err, FORBIDDEN, "only administrators change roles and disable accounts");
    if (given(seen, "password"))
        return fail_field(err, "password", "is changed at /people/{id}/password");
    return engine_user_edit(req->op, u.id, &in, seen, STR_NONE, &u, err) &&
           changed(req, out, &u, "saved", err);
}

/* One's own password needs the old one, so that a browser left open does not give the account away.
 */
bool prepare_person_password(struct request *req, struct reply *out, struct error *err)
{
    struct password_change in = {0};
    struct user u = {0};
    struct str peer = req->x->request.peer;

    (void)out;
    if (!user_get(req->db, req->arena, req->params[0], &u, err) ||
        !user_check_edit(req, u.id, err) || !web_input(req, &in, NULL, err))
        return false;
    if (str_eq(u.id, req->user.id) && u.password_hash.len) {
        if (!throttle_allows(u.email, peer, req->now))
            return fail(err, RATE_LIMITED, "too many attempts; wait a few minutes");
        if (!in.old_password.len || !password_verify(u.password_hash, in.old_password)) {
            throttle_count(u.email, peer, req->now);
            return fail_field(err, "old_password", "is not the password until now");
        }
        throttle_forget(u.email, peer);
    }
    return session_hash(req->arena, in.password, &req->prepared, err);
}

/* Ends every session of the person; the browser that asked goes on with a new one. */
bool post_person_password(struct request *req, struct reply *out, struct error *err)
{
    struct user_input none = {0};
    struct user u = {0};
    struct session s;

    if (!engine_user_edit(req->op, req->params[0], &none, 0, req->prepared, &u, err))
        return false;
    if (req->by_cookie && str_eq(u.id, req->user.id) &&
        !engine_session(
            req->op, &u, http_header(&req->x->request, S("User-Agent")), &out->cookie, &s, err))
        return false;
    return changed(req, out, &u, "saved", err);
}

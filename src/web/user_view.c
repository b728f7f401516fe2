#include "web/user_view.h"

#include "store/user.h"
#include "web/language.h"

bool user_may_edit(const struct request *req, struct str id)
{
    return str_eq(req->user.id, id) || role_of(req->user.role) >= ROLE_ADMIN;
}

bool user_check_edit(const struct request *req, struct str id, struct error *err)
{
    return user_may_edit(req, id) ||
           fail(err, FORBIDDEN, "only the person and administrators may do this");
}

struct json *role_choices_view(struct request *req, struct str current)
{
    struct json *list = json_array(req->arena);

    for (size_t i = 0; role_names[i]; i++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), str_from(role_names[i]));
        json_set_bool(req->arena, o, S("current"), str_eq(str_from(role_names[i]), current));
    }
    return list;
}

/* Each under its own name. */
static struct json *language_choices(struct request *req, struct str current)
{
    const struct languages *all = req->env->languages;
    struct json *list = json_array(req->arena);

    for (size_t i = 0; all && i < all->n; i++) {
        struct json *o = json_push(list, json_object(req->arena));
        json_set_str(req->arena, o, S("value"), all->v[i].code);
        /* Every catalogue translates this word as what its language calls itself. */
        json_set_str(req->arena, o, S("name"), language_text(&all->v[i], "English"));
        json_set_bool(req->arena, o, S("current"), str_eq(all->v[i].code, current));
    }
    return list;
}

bool user_row_view(struct request *req, const struct user *u, struct json **out, struct error *err)
{
    struct list contacts;

    *out = fields_view(req->arena, user_fields, u);
    if (!contact_list(req->db, req->arena, u->id, &contacts, err))
        return false;
    struct json *list = json_set(*out, S("contacts"), json_array(req->arena));
    const struct contact *c = contacts.v;
    for (size_t i = 0; i < contacts.n; i++) {
        struct json *o = json_push(list, fields_view(req->arena, contact_fields, &c[i]));
        json_set_str(req->arena, o, S("person_id"), u->id);
        json_set_bool(req->arena, o, S("can_edit"), user_may_edit(req, u->id));
    }
    return true;
}

/* Whoever may not change an account need not know what programs act for it. */
static bool tokens_view(
    struct request *req, const struct user *u, struct json *o, struct error *err)
{
    struct json *list = json_set(o, S("tokens"), json_array(req->arena));
    struct list tokens;

    if (!user_may_edit(req, u->id))
        return true;
    if (!token_list(req->db, req->arena, u->id, &tokens, err))
        return false;
    const struct api_token *t = tokens.v;
    for (size_t i = 0; i < tokens.n; i++)
        json_push(list, fields_view(req->arena, api_token_fields, &t[i]));
    return true;
}

bool user_view(struct request *req, const struct user *u, struct str token, struct json **out,
    struct error *err)
{
    struct arena *a = req->arena;

    if (!user_row_view(req, u, out, err) || !tokens_view(req, u, *out, err))
        return false;
    json_set_str(a, *out, S("person_id"), u->id);
    json_set_bool(a, *out, S("has_password"), u->password_hash.len > 0);
    json_set_bool(a, *out, S("can_edit"), user_may_edit(req, u->id));
    json_set_bool(a, *out, S("is_self"), str_eq(req->user.id, u->id));
    json_set(*out, S("role_options"), role_choices_view(req, u->role));
    json_set(*out, S("language_options"), language_choices(req, u->language));
    json_set_str(a, *out, S("new_token"), token);
    return true;
}

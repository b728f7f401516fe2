#include "web/internal.h"

#include "base/sign.h"
#include "store/user.h"

#define COOKIE "tocsin_session"

/* The value of our cookie among all that were sent. */
static struct str session_cookie(const struct request *req)
{
    struct str all = http_header(&req->x->request, S("Cookie")), one, name;

    while (all.ptr) {
        all = str_cut(all, ';', &one);
        struct str value = str_cut(str_trim(one), '=', &name);
        if (str_eq(name, S(COOKIE)) || str_eq(name, S("__Host-" COOKIE)))
            return value;
    }
    return STR_NONE;
}

static bool load_user(struct request *req, struct str id, struct error *err)
{
    if (!user_get(req->db, req->arena, id, &req->user, err))
        return false;
    if (req->user.disabled)
        return fail(err, UNAUTHENTICATED, "this account is disabled");
    req->signed_in = true;
    return true;
}

static bool by_token(struct request *req, struct str header, struct error *err)
{
    struct api_token t = {0};
    struct str token = str_trim(str_slice(header, 7, header.len));
    struct error looked = {0};

    if (header.len < 8 || !str_eq_nocase(str_slice(header, 0, 7), S("Bearer ")) || !token_valid_form(token))
        return fail(err, UNAUTHENTICATED, "the Authorization header must be `Bearer` and an API token");
    if (token_by_hash(req->db, req->arena, token_hash(req->arena, token), req->now, &t, &looked))
        return load_user(req, t.user_id, err);
    if (looked.kind != ERROR_NOT_FOUND) {
        *err = looked;
        return false;
    }
    return fail(err, UNAUTHENTICATED, "this API token is not known, or has expired");
}

bool web_authenticate(struct request *req, struct error *err)
{
    struct str header = http_header(&req->x->request, S("Authorization"));
    struct str cookie = session_cookie(req);
    struct error looked = {0};

    if (header.ptr)
        return by_token(req, header, err);
    if (!cookie.len || !token_valid_form(cookie))
        return true;
    if (!session_get(req->db, req->arena, token_hash(req->arena, cookie), req->now, &req->session, &looked)) {
        if (looked.kind == ERROR_NOT_FOUND)
            return true; /* an old cookie is like none */
        *err = looked;
        return false;
    }
    req->by_cookie = true;
    if (load_user(req, req->session.user_id, &looked))
        return true;
    if (looked.kind == ERROR_UNAVAILABLE) {
        *err = looked;
        return false;
    }
    req->by_cookie = false;
    return true;
}

bool web_authorize(const struct request *req, struct error *err)
{
    if (req->route->role == ROLE_ANYONE)
        return true;
    if (!req->signed_in)
        return fail(err, UNAUTHENTICATED, "sign in, or send an API token");
    if (role_of(req->user.role) < req->route->role)
        return fail(err, FORBIDDEN, "this needs the role %s; you are %.*s",
            role_names[req->route->role - ROLE_VIEWER], STR(req->user.role));
    return true;
}

static bool safe(enum http_method m)
{
    return m == HTTP_GET || m == HTTP_HEAD || m == HTTP_OPTIONS;
}

bool web_check_csrf(struct request *req, struct error *err)
{
    struct str site = http_header(&req->x->request, S("Sec-Fetch-Site"));
    struct json *field = json_get(req->input, S("csrf"));
    struct str sent = field ? json_str(field) : http_header(&req->x->request, S("X-CSRF-Token"));

    /* It is never one of the entity's fields. */
    for (struct json **at = &req->input->first, *last = NULL; *at; last = *at, at = &(*at)->next)
        if (*at == field) {
            *at = field->next;
            req->input->count--;
            if (req->input->last == field)
                req->input->last = last;
            break;
        }
    if (safe(req->x->request.method) || (req->route->flags & WEB_NO_CSRF))
        return true;
    /* A token in the Authorization header cannot be sent by another site. Anonymous forms (signing
     * in) have no session to protect, but still refuse a browser that says it comes from elsewhere. */
    if (!req->by_cookie)
        return !str_eq(site, S("cross-site")) || fail(err, FORBIDDEN, "this form was sent from another site");
    if (!sent.len || !secret_equal(sent, req->session.csrf))
        return fail(err, FORBIDDEN, "the form is too old, or was sent from another site; load the page again");
    return true;
}

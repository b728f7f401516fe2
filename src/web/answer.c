/* From what a handler left to the bytes of the answer: JSON, a page, a redirect, or a problem. */
#include "web/internal.h"

#include "base/log.h"
#include "net/url.h"
#include "web/language.h"

#define CSP "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " \
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; worker-src 'self'"

static void common_headers(struct answer *a)
{
    answer_header(a, S("Cache-Control"), S("no-store"));
    answer_header(a, S("Vary"), S("Accept, Accept-Language, HX-Request"));
    answer_header(a, S("X-Content-Type-Options"), S("nosniff"));
    answer_header(a, S("Referrer-Policy"), S("same-origin"));
    answer_header(a, S("Content-Security-Policy"), S(CSP));
}

static void send(struct request *req, int status, struct str type, struct str body)
{
    struct answer *a = &req->x->answer;

    a->status = status;
    common_headers(a);
    if (type.len)
        answer_header(a, S("Content-Type"), type);
    answer_header(a, S("X-Request-Id"), str_printf(req->arena, "req_%llx", (unsigned long long)req->x->id));
    a->body = body;
    exchange_answer(req->web->server, req->x);
}

static void set_cookie(struct request *req, struct reply *out)
{
    bool secure = req->web->config.secure_cookies;

    if (!out->cookie.ptr)
        return;
    if (!out->cookie.len) /* signed out: the service worker's copies go too */
        answer_header(&req->x->answer, S("Clear-Site-Data"), S("\"cache\", \"storage\""));
    answer_header(&req->x->answer, S("Set-Cookie"),
        str_printf(req->arena, "%stocsin_session=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s", secure ? "__Host-" : "",
            STR(out->cookie), secure ? "; Secure" : "",
            out->cookie.len ? "; Max-Age=604800" : "; Max-Age=0"));
}

#define PAGE_USUAL_BYTES ((size_t)96 << 10)

static void send_page(struct request *req, struct reply *out, const char *template, struct json *view)
{
    struct error err = {0};
    struct buf html;

    buf_init(&html, req->arena, PAGE_MAX_BYTES);
    buf_room(&html, PAGE_USUAL_BYTES); /* in one piece: growing it copies what is there */
    if (pages_render(req->web->pages, template, req, out, view, &html, &err)) {
        send(req, out->status, S("text/html; charset=utf-8"), buf_str(&html));
        return;
    }
    log_write(ERROR, "a page could not be rendered", LOG_STR("template", str_from(template)),
        LOG_STR("reason", str_from(err.message)));
    send(req, 500, S("text/plain; charset=utf-8"), S("This page could not be shown. The log has the reason.\n"));
}

void web_answer(struct request *req, struct reply *out)
{
    const char *template = out->template ? out->template : req->route->template;
    struct answer *a = &req->x->answer;

    set_cookie(req, out);
    if (!out->status)
        out->status = 200;
    if (out->raw.ptr) {
        if (out->filename.ptr)
            answer_header(a, S("Content-Disposition"),
                str_printf(req->arena, "attachment; filename=\"%.*s\"", STR(out->filename)));
        send(req, out->status, out->content_type, out->raw);
        return;
    }
    if (out->location.ptr && req->html) {
        answer_header(a, S("Location"), out->location);
        send(req, 303, STR_NONE, STR_NONE);
        return;
    }
    if (out->location.ptr)
        answer_header(a, S("Location"), out->location);
    if (req->html && template) {
        send_page(req, out, template, out->view ? out->view : json_object(req->arena));
        return;
    }
    send(req, out->view ? out->status : 204, out->view ? S("application/json") : STR_NONE,
        out->view ? json_text(req->arena, out->view) : STR_NONE);
}

static struct json *problem(struct request *req, const struct error *err)
{
    struct arena *a = req->arena;
    struct json *p = json_object(a);
    bool ours = err->kind == ERROR_INTERNAL;

    json_set_str(a, p, S("type"), str_printf(a, "/problems/%s", error_slug(err->kind)));
    json_set_str(a, p, S("title"), web_text(req, error_title(err->kind)));
    json_set_int(a, p, S("status"), error_http(err->kind));
    json_set_str(a, p, S("detail"), ours ? web_text(req, "The log has the reason under this request's id.")
        : str_copy(a, language_message(req->language, a, err->format, str_from(err->message))));
    json_set_str(a, p, S("request_id"), str_printf(a, "req_%llx", (unsigned long long)req->x->id));
    struct json *list = json_set(p, S("errors"), json_array(a));
    for (size_t i = 0; i < err->nfields; i++) {
        struct json *f = json_push(list, json_object(a));
        json_set_str(a, f, S("field"), str_copy(a, str_from(err->fields[i].name)));
        json_set_str(a, f, S("message"), str_copy(a, language_message(req->language, a, err->fields[i].format, str_from(err->fields[i].message))));
    }
    return p;
}

void web_answer_error(struct request *req, const struct error *err)
{
    struct reply out = {.status = error_http(err->kind)};
    struct answer *a = &req->x->answer;

    if (err->kind == ERROR_INTERNAL || err->kind == ERROR_UNAVAILABLE)
        log_write(ERROR, "request failed", LOG_STR("method", http_method_name(req->x->request.method)),
            LOG_STR("path", req->x->request.path), LOG_STR("reason", str_from(err->message)),
            LOG_STR("origin", str_from(err->origin)), LOG_INT("request", (int64_t)req->x->id));
    if (err->kind == ERROR_UNAVAILABLE || err->kind == ERROR_RATE_LIMITED)
        answer_header(a, S("Retry-After"), S("5"));
    if (err->kind == ERROR_UNAUTHENTICATED)
        answer_header(a, S("WWW-Authenticate"), S("Bearer realm=\"tocsin\""));
    if (req->html && err->kind == ERROR_UNAUTHENTICATED && req->x->request.method == HTTP_GET && !req->fragment) {
        struct buf at;
        buf_init(&at, req->arena, 4096);
        buf_add(&at, S("/signin?next="));
        url_encode(&at, req->x->request.target);
        answer_header(a, S("Location"), at.full ? S("/signin") : buf_str(&at));
        send(req, 303, STR_NONE, STR_NONE);
        return;
    }
    struct json *view = problem(req, err);
    if (req->html) {
        out.title = web_text(req, error_title(err->kind));
        send_page(req, &out, "error", view);
        return;
    }
    send(req, out.status, S("application/problem+json"), json_text(req->arena, view));
}

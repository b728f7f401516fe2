#include "web/session.h"

#include <pthread.h>

#include "engine/account.h"
#include "store/user.h"
#include "web/incident_view.h"
#include "web/language.h"
#include "web/throttle.h"
#include "web/view.h"

/* argon2id takes 20 MB and 20 ms: two at a time leave workers for pages. */
static pthread_mutex_t hash_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t hash_turn = PTHREAD_COND_INITIALIZER;
static int hashing;

static void hash_begin(void)
{
    pthread_mutex_lock(&hash_lock);
    while (hashing == 2)
        pthread_cond_wait(&hash_turn, &hash_lock);
    hashing++;
    pthread_mutex_unlock(&hash_lock);
}

static void hash_end(void)
{
    pthread_mutex_lock(&hash_lock);
    hashing--;
    pthread_cond_signal(&hash_turn);
    pthread_mutex_unlock(&hash_lock);
}

bool session_hash(struct arena *a, struct str password, struct str *out, struct error *err)
{
    if (password.len < PASSWORD_MIN)
        return fail_field(err, "password", "at least %d characters", PASSWORD_MIN);
    hash_begin();
    bool ok = password_hash(a, password, out, err);
    hash_end();
    return ok;
}

bool get_root(struct request *req, struct reply *out, struct error *err)
{
    (void)err;
    reply_see(req, out, req->signed_in ? "/incidents" : "/signin");
    out->view = json_object(req->arena);
    json_set_str(req->arena, out->view, S("name"), S("Tocsin"));
    json_set_str(req->arena, out->view, S("version"), S(TOCSIN_VERSION));
    json_set_str(req->arena, out->view, S("openapi"), S("/openapi.json"));
    return true;
}

bool get_signin(struct request *req, struct reply *out, struct error *err)
{
    struct str next = web_query(req, "next");

    (void)err;
    out->view = json_object(req->arena);
    json_set_str(req->arena, out->view, S("next"), next.len ? next : json_get_str(req->input, S("next")));
    out->title = web_text(req, "Sign in");
    return true;
}

/* Verified here, on the worker; the handler only makes the session. An unknown address costs the same
 * time as a wrong password, and both get the same answer. */
bool prepare_signin(struct request *req, struct reply *out, struct error *err)
{
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    struct user_input in = {0};
    struct error missing = {0};

    (void)out;
    if (!web_input(req, &in, NULL, err))
        return false;
    struct str email = str_lower(req->arena, in.email);
    if (!throttle_allows(email, req->x->request.peer, req->now))
        return fail(err, RATE_LIMITED, "too many attempts; wait a few minutes");
    bool known = user_by_email(req->db, req->arena, email, &req->user, &missing) && req->user.password_hash.len &&
        !req->user.disabled;
    if (!known && missing.kind != ERROR_NONE && missing.kind != ERROR_NOT_FOUND) {
        *err = missing;
        return false;
    }
    hash_begin();
    bool right = password_verify(known ? req->user.password_hash : str_from(nobody), in.password);
    hash_end();
    if (known && right) {
        throttle_forget(email, req->x->request.peer);
        req->signed_in = true; /* the operation acts in their name */
        return true;
    }
    throttle_count(email, req->x->request.peer, req->now);
    return fail_field(err, "password", "the address or the password is wrong");
}

bool post_signin(struct request *req, struct reply *out, struct error *err)
{
    struct session s;

    if (!engine_session(req->op, &req->user, http_header(&req->x->request, S("User-Agent")), &out->cookie, &s, err))
        return false;
    struct str next = json_get_str(req->input, S("next"));
    /* Only a path of ours: anything else would make this a trampoline to other sites. */
    bool ours = next.len > 1 && next.ptr[0] == '/' && next.ptr[1] != '/' && next.ptr[1] != '\\';
    reply_see(req, out, "%.*s", STR(ours ? next : S("/incidents")));
    out->view = view_ref(req->arena, req->user.id, req->user.name);
    return true;
}

bool post_signout(struct request *req, struct reply *out, struct error *err)
{
    struct error gone = {0};

    if (req->by_cookie && !session_delete(req->op->db, req->session.id, &gone) && gone.kind != ERROR_NOT_FOUND) {
        *err = gone;
        return false;
    }
    out->cookie = S("");
    reply_see(req, out, "/signin?said=signedout");
    return true;
}

bool get_setup(struct request *req, struct reply *out, struct error *err)
{
    (void)err;
    out->view = json_object(req->arena);
    json_set_str(req->arena, out->view, S("token"), req->params[0]);
    json_set_str(req->arena, out->view, S("action"), req->x->request.path);
    out->title = web_text(req, "Set up Tocsin");
    return true;
}

bool prepare_setup(struct request *req, struct reply *out, struct error *err)
{
    struct user_input in = {0};

    (void)out;
    return web_input(req, &in, NULL, err) && session_hash(req->arena, in.password, &req->prepared, err);
}

bool post_setup(struct request *req, struct reply *out, struct error *err)
{
    struct user_input in = {0};
    struct user u = {0};
    struct session s;

    if (!web_input(req, &in, NULL, err) || !engine_setup(req->op, req->params[0], &in, req->prepared, &u, err) ||
        !engine_session(req->op, &u, http_header(&req->x->request, S("User-Agent")), &out->cookie, &s, err))
        return false;
    reply_see(req, out, "/incidents");
    out->view = view_ref(req->arena, u.id, u.name);
    return true;
}

bool get_stream(struct request *req, struct reply *out, struct error *err)
{
    struct str last = http_header(&req->x->request, S("Last-Event-ID"));

    if (!web_query_int(req, "after", -1, 0, INT64_MAX, &out->after_seq, err))
        return false;
    struct str about = web_query(req, "incident");
    struct incident i = {0};
    if (about.len && !incident_for(req, about, &i, err))
        return false;
    out->about = i.id;
    if (last.len && !str_int(last, &out->after_seq))
        return fail(err, MALFORMED, "Last-Event-ID must be a number");
    out->stream = true;
    return true;
}

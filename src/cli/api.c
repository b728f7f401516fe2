#include "cli/api.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/text.h"
#include "net/client.h"
#include "net/url.h"

#define MAX_ANSWER ((size_t)16 << 20)
#define MAX_TOKEN 1024

/* --- who asks --- */

static struct str token_path(struct arena *a)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

    if (config && *config == '/')
        return str_printf(a, "%s/tocsin/token", config);
    return home && *home ? str_printf(a, "%s/.config/tocsin/token", home) : STR_NONE;
}

static bool read_token_file(struct arena *a, struct str path, struct str *token, struct error *err)
{
    char *text = arena_alloc(a, MAX_TOKEN + 1, 1);
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    struct stat st;

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (fd < 0)
        return fail(err, UNAVAILABLE, "cannot read %.*s: %s", STR(path), strerror(errno));
    bool open_to_others = fstat(fd, &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO));
    ssize_t n = open_to_others ? 0 : read(fd, text, MAX_TOKEN + 1);
    close(fd);
    if (open_to_others)
        return fail(err, FORBIDDEN, "others could read the token in %.*s; run: chmod 600 %.*s",
            STR(path), STR(path));
    if (n < 0 || n > MAX_TOKEN)
        return fail(err, MALFORMED, "%.*s does not hold an API token", STR(path));
    str_cut((struct str){text, (size_t)n}, '\n', token);
    return true;
}

static bool find_token(struct cli *c, struct str *token, struct error *err)
{
    struct str path = token_path(c->arena);

    *token = cli_value(c, "token");
    if (!token->len && path.len && !read_token_file(c->arena, path, token, err))
        return false;
    *token = str_trim(*token);
    for (size_t i = 0; i < token->len; i++)
        if (token->ptr[i] <= ' ' || token->ptr[i] > '~')
            return fail_field(
                err, "token", "is not an API token: it holds a character no token has");
    return true;
}

/* --- one request --- */

struct exchange {
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool done;
    struct client_result result;
};

static void finished(void *ctx, struct client_job *job, const struct client_result *result)
{
    struct exchange *x = ctx;

    (void)job;
    pthread_mutex_lock(&x->lock);
    x->result = *result; /* its body lies in the job's room, which is ours */
    x->done = true;
    pthread_cond_signal(&x->ended);
    pthread_mutex_unlock(&x->lock);
}

static bool send_and_wait(
    struct cli *c, struct client_job *job, struct exchange *x, struct error *err)
{
    struct str anywhere = S("*"); /* the address is the caller's own choice */
    struct str ca = cli_value(c, "ca-file");
    struct client_config config = {.allow = &anywhere, .nallow = 1, .ca_file = ca.ptr};
    struct client *client;

    if (!client_start(&client, &config, err))
        return false;
    *x = (struct exchange){.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    job->done = finished;
    job->ctx = x;
    client_send(client, job);
    pthread_mutex_lock(&x->lock);
    while (!x->done)
        pthread_cond_wait(&x->ended, &x->lock);
    pthread_mutex_unlock(&x->lock);
    client_stop(client, 0);
    return true;
}

static struct str base_url(struct cli *c)
{
    struct str url = cli_value(c, "url");

    while (url.len && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

static bool make_job(struct cli *c, const char *method, struct str path, const struct json *body,
    struct client_job *job, struct error *err)
{
    struct str url = base_url(c), token, timeout = cli_value(c, "timeout");
    size_t n = 0;

    if (!str_starts(url, S("http://")) && !str_starts(url, S("https://")))
        return fail_field(
            err, "url", "must begin with http:// or https://, such as http://127.0.0.1:8080");
    *job = (struct client_job){.kind = CLIENT_HTTP, .http.method = method};
    if (!duration_parse(timeout, &job->timeout_us) || job->timeout_us < MILLISECOND_US)
        return fail_field(err, "timeout", "must be a duration such as 30s or 2m");
    if (!find_token(c, &token, err))
        return false;
    job->url = str_printf(c->arena, "%.*s%.*s", STR(url), STR(path)).ptr;
    job->http.headers[n++] = "Accept: application/json";
    if (token.len)
        job->http.headers[n++] = str_printf(c->arena, "Authorization: Bearer %.*s", STR(token)).ptr;
    if (body) {
        job->http.headers[n++] = "Content-Type: application/json";
        job->http.body = json_text(c->arena, body);
    }
    job->http.room_size = MAX_ANSWER + 1; /* one more, to see that there is more */
    job->http.room = arena_alloc(c->arena, MAX_ANSWER + 1, 1);
    return true;
}

/* --- what came back --- */

static bool no_answer(struct cli *c, const struct client_result *r, struct error *err)
{
    struct str url = base_url(c);

    if (r->outcome == CLIENT_UNKNOWN)
        return fail(err, UNAVAILABLE,
            "%.*s got the request but did not answer (%s): it may have been done or not", STR(url),
            r->text);
    return fail(err, UNAVAILABLE, "cannot reach %.*s: %s; is `tocsin serve` running there?",
        STR(url), r->text);
}

static enum error_kind kind_of(const struct json *problem, int status)
{
    struct str type = json_get_str(problem, S("type"));

    for (int k = ERROR_NONE + 1; k <= ERROR_UNAVAILABLE; k++)
        if (str_starts(type, S("/problems/")) &&
            str_eq(str_slice(type, 10, type.len), str_from(error_slug((enum error_kind)k))))
            return (enum error_kind)k;
    for (int k = ERROR_NONE + 1; k <= ERROR_UNAVAILABLE; k++)
        if (error_http((enum error_kind)k) == status)
            return (enum error_kind)k;
    return status < 500 ? ERROR_MALFORMED : ERROR_UNAVAILABLE;
}

/* Text from outside that goes into an error: short, and no control characters. */
static struct str quotable(struct arena *a, struct str s, size_t most)
{
    return utf8_truncate(cli_clean(a, s), most);
}

static bool refused(struct cli *c, const struct client_result *r, struct error *err)
{
    struct error unread = {0};
    struct json *p = NULL;

    if (!json_parse(c->arena, r->body, &p, &unread) || !json_is(p, JSON_OBJECT) ||
        !json_get_str(p, S("type")).ptr)
        return fail(
            err, UNAVAILABLE, "%.*s answers %s; is that a Tocsin?", STR(base_url(c)), r->text);
    enum error_kind kind = kind_of(p, r->code);
    struct str detail = quotable(c->arena, json_get_str(p, S("detail")), 120);
    fail(err, INTERNAL, "%.*s", STR(detail.len ? detail : str_from(error_title(kind))));
    if (kind == ERROR_INTERNAL)
        fail(err, INTERNAL, "something went wrong in the server; its log says more about %.*s",
            STR(quotable(c->arena, json_get_str(p, S("request_id")), 40)));
    else if (kind == ERROR_UNAUTHENTICATED)
        fail(err, UNAUTHENTICATED,
            "%.*s (tokens are read from --token, $TOCSIN_TOKEN, ~/.config/tocsin/token; "
            "`tocsin token add` makes one)",
            STR(detail));
    err->kind = kind;
    err->origin = NULL; /* it went wrong there, not here */
    struct json *list = json_get(p, S("errors"));
    for (struct json *e = list ? list->first : NULL; e && kind == ERROR_INVALID; e = e->next)
        fail_name(err, quotable(c->arena, json_get_str(e, S("field")), 60), "%.*s",
            STR(quotable(c->arena, json_get_str(e, S("message")), 150)));
    return false;
}

bool api_call(struct cli *c, const char *method, struct str path, const struct json *body,
    struct answer *out, struct error *err)
{
    struct client_job job;
    struct exchange x;
    struct error unread = {0};

    if (!make_job(c, method, path, body, &job, err) || !send_and_wait(c, &job, &x, err))
        return false;
    const struct client_result *r = &x.result;
    if (!r->code)
        return no_answer(c, r, err);
    if (r->code >= 400)
        return refused(c, r, err);
    if (r->body.len > MAX_ANSWER)
        return fail(
            err, TOO_LARGE, "the answer is longer than %zu MiB: ask for less", MAX_ANSWER >> 20);
    *out = (struct answer){.text = r->body, .json = json_object(c->arena)};
    if (r->code < 300 && (!r->body.len || json_parse(c->arena, r->body, &out->json, &unread)))
        return true;
    return fail(err, UNAVAILABLE, "%.*s answers %s, not JSON; is that a Tocsin?", STR(base_url(c)),
        r->code < 300 ? "with something else" : r->text);
}

bool api_get(struct cli *c, struct str path, struct answer *out, struct error *err)
{
    return api_call(c, "GET", path, NULL, out, err);
}

bool api_post(struct cli *c, struct str path, const struct json *body, struct answer *out,
    struct error *err)
{
    return api_call(c, "POST", path, body, out, err);
}

struct str api_escape(struct cli *c, struct str s)
{
    struct buf out;

    buf_init(&out, c->arena, s.len * 3 + 1);
    url_encode(&out, s);
    return buf_str(&out);
}

bool api_print_json(struct cli *c, const struct answer *answer)
{
    struct buf pretty;

    if (!cli_flag(c, "json"))
        return false;
    if (!c->terminal) {
        printf("%.*s\n", STR(answer->text));
        return true;
    }
    buf_init(&pretty, c->arena, MAX_ANSWER * 4);
    json_pretty(&pretty, answer->json);
    printf("%.*s\n", STR(cli_clean_lines(c->arena, buf_str(&pretty))));
    return true;
}

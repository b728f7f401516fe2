/* `tocsin status-serve`: the public status pages out of their snapshots, and nothing else. It opens no
 * database and takes no lock, so it goes on when the core, its disk or its database does not. */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli/cli.h"
#include "net/server.h"
#include "web/assets.h"
#include "web/snapshot.h"

#define DRAIN_US (5 * SECOND_US)

struct app {
    const char *folder;
    int64_t stale_us;
    struct snapshots *snapshots;
    struct server *server;
    struct timespec seen; /* of the index that was read last */
};

static void not_there(struct exchange *x)
{
    x->answer.status = 404;
    answer_header(&x->answer, S("Content-Type"), S("text/plain; charset=utf-8"));
    x->answer.body = S("There is nothing at this address.\n");
}

/* Subscribing and signing in are the core's. */
static void only_reading(struct exchange *x)
{
    x->answer.status = 503;
    answer_header(&x->answer, S("Content-Type"), S("text/plain; charset=utf-8"));
    answer_header(&x->answer, S("Retry-After"), S("60"));
    x->answer.body = S("Only the status can be read here at the moment. Try again later.\n");
}

static void handle(void *ctx, struct exchange *x)
{
    struct app *app = ctx;
    struct snapshot_target t = {0};

    x->user = NULL;
    if (asset_serve(app->server, x))
        return;
    const struct snapshot *s = snapshots_take(app->snapshots);
    bool stale = s && x->received.us - s->at.us > app->stale_us;
    if (s)
        snapshot_find(&x->arena, s, x->request.host, x->request.path, &t);
    if (!t.page)
        not_there(x);
    else if (x->request.method != HTTP_GET && x->request.method != HTTP_HEAD)
        only_reading(x);
    else if (!snapshot_serve(x, s, &t, stale))
        not_there(x);
    snapshots_release(app->snapshots, s);
    exchange_answer(app->server, x);
}

/* Reads the folder when its index is another one. What cannot be read leaves the last snapshot. */
static void look(struct app *app, const char *index)
{
    struct snapshot *s;
    struct error err = {0};
    struct stat st;

    if (stat(index, &st) != 0 || (st.st_mtim.tv_sec == app->seen.tv_sec && st.st_mtim.tv_nsec == app->seen.tv_nsec))
        return;
    if (!snapshot_load(app->folder, &s, &err)) {
        log_write(WARN, "the snapshots cannot be read", LOG_STR("reason", str_from(err.message)));
        return;
    }
    app->seen = st.st_mtim;
    snapshots_set(app->snapshots, s);
}

static void serve_until_signal(struct app *app, const char *index, const sigset_t *signals)
{
    struct timespec second = {.tv_sec = 1};

    for (;;) {
        int got = sigtimedwait(signals, NULL, &second);
        if (got == SIGTERM || got == SIGINT)
            return;
        look(app, index);
    }
}

static bool run(struct cli *c, struct error *err)
{
    struct app *app = arena_new(c->arena, struct app);
    const char *index = str_printf(c->arena, "%.*s/status/index.json", STR(cli_value(c, "data"))).ptr;
    sigset_t signals;

    if (!duration_parse(cli_value(c, "stale-after"), &app->stale_us))
        return fail_field(err, "stale-after", "must be a duration such as 5m");
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    app->folder = str_printf(c->arena, "%.*s/status", STR(cli_value(c, "data"))).ptr;
    app->snapshots = snapshots_new(c->arena);
    look(app, index);
    struct server_config config = {.listen = cli_value(c, "listen"), .tls_cert = cli_value(c, "tls-cert"),
        .tls_key = cli_value(c, "tls-key"), .handle = handle, .ctx = app};
    bool ok = server_open(&app->server, &config, err) && server_run(app->server, err);
    if (ok) {
        log_write(INFO, "serving status pages", LOG_STR("folder", str_from(app->folder)), LOG_INT("port", server_port(app->server)));
        serve_until_signal(app, index, &signals);
    }
    if (app->server)
        server_stop(app->server, DRAIN_US);
    snapshots_free(app->snapshots);
    return ok;
}

const struct command cmd_status_serve = {
    .name = "status-serve", .words = "", .summary = "Serve the public status pages from their snapshots, without the core", .run = run,
    .help = "Reads what `tocsin serve` keeps in DIR/status and needs nothing else: run it beside the core or on another machine\n"
            "with a copy of that folder. When the snapshot gets old the pages say that the state is unknown.",
    .options = {
        {"data", "DIR", "TOCSIN_DATA", "data", "folder of the server, in which the snapshots are"},
        {"listen", "HOST:PORT", "TOCSIN_STATUS_LISTEN", "127.0.0.1:8081", "address to listen on"},
        {"stale-after", "DURATION", NULL, "5m", "age at which the state is no longer believed"},
        {"tls-cert", "FILE", "TOCSIN_TLS_CERT", NULL, "PEM certificate chain, to serve HTTPS"},
        {"tls-key", "FILE", "TOCSIN_TLS_KEY", NULL, "its PEM key"},
        {0},
    },
};

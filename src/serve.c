/* `tocsin serve`: puts the parts together, runs them, and takes them apart in reverse. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/log.h"
#include "cli/cli.h"
#include "db/db.h"
#include "db/migrate.h"
#include "engine/account.h"
#include "engine/ingest.h"
#include "engine/notifier.h"
#include "engine/op.h"
#include "engine/prober.h"
#include "engine/pack.h"
#include "engine/writer.h"
#include "net/server.h"
#include "notify/channels.h"
#include "notify/email.h"
#include "text/catalog.h"
#include "text/language.h"
#include "text/mustache.h"
#include "web/web.h"

#define DRAIN_US (10 * SECOND_US)
#define MAX_ALLOWED 32

struct app {
    struct installation installation;
    struct env env;
    struct ingest *ingest;
    struct writer *writer;
    struct notifier *notifier;
    struct prober *prober;
    struct web *web;
    struct server *server;
    struct mail_templates *mail; /* one for each of env.languages */
    struct channel_config channels;
    struct client_config client;
    struct str allowed[MAX_ALLOWED];
};

static void committed(void *ctx, const struct effects *fx)
{
    struct app *app = ctx;

    notifier_take(app->notifier, fx);
    prober_take(app->prober, fx);
    web_publish(app->web, fx);
}

static struct str mail_source(void *ctx, struct str name)
{
    const struct embedded *e = embedded_find(templates_table, name);

    (void)ctx;
    return e ? e->data : STR_NONE;
}

static struct str translated(void *ctx, struct str msgid)
{
    return catalog_text(((const struct language *)ctx)->catalog, msgid);
}

static bool compile_mail(struct arena *a, struct app *app, struct error *err)
{
    const struct languages *all = app->env.languages;

    app->mail = arena_array(a, struct mail_templates, all->n);
    app->channels.mail = app->mail;
    app->channels.nmail = all->n;
    for (size_t i = 0; i < all->n; i++) {
        struct template_env env = {.source = mail_source, .translate = translated, .ctx = &all->v[i]};
        if (!mail_templates_compile(a, &env, all->v[i].code, &app->mail[i], err))
            return error_prefix(err, "%.*s", STR(all->v[i].code));
    }
    return true;
}

static bool configure_channels(struct cli *c, struct app *app, struct error *err)
{
    struct str tls = cli_value(c, "smtp-tls"), rest = cli_value(c, "allow"), one;
    struct str from = cli_value(c, "mail-from");

    app->channels = (struct channel_config){.smtp_url = cli_value(c, "smtp-url").ptr,
        .smtp_username = cli_value(c, "smtp-user").ptr, .smtp_password = getenv("TOCSIN_SMTP_PASSWORD"),
        .mail_from = from, .mail_from_name = S("Tocsin")};
    app->channels.mail_domain = str_slice(from, str_find(from, '@') + 1, from.len);
    if (str_eq(tls, S("required")))
        app->channels.smtp_tls = SMTP_TLS_REQUIRED;
    else if (str_eq(tls, S("never")))
        app->channels.smtp_tls = SMTP_TLS_NEVER;
    else if (str_eq(tls, S("offered")))
        app->channels.smtp_tls = SMTP_TLS_OFFERED;
    else
        return fail_field(err, "smtp-tls", "must be required, offered or never");
    while (rest.ptr) {
        rest = str_cut(rest, ',', &one);
        if (app->client.nallow == MAX_ALLOWED)
            return fail_field(err, "allow", "at most %d ranges", MAX_ALLOWED);
        if (str_trim(one).len)
            app->allowed[app->client.nallow++] = str_trim(one);
    }
    app->client.allow = app->allowed;
    app->client.ca_file = cli_value(c, "ca-file").ptr;
    return compile_mail(c->arena, app, err);
}

static bool migrated(struct app *app, struct error *err)
{
    CLEANUP(db_close) struct db *db = NULL;

    return db_open(&db, app->installation.db_url, DB_WRITE, err) && migrate(db, clock_now(), NULL, err);
}

static bool start(struct cli *c, struct app *app, struct error *err)
{
    bool shared = cli_value(c, "database").len > 0;
    uint64_t seed;

    if (!installation_open(c, true, &app->installation, err) ||
        !installation_env(c->arena, &app->installation, cli_value(c, "base-url"), &app->env, err) ||
        !configure_channels(c, app, err) || !migrated(app, err) || !ingest_new(&app->ingest, shared, err))
        return false;
    secret_random(&seed, sizeof seed);
    struct writer_config writer = {.url = app->installation.db_url, .env = &app->env, .seed = seed,
        .ingest = app->ingest, .committed = committed, .ctx = app};
    if (!writer_open(&app->writer, &writer, err))
        return false;
    struct notifier_config notifier = {.db_url = app->installation.db_url, .env = &app->env, .writer = app->writer,
        .channels = &app->channels, .client = &app->client, .seed = seed ^ 1};
    const char *status_dir = str_printf(c->arena, "%.*s/status", STR(app->installation.dir)).ptr;
    struct web_config web = {.status_dir = status_dir, .db_url = app->installation.db_url, .env = &app->env, .writer = app->writer,
        .ingest = app->ingest, .notifier = app->notifier, .secure_cookies = str_starts(app->env.base_url, S("https://"))};
    struct prober_config prober = {.writer = app->writer, .client = &app->client};
    if (!notifier_start(&app->notifier, &notifier, err) || !prober_start(&app->prober, &prober, err) || !web_start(&app->web, &web, err))
        return false;
    struct server_config server = {.listen = cli_value(c, "listen"), .tls_cert = cli_value(c, "tls-cert"),
        .tls_key = cli_value(c, "tls-key"), .exchange_memory = (size_t)2 << 30, .body_limit = web_body_limit, .handle = web_handle,
        .stream_closed = web_stream_closed, .ctx = app->web};
    return server_open(&app->server, &server, err) && (web_attach(app->web, app->server), writer_run(app->writer, err)) &&
        server_run(app->server, err);
}

static void stop(struct app *app)
{
    if (app->server)
        server_stop(app->server, DRAIN_US);
    /* The writer commits, and so publishes, until its end: what it calls outlives it. */
    if (app->notifier)
        notifier_drain(app->notifier);
    prober_drain(app->prober);
    if (app->writer)
        writer_stop(app->writer);
    notifier_free(app->notifier);
    prober_free(app->prober);
    if (app->web)
        web_stop(app->web);
    ingest_free(app->ingest);
    packs_close(&app->env);
    installation_close(&app->installation);
}

static bool set_up_link(struct op *op, void *arg, struct error *err)
{
    struct str token;

    if (!engine_setup_token(op, &token, err))
        return false;
    if (token.len) /* to a person at the terminal, not to the log */
        fprintf(stdout, "\n  Set a password for the first administrator (works once):\n  %.*s/setup/%.*s\n\n",
            STR(op->env->base_url), STR(token));
    fflush(stdout);
    (void)arg;
    return true;
}

/* Ticks until a signal asks to stop. */
static void wait_for_signal(struct app *app, const sigset_t *signals)
{
    struct timespec second = {.tv_sec = 1};

    for (;;) {
        int got = sigtimedwait(signals, NULL, &second);
        if (got == SIGTERM || got == SIGINT) {
            log_write(INFO, "stopping", LOG_STR("signal", str_from(got == SIGTERM ? "TERM" : "INT")));
            return;
        }
        web_tick(app->web, clock_mono_us());
    }
}

static bool run(struct cli *c, struct error *err)
{
    struct app *app = arena_new(c->arena, struct app);
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* inherited by every thread */
    app->installation.lock = -1;
    bool ok = start(c, app, err) && writer_call(app->writer, set_up_link, NULL, actor_system, err);
    if (ok) {
        log_write(INFO, "listening", LOG_STR("address", cli_value(c, "listen")), LOG_INT("port", server_port(app->server)),
            LOG_STR("version", S(TOCSIN_VERSION)));
        wait_for_signal(app, &signals);
    }
    stop(app);
    return ok;
}

const struct command cmd_serve = {
    .name = "serve", .words = "", .summary = "Run the server in the foreground", .run = run,
    .help = "Stops gracefully on SIGTERM or SIGINT. Logs JSON lines to standard error.",
    .options = {
        {"data", "DIR", "TOCSIN_DATA", "data", "folder with the database and the key"},
        {"listen", "HOST:PORT", "TOCSIN_LISTEN", "127.0.0.1:8080", "address to listen on"},
        {"database", "URL", "DATABASE_URL", NULL, "postgres://… instead of SQLite in the folder"},
        {"base-url", "URL", "TOCSIN_BASE_URL", "http://127.0.0.1:8080", "how people reach this server; goes into links"},
        {"tls-cert", "FILE", "TOCSIN_TLS_CERT", NULL, "PEM certificate chain, to serve HTTPS"},
        {"tls-key", "FILE", "TOCSIN_TLS_KEY", NULL, "its PEM key"},
        {"smtp-url", "URL", "TOCSIN_SMTP_URL", "smtp://127.0.0.1:25", "mail server: smtp://HOST:PORT or smtps://…"},
        {"smtp-tls", "MODE", "TOCSIN_SMTP_TLS", "offered", "STARTTLS: required, offered or never"},
        {"smtp-user", "NAME", "TOCSIN_SMTP_USER", NULL, "sign in there; the password is in $TOCSIN_SMTP_PASSWORD"},
        {"mail-from", "ADDRESS", "TOCSIN_MAIL_FROM", "tocsin@localhost", "address mails come from"},
        {"ca-file", "FILE", "TOCSIN_CA_FILE", NULL, "PEM authorities for outgoing TLS instead of the system's"},
        {"allow", "RANGES", "TOCSIN_ALLOW", NULL, "private addresses that may be called: 10.0.0.0/8,127.0.0.1"},
        {0},
    },
};

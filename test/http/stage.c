#include "stage.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "base/log.h"
#include "db/migrate.h"
#include "engine/account.h"
#include "engine/ingest.h"
#include "engine/pack.h"
#include "engine/writer.h"
#include "net/server.h"
#include "text/language.h"
#include "web/web.h"

static void committed(void *ctx, const struct effects *fx)
{
    struct stage *s = ctx;

    web_publish(s->web, fx);
}

/* An administrator, a service with a key, and one account of each other role with a token. */
static bool found(struct op *op, void *arg, struct error *err)
{
    static const char *const emails[] = {
        "viewer@example.org", "responder@example.org", "manager@example.org"};
    struct stage *s = arg;
    struct account_init in = {.email = S("admin@example.org"), .name = S("Ada Admin")};

    if (!engine_init(op, &in, err))
        return false;
    s->integration_key = str_copy(&s->arena, in.integration_key);
    s->people[ROLE_ADMIN].token = str_copy(&s->arena, in.token);
    s->people[ROLE_ADMIN].id = str_copy(&s->arena, op->actor.id);
    for (int r = ROLE_VIEWER; r < ROLE_ADMIN; r++) {
        struct user_input who = {.email = str_from(emails[r - ROLE_VIEWER]),
            .name = str_from(role_names[r - ROLE_VIEWER]),
            .role = str_from(role_names[r - ROLE_VIEWER])};
        struct user u = {0};
        struct api_token t = {.name = S("test")};
        struct str secret;
        if (!engine_user_add(op, &who, STR_NONE, &u, err) ||
            !engine_token_add(op, u.id, &t, &secret, err))
            return false;
        s->people[r].id = str_copy(&s->arena, u.id);
        s->people[r].token = str_copy(&s->arena, secret);
    }
    return true;
}

static bool make_env(struct stage *s, struct error *err)
{
    s->env = (struct env){
        .base_url = S("http://tocsin.example.org"), .node = S("node-test"), .playbooks = runbooks_table};
    secret_random(&s->env.links, sizeof s->env.links);
    secret_random(&s->env.seals, sizeof s->env.seals);
    struct languages *languages = arena_new(&s->arena, struct languages);
    s->env.languages = languages;
    return languages_open(&s->arena, locale_table, languages, err) && packs_open(&s->env, packs_table, err);
}

static bool make_database(struct str url, struct error *err)
{
    struct db *db = NULL;
    bool ok = db_open(&db, url, DB_WRITE, err) && migrate(db, clock_now(), NULL, err);

    db_close(&db);
    return ok;
}

bool stage_start(struct stage *s, struct error *err)
{
    *s = (struct stage){.folder = "/tmp/tocsin-http-XXXXXX"};
    arena_init(&s->arena, (size_t)64 << 20);
    log_set_level(LOG_LEVEL_ERROR);
    if (!mkdtemp(s->folder))
        return fail(err, INTERNAL, "no temporary folder");
    struct str url = str_printf(&s->arena, "%s/tocsin.db", s->folder);
    if (!secret_init(err) || !make_env(s, err) || !make_database(url, err) ||
        !ingest_new(&s->ingest, false, err))
        return false;
    struct writer_config writer = {.url = url,
        .env = &s->env,
        .seed = 1,
        .ingest = s->ingest,
        .committed = committed,
        .ctx = s};
    struct web_config web = {.db_url = url, .env = &s->env, .ingest = s->ingest};
    if (!writer_open(&s->writer, &writer, err))
        return false;
    web.writer = s->writer;
    if (!web_start(&s->web, &web, err))
        return false;
    struct server_config server = {.listen = S("127.0.0.1:0"),
        .loops = 1,
        .body_limit = web_body_limit,
        .handle = web_handle,
        .stream_closed = web_stream_closed,
        .ctx = s->web};
    if (!server_open(&s->server, &server, err))
        return false;
    web_attach(s->web, s->server);
    return writer_run(s->writer, err) && server_run(s->server, err) &&
           writer_call(s->writer, found, s, actor_system, err);
}

void stage_stop(struct stage *s)
{
    if (s->server)
        server_stop(s->server, SECOND_US);
    if (s->writer) /* before what it publishes to */
        writer_stop(s->writer);
    if (s->web)
        web_stop(s->web);
    ingest_free(s->ingest);
    packs_close(&s->env);
    DIR *d = opendir(s->folder);
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            unlink(str_printf(&s->arena, "%s/%s", s->folder, e->d_name).ptr);
    if (d)
        closedir(d);
    rmdir(s->folder);
    arena_deinit(&s->arena);
}

bool stage_ask(struct stage *s, struct arena *a, const char *method, struct str path,
    const char *headers, struct str body, struct wire_answer *out)
{
    struct wire w = wire_open(server_port(s->server));
    bool typed = strstr(headers, "Content-Type:"), stream = str_starts(path, S("/stream"));
    bool ok = wire_send(&w,
        str_printf(a,
            "%s %.*s HTTP/1.1\r\nHost: tocsin.example.org\r\nConnection: "
            "close\r\n%s%sContent-Length: %zu\r\n\r\n%.*s",
            method, STR(path), headers,
            body.len && !typed ? "Content-Type: application/json\r\n" : "", body.len, STR(body)));

    *out = (struct wire_answer){0};
    ok = ok && wire_answer(&w, a, stream || strcmp(method, "HEAD") == 0, out);
    wire_close(&w);
    return ok;
}

bool stage_as(struct stage *s, struct arena *a, enum role role, bool html, const char *method,
    struct str path, struct str body, struct wire_answer *out)
{
    struct str token = s->people[role].token;
    struct str headers =
        str_printf(a, "Accept: %s\r\n%s%.*s%s", html ? "text/html" : "application/json",
            token.len ? "Authorization: Bearer " : "", STR(token), token.len ? "\r\n" : "");

    return stage_ask(s, a, method, path, headers.ptr, body, out);
}

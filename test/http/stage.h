/* A whole server in this process, for tests over HTTP: SQLite in a folder of its own, the real
 * writer, engine, dispatcher and loops on a port that the system picks; no notifier, so nothing
 * leaves. */
#pragma once

#include "base/arena.h"
#include "domain/user.h"
#include "engine/op.h"
#include "unit/net/wire.h"

struct stage {
    struct arena arena;
    struct env env;
    struct ingest *ingest;
    struct writer *writer;
    struct web *web;
    struct server *server;
    char folder[64];
    struct str integration_key;
    struct { /* an account of each role */
        struct str id, token;
    } people[ROLE_ADMIN + 1];
};

bool stage_start(struct stage *s, struct error *err);
void stage_stop(struct stage *s);

/* One request on a connection of its own. `headers` are whole lines; a body is JSON unless they say
 * otherwise. False when no answer came. */
bool stage_ask(struct stage *s, struct arena *a, const char *method, struct str path,
    const char *headers, struct str body, struct wire_answer *out);
/* The same as somebody of that role (ROLE_ANYONE: nobody), for JSON or HTML. */
bool stage_as(struct stage *s, struct arena *a, enum role role, bool html, const char *method,
    struct str path, struct str body, struct wire_answer *out);

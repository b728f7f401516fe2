/* What the parts of the dispatcher share; handlers do not include this. */
#pragma once

#include <pthread.h>

#include "engine/writer.h"
#include "web/view.h"
#include "web/web.h"

struct stream_set;

struct web {
    struct arena arena; /* of what lives as long as this, itself included */
    struct web_config config;
    instant started;
    struct server *server;
    struct pages *pages;
    struct stream_set *streams;
    struct site_publisher *sites;
    struct worker *workers;
    int nworkers;
    pthread_mutex_t lock;
    pthread_cond_t ready;
    struct exchange *queue, **tail;
    size_t waiting;
    bool stopping;
};

/* What hangs on exchange->user while a request is on its way. */
struct pending {
    struct request request;
    struct reply reply;
    struct error error;
    struct job job;
    bool show_form; /* back from the writer: the form has to be shown again */
};

/* match.c: the route for a path; *allowed gets the methods there are when the path exists. */
const struct web_route *web_match(struct arena *a, enum http_method method, struct str path, struct str params[4],
    unsigned *allowed);
/* auth.c: who is asking, may they, and did they mean it. */
bool web_authenticate(struct request *req, struct error *err);
bool web_authorize(const struct request *req, struct error *err);
bool web_check_csrf(struct request *req, struct error *err);
/* input.c */
bool web_decode(struct request *req, struct error *err);
/* health.c: true if it was /healthz and is answered: the process lives, whatever the database says. */
bool web_alive(struct web *w, struct exchange *x);
/* answer.c: turns reply or error into the exchange's answer and sends it. */
void web_answer(struct request *req, struct reply *out);
void web_answer_error(struct request *req, const struct error *err);
/* stream.c: the set lives in the arena. */
bool streams_new(struct arena *a, struct str db_url, struct stream_set **out, struct error *err);
void streams_free(struct stream_set *s);
/* `about`: see struct reply. */
void stream_open(struct web *w, struct request *req, int64_t after_seq, struct str about);

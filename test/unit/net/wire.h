/* A raw client for tests of the server: bytes out, answers in. Waiting is by poll() with a limit of
 * some seconds, so that a broken server fails a test instead of hanging it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct arena;

struct wire {
    int fd;
    char *in; /* received and not yet taken */
    size_t len, cap;
};

struct wire_answer {
    int status;
    struct str head, body;
};

/* Aborts when it cannot connect: the test's own fault. */
struct wire wire_open(int port);
void wire_close(struct wire *w);
void wire_reset(struct wire *w); /* with RST */
bool wire_send(struct wire *w, struct str bytes);
bool wire_send_text(struct wire *w, const char *text);
/* Takes one answer, whose length is given by Content-Length (unless `head_only`). */
bool wire_answer(struct wire *w, struct arena *a, bool head_only, struct wire_answer *out);
int wire_status(struct wire *w, struct arena *a); /* of the next answer; 0 if none comes */
/* Takes exactly `n` bytes. */
bool wire_take(struct wire *w, struct arena *a, size_t n, struct str *out);
/* True if nothing more comes than the end of the connection, in good order: not by a reset. */
bool wire_ended(struct wire *w);
/* True if bytes come within `ms`. */
bool wire_stirs(struct wire *w, int ms);
struct str wire_header(struct str head, const char *name); /* value of a field of that name */

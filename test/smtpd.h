/* Runs test/smtpd.py for one test. */
#pragma once

#include <sys/types.h>

#include "base/str.h"

struct arena;

struct smtpd {
    pid_t pid;
    int stdin_fd; /* closing it ends the server */
    int port;
    const char *folder, *certificate; /* NULL without TLS */
};

/* False if it cannot run here (no python3 or no aiosmtpd). `args` ends with NULL. */
bool smtpd_start(struct arena *a, struct smtpd *s, const char *const *args);
/* The n-th message from 1; STR_NONE if there is none. */
struct str smtpd_message(struct arena *a, const struct smtpd *s, int n);
/* Ends the server and removes its folder. */
void smtpd_stop(struct smtpd *s);

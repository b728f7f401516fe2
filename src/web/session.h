/* Signing in and out, and the one-time set-up link. */
#pragma once

#include "web/web.h"

web_handler get_root, get_signin, get_setup, get_stream;
web_handler post_signin, post_setup, post_signout;
/* On a worker: passwords are checked and hashed there, two at a time. */
web_handler prepare_signin, prepare_setup;

/* Hashes a password for a form that sets one; waits for its turn. */
bool session_hash(struct arena *a, struct str password, struct str *out, struct error *err);

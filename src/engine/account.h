/* People: the first administrator, accounts, sign-in, contacts, API tokens. */
#pragma once

#include "engine/op.h"
#include "domain/user.h"

#define PASSWORD_MIN 10

struct user_input { /* what a form or the API sends */
    struct str email, name, role, zone, language, password;
    struct str next; /* where a browser wanted to go before it had to sign in */
    bool disabled;
};
extern const struct field user_input_fields[], password_fields[], signin_fields[], setup_fields[];

/* Sets up an empty database: setting 'installed', the administrator (without a password when `password`
 * is none), a service named `default` with the integration key. CONFLICT if it is set up already. */
struct account_init {
    struct str email, name, zone;
    struct str pack;            /* policy pack; "sev" when none */
    struct str integration_key; /* given, or made when none */
    struct str token;           /* out: an administrator's API token */
    struct str setup_token;     /* out: for the one-time set-up link, while no password is set */
};
bool engine_init(struct op *op, struct account_init *in, struct error *err);

/* The set-up link: sets name and password of the first administrator; works once. */
bool engine_setup(struct op *op, struct str token, const struct user_input *in, struct str password_hash,
    struct user *out, struct error *err);
/* A new set-up link for the first administrator if none has a password yet; STR_NONE otherwise. */
bool engine_setup_token(struct op *op, struct str *out, struct error *err);

/* Email and password were checked. *cookie is what the browser keeps. */
bool engine_session(struct op *op, const struct user *u, struct str agent, struct str *cookie,
    struct session *out, struct error *err);

bool engine_user_add(struct op *op, const struct user_input *in, struct str password_hash, struct user *out,
    struct error *err);
/* `given`: bit i for user_input_fields[i]. Refuses to disable or demote the last administrator. */
bool engine_user_edit(struct op *op, struct str id, const struct user_input *in, uint64_t given,
    struct str password_hash, struct user *out, struct error *err);

bool engine_contact_add(struct op *op, struct str user_id, struct contact *c, struct error *err);
bool engine_contact_remove(struct op *op, struct str user_id, struct str id, struct error *err);
/* *secret: the token itself, shown once. */
bool engine_token_add(struct op *op, struct str user_id, struct api_token *t, struct str *secret, struct error *err);
bool engine_token_remove(struct op *op, struct str user_id, struct str id, struct error *err);

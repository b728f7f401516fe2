/* People: an account, how to reach it, and what it may do. Roles are ordered: each may do what the
 * ones before it may. */
#pragma once

#include "base/field.h"

enum role { ROLE_ANYONE, ROLE_VIEWER, ROLE_RESPONDER, ROLE_MANAGER, ROLE_ADMIN };

extern const char *const role_names[]; /* "viewer" … "admin", NULL-terminated */
/* ROLE_ANYONE if `name` is none of them. */
enum role role_of(struct str name);

struct user {
    struct str id;
    struct str email; /* lower case */
    struct str name;
    struct str role;
    struct str zone; /* IANA name */
    struct str language; /* "ru"; none: whatever fits */
    struct str password_hash;
    bool disabled;
    instant created_at, updated_at;
    int64_t version;
};
extern const struct field user_fields[];

/* One way to reach a person. */
struct contact {
    struct str id;
    struct str user_id;
    struct str kind; /* a channel of notify/channels */
    struct str address;
    bool enabled;
    instant created_at;
};
extern const struct field contact_fields[];

struct session {
    struct str id; /* SHA-256 of the cookie, hex */
    struct str user_id;
    struct str csrf;
    instant created_at, expires_at;
    struct str agent;
};
extern const struct field session_fields[];
#define SESSION_LIFE_US (7 * DAY_US)

struct api_token {
    struct str id;
    struct str user_id;
    struct str name;
    struct str hint; /* the last characters, to tell tokens apart */
    struct str hash;
    instant created_at, expires_at;
};
extern const struct field api_token_fields[];

/* A plausible e-mail address: one '@', no spaces or control characters, a dot-free or dotted domain. */
bool email_valid(struct str s);

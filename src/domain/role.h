/* Roles in an incident: who held which from when to when, which ones the pack wants filled, whose turn
 * it is to command, and whom we asked to come. A role has one holder at a time; that there is one
 * commander and not two is a fact of the database. */
#pragma once

#include "base/field.h"

struct pack;
struct pack_role;

struct role_term { /* a time during which somebody held a role */
    struct str id;
    struct str incident_id;
    struct str role;
    struct str user_id;
    struct str name; /* theirs then */
    instant from_at, to_at; /* to_at unset: still */
    struct str reason;      /* why it was handed over to them */
};
extern const struct field role_term_fields[];

struct role_turn { /* one of those who take turns at commanding */
    struct str user_id;
    struct str name;
    bool disabled;
    int64_t position;
    instant led_at; /* when their turn last came */
};
extern const struct field role_turn_fields[];

#define ROLE_MAX_TURNS 100

struct role_turn_input {
    struct str user_id;
};
extern const struct field role_turn_input_fields[];

/* A person asked to come and help. */
struct responder_request {
    struct str id;
    struct str incident_id;
    struct str role; /* of the pack; none: just to help */
    struct str user_id, user_name;
    struct str asked_by, asked_name;
    struct str message;
    struct str state;  /* open, accepted, declined */
    struct str answer; /* what they said to it */
    instant asked_at, answered_at;
};
extern const struct field responder_request_fields[];

struct request_input {
    struct str user_id, role, message;
};
extern const struct field request_input_fields[];

struct request_answer {
    struct str answer; /* accept, decline */
    struct str reason;
};
extern const struct field request_answer_fields[];

/* Whose turn it is: who comes after the one whose turn was last, disabled people skipped. `v` is in
 * order. Returns n when it is nobody's. */
size_t role_next_turn(const struct role_turn *v, size_t n);
/* True if the pack wants the role filled at this severity; without a severity it wants none. */
bool role_required(const struct pack *p, const struct pack_role *role, struct str severity);
